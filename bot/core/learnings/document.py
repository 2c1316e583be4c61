"""The document: lines as written, and the sections and entries read from them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.core.learnings.blocks import Block, scan
from bot.core.learnings.entry import Entry, Section
from bot.core.learnings.grammar import parse_parts, parse_state

CONFLICT: Final = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |\r?$)")


@dataclass(frozen=True, kw_only=True)
class Document:
    """A learnings file. Joined with line feeds, ``lines`` are the file, byte for byte.

    The structure is read when first asked for: what an edit returns is often only rendered.
    """

    lines: tuple[str, ...]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(_sections(scan(self.lines)))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All of them in order, nested ones after their umbrella."""
        return tuple(
            entry
            for section in self.sections
            for top in section.entries
            for entry in _with_children(top)
        )

    @cached_property
    def conflicts(self) -> tuple[int, ...]:
        """The lines that hold conflict markers, counted from 1."""
        opened = any(line.startswith("<<<<<<<") for line in self.lines)
        closed = any(line.startswith(">>>>>>>") for line in self.lines)
        if not (opened and closed):
            return ()
        return tuple(at for at, line in enumerate(self.lines, 1) if CONFLICT.match(line))

    def find(self, number: int) -> tuple[Entry, ...]:
        """The entries with this number in their head; remarks on it come last."""
        found = [entry for entry in self.entries if number in entry.numbers]
        return tuple(sorted(found, key=lambda entry: entry.note))


def parse(text: str) -> Document:
    """Never fails: what is not understood is kept."""
    return Document(lines=tuple(text.split("\n")))


def render(document: Document) -> str:
    return "\n".join(document.lines)


def _with_children(entry: Entry) -> Iterator[Entry]:
    yield entry
    for child in entry.children:
        yield from _with_children(child)


def _sections(blocks: Iterator[Block]) -> Iterator[Section]:
    heading = Block(0, 0, "", None)
    below: list[Block] = []
    for block in blocks:
        if block.head is not None:
            below.append(block)
            continue
        if below or heading.line:
            yield _section(heading, below)
        heading, below = block, []
    if below or heading.line:
        yield _section(heading, below)


def _section(heading: Block, below: Sequence[Block]) -> Section:
    return Section(
        title=heading.text,
        level=heading.depth,
        line=heading.line,
        entries=_nested(below, section=heading.text),
    )


def _nested(blocks: Sequence[Block], *, section: str) -> tuple[Entry, ...]:
    """Blocks that stand deeper than the one before them are its children."""
    entries, at = [], 0
    while at < len(blocks):
        after = at + 1
        while after < len(blocks) and blocks[after].depth > blocks[at].depth:
            after += 1
        children = _nested(blocks[at + 1 : after], section=section) if after > at + 1 else ()
        entries.append(_entry(blocks[at], section=section, children=children))
        at = after
    return tuple(entries)


def _entry(block: Block, *, section: str, children: tuple[Entry, ...]) -> Entry:
    head = block.head
    assert head is not None
    parts = parse_parts(block.text, head.body_start)
    state, modifiers = (head.state, ()) if head.note else parse_state(head.state)
    return Entry(
        line=block.line,
        text=block.text,
        section=section,
        head=head.text,
        refs=head.refs,
        note=head.note,
        state=state,
        modifiers=modifiers,
        state_span=head.state_span,
        body_start=head.body_start,
        takeaway=parts.takeaway,
        prose=parts.prose,
        tails=parts.tails,
        parent=parts.parent,
        winner=parts.winner,
        superseded_by=parts.superseded_by,
        see=parts.see,
        tags=parts.tags,
        named_children=parts.named_children,
        children=children,
    )
