"""Weights of the re-ranker. Written by bench/prior_art/fit_weights.py; do not edit.

Fitted to 658 duplicates among the first three quarters (11,861 issues) of the rust tracker, 2010 to 2015.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "score over the best score": 3.278,
    "log rank": -0.439,
    "share of its title in their body": 2.019,
    "share of their title in its body": 2.585,
    "log information shared by the titles": 0.323,
    "information of the rarest shared term": 1.455,
    "log age in days": -0.512,
    "log length of their body": -0.426,
}
