"""From a thread and its verdict to the text of an entry."""
