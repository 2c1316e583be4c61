"""Rows of unsigned numbers of different length, one after the other in one growing array."""

from array import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]


class Ragged:
    def __init__(self) -> None:
        self._values = array("I")
        self._ends = array("Q", [0])

    def append(self, row: Iterable[int]) -> None:
        self._values.extend(row)
        self._ends.append(len(self._values))

    def __getitem__(self, row: int) -> Numbers:
        start, end = self._ends[row], self._ends[row + 1]
        return np.frombuffer(self._values, np.uint32, end - start, start * 4) if end > start else np.empty(0, np.uint32)
