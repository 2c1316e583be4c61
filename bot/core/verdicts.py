"""What a verdict is, and what a repository may say about capture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Lesson = Literal[
    "wont_fix_rationale",
    "reversed_decision",
    "design_rule",
    "disproven_hypothesis",
    "audit_summary",
    "superseded",
]
NoLesson = Literal[
    "completed_no_lesson",
    "stale",
    "duplicate",
    "works_for_me",
    "superseded_no_rationale",
    "support",
    "no_repro",
    "spam_or_test",
    "accidental",
    "process_only",
    "label_only",
    "refusal_no_rationale",
    "bot_autoclose",
    "still_open",
    "not_convincing",
    "needs_a_human",
]
Tier = Literal["proposed", "perhaps"]
ReasonClass = Lesson | NoLesson
EntryState = Literal[
    "merged", "not-planned", "won't-fix", "superseded", "partial", "open", "PR closed, not merged"
]


@dataclass(frozen=True, kw_only=True)
class CaptureRules:
    """The part of `.github/learnings.yml` that decides what is judged. Authors and labels compare
    without case."""

    wont_fix_labels: Sequence[str] = ("wontfix", "won't fix", "not-planned", "declined")
    ignore_labels: Sequence[str] = ("stale", "duplicate", "invalid", "spam", "question")
    ignore_authors: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Quote:
    """One sentence of a thread: verbatim but for white space."""

    sentence: str
    author: str
    writes: bool
    url: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class References:
    """Numbers by role. None is the rule, a number the exception: a wrong role is worse than
    none."""

    winner: int | None = None
    superseded_by: int | None = None
    parent: int | None = None
    reverts: int | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Is the thread worth an entry? ``rationale`` has the strongest sentence first; no ``state``
    without a ``tier``.

    ``admit`` is true of what is proposed; what is perhaps worth an entry is offered to a person,
    and never asserted. ``awaits``: the reason may come with that thread, once it is merged.
    """

    admit: bool
    reason_class: ReasonClass
    confidence: float
    why: str
    rationale: Sequence[Quote] = ()
    state: EntryState | None = None
    refs: References = References()
    awaits: int | None = None
    perhaps: bool = False

    @property
    def tier(self) -> Tier | None:
        if self.admit:
            return "proposed"
        return "perhaps" if self.perhaps else None


@dataclass(frozen=True, kw_only=True)
class KeptVerdict:
    """The newest verdict on a thread. ``version`` names the rules or model that judged."""

    admit: bool
    reason_class: str
    why: str
    version: str
    judged_at: datetime
    rationale: Sequence[Quote] = ()


def lowered(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)
