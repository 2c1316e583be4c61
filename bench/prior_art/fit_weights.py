"""Fit the weights of the re-ranker to the duplicates of one tracker and write
bot/core/search/weights.py.

    python -m bench.prior_art.fit_weights FILE.jsonl.gz

Only issues of the first three quarters are used, each as it was seen when it was opened. The
weights make the softmax over an issue's candidates favour its known duplicates: gradient descent
(Adam) on the mean log-likelihood, with a quadratic penalty.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from bench.regression import as_module
from bot.core.search.index import Index
from bot.core.search.rerank import FEATURES
from bot.tools.evals.prior_art import read_issues

FIT_UNTIL = 0.75
WARM_UP = 1_000
PENALTY = 5.0
STEPS = 400
TARGET = Path(__file__).parents[2] / "bot" / "core" / "search" / "weights.py"
ABOUT = """Weights of the re-ranker. Written by bench/prior_art/fit_weights.py; do not edit.

Fitted to {queries} duplicates among the first three quarters ({issues:,} issues) of the rust \
tracker, 2010 to 2015."""


def main() -> None:
    issues = list(read_issues(Path(sys.argv[1])))
    issues = issues[: int(FIT_UNTIL * len(issues))]
    examples = list(duplicates(issues))
    weights = dict(zip(FEATURES, map(float, fit(examples)), strict=True))
    TARGET.write_text(as_module(ABOUT.format(queries=len(examples), issues=len(issues)), weights))


def duplicates(issues):
    """Of each issue with a known duplicate among its candidates: their features, and which are
    duplicates."""
    index, known = Index(), defaultdict(set)
    for place, issue in enumerate(issues):
        earlier = known[issue.bucket] if issue.bucket is not None else set()
        if place >= WARM_UP and earlier and not earlier & issue.cites:
            found = index.candidates(issue.document)
            wanted = np.array([id in earlier for id in found.ids])
            if wanted.any():
                yield found.features, wanted
        index.put(issue.document)
        earlier.add(issue.document.id)


def fit(examples):
    every = np.concatenate([features for features, _ in examples])
    spread = every.std(axis=0) + 1e-6
    scaled = [((features - every.mean(axis=0)) / spread, wanted) for features, wanted in examples]
    weights, speed, power = np.zeros(len(FEATURES)), 0.0, 0.0
    for step in range(1, STEPS + 1):
        gradient = (sum(slope(weights, *example) for example in scaled) + PENALTY * weights) / len(
            scaled
        )
        speed = 0.9 * speed + 0.1 * gradient
        power = 0.99 * power + 0.01 * gradient**2
        weights -= 0.05 * (speed / (1 - 0.9**step)) / (np.sqrt(power / (1 - 0.99**step)) + 1e-8)
    return weights / spread


def slope(weights, features, wanted):
    """Of the negative log-likelihood that one of the wanted candidates is drawn."""
    scores = features @ weights
    drawn = np.exp(scores - scores.max())
    drawn /= drawn.sum()
    right = drawn * wanted
    return features.T @ (drawn - right / (right.sum() + 1e-12))


if __name__ == "__main__":
    main()
