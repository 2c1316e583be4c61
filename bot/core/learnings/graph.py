"""What entries say of each other, and what stands today."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from bot.core.learnings.document import Document
from bot.core.learnings.entry import Entry, Reference
from bot.core.learnings.grammar import parse_references

# States that say themselves that the decision does not stand.
OVERTAKEN: Final = frozenset({"superseded", "retired"})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the chain of successors of a number ends.

    ``path`` starts with the number asked for and ends with the one that stands; in a circle it ends
    where the circle closes and ``entry`` is None. ``entry`` is also None when the last number has
    no entry here.
    """

    path: tuple[int, ...]
    entry: Entry | None
    circular: bool = False

    @property
    def number(self) -> int:
        return self.path[-1]


def successors(entry: Entry) -> tuple[Reference, ...]:
    """What an entry says took its place: `Superseded by: #4`, `(merged; retired by #4)`."""
    said = [modifier for modifier in entry.modifiers if " by " in f" {modifier}"]
    return (*entry.superseded_by, *chain.from_iterable(map(parse_references, said)))


def is_current(entry: Entry) -> bool:
    return entry.state not in OVERTAKEN and not successors(entry)


def follow(number: int, entry_of: Callable[[int], Entry | None]) -> Standing:
    """From a number along the successors of its entry, as far as entries go."""
    path, entry = {number: None}, entry_of(number)
    while entry:
        later = [
            ref.number for ref in successors(entry) if ref.local and ref.number not in entry.numbers
        ]
        if not later:
            break
        if later[0] in path:
            return Standing(path=(*path, later[0]), entry=None, circular=True)
        path[later[0]] = None
        entry = entry_of(later[0])
    return Standing(path=tuple(path), entry=entry)


@dataclass(frozen=True)
class Graph:
    document: Document

    @cached_property
    def _by_number(self) -> Mapping[int, Entry]:
        """The entry for each number; a remark only where there is nothing else."""
        by_number: dict[int, Entry] = {}
        for entry in sorted(self.document.entries, key=lambda entry: entry.note):
            for number in entry.numbers:
                by_number.setdefault(number, entry)
        return by_number

    def entry(self, number: int) -> Entry | None:
        return self._by_number.get(number)

    def what_stands(self, number: int) -> Standing:
        return follow(number, self.entry)

    @cached_property
    def _predecessors(self) -> Mapping[int, tuple[Entry, ...]]:
        return _by_target(self.document.entries, successors)

    def superseded_by_this(self, entry: Entry) -> tuple[Entry, ...]:
        """The entries whose place this one took."""
        return _unique(
            chain.from_iterable(self._predecessors.get(number, ()) for number in entry.numbers)
        )

    @cached_property
    def _nested_in(self) -> Mapping[int, Entry]:
        """Line of a nested entry -> its umbrella."""
        return {child.line: entry for entry in self.document.entries for child in entry.children}

    @cached_property
    def _told_children(self) -> Mapping[int, tuple[Entry, ...]]:
        return _by_target(self.document.entries, lambda entry: entry.parent)

    @cached_property
    def _told_parents(self) -> Mapping[int, tuple[Entry, ...]]:
        return _by_target(self.document.entries, lambda entry: entry.named_children)

    def parents(self, entry: Entry) -> tuple[int, ...]:
        """Numbers of what an entry belongs to, by nesting, by its own word and by its
        umbrella's."""
        nested = self._nested_in.get(entry.line)
        told = chain.from_iterable(self._told_parents.get(number, ()) for number in entry.numbers)
        umbrellas = (
            umbrella.numbers[0] for umbrella in (*filter(None, [nested]), *told) if umbrella.numbers
        )
        own = (ref.number for ref in entry.parent if ref.local)
        return tuple(dict.fromkeys([*umbrellas, *own]))

    def children(self, entry: Entry) -> tuple[int, ...]:
        told = chain.from_iterable(self._told_children.get(number, ()) for number in entry.numbers)
        return tuple(
            dict.fromkeys(
                [*entry.child_numbers, *(child.numbers[0] for child in told if child.numbers)]
            )
        )

    def siblings(self, entry: Entry) -> tuple[Entry, ...]:
        """Entries that share a tag, those that share most first."""
        tags = {tag.casefold() for tag in entry.tags}
        shared = [
            (len(tags.intersection(map(str.casefold, other.tags))), other)
            for other in self.document.entries
            if other.line != entry.line
        ]
        return tuple(other for count, other in sorted(shared, key=lambda pair: -pair[0]) if count)

    @cached_property
    def circles(self) -> tuple[tuple[int, ...], ...]:
        """Chains of "Superseded by" that come back to where they were, each once."""
        return self._circles(successors)

    @cached_property
    def parent_circles(self) -> tuple[tuple[int, ...], ...]:
        return self._circles(
            lambda entry: tuple(Reference(number) for number in self.parents(entry))
        )

    def _circles(
        self, targets: Callable[[Entry], tuple[Reference, ...]]
    ) -> tuple[tuple[int, ...], ...]:
        found: dict[frozenset[int], tuple[int, ...]] = {}
        done: set[int] = set()
        for start in self._by_number:
            circle = self._walk(start, targets, done)
            if circle:
                found.setdefault(frozenset(circle), circle)
        return tuple(found.values())

    def _walk(
        self, start: int, targets: Callable[[Entry], tuple[Reference, ...]], done: set[int]
    ) -> tuple[int, ...] | None:
        """Follow first targets from a number; ``done`` keeps long chains from being walked once per
        member."""
        path: dict[int, None] = {}
        number: int | None = start
        while number is not None and number not in path and number not in done:
            path[number] = None
            entry = self.entry(number)
            number = (
                next((ref.number for ref in targets(entry) if ref.local), None) if entry else None
            )
        done.update(path)
        if number not in path:
            return None
        members = list(path)
        return tuple(members[members.index(number) :])


def _by_target(
    entries: Iterable[Entry], targets: Callable[[Entry], tuple[Reference, ...]]
) -> Mapping[int, tuple[Entry, ...]]:
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        for reference in targets(entry):
            if reference.local:
                found[reference.number].append(entry)
    return {number: tuple(pointing) for number, pointing in found.items()}


def _unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.line: entry for entry in entries}.values())
