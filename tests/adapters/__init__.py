"""Tests of what touches the world outside."""
