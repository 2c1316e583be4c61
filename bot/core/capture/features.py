"""What the model weighs of a sentence and of a thread: names with values from 0 to 1, most of them
0 or 1."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.core.reading import Reading, Role, Said
from bot.core.reading.moves import Move
from bot.core.reading.words import count_words, words_and_pairs
from bot.core.threads import Remark

Features = dict[str, float]

# Until then GitHub's later word "completed" was filled in for every issue, however it ended.
COMPLETED_MEANS_SOMETHING: Final = datetime(2022, 5, 1, tzinfo=UTC)
LATE_REMARKS: Final = 3
DECIDING_REMARKS: Final = 2
HOUR: Final = timedelta(hours=1)
# How much more than a word a trait may weigh: a regression that is held back holds back large
# values less.
STRONG: Final = 2.0
# Scores of sentences are brought to the range of the other values.
LOWEST_SCORE: Final = -5.0
SILENT: Final = -0.5

_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "joins": r"\w\)?(?::|;| [\u2013\u2014-]+) \w",
        "negates": (
            r"(?i)\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot"
            r"|lack\w*)\b"
            r"|n['\u2019]t\b"
        ),
        "quantifies": (
            r"(?i)\b(?:every|each|all|any|only|always|both|same|most|many|(?:every"
            r"|any)(?:body|one))\b"
        ),
        "supposes": r"(?i)\b(?:would|could|might|may|should|must|needs?|ha(?:s|ve) to)\b",
        "for us": r"(?i)\b(?:we|our|us)\b",
        "for me": r"\b(?:I|[Mm]y|me)\b",
        "addresses": r"(?i)\byou(?:rs?)?\b",
        "points back": r"(?i)^\W*(?:this|that|it|these|those)\b",
        "promises": r"(?i)\b(?:will|going to)\b|['\u2019]ll\b",
    }.items()
}


def asks(said: Said) -> bool:
    return said.sentence.rstrip("\"'”’)*_ ").endswith(("?", "\uff1f"))


def describe_sentence(said: Said, reading: Reading) -> Features:
    found: Features = {
        f"role {said.role}": 1,
        f"in {said.remark.kind}": 1,
        f"of {reading.thread.kind}": 1,
    }
    found |= _steps("remarks after it", said.from_end, (1, 2, 3, 5, 8))
    found |= _steps("sentences before it", said.place, (1, 2, 4))
    found |= _steps("sentences beside it", said.of, (2, 4, 8, 15))
    found |= _steps("words", count_words(said.sentence), (4, 7, 11, 15, 20, 30, 45))
    found |= _steps("hours to the close", said.before_close, (0.2, 2, 24, 240, 2400))
    found |= {f"form {name}": 1 for name, form in _FORMS.items() if form.search(said.sentence)}
    found |= {f"move {move}": 1 for move in said.moves}
    found |= {f"word {word}": 1 for word in words_and_pairs(said.sentence)}
    by_closer = reading.thread.closed_by == said.remark.author
    traits = {
        f"described by {said.role}": said.described,
        "last of its remark": said.place == said.of - 1,
        "a question": asks(said),
        "by who closed": by_closer,
    }
    return found | _true(traits)


def describe_thread(reading: Reading, scores: Sequence[float]) -> Features:
    """``scores``: how likely each of the sentences of the reading is the reason."""
    said = spoken(reading)
    return {
        **_facts(reading),
        **_places(reading, said),
        **_moves(reading, said),
        **_words(reading, said),
        **_noes(reading, scores),
        **_best(reading, scores),
    }


def spoken(reading: Reading) -> list[Remark]:
    return [remark for remark in reading.remarks if remark.kind != "description"]


def plain_noes(reading: Reading, *, roles: Iterable[Role] = (Role.DECIDER,)) -> list[Said]:
    """Where one of these says no in one of their last two remarks."""
    deciding = [remark for remark in spoken(reading) if reading.role_of(remark) in roles][
        -DECIDING_REMARKS:
    ]
    return [
        s for s in reading.said if "refuses" in s.moves and not asks(s) and s.remark in deciding
    ]


def _facts(reading: Reading) -> Features:
    thread, closer = reading.thread, reading.closer
    word = thread.closed_as
    if word == "completed" and (
        thread.closed_at is None or thread.closed_at < COMPLETED_MEANS_SOMETHING
    ):
        word = "closed"
    found: Features = {
        f"closed as {word}": 1,
        f"closed by {closer}": 1,
        f"{thread.kind} closed by {closer}": 1,
    }
    traits = {
        "a pull request": thread.kind == "pull_request",
        "ended by a bot": reading.ended_by_bot,
        "labelled": bool(thread.labels),
        "its author may write": any(
            r.writes and r.author == thread.author for r in reading.remarks
        ),
    }
    found |= _steps("words described", count_words(thread.description), (10, 40, 100, 250))
    if thread.closed_at:
        found |= _steps(
            "days open",
            (thread.closed_at - thread.created_at) / (24 * HOUR),
            (0.1, 1, 7, 30, 180, 700),
        )
    return found | _true(traits)


def _places(reading: Reading, said: Sequence[Remark]) -> Features:
    """Who spoke how often, who last, at what length and how long before the close."""
    thread, roles = reading.thread, [reading.role_of(remark) for remark in said]
    deciding = [remark for remark, role in zip(said, roles, strict=True) if role is Role.DECIDER]
    closing = [remark for remark in said if remark.author == thread.closed_by]
    own = sum(role in (Role.AUTHOR, Role.OWN) for role in roles)
    found = _steps("remarks", len(said), (1, 2, 3, 5, 8, 13, 21))
    found |= _steps("remarks of deciders", len(deciding), (1, 2, 3, 5, 8))
    found |= _steps("remarks of others", roles.count(Role.OTHER), (1, 3, 6))
    found |= _steps("remarks of its author", own, (1, 2, 4, 8))
    found |= _steps("people", len({remark.author for remark in reading.remarks}), (2, 3, 4, 6))
    if said:
        found[f"last word of {roles[-1]}"] = 1
        found |= _steps("words of the last", count_words(said[-1].text), (5, 12, 25, 50, 100))
        found |= _steps("hours since the last", _hours(reading, said[-1]), (0.1, 24, 168))
    if deciding:
        found |= _steps(
            "words of the decider", count_words(deciding[-1].text), (5, 12, 25, 50, 100)
        )
        found |= _steps(
            "hours since the decider", _hours(reading, deciding[-1]), (0.1, 1, 24, 168, 1000)
        )
    if closing:
        found |= _steps("words of who closed", count_words(closing[-1].text), (5, 12, 25, 50))
        found |= _true({"said when closing": abs(_hours(reading, closing[-1])) < 0.2})
    return found


def _moves(reading: Reading, said: Sequence[Remark]) -> Features:
    places = {
        "last": said[-1:],
        "late": said[-LATE_REMARKS:],
        "decider": [r for r in said if reading.role_of(r) is Role.DECIDER][-1:],
        "closer": [r for r in said if r.author == reading.thread.closed_by][-1:],
        "any": [r for r in said if reading.role_of(r) in (Role.DECIDER, Role.OTHER)],
    }
    made: dict[str, set[Move]] = {
        place: {
            move for s in reading.said if s.remark in remarks and not asks(s) for move in s.moves
        }
        for place, remarks in places.items()
    }
    return {f"{place} {move}": STRONG for place, moves in made.items() for move in moves}


def _words(reading: Reading, said: Sequence[Remark]) -> Features:
    found: Features = {f"title: {word}": 1 for word in words_and_pairs(reading.thread.title)}
    for sentence in reading.said:
        if sentence.described:
            continue
        words = words_and_pairs(sentence.sentence)
        if sentence.remark in said[-LATE_REMARKS:]:
            found |= {f"late: {word}": 1 for word in words}
        if sentence.remark in said[-1:]:
            found |= {f"last: {word}": 1 for word in words}
        if sentence.role is Role.DECIDER:
            found |= {f"decider: {word}": 1 for word in words}
    return found


def _noes(reading: Reading, scores: Sequence[float]) -> Features:
    noes = plain_noes(reading)
    best = max(
        (score for score, s in zip(scores, reading.said, strict=True) if s in noes), default=None
    )
    traits = {
        "a plain no": bool(noes),
        "a plain no late": any(s.from_end <= 1 for s in noes),
        "a plain no with its reason": any(s.moves & {"weighs", "settles"} for s in noes),
        "a plain no of who closed": any(s.remark.author == reading.thread.closed_by for s in noes),
        "a plain no first": any(s.place <= 1 for s in noes),
        "a plain no of its author": bool(plain_noes(reading, roles=[Role.OWN])),
    }
    found = {name: STRONG * value for name, value in _true(traits).items()}
    return found if best is None else found | {"score of a plain no": STRONG * _scaled(best)}


def _best(reading: Reading, scores: Sequence[float]) -> Features:
    """How good the best sentences are: of all, late, of deciders, of anybody but the author."""

    def best(*, late: bool = False, roles: Iterable[Role] = tuple(Role)) -> float:
        pairs = zip(scores, reading.said, strict=True)
        found = [
            score
            for score, s in pairs
            if s.role in roles and (not late or s.from_end < LATE_REMARKS)
        ]
        return _scaled(max(found)) if found else SILENT

    second = sorted(scores)[-2:-1]
    found = {
        "best": best(),
        "best, second": _scaled(second[0]) if second else SILENT,
        "best, late": best(late=True),
        "best of deciders": best(roles=[Role.DECIDER]),
        "best of deciders, late": best(late=True, roles=[Role.DECIDER]),
        "best of others": best(roles=[Role.DECIDER, Role.OTHER]),
        "nothing said": float(not scores),
    }
    return {f"score {name}": STRONG * value for name, value in found.items()}


def _scaled(score: float) -> float:
    return max(score, LOWEST_SCORE) / 2 + 2


def _hours(reading: Reading, remark: Remark) -> float:
    return ((reading.thread.closed_at or remark.at) - remark.at) / HOUR


def _steps(name: str, value: float, edges: Sequence[float]) -> Features:
    return {f"{name} >= {edge}": 1 for edge in edges if value >= edge}


def _true(traits: Mapping[str, bool]) -> Features:
    return {name: 1 for name, holds in traits.items() if holds}
