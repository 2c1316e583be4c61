"""Weights of the re-ranker. Written by bench/prior_art/fit_weights.py; do not edit.

Fitted to 655 duplicates among the first three quarters (11,861 issues) of the rust tracker, 2010 to
2015.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "score over the best score": 3.147,
    "log rank": -0.473,
    "share of its title in their body": 2.123,
    "share of their title in its body": 2.632,
    "log information shared by the titles": 0.348,
    "information of the rarest shared term": 1.341,
    "log age in days": -0.513,
    "log length of their body": -0.439,
}
