"""Whether a past decision applies to a new issue, what is said of it, and what became of that."""
