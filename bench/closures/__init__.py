"""How well closed threads are judged."""

from pathlib import Path

# Threads of our own writing, each file by another hand who had not seen the rules.
OWN = tuple(Path(__file__).parent / f"{name}.jsonl" for name in ("own", "unseen", "third", "fourth", "fifth"))
