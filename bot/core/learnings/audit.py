"""Entries that may no longer stand: what the checkout tells, and what GitHub adds where it is
asked."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from bot.core.learnings.document import Document
from bot.core.learnings.entry import Entry
from bot.core.learnings.graph import Graph, is_current

ThreadState = Literal["open", "closed", "merged"]
# Number -> its state on GitHub; a number that is missing was not found there.
ThreadStates = Mapping[int, ThreadState]

UNDECIDED: Final = frozenset({"open", "partial"})
# `<!-- Review after: 2027-01 -->`, a month or a day; a comment, so that every reader leaves it
# alone.
REVIEW_AFTER: Final = re.compile(
    r"\breview[ -]after:?[ \t]{0,3}(\d{4}-\d{2}(?:-\d{2})?)\b", re.IGNORECASE
)
# A path has a slash and an ending, several slashes or one at its end; without a slash only
# well-known endings tell.
PATH: Final = re.compile(
    r"(?<![\w/.:@-])(?:(?:[\w@.-]+/)+[\w@-][\w@.-]*\.\w+|(?:[\w@.-]+/){2,}[\w@-]+"
    r"|(?:[\w@.-]+/)+(?=[\s,;`]|$)"
    r"|[\w-]+\.(?:md|rst|txt|py|rs|go|ts|tsx|js|jsx|java|kt|rb|c|h|cc|cpp|cs|swift|sh|sql|toml"
    r"|ya?ml|json|proto))"
    r"(?![\w/])"
)


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Why an entry may no longer stand."""

    entry: Entry
    rule: str
    why: str


def audit(
    document: Document,
    *,
    exists: Callable[[str], bool],
    states: ThreadStates | None = None,
    today: date | None = None,
) -> list[Doubt]:
    """Doubts in the order of the file. ``exists`` answers for a path from the root of the checkout.

    Without ``today`` nothing is due for review.
    """
    graph = Graph(document)
    doubts = (
        doubt for entry in document.entries for doubt in _doubts(graph, entry, exists, states or {})
    )
    due = (doubt for entry in document.entries for doubt in _review(entry, today)) if today else ()
    return sorted([*doubts, *due], key=lambda doubt: doubt.entry.line)


def review_after(entry: Entry) -> str | None:
    """The day or month (2027-01-31, 2027-01) after which people want to look at an entry again."""
    found = REVIEW_AFTER.search(entry.text)
    return found[1] if found else None


def _review(entry: Entry, today: date) -> Iterator[Doubt]:
    after = review_after(entry)
    if after and is_current(entry) and today.isoformat()[: len(after)] > after:
        yield Doubt(
            entry=entry, rule="review-due", why=f"it was to be looked at again after {after}"
        )


def numbers_to_ask(document: Document) -> frozenset[int]:
    """The numbers whose state on GitHub the audit would use."""
    undecided = (
        number for entry in document.entries if entry.state in UNDECIDED for number in entry.numbers
    )
    winners = (ref.number for entry in document.entries for ref in entry.winner if ref.local)
    return frozenset((*undecided, *winners))


def _doubts(
    graph: Graph, entry: Entry, exists: Callable[[str], bool], states: ThreadStates
) -> Iterator[Doubt]:
    yield from _chain(graph, entry)
    yield from _winner(graph, entry, states)
    yield from _undecided(entry, states)
    for path in paths(entry.see):
        if not exists(path):
            yield Doubt(entry=entry, rule="path-gone", why=f"{path} is not in this checkout")


def _chain(graph: Graph, entry: Entry) -> Iterator[Doubt]:
    if not entry.numbers or entry.note:
        return
    standing = graph.what_stands(entry.numbers[0])
    way = " \u2192 ".join(f"#{number}" for number in standing.path)
    if standing.circular:
        yield Doubt(
            entry=entry, rule="endless-chain", why=f"{way} goes in a circle: nothing stands"
        )
    elif entry.state == "superseded" and len(standing.path) == 1:
        yield Doubt(entry=entry, rule="endless-chain", why="superseded, but not by what")
    elif entry.superseded_by and len(standing.path) > 1 and standing.entry is None:
        yield Doubt(entry=entry, rule="endless-chain", why=f"{way}: the last has no entry here")
    elif len(standing.path) > 2:
        yield Doubt(entry=entry, rule="long-chain", why=f"{way}: name what stands today")


def _winner(graph: Graph, entry: Entry, states: ThreadStates) -> Iterator[Doubt]:
    for ref in entry.winner:
        winner = graph.entry(ref.number) if ref.local else None
        if winner and winner is not entry and not is_current(winner):
            why = (
                f"its winner {ref} does not stand: line {winner.line} says"
                f" {winner.state or 'nothing'}"
            )
            yield Doubt(entry=entry, rule="winner-gone", why=why)
        elif ref.local and ref.kind == "PR" and states.get(ref.number) == "closed":
            yield Doubt(
                entry=entry, rule="winner-gone", why=f"its winner {ref} was closed without a merge"
            )


def _undecided(entry: Entry, states: ThreadStates) -> Iterator[Doubt]:
    if entry.state not in UNDECIDED:
        return
    ended = [
        f"#{number} is {states[number]}"
        for number in entry.numbers
        if states.get(number, "open") != "open"
    ]
    if ended:
        yield Doubt(
            entry=entry,
            rule="decided-since",
            why=f"the state is {entry.state!r}, yet {', '.join(ended)}",
        )


def paths(see: str) -> tuple[str, ...]:
    """The paths in a pointer: `src/pool.py::Pool, docs/a.md \u2192 Sizing` names two, a symbol and
    a section."""
    return tuple(dict.fromkeys(PATH.findall(see)))
