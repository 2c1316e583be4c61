"""An amendment: an edit of one entry that stands on the default branch, proposed and settled like a
new line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from bot.core.learnings import (
    Document,
    Entry,
    Reference,
    Unwritable,
    rewrite,
    set_references,
    set_state,
)
from bot.core.learnings.entry import NOT_MERGED, REOPENED
from bot.core.learnings.graph import is_current
from bot.core.learnings.joined_head import with_number
from bot.core.learnings.placing import line_end
from bot.core.proposal.life import WANTED, ProposedLine

# What became of an entry's thread, and so of its line. `by` is the number that the line comes to
# name, if any.
AmendmentKind = Literal[
    "reopened", "decided", "merged", "done", "retired", "superseded", "restored", "winner", "joined"
]
# While one of these is wanted, nobody can say that the entry stands.
DOUBTFUL: Final[frozenset[AmendmentKind]] = frozenset(
    {"reopened", "merged", "done", "retired", "superseded"}
)


@dataclass(frozen=True, kw_only=True)
class Amendment(ProposedLine):
    """``number`` is the first in the head of the entry; ``thread`` was judged and brought it about.

    ``state`` is what the entry comes to say (of "decided"); ``instead_of`` the number that ``by``
    takes the place of. ``contradicts``: the thread decided the opposite. ``written`` is the line as
    we last put it on the branch, without carriage returns.
    """

    number: int
    kind: AmendmentKind
    by: int
    thread: int
    state: str = ""
    instead_of: int | None = None
    contradicts: bool = False
    written: str | None = None

    @property
    def key(self) -> tuple[int, AmendmentKind, int]:
        return self.number, self.kind, self.by

    @property
    def origin(self) -> int:
        return self.thread


def amendments_of(lines: Iterable[ProposedLine]) -> list[Amendment]:
    return [line for line in lines if isinstance(line, Amendment)]


def amend(document: Document, amendment: Amendment) -> Document:
    """The very same document where there is nothing to amend: the entry is gone, reads so already,
    or otherwise."""
    entry = standing(document, amendment.number)
    if entry is None:
        return document
    try:
        return _edited(document, entry, amendment)
    except Unwritable:
        return document


def standing(document: Document, number: int) -> Entry | None:
    """The one entry for a number; None where there is none, or nobody can say which."""
    found = [entry for entry in document.find(number) if not entry.note]
    return found[0] if len(found) == 1 else None


def _edited(document: Document, entry: Entry, amendment: Amendment) -> Document:
    current, by = is_current(entry), (Reference(amendment.by),)
    match amendment.kind:
        case "reopened" | "decided" | "merged" | "done" | "retired":
            state = _new_state(entry, amendment) if current and entry.state else None
            return set_state(document, entry, *state) if state else document
        case "superseded":
            return (
                _superseded(document, entry, by)
                if current and amendment.by not in entry.numbers
                else document
            )
        case "restored":
            undone = [ref.number for ref in entry.superseded_by] == [amendment.instead_of]
            return _superseded(document, entry, ()) if undone else document
        case "winner":
            replaced = [ref.number for ref in entry.winner] == [amendment.instead_of]
            return set_references(document, entry, "Winner", by) if replaced else document
        case "joined":
            there = amendment.by in entry.numbers
            return document if there else rewrite(document, entry, with_number(entry, amendment.by))
        case _:
            assert_never(amendment.kind)


def _new_state(entry: Entry, amendment: Amendment) -> tuple[str, tuple[str, ...]] | None:
    """State and modifiers of an entry that stands; None where its state tells of something else."""
    undecided = entry.state == "open" and (REOPENED in entry.modifiers or not entry.modifiers)
    match amendment.kind:
        case "reopened" if entry.state != "open":
            return "open", (*_lasting(entry), REOPENED)
        case "decided" if undecided:
            return amendment.state, _lasting(entry)
        case "merged" if entry.state in (NOT_MERGED, "PR closed"):
            return "merged", _lasting(entry)
        case "done":
            return "retired", _lasting(entry)
        case "retired":
            return entry.state, (*_lasting(entry), f"retired by #{amendment.by}")
        case _:
            return None


def _superseded(document: Document, entry: Entry, by: tuple[Reference, ...]) -> Document:
    document = set_references(document, entry, "Superseded by", by)
    edited = standing(document, entry.numbers[0])
    assert edited is not None
    return set_state(document, edited, "superseded" if by else "merged", _lasting(entry))


def _lasting(entry: Entry) -> tuple[str, ...]:
    """The modifiers that outlive a change of state: `umbrella` does, `reopened` does not."""
    return tuple(
        each for each in entry.modifiers if each != REOPENED and not each.startswith("retired by")
    )


def with_amendments(document: Document, amendments: Iterable[Amendment]) -> Document:
    """The document as amended; a person's wording stands as written."""
    for amendment in amendments:
        document = apply_amendment(document, amendment)
    return document


def apply_amendment(document: Document, amendment: Amendment) -> Document:
    entry = standing(document, amendment.number)
    if amendment.line is None or entry is None:
        return amend(document, amendment)
    return put(document, entry, amendment.line)


def put(document: Document, entry: Entry, wording: str) -> Document:
    """A wording in the place of an entry, as deep as it and with the line ends of the file."""
    indent, own = _indent(entry.text), _indent(wording)
    first, *more = wording.split("\n")
    if indent != own:
        first = indent + first[len(own) :]
        more = [indent + line.removeprefix(own) if line.strip() else line for line in more]
    text = f"{line_end(document)}\n".join([first, *more]) + (
        "\r" if entry.text.endswith("\r") else ""
    )
    return document if text == entry.text else rewrite(document, entry, text)


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def in_doubt(amendments: Sequence[Amendment]) -> set[int]:
    """The numbers of entries that may no longer stand: from the moment we knew until a person has
    said."""
    return {each.number for each in amendments if each.kind in DOUBTFUL and each.life in WANTED}


def headline(amendment: Amendment) -> str:
    """What it does, in words that no other amendment of the same line has; its box is known by
    them."""
    match amendment.kind:
        case "reopened":
            what = "reopened"
        case "decided":
            what = f"decided again, {amendment.state}"
        case "merged":
            what = "merged after all"
        case "done":
            what = "done after all"
        case "retired":
            what = f"retired by `#{amendment.by}`"
        case "superseded":
            what = f"superseded by `#{amendment.by}`"
        case "restored":
            what = f"stands again since `#{amendment.by}`"
        case "winner":
            what = f"its winner is `#{amendment.by}`"
        case "joined":
            what = f"holds for `#{amendment.by}` too"
        case _:
            assert_never(amendment.kind)
    return f"Change `#{amendment.number}`: {what}"


def amendment_message(amendment: Amendment) -> str:
    """Of its commit. No `#` before a number: a commit that mentions an issue shows up under it."""
    what = headline(amendment).partition(": ")[2].replace("`", "").replace("#", "")
    return (
        f"docs(learnings): change {amendment.number}, {what}\n\nLearnings-Entry: {amendment.number}"
    )
