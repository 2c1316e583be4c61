"""Tests of the core, values in and values out."""
