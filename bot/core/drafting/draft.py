"""Draft an entry by rule: what was proposed, what became of it, and the reason in the words of who
decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.drafting.choose_tags import choose_tags
from bot.core.drafting.wording import (
    find_reverted_title,
    lower_common_word,
    name_proposal,
    shorten,
    state_reason,
)
from bot.core.reading.cues import Cue, find_cues
from bot.core.threads import Thread, ThreadKind
from bot.core.verdicts import EntryState, Verdict

TAKEAWAY_CHARS: Final = 280
FEWEST_WORDS: Final = 12
MOST_WORDS: Final = 45
MOSTLY: Final = 0.5

_ASKS: Final = re.compile(
    r"(?:is|are|can|could|should|would|do|does|why|how|what|which|where)\b", re.IGNORECASE
)
# A reason that is no clause of its own goes on after a comma.
_SUBORDINATE: Final = re.compile(
    r"(?:due to|because of)\b"
    r"|(?:since|because|as|given that) [^,:]*(?:$|, (?:because|since|due|as|which|so that|and"
    r" (?:because|since))\b)"
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An entry not yet proposed. ``see`` are paths in the repository.

    ``children`` have entries of their own; ``nested``: the entry belongs under that of its
    ``parent``.
    """

    number: int
    kind: ThreadKind
    state: EntryState
    takeaway: str
    winner: int | None = None
    superseded_by: int | None = None
    parent: int | None = None
    reverts: int | None = None
    tags: Sequence[str] = ()
    see: Sequence[str] = ()
    umbrella: bool = False
    children: Sequence[int] = ()
    nested: bool = False


def draft_entry(thread: Thread, verdict: Verdict, *, vocabulary: Sequence[str]) -> Draft:
    """`verdict` admits the thread; `vocabulary` holds the only tags that may be used."""
    state = verdict.state or "not-planned"
    return Draft(
        number=thread.number,
        kind=thread.kind,
        state=state,
        takeaway=write_takeaway(thread, verdict),
        winner=verdict.refs.winner,
        superseded_by=verdict.refs.superseded_by,
        parent=verdict.refs.parent,
        reverts=verdict.refs.reverts,
        tags=choose_tags(thread, vocabulary),
        umbrella=bool(thread.children),
        children=tuple(thread.children),
    )


def write_takeaway(thread: Thread, verdict: Verdict) -> str:
    outcome = _outcome(thread, verdict)
    texts = "\n".join([thread.title, *(remark.text for remark in thread.remarks)])
    reasons = [
        lower_common_word(state_reason(quote.sentence), texts) for quote in verdict.rationale
    ]
    reasons = sorted(reasons, key=lambda reason: _repeats(reason, thread.title))
    reason = reasons[0]
    for more in reasons[1:]:
        if len(f"{outcome} {reason}".split()) >= FEWEST_WORDS:
            break
        reason = f"{reason}; {more}"
    if len(f"{outcome} {reason}".split()) < FEWEST_WORDS and outcome.startswith('"'):
        outcome = f"The proposal {outcome} for this reason"
    return _fit(outcome, reason)


def _repeats(reason: str, title: str) -> bool:
    """Does the reason say the title again, and little else?"""
    said, named = (set(re.findall(r"[a-z]{4,}", text.lower())) for text in (reason, title))
    return len(said & named) > len(said) * MOSTLY


def _fit(outcome: str, reason: str) -> str:
    joint = ", " if _SUBORDINATE.match(reason) else ": "
    limit = TAKEAWAY_CHARS - len(outcome) - len(joint) - 1
    while len(f"{outcome} {reason}".split()) > MOST_WORDS or len(reason) > limit:
        shorter = shorten(reason, limit=min(limit, len(reason) - 1))
        if shorter.endswith("\u2026") and len(reason) <= limit:
            break
        reason = shorter
    return f"{outcome}{joint}{reason}."


def _outcome(thread: Thread, verdict: Verdict) -> str:
    name = name_proposal(thread.title)
    if verdict.refs.superseded_by:
        return f'"{name}" gives way to #{verdict.refs.superseded_by}'
    if thread.closed_as == "merged":
        return _outcome_of_revert(thread, verdict) or f'"{name}" is merged'
    if verdict.reason_class == "audit_summary":
        return f'"{name}" closes with this'
    if thread.title.rstrip().endswith("?") or _ASKS.match(name):
        return f'The question "{name.rstrip("?")}?" is settled'
    return f'"{name}" is {_fate(thread, verdict)}'


def _outcome_of_revert(thread: Thread, verdict: Verdict) -> str | None:
    """What is taken back, by its own title where that was read; the revert of a revert restores
    it."""
    reverted = thread.find_linked(verdict.refs.reverts)
    title = reverted.title if reverted else find_reverted_title(thread.title)
    if title is None:
        return None
    times = 1
    while before := find_reverted_title(title):
        title, times = before, times + 1
    return f'"{name_proposal(title)}" is {"reverted" if times % 2 else "restored"}'


def _fate(thread: Thread, verdict: Verdict) -> str:
    """An issue of which GitHub only says that it closed may have got what it asked for: we say no
    more than we know."""
    if thread.closed_as == "open":
        return "still open"
    if thread.kind == "pull_request":
        return "not merged"
    said_no = any(Cue.REFUSAL in find_cues(quote.sentence) for quote in verdict.rationale)
    return (
        "declined"
        if said_no or thread.closed_as == "not_planned" or verdict.state == "won't-fix"
        else "closed"
    )
