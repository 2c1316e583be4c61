"""A slash command: what it does, and the reply."""
