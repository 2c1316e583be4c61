"""What a repository decided, ready to be searched: its entries with their threads, and decisions
without an entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from bot.core.learnings.entry import NOT_MERGED, Entry, Reference, Span
from bot.core.learnings.graph import follow
from bot.core.recall.gate import Decision, find_prior_decisions, is_decided
from bot.core.recall.opened import Opened
from bot.core.search.comparison import Likeness
from bot.core.search.index import Document, Index
from bot.core.search.lexicon import Word, words
from bot.core.search.tokens import terms
from bot.core.threads import ClosedAs, ThreadCopy

FOUND_AT_MOST: Final = 20
MOST_NEAR: Final = 3
# Holds 28 of the 29 decisions proposed again on two trackers, and stays silent for three quarters
# of all threads.
NEAR_ENOUGH: Final = 0.35
# What nearly repeats a decided thread is found among the first.
LIKENED: Final = 5
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
    """Numbers, best first: those an entry stands for, and decided threads that have none.

    ``likeness`` says of each of ``entries`` how alike its thread is.
    """

    entries: Sequence[int]
    threads: Sequence[int]
    likeness: Mapping[int, Likeness] = field(default_factory=dict, compare=False)


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
        return Found(
            entries=[hit.id for hit in entries],
            threads=[hit.id for hit in threads],
            likeness={hit.id: self._likeness(query, hit.id) for hit in entries[:LIKENED]},
        )

    def _likeness(self, query: Document, number: int) -> Likeness:
        return self._index.likeness(query, number, ruling=set(terms(self._takeaways[number])))


@dataclass(frozen=True, kw_only=True)
class Known:
    """What may be weighed against one thread; equal rules are one decision.

    ``near`` are the likeliest of ``decisions``, best first; of ``unwritten`` no entry was merged:
    they are never told. ``likeness`` is that of the threads of the first of ``near``, by number.
    """

    decisions: Sequence[Decision]
    near: Sequence[Decision]
    unwritten: Sequence[Decision] = ()
    threads: Mapping[int, ThreadCopy] = field(default_factory=dict)
    likeness: Mapping[int, Likeness] = field(default_factory=dict)

    @property
    def nearest(self) -> list[Decision]:
        """Up to three that are worth a look, best first; none where nothing is near."""
        return [
            decision
            for decision in self.near[:MOST_NEAR]
            if self._nearness(decision) >= NEAR_ENOUGH
        ]

    def _nearness(self, decision: Decision) -> float:
        return max(
            (self.likeness[each].nearness for each in decision.numbers if each in self.likeness),
            default=0.0,
        )


def ask(opened: Opened, entries: Iterable[Entry]) -> Question:
    takeaways: dict[int, list[str]] = {}
    for entry in entries:
        for number in entry.numbers:
            takeaways.setdefault(number, []).append(entry.takeaway)
    return Question(
        number=opened.number,
        title=opened.title,
        text=opened.searched,
        asked_at=opened.opened_at,
        takeaways={number: "\n".join(said) for number, said in takeaways.items()},
    )


def recall_decisions(
    entries: Iterable[Entry], threads: Mapping[int, ThreadCopy], found: Found
) -> Known:
    decisions = one_a_rule([entry for entry in entries if is_decided(entry)], threads)
    by_number = {number: decision for decision in decisions for number in decision.numbers}
    near = [by_number[number] for number in found.entries if number in by_number]
    unwritten = [_as_unwritten(threads[number]) for number in found.threads if number in threads]
    return Known(
        decisions=decisions,
        near=list(dict.fromkeys(near)),
        unwritten=unwritten,
        threads=threads,
        likeness=found.likeness,
    )


def one_a_rule(entries: Sequence[Entry], threads: Mapping[int, ThreadCopy]) -> list[Decision]:
    """The decisions of a file, each rule once however many entries repeat it, the newest of them
    before the others."""
    by_rule: dict[object, list[Entry]] = {}
    for entry in entries:
        by_rule.setdefault(_rule(entry.takeaway) or entry.line, []).append(entry)
    by_number = {number: entry for entry in entries for number in entry.numbers}
    return [_as_one(same, threads, by_number) for same in by_rule.values()]


@lru_cache(maxsize=4096)
def _rule(takeaway: str) -> frozenset[Word]:
    """The same for takeaways that differ in punctuation and inflection only."""
    return frozenset(words(takeaway))


def _as_one(
    same: Sequence[Entry], threads: Mapping[int, ThreadCopy], by_number: Mapping[int, Entry]
) -> Decision:
    newest, *older = sorted(same, key=lambda entry: -max(entry.numbers))
    decisions = [as_decided(entry, threads) for entry in (newest, *older)]
    end = follow(newest.numbers[0], by_number.get)
    return Decision(
        entry=newest,
        thread_title=" ".join(filter(None, (decision.thread_title for decision in decisions))),
        thread_text="\n".join(filter(None, (decision.thread_text for decision in decisions))),
        also=tuple(older),
        closed_at=decisions[0].closed_at,
        replaced_by=None if end.circular or len(end.path) == 1 else end.number,
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
        closed_at=max((copy.closed_at for copy in copies if copy.closed_at), default=None),
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
