"""What drafts and judges: what a model is asked, what is believed of its answer, and the rule
without a model."""
