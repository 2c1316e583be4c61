"""Values in, values out: what is decided, without I/O, clock, randomness or environment."""
