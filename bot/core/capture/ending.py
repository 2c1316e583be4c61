"""The ends of judging: to refuse with a class and a line, to propose or to offer with the sentences
it rests on."""

from collections.abc import Sequence
from math import exp
from typing import Final

from bot.core.capture.features import asks
from bot.core.capture.naming import name_references
from bot.core.capture.outcome import find_state
from bot.core.reading import Reading, Said
from bot.core.reading.moves import Move
from bot.core.reading.words import count_words
from bot.core.text.cleaning import find_orders
from bot.core.text.secrets import find_secrets
from bot.core.threads import ClosedAs, Thread
from bot.core.verdicts import CaptureRules, Lesson, NoLesson, Quote, ReasonClass, Tier, Verdict

QUOTES_AT_MOST: Final = 3
FEWEST_WORDS: Final = 4

_SERVING: Final[frozenset[Move]] = frozenset({"thanks", "retracts"})
TELLING: Final[frozenset[Move]] = frozenset({"refuses", "weighs", "settles", "intended"})

# Closed, and yet nobody decided on what was proposed.
UNDECIDED: Final[frozenset[ReasonClass]] = frozenset(
    {
        "accidental",
        "bot_autoclose",
        "completed_no_lesson",
        "duplicate",
        "no_repro",
        "process_only",
        "spam_or_test",
        "stale",
        "support",
        "works_for_me",
    }
)


def is_decision(closed_as: ClosedAs, verdict: Verdict) -> bool:
    """Was something turned down or taken back, with a reason worth an entry or without? Recall
    searches these."""
    if closed_as == "open":
        return False
    return verdict.admit or (
        closed_as in ("not_planned", "closed_unmerged") and verdict.reason_class not in UNDECIDED
    )


def refuse(reason_class: NoLesson, why: str, *, awaits: int | None = None) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why, awaits=awaits)


def conclude(  # noqa: PLR0913 - what a verdict is made of
    reading: Reading,
    reasons: Sequence[Said],
    rules: CaptureRules,
    *,
    tier: Tier,
    lesson: Lesson,
    score: float = 1.0,
    successor: int | None = None,
) -> Verdict:
    """``score``: the log odds that people would keep it."""
    # The side that prevailed is that of the likeliest reason: the other one's answer is none.
    same_side = [said for said in reasons if said.remark.writes == reasons[0].remark.writes]
    kept = same_side[:QUOTES_AT_MOST]
    return Verdict(
        admit=tier == "proposed",
        perhaps=tier == "perhaps",
        reason_class=lesson,
        confidence=round(1 / (1 + exp(-score)), 3),
        why=f"{kept[0].remark.author} gives the reason{_where(kept[0], reading.thread)}",
        rationale=tuple(map(quote, kept)),
        state=find_state(reading, rules, superseded=successor is not None),
        refs=name_references(reading.thread, kept, successor=successor),
    )


def quote(said: Said) -> Quote:
    remark = said.remark
    return Quote(
        sentence=said.sentence,
        author=remark.author,
        writes=remark.writes,
        url=remark.url,
        at=remark.at,
    )


def is_quotable(said: Said) -> bool:
    """Agents read the file: what speaks to them, or holds a secret, is never quoted."""
    return (
        not asks(said)
        and not said.sentence.endswith((":", "\uff1a"))
        and not (said.moves & _SERVING and not said.moves & TELLING)
        and count_words(said.sentence) >= FEWEST_WORDS
        and not find_orders(said.sentence)
        and not find_secrets(said.sentence)
    )


def _where(reason: Said, thread: Thread) -> str:
    other = next((other for other in thread.linked if reason.remark in other.remarks), None)
    return f" in #{other.number}" if other else ""
