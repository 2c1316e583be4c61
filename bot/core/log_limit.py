"""How many lines of one kind the log takes within a minute: a flood must not fill the disk."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

LINES_PER_MINUTE: Final = 100
WINDOW_SECONDS: Final = 60.0


class LogLimit:
    """Counts lines by kind; moments are seconds since any fixed point."""

    def __init__(self, lines: int = LINES_PER_MINUTE) -> None:
        self._lines = lines
        self._seen: Counter[str] = Counter()
        self._ends = 0.0

    def admits(self, kind: str) -> bool:
        self._seen[kind] += 1
        return self._seen[kind] <= self._lines

    def turn(self, at: float) -> Mapping[str, int]:
        """How many lines of each kind were left out of the minute that is over; empty while it
        lasts."""
        return self.end(at) if at >= self._ends else {}

    def end(self, at: float) -> Mapping[str, int]:
        """End the minute now."""
        left_out = {
            kind: seen - self._lines for kind, seen in self._seen.items() if seen > self._lines
        }
        self._seen.clear()
        self._ends = at + WINDOW_SECONDS
        return left_out
