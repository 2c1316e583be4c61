"""Tests of what people and agents call."""
