"""The fitted model: one table of weights for sentences, one for threads. `bench/closures/fit.py`
writes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.core.capture.features import Features, describe_sentence, describe_thread
from bot.core.reading import Reading

BIAS = "always"


@dataclass(frozen=True, kw_only=True)
class Model:
    """``fitted_on`` names the repositories whose rows it was fitted to; the lines are scores (log
    odds)."""

    sentences: Mapping[str, float]
    threads: Mapping[str, float]
    proposed: float
    perhaps: float
    fitted_on: tuple[str, ...] = ()

    def score_sentences(self, reading: Reading) -> list[float]:
        return [weigh(self.sentences, describe_sentence(said, reading)) for said in reading.said]

    def score_thread(self, reading: Reading, scores: list[float]) -> float:
        return weigh(self.threads, describe_thread(reading, scores))


def weigh(weights: Mapping[str, float], features: Features) -> float:
    """The log odds; what the model was not fitted to weighs nothing."""
    return weights[BIAS] + sum(weights.get(name, 0.0) * value for name, value in features.items())


@cache
def shipped_model() -> Model:
    return read_model(
        json.loads(files("bot.core.capture").joinpath("weights.json").read_text(encoding="utf-8"))
    )


def read_model(kept: Mapping[str, Any]) -> Model:
    return Model(
        sentences=kept["sentences"],
        threads=kept["threads"],
        proposed=kept["proposed"],
        perhaps=kept["perhaps"],
        fitted_on=tuple(kept["fitted_on"]),
    )
