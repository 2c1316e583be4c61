"""What a sentence does in a thread: families of phrases, kept as data with an example and a
look-alike each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from re import Pattern
from typing import Final, Literal, get_args

import yaml

from bot.core.text.phrases import compile_phrases

Move = Literal[
    "refuses",
    "intended",
    "tracker",
    "done",
    "replaced",
    "lapsed",
    "postponed",
    "withdrawn",
    "elsewhere",
    "answered",
    "asks",
    "thanks",
    "retracts",
    "settles",
    "weighs",
]
MOVES: Final[tuple[Move, ...]] = get_args(Move)
# Nobody reads on, and a sentence of any length must not take long.
LONGEST_CHARS: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """``hits`` is a sentence it finds; ``spares`` looks alike, and is left alone."""

    move: Move
    phrase: str
    hits: str
    spares: str


@cache
def read_phrases() -> tuple[Phrase, ...]:
    text = files("bot.core.reading").joinpath("moves.yaml").read_text(encoding="utf-8")
    kept = yaml.safe_load(text)
    return tuple(Phrase(move=move, **each) for move in MOVES for each in kept[move])


@cache
def _patterns() -> Mapping[Move, Pattern[str]]:
    return {
        move: compile_phrases(
            "\n".join(each.phrase for each in read_phrases() if each.move == move)
        )
        for move in MOVES
    }


def find_moves(sentence: str) -> frozenset[Move]:
    said = sentence[:LONGEST_CHARS]
    return frozenset(move for move, pattern in _patterns().items() if pattern.search(said))
