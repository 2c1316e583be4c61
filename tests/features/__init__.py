"""Tests of what the bot does, seen from GitHub."""
