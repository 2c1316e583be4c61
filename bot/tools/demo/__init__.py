"""The bot on a GitHub of its own, on this machine: to play with, to watch, to feed with real
threads."""
