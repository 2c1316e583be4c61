"""Weights of the gate. Written by bench/prior_art/fit_gate.py; do not edit.

Fitted to 535 issues of our own writing about 5 projects, 222 of which propose a decision again, and
to 1,562 issues of the third quarter of the rust tracker, 18 of which repeat an earlier one.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "always": -10.603,
    "log information both share": 1.240,
    "share of the issue's title": 2.278,
    "share of the rule": 1.897,
    "share of what is refused": 2.711,
    "share of the takeaway": -2.363,
    "log information refused and said": -0.473,
    "log information ruled and unwanted": 0.353,
    "log words both say": 1.887,
    "log lead over the next decision": 1.946,
    "plainly proposes": 0.464,
    "asks for something beside": -1.548,
}
