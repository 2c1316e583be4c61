"""Tests of the GitHub on this machine."""
