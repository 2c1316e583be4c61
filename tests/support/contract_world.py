"""What lies outside, as far as the contract goes: a file in which every effect is a row, so that
two are two."""

import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path


class World:
    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connection() as file:
            file.execute("CREATE TABLE IF NOT EXISTS effects (key TEXT, by TEXT)")
            file.execute("CREATE INDEX IF NOT EXISTS effects_key ON effects (key)")
            file.execute("CREATE TABLE IF NOT EXISTS signs (name TEXT)")

    def write(self, key: str, *, by: str) -> None:
        """Without looking: a second time is a second effect."""
        with self._connection() as file:
            file.execute("INSERT INTO effects VALUES (?, ?)", (key, by))

    def write_once(self, key: str, *, by: str) -> None:
        """As a handler must: look first."""
        if not self.authors(key):
            self.write(key, by=by)

    def effects(self) -> Counter[str]:
        with self._connection() as file:
            return Counter(key for (key,) in file.execute("SELECT key FROM effects"))

    def authors(self, key: str) -> list[str]:
        with self._connection() as file:
            return [by for (by,) in file.execute("SELECT by FROM effects WHERE key = ?", (key,))]

    def show(self, sign: str) -> None:
        with self._connection() as file:
            file.execute("INSERT INTO signs VALUES (?)", (sign,))

    def shows(self, sign: str) -> bool:
        with self._connection() as file:
            return (
                file.execute("SELECT 1 FROM signs WHERE name = ?", (sign,)).fetchone() is not None
            )

    def wait_for(self, sign: str, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.shows(sign):
            assert time.monotonic() < deadline, f"nobody showed {sign}"
            time.sleep(0.02)

    def _connection(self) -> "_Committing":
        return _Committing(self._path)


class _Committing(closing[sqlite3.Connection]):
    """Closed at the end, and committed: sqlite3's own `with` does only the latter."""

    def __init__(self, path: Path) -> None:
        super().__init__(sqlite3.connect(path, timeout=30, isolation_level=None))
