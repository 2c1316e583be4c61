"""Logistic regression with a quadratic penalty, by Newton's method: small enough to print, and
without a dependency."""

from collections.abc import Mapping, Sequence

import numpy as np

STEPS = 50
MODULE = '''"""{about}
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {{
{rows}
}}
'''


def fit(
    rows: Sequence[Mapping[str, float]],
    right: Sequence[bool],
    importance: Sequence[float],
    *,
    penalty: float,
) -> dict[str, float]:
    """Weights for values as they come. The first value of every row is 1 and its weight is not
    penalised."""
    values, wanted, importances = (
        np.array([list(row.values()) for row in rows]),
        np.array(right, float),
        np.array(importance),
    )
    middle, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    middle[0] = 0.0
    scaled = (values - middle) / spread
    shrink = penalty * np.eye(values.shape[1])
    shrink[0, 0] = 0.0
    weights = np.zeros(values.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (importances * (chance - wanted)) + shrink @ weights
        bend = (scaled * (importances * chance * (1 - chance))[:, None]).T @ scaled + shrink
        weights -= np.linalg.solve(bend, slope)
    fitted = weights / spread
    fitted[0] -= (weights * middle / spread).sum()
    return dict(zip(rows[0], map(float, fitted), strict=True))


def as_module(about: str, weights: Mapping[str, float]) -> str:
    """The module that keeps weights, with what they are in its docstring."""
    return MODULE.format(about=about, rows=as_rows(weights))


def as_rows(weights: Mapping[str, float]) -> str:
    return "\n".join(f'    "{name}": {weight:.3f},' for name, weight in weights.items())
