"""Weights of the gate. Written by bench/prior_art/fit_gate.py; do not edit.

Fitted to 240 issues of our own writing about 3 projects, 108 of which propose a decision again, and to
1,835 issues of the third quarter of the rust tracker, 24 of which repeat an earlier one.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "always": -12.654,
    "log information both share": 1.373,
    "share of the issue": 1.998,
    "share of its title": 1.431,
    "share of the rule": 2.785,
    "share of what is refused": 3.044,
    "log information refused and said": -0.559,
    "log words both say": 1.904,
    "log lead over the next decision": 1.946,
    "plainly proposes": 0.844,
}
