"""What any text of a stranger may hide, and how it is made harmless."""
