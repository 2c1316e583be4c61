"""What features ask of the outside world, by consumer. Adapters implement it; only `app` joins the
two."""
