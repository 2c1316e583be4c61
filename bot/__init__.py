"""Precedent: a repository's case law, kept by a GitHub App."""
