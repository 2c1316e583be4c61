"""How well closed threads are judged."""

from pathlib import Path

HERE = Path(__file__).parent
# Threads of our own writing, each file by another hand who had not seen the rules.
OWN = tuple(HERE / f"{name}.jsonl" for name in ("own", "unseen", "third", "fourth", "fifth"))
# Nothing is fitted to it, nor is it read: else it no longer tells anything.
KEPT_APART = HERE / "sixth.jsonl"
