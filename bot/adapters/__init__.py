"""One outside library each: what the ports ask for, done."""
