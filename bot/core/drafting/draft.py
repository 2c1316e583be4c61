"""Draft an entry by rule: what was proposed, what became of it, and the reason in the words of who
decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.capture.reverted import find_reverted_title
from bot.core.drafting.choose_tags import choose_tags
from bot.core.drafting.wording import in_quotes, name_proposal, plain, shorten, stands_alone
from bot.core.threads import Thread, ThreadKind
from bot.core.verdicts import EntryState, Quote, Verdict

TAKEAWAY_CHARS: Final = 280
MOST_WORDS: Final = 45


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
    """The sentence that decided, where it stands alone; else what was proposed, what became of it,
    and the sentence."""
    quotes = [(quote, plain(quote.sentence)) for quote in verdict.rationale]
    headnote = f"{_outcome(thread, verdict)}."
    quote, sentence = next(
        ((q, s) for q, s in quotes if _fits(f"{headnote} {_speaker(q, thread)}: {in_quotes(s)}")),
        quotes[0],
    )
    if stands_alone(sentence, thread.title) and _fits(sentence) and not verdict.refs.superseded_by:
        return sentence
    lead = f"{headnote} {_speaker(quote, thread)}: "
    room = TAKEAWAY_CHARS - len(lead) - 2
    words = MOST_WORDS - len(lead.split())
    if len(sentence.split()) > words:
        sentence = shorten(sentence, limit=len(" ".join(sentence.split()[:words])) + 1)
    return lead + in_quotes(shorten(sentence, limit=room))


def _fits(takeaway: str) -> bool:
    return len(takeaway) <= TAKEAWAY_CHARS and len(takeaway.split()) <= MOST_WORDS


def _speaker(quote: Quote, thread: Thread) -> str:
    if quote.author == thread.author:
        return "Its author"
    return "A maintainer" if quote.writes else "Somebody else"


def _outcome(thread: Thread, verdict: Verdict) -> str:
    name = name_proposal(thread.title)
    if verdict.refs.superseded_by:
        return f"Replaced by #{verdict.refs.superseded_by}: {name}"
    if thread.closed_as == "open":
        return f"Still open: {name}"
    if thread.closed_as == "merged":
        return _outcome_of_revert(thread, verdict) or f"Merged: {name}"
    if thread.kind == "pull_request":
        withdrawn = thread.closed_by == thread.author and all(
            q.author == thread.author for q in verdict.rationale
        )
        return f"{'Withdrawn' if withdrawn else 'Not merged'}: {name}"
    return (
        f"{'Settled' if verdict.state in ('merged', 'partial', 'open') else 'Turned down'}: {name}"
    )


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
    return f"{'Reverted' if times % 2 else 'Restored'}: {name_proposal(title)}"
