"""Text of people: what of it must not go on."""
