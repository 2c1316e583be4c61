"""Finding what was said before: text to terms, an index of them, ranking."""
