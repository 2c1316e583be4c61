"""The learnings file at a size nobody should reach: reading, editing, asking."""
