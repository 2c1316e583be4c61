"""What became of a thread: turned down, done, or neither. Facts before words, the end before what
led to it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from bot.core.capture.features import asks, plain_noes, spoken
from bot.core.reading import Reading, Role, Said
from bot.core.reading.moves import Move
from bot.core.text.phrases import compile_phrases
from bot.core.verdicts import CaptureRules, EntryState, NoLesson, lowered

Outcome = Literal["turned down", "done", "neither"]

SOON_HOURS: Final = 1.0
# Whoever comes back to say why still speaks of the close.
SAID_AFTER_HOURS: Final = 24.0
# A colon, a semicolon, a dash or "and" may join a no to its reason.
_JOINS: Final = re.compile(r"\w\)?(?::|;| [\u2013\u2014-]|,? and) [\w`]")
_LEFT_OVER: Final = compile_phrases(
    """
    (stays?|remains?|left|kept|still) open
    (not part of|partial~|inconclusive|follow-?ups?|deferred|remaining)
    """
)
# What ended a thread, where its last remark says so and says no to nothing.
CAUSES: Final[Mapping[Move, NoLesson]] = {
    "tracker": "process_only",
    "lapsed": "stale",
    "replaced": "superseded_no_rationale",
    "done": "completed_no_lesson",
    "withdrawn": "refusal_no_rationale",
    "postponed": "process_only",
    "elsewhere": "process_only",
    "answered": "support",
}


def find_cause(reading: Reading) -> NoLesson | None:
    """Why it ended, if not for a reason against what it proposed."""
    if reading.ended_by_bot and reading.thread.closed_as != "not_planned":
        return "bot_autoclose"
    moves = _last_moves(reading)
    if "refuses" in moves and "tracker" not in moves:
        return None
    return next((no_lesson for move, no_lesson in CAUSES.items() if move in moves), None)


def find_outcome(reading: Reading) -> Outcome:
    """An issue that GitHub does not call not planned was turned down only where somebody who
    decides says no."""
    thread = reading.thread
    if thread.landed or thread.closed_as == "merged":
        return "done"
    if thread.closed_as in ("not_planned", "closed_unmerged"):
        return "turned down"
    # "That is intended" answers a report; it turns nothing down.
    if any(
        "intended" not in said.moves for said in _standing_noes(reading, Role.DECIDER, Role.OWN)
    ):
        return "turned down"
    return "done" if find_cause(reading) == "completed_no_lesson" else "neither"


def says_no_plainly(reading: Reading) -> bool:
    """Whoever closed it said no with a reason, as they closed it: no model knows better than
    that."""
    closer = reading.thread.closed_by
    for no in _standing_noes(reading, Role.DECIDER):
        beside = [said for said in reading.said if said.remark is no.remark and not asks(said)]
        gives_reason = any(
            "weighs" in said.moves or _JOINS.search(said.sentence) for said in beside
        )
        about_the_close = -SAID_AFTER_HOURS <= no.before_close < SOON_HOURS
        as_it_closed = about_the_close and closer in (None, no.remark.author)
        if as_it_closed and gives_reason and "intended" not in no.moves:
            return True
    return False


def find_state(reading: Reading, rules: CaptureRules, *, superseded: bool = False) -> EntryState:
    """What the entry says became of it: never what GitHub denies."""
    thread = reading.thread
    if thread.closed_as == "merged":
        return "merged"
    if superseded:
        return "superseded"
    if thread.kind == "pull_request":
        return "PR closed, not merged"
    if find_outcome(reading) != "turned down":
        return "partial" if thread.children and _leaves_something(reading) else "merged"
    return "won't-fix" if lowered(thread.labels) & lowered(rules.wont_fix_labels) else "not-planned"


def without_taken_back(said: Sequence[Said]) -> list[Said]:
    """What people said before "scratch that" no longer stands; what others said does."""
    taken_back = {
        each.remark.author: place for place, each in enumerate(said) if "retracts" in each.moves
    }
    return [
        each for place, each in enumerate(said) if place >= taken_back.get(each.remark.author, 0)
    ]


def _standing_noes(reading: Reading, *roles: Role) -> list[Said]:
    standing = without_taken_back(reading.said)
    return [said for said in plain_noes(reading, roles=roles) if said in standing]


def is_finished_umbrella(reading: Reading) -> bool:
    """By its sub-issues or its task list; what has children may be refused like anything else."""
    return bool(reading.thread.children) and find_outcome(reading) != "turned down"


def _leaves_something(reading: Reading) -> bool:
    last = spoken(reading)[-1:]
    return any(_LEFT_OVER.search(said.sentence) for said in reading.said if said.remark in last)


def _last_moves(reading: Reading) -> set[Move]:
    last = spoken(reading)[-1:]
    return {
        move
        for said in reading.said
        if said.remark in last and not asks(said)
        for move in said.moves
    }
