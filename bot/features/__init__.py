"""One file per thing the bot does: read, decide, write."""
