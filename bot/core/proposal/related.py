"""Whether a new lesson is that of an entry which stands, or its opposite. In doubt it gets a line
of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.drafting.draft import Draft
from bot.core.learnings import Document, Entry, parse
from bot.core.learnings.entry import REFUSALS, REOPENED
from bot.core.learnings.graph import is_current
from bot.core.proposal.amendment import standing
from bot.core.reading.intent import undoes
from bot.core.reading.prose import read_sentences
from bot.core.reading.references import find_same
from bot.core.recall.gate import find_prior_decisions
from bot.core.recall.precedents import as_decided
from bot.core.search.lexicon import words
from bot.core.threads import Thread, ThreadCopy

# Of the rarer words of two titles, the share that both have.
ALIKE: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Kin:
    """An entry of the same concept; ``opposed`` where one decided for it and the other against."""

    entry: Entry
    opposed: bool


def find_kin(
    thread: Thread, draft: Draft, *, document: str, threads: Mapping[int, ThreadCopy]
) -> Kin | None:
    parsed = parse(document)
    if parsed.find(thread.number) or draft.superseded_by or draft.reverts:
        return None
    entry = _named(thread, parsed) or _alike(thread, parsed, threads)
    if entry is None:
        return None
    refused, was_refused = draft.state in REFUSALS, entry.state in REFUSALS
    if refused == was_refused:
        return Kin(entry=entry, opposed=False) if refused else None
    opposite = undoes(thread.title) != undoes(_subject(entry, threads))
    return None if opposite else Kin(entry=entry, opposed=True)


def _named(thread: Thread, document: Document) -> Entry | None:
    """Somebody who decides says that it is the same."""
    said = [
        s
        for remark in thread.remarks
        if remark.writes and not remark.bot
        for s in read_sentences(remark.text)
    ]
    number = find_same(said)
    entry = standing(document, number) if number and number != thread.number else None
    return entry if entry and _is_kept(entry) else None


def _alike(thread: Thread, document: Document, threads: Mapping[int, ThreadCopy]) -> Entry | None:
    """It asks for what was decided, and the two ask in the same words."""
    kept = [entry for entry in document.entries if _is_kept(entry)]
    decisions = [as_decided(entry, threads) for entry in kept]
    for match in find_prior_decisions(thread.title, thread.description, decisions)[:1]:
        if (
            match.entry is match.found
            and _share(thread.title, _subject(match.entry, threads)) >= ALIKE
        ):
            return match.entry
    return None


def _is_kept(entry: Entry) -> bool:
    decided = entry.state in REFUSALS or entry.state == "merged"
    return (
        bool(entry.numbers)
        and not entry.note
        and decided
        and is_current(entry)
        and REOPENED not in entry.modifiers
    )


def _subject(entry: Entry, threads: Mapping[int, ThreadCopy]) -> str:
    """What the entry is about: the title of its thread, else what it says."""
    titles = [threads[number].title for number in entry.numbers if number in threads]
    return titles[0] if titles and titles[0] else entry.takeaway


def _share(one: str, other: str) -> float:
    ours, theirs = words(one).keys(), words(other).keys()
    return len(ours & theirs) / max(min(len(ours), len(theirs)), 2)


def numbers_to_recall(document: str) -> Sequence[int]:
    return [
        number for entry in parse(document).entries if _is_kept(entry) for number in entry.numbers
    ]
