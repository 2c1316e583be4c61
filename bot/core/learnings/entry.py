"""The values of the learnings file: references, entries, sections."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

RefKind = Literal["", "PR", "Discussion"]
TailLabel = Literal["Parent", "Winner", "Superseded by", "See", "tags"]

# The order in which tails are written.
TAIL_LABELS: Final[tuple[TailLabel, ...]] = ("Parent", "Winner", "Superseded by", "See", "tags")

NOT_MERGED: Final = "PR closed, not merged"
STATES: Final[tuple[str, ...]] = (
    "merged",
    "not-planned",
    "superseded",
    "won't-fix",
    "partial",
    "open",
    "answered",
    "PR closed",
    NOT_MERGED,
    "retired",
)
REFUSALS: Final = frozenset({"not-planned", "won't-fix", "PR closed", NOT_MERGED})
# A modifier: the thread is open again, so that the entry is no decision for the time being.
REOPENED: Final = "reopened"


class Reference(NamedTuple):
    """An issue, pull request or Discussion. ``repo`` is empty for this repository, else `repo` or
    `owner/repo`."""

    number: int
    kind: RefKind = ""
    repo: str = ""

    @property
    def local(self) -> bool:
        return not self.repo

    def __str__(self) -> str:
        name = f"{self.repo}#{self.number}"
        return f"{self.kind} {name}" if self.kind else name


class Span(NamedTuple):
    """Where a part stands, as offsets into the text of its entry."""

    start: int
    end: int


class Tail(NamedTuple):
    """A labelled part of an entry; ``value`` lies inside ``whole``."""

    label: TailLabel
    whole: Span
    value: Span


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """What one entry says. ``head`` is as written between the bold marks: `#12`, `#12 / PR #15`,
    `Discussion #3`."""

    head: str
    state: str
    takeaway: str
    modifiers: tuple[str, ...] = ()
    parent: tuple[Reference, ...] = ()
    winner: tuple[Reference, ...] = ()
    superseded_by: tuple[Reference, ...] = ()
    see: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry(NewEntry):
    """An entry as it stands in a document.

    ``line`` counts from 1; ``text`` is its own lines as written, without those of its ``children``.
    ``note``: the head goes on in prose, so this is a remark on its number and not the entry for it.
    ``body_start`` is the offset after head, state and dash.
    ``prose`` is where the takeaway stands, in one piece or between tails.
    ``named_children`` are those listed after "Children:"; ``children`` are nested under it.
    """

    line: int
    text: str
    section: str
    refs: tuple[Reference, ...]
    note: bool
    state_span: Span
    body_start: int
    prose: tuple[Span, ...]
    tails: tuple[Tail, ...]
    named_children: tuple[Reference, ...]
    children: tuple["Entry", ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of this repository, in order, each once."""
        return tuple(dict.fromkeys(ref.number for ref in self.refs if ref.local))

    @property
    def child_numbers(self) -> tuple[int, ...]:
        named = (ref.number for ref in self.named_children if ref.local)
        nested = (number for child in self.children for number in child.numbers)
        return tuple(dict.fromkeys([*named, *nested]))

    @property
    def line_count(self) -> int:
        return self.text.count("\n") + 1

    def tail(self, label: TailLabel) -> Tail | None:
        """The last one, when a person wrote two."""
        return next((tail for tail in reversed(self.tails) if tail.label == label), None)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and the entries below it; before the first heading ``title`` is empty and ``line``
    0."""

    title: str
    level: int
    line: int
    entries: tuple[Entry, ...]
