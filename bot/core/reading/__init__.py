"""A thread read: its sentences, what they do in it, who says them, which numbers they name."""
