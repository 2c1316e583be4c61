"""The rolling pull request, kept."""
