"""Draft an entry by rule: what was proposed, what became of it, and the reason in the words of who decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.drafting.tags import choose_tags
from bot.drafting.wording import name_proposal, shorten, state_reason
from bot.threads import Thread, ThreadKind
from bot.verdicts import EntryState, Verdict

TAKEAWAY_CHARS: Final = 280
FEWEST_WORDS: Final = 12
MOST_WORDS: Final = 45


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An entry not yet proposed. ``see`` are paths in the repository."""

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
    )


def write_takeaway(thread: Thread, verdict: Verdict) -> str:
    opening = f"{_outcome(thread, verdict)}: "
    reasons = [state_reason(quote.sentence) for quote in verdict.rationale]
    reason = shorten(reasons[0], limit=TAKEAWAY_CHARS - len(opening) - 1)
    for more in reasons[1:]:
        longer = f"{reason}; {more}"
        if len((opening + reason).split()) >= FEWEST_WORDS or len(opening + longer) >= TAKEAWAY_CHARS:
            break
        reason = longer
    return f"{opening}{reason}."


def _outcome(thread: Thread, verdict: Verdict) -> str:
    name = name_proposal(thread.title)
    if verdict.refs.superseded_by:
        return f'"{name}" gives way to #{verdict.refs.superseded_by}'
    if thread.closed_as == "merged":
        return f'"{name}" is reverted' if thread.title.lower().startswith("revert") else name
    return f'"{name}" is {"not merged" if thread.kind == "pull_request" else "not planned"}'
