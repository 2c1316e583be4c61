"""Is this thread worth an entry? The verdict with its reason class and the sentences it rests
on."""
