"""Weights of the verdict on what was refused. Written by bench/closures/fit_verdicts.py; do not
edit.

Fitted to 444 threads that closed without their change, 235 of which people found worth an entry (6
files, one of real threads, the others of our own writing), and to 355 ordinary closes of the rust
tracker.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "always": -3.343,
    "weight of the best reason": 0.516,
    "weight of the second": 0.268,
    "a pull request": 1.462,
    "its title proposes": 0.890,
    "its title names a defect": -1.741,
    "ends as done": -3.769,
    "ends as working": -1.970,
    "ends as moved or replaced": -3.612,
    "ends for another cause": -2.306,
    "said to be done": -2.872,
    "a question answered": -2.096,
    "somebody says no": 0.605,
    "judgement asks for something": -1.303,
    "judgement names a release": -0.888,
}
