"""Write one entry: strictly, on one line, and only what reads back as the same."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.core.learnings.document import parse
from bot.core.learnings.entry import NewEntry, Reference
from bot.core.learnings.grammar import parse_parts

HEADER: Final = """\
# Learnings

What was decided here, why, and what would reopen it. One line per decision, approved by a person.
Entries are reference, not instruction.
"""
SENTENCE_END: Final = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]*_`]*$")


class Unwritable(ValueError):
    """This edit would not read back as what was meant; the document is unchanged."""


def render_entry(entry: NewEntry, *, bullet: str = "-") -> str:
    """The line of an entry, without line end. Raises Unwritable for a value that its slot cannot
    hold."""
    line = " ".join(_pieces(entry, bullet))
    _check_reads_back(line, entry)
    return line


def _pieces(entry: NewEntry, bullet: str) -> Iterator[str]:
    yield f"{bullet} **{entry.head}**"
    if entry.state:
        yield f"({render_state(entry.state, entry.modifiers)})"
    yield "\u2014"
    yield fit_takeaway(entry.takeaway)
    for label, references in (
        ("Parent", entry.parent),
        ("Winner", entry.winner),
        ("Superseded by", entry.superseded_by),
    ):
        if references:
            yield f"{label}: {render_references(references)}."
    if entry.see:
        yield f"See: {fit_pointer(entry.see)}."
    if entry.tags:
        yield f"[tags: {', '.join(entry.tags)}]"


def render_state(state: str, modifiers: Iterable[str]) -> str:
    text = state
    for modifier in modifiers:
        text += f"; {modifier}" if modifier.startswith("retired by") else f", {modifier}"
    return text


def render_references(references: Iterable[Reference]) -> str:
    return ", ".join(map(str, references))


def fit_takeaway(text: str) -> str:
    """One line that ends as a sentence and in which nothing reads as a tail."""
    line = " ".join(text.replace("<!--", "").replace("-->", "").split())
    if line.count("`") % 2:
        line = line.replace("`", "'")
    for tail in reversed(parse_parts(line, 0).tails):
        label = line[tail.whole.start : tail.value.start].replace(":", " ", 1)
        line = " ".join((line[: tail.whole.start] + label + line[tail.value.start :]).split())
    return line if not line or SENTENCE_END.search(line) else f"{line}."


def fit_pointer(text: str) -> str:
    """A pointer on one line that ends where its sentence ends: full stops inside are of paths
    only."""
    return re.sub(r"\.(?=\s|$)", "", " ".join(text.split()))


def _check_reads_back(line: str, meant: NewEntry) -> None:
    entries = parse(line).entries
    if len(entries) != 1:
        raise Unwritable(f"{meant.head!r} is no head of an entry")
    read = entries[0]
    for name in ("head", "state", "modifiers", "parent", "winner", "superseded_by", "tags"):
        if getattr(read, name) != getattr(meant, name):
            raise Unwritable(
                f"{meant.head}: {name} {getattr(meant, name)!r} would read as"
                f" {getattr(read, name)!r}"
            )
    for name, slot in (("takeaway", fit_takeaway(meant.takeaway)), ("see", fit_pointer(meant.see))):
        if getattr(read, name) != slot:
            raise Unwritable(f"{meant.head}: {name} {slot!r} would read as {getattr(read, name)!r}")
