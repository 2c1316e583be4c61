"""The weighted sum of what is known, as a probability."""

from collections.abc import Mapping
from math import exp


def probability(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """From 0 to 1. Raises KeyError for a value without a weight."""
    return 1 / (1 + exp(-sum(weights[name] * value for name, value in values.items())))
