"""Tests of what the project says of itself."""
