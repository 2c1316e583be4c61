"""Rows of numbers of different length, one after the other in one growing array."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]
Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows laid end to end; `owners` says of each value which of the `count` rows it is
    from."""

    values: Numbers
    owners: Places
    count: int

    def sums(self, weights: Floats) -> Floats:
        """The sum of `weights`, one per value, for each row."""
        return np.bincount(self.owners, weights, self.count).astype(np.float32)

    def maxima(self, weights: Floats) -> Floats:
        """The greatest of `weights` for each row; nought for an empty one."""
        greatest = np.zeros(self.count, np.float32)
        np.maximum.at(greatest, self.owners, weights)
        return greatest


class Ragged:
    """Rows are only added; one that is not wanted any more can be blanked."""

    def __init__(self) -> None:
        self._values = array("I")
        self._ends = array("Q", [0])

    def append(self, row: Iterable[int]) -> int:
        """Which row it is, from nought."""
        self._values.extend(row)
        self._ends.append(len(self._values))
        return len(self._ends) - 2

    def blank(self, row: int) -> None:
        """Its values are nought from now on."""
        for place in range(self._ends[row], self._ends[row + 1]):
            self._values[place] = 0

    @property
    def values(self) -> Numbers:
        """Of all rows, in order."""
        return np.frombuffer(self._values, np.uint32) if self._values else np.empty(0, np.uint32)

    def __getitem__(self, row: int) -> Numbers:
        start, end = self._ends[row], self._ends[row + 1]
        return (
            np.frombuffer(self._values, np.uint32)[start:end]
            if end > start
            else np.empty(0, np.uint32)
        )

    def gather(self, rows: Places) -> Rows:
        gathered = [self[row] for row in rows.tolist()]
        owners = np.repeat(np.arange(len(rows)), [len(row) for row in gathered])
        return Rows(np.concatenate([np.empty(0, np.uint32), *gathered]), owners, len(rows))
