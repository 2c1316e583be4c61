"""What a repository decided, ready to be searched: its entries with their threads, and decisions
without an entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.core.learnings.entry import NOT_MERGED, Entry, Reference, Span
from bot.core.recall.gate import Decision, find_prior_decisions
from bot.core.search.index import Document, Index
from bot.core.threads import ClosedAs, Summary, ThreadCopy

FOUND_AT_MOST: Final = 20
# A thread whose age nobody kept is older than any issue.
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
STATES: Final[Mapping[ClosedAs, str]] = {
    "closed_unmerged": NOT_MERGED,
    "merged": "merged",
    "completed": "merged",
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """An issue, and what the merged entries say, by number."""

    number: int
    title: str
    text: str
    asked_at: datetime
    takeaways: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Numbers, best first: those an entry stands for, and decided threads that have none."""

    entries: Sequence[int]
    threads: Sequence[int]


class Precedents:
    """The index of one repository, changed one number at a time. It holds words, no texts."""

    def __init__(self) -> None:
        self._index = Index()
        self._takeaways: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._index)

    @property
    def worn(self) -> bool:
        """More was removed than is left: built anew it takes half the room."""
        return self._index.dead > max(len(self._index), 1_000)

    def outdated(self, takeaways: Mapping[int, str]) -> set[int]:
        """The numbers whose entry came, went or was reworded."""
        return {number for number, _ in takeaways.items() ^ self._takeaways.items()}

    def put(self, copy: ThreadCopy, takeaway: str | None) -> None:
        """Know a number by its thread and what its entry says; it is forgotten where it is neither
        decided nor told."""
        self.remove(copy.number)
        if takeaway is None and copy.decided_as is None:
            return
        if takeaway is not None:
            self._takeaways[copy.number] = takeaway
        body = "\n".join(filter(None, (takeaway, copy.text)))
        created_at = copy.created_at or copy.closed_at or LONG_AGO
        self._index.put(
            Document(id=copy.number, title=copy.title, body=body, created_at=created_at)
        )

    def remove(self, number: int) -> None:
        self._index.remove(number)
        self._takeaways.pop(number, None)

    def find(self, question: Question) -> Found:
        query = Document(
            id=question.number,
            title=question.title,
            body=question.text,
            created_at=question.asked_at,
        )
        entries = (
            self._index.search(query, FOUND_AT_MOST, among=self._takeaways)
            if self._takeaways
            else []
        )
        threads = self._index.search(query, FOUND_AT_MOST, besides=self._takeaways)
        return Found(entries=[hit.id for hit in entries], threads=[hit.id for hit in threads])


@dataclass(frozen=True, kw_only=True)
class Known:
    """What may be weighed against one issue. ``near`` are the likeliest of ``decisions``, best
    first; of ``unwritten`` no entry was merged: they are never told."""

    decisions: Sequence[Decision]
    near: Sequence[Decision]
    unwritten: Sequence[Decision]
    threads: Mapping[int, ThreadCopy]


def ask(issue: Summary, entries: Iterable[Entry]) -> Question:
    takeaways: dict[int, list[str]] = {}
    for entry in entries:
        for number in entry.numbers:
            takeaways.setdefault(number, []).append(entry.takeaway)
    return Question(
        number=issue.number,
        title=issue.title,
        text=issue.text,
        asked_at=issue.created_at,
        takeaways={number: "\n".join(said) for number, said in takeaways.items()},
    )


def recall_decisions(
    entries: Iterable[Entry], threads: Mapping[int, ThreadCopy], found: Found
) -> Known:
    decisions = [as_decided(entry, threads) for entry in entries]
    by_number = {number: decision for decision in decisions for number in decision.entry.numbers}
    near = [by_number[number] for number in found.entries if number in by_number]
    unwritten = [_as_unwritten(threads[number]) for number in found.threads if number in threads]
    return Known(
        decisions=decisions, near=list(dict.fromkeys(near)), unwritten=unwritten, threads=threads
    )


def find_unwritten(title: str, body: str, known: Known) -> int | None:
    """The number of a decided thread that an issue proposes against though no entry says so; None
    where it does not."""
    matches = find_prior_decisions(title, body, [*known.decisions, *known.unwritten])
    return next((match.entry.numbers[0] for match in matches if match.entry.line < 0), None)


def as_decided(entry: Entry, threads: Mapping[int, ThreadCopy]) -> Decision:
    copies = [threads[number] for number in entry.numbers if number in threads]
    return Decision(
        entry=entry,
        thread_title=" ".join(copy.title for copy in copies),
        thread_text="\n".join(copy.text for copy in copies),
    )


def _as_unwritten(copy: ThreadCopy) -> Decision:
    """A decided thread as if an entry began as drafts do: to know that one is missing, never to be
    told."""
    entry = Entry(
        head=f"#{copy.number}",
        state=STATES.get(copy.decided_as or "closed", "not-planned"),
        takeaway=f'"{copy.title}" is declined',
        # In no file: all that were written have a line above nought.
        line=-copy.number,
        text="",
        section="",
        refs=(Reference(copy.number),),
        note=False,
        state_span=Span(0, 0),
        body_start=0,
        prose=(),
        tails=(),
        named_children=(),
        children=(),
    )
    return Decision(entry=entry, thread_title=copy.title, thread_text=copy.text)
