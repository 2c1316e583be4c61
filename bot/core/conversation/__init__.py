"""What people tell the bot by commands and on lines, what that does, and what the bot answers."""
