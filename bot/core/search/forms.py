"""Lines that many texts of a tracker have in common but for their numbers: its templates, and
nobody's words."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from bot.core.search.ragged import Numbers, Ragged
from bot.core.search.texts import form_of

TEMPLATE_FROM: Final = 10
LINES_MARKED: Final = 100
LEAST_CELLS: Final = 1 << 14
# So few marks share a cell by chance that no line is taken for a template for it.
CELLS_PER_MARK: Final = 4


class Forms:
    """In how many texts a line's form stands, counted by a checksum: a few bytes for each line,
    whatever its length."""

    def __init__(self) -> None:
        self._marks = Ragged()
        self._counts = np.zeros(LEAST_CELLS, np.uint32)

    def add(self, lines: Iterable[str]) -> None:
        """The next text; its row is how many came before it."""
        marks = dict.fromkeys(filter(None, map(_mark, lines)))
        row = self._marks.append(list(marks)[:LINES_MARKED])
        self._count(self._marks[row], 1)
        if len(self._marks.values) * CELLS_PER_MARK > len(self._counts):
            self._grow()

    def remove(self, row: int) -> None:
        self._count(self._marks[row], -1)
        self._marks.blank(row)

    def own_words(self, lines: Iterable[str]) -> Iterator[str]:
        """Those that are no template's."""
        for line in lines:
            mark = _mark(line)
            if not mark or self._counts[mark % len(self._counts)] < TEMPLATE_FROM:
                yield line

    def _count(self, marks: Numbers, by: int) -> None:
        np.add.at(self._counts, marks % np.uint32(len(self._counts)), by)

    def _grow(self) -> None:
        self._counts = np.zeros(2 * len(self._counts), np.uint32)
        marks = self._marks.values
        self._count(marks[marks > 0], 1)


def _mark(line: str) -> int:
    """The same for lines of one form; nought where there is none."""
    return zlib.crc32(form_of(line).encode())
