"""Find the entries and headings among the lines of a document; everything else is kept text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from bot.core.learnings.grammar import Head, parse_head

BOM: Final = "\ufeff"
TAB_STOP: Final = 4
# Indentation from which a line belongs to the list item above it, as in Markdown after "- ".
NESTING: Final = 2
# Indentation that makes code of a line outside lists.
CODE_INDENT: Final = 4
# Deeper nesting is flattened, so that no file is too deep to be read.
MAX_DEPTH: Final = 40
# Lines that a comment inside a sentence may go on for; it is looked for from every line that may
# open one.
INLINE_COMMENT_LINES: Final = 100

HEADING: Final = re.compile(r"(?P<level>#{1,6})(?:[ \t]+(?P<title>.*?))?(?:[ \t]+#+)?[ \t]*\r?$")
UNDERLINE: Final = re.compile(r"(?P<rule>=+|-+)[ \t]*\r?$")
FENCE: Final = re.compile(r"(?P<fence>`{3,}(?!.*`)|~{3,})")
FRONT_MATTER: Final = re.compile(r"(?P<mark>---|\+\+\+)[ \t]*\r?$")
LIST_ITEM: Final = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t\r]|$)")
# What ends a paragraph without a blank line before it, so that it cannot go on an entry's last
# sentence.
INTERRUPTION: Final = re.compile(
    r">|\||</?\w|<!--|<{7}|={7}\r?$|>{7}|(?:[-*_][ \t]*){3,}\r?$|\[[^\]]+\]:"
)

RowKind = Literal["blank", "heading", "item", "text", "interruption", "literal"]


class Block(NamedTuple):
    """The lines of an entry, or a heading: then ``head`` is None and ``depth`` its level."""

    line: int
    depth: int
    text: str
    head: Head | None


class _Row(NamedTuple):
    """One line, classified by itself and by the fence or comment it stands in. ``body`` is without
    indentation."""

    at: int
    kind: RowKind
    indent: int
    body: str


@dataclass(kw_only=True)
class _Open:
    """An entry whose lines are still being read; ``last`` is the index of its last line so far."""

    first: int
    last: int
    indent: int
    depth: int
    head: Head


def scan(lines: Sequence[str]) -> Iterator[Block]:
    """Entries and headings in order; ``depth`` of an entry counts the entries that it is nested
    in."""
    return _Scanner(lines).blocks()


def literal_lines(lines: Sequence[str]) -> frozenset[int]:
    """The numbers (from 1) of the lines that Markdown shows as written or not at all: fenced code,
    comments."""
    return frozenset(row.at + 1 for row in _rows(lines) if row.kind == "literal")


def unfinished_block(lines: Sequence[str]) -> int | None:
    """The number of the line that opens code or a comment which swallows the rest of the file."""
    literal = literal_lines((*lines, "end"))
    at = len(lines) + 1
    if at not in literal:
        return None
    while at in literal:
        at -= 1
    return at


class _Scanner:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.entry: _Open | None = None
        self.nesting: list[
            int
        ] = []  # indentation of the entries that a line may stand in, outermost first
        self.in_list = False
        self.after_blank = False
        self.prose_at = -2  # index of the last line of prose outside entries

    def blocks(self) -> Iterator[Block]:
        for row in _rows(self.lines):
            if row.kind == "blank":
                self.after_blank = True
                continue
            yield from self._read(row)
            self.after_blank = False
        yield from self._close()

    def _read(self, row: _Row) -> Iterator[Block]:
        head = self._head(row)
        if head is None and self.entry and self._goes_on(row, self.entry):
            self.entry.last = row.at
            return
        yield from self._close()
        while self.nesting and row.indent < self.nesting[-1] + NESTING:
            self.nesting.pop()
        if head:
            depth = min(len(self.nesting), MAX_DEPTH)
            self.entry = _Open(first=row.at, last=row.at, indent=row.indent, depth=depth, head=head)
            self.nesting.append(row.indent)
        elif heading := self._heading(row):
            yield heading
        elif row.kind == "text":
            self.prose_at = row.at

    def _head(self, row: _Row) -> Head | None:
        if row.kind == "heading" or (
            row.kind != "item" and self.after_blank and row.indent < NESTING
        ):
            self.in_list = False
        if row.kind != "item" or (row.indent >= CODE_INDENT and not self.in_list):
            return None
        self.in_list = True
        return parse_head(self.lines[row.at].removeprefix(BOM))

    def _goes_on(self, row: _Row, entry: _Open) -> bool:
        """Whether a line belongs to the entry before it: by indentation, or as the same
        paragraph."""
        return row.indent >= entry.indent + NESTING or (row.kind == "text" and not self.after_blank)

    def _heading(self, row: _Row) -> Block | None:
        if row.kind == "heading" and (match := HEADING.match(row.body)):
            return Block(row.at + 1, len(match["level"]), (match["title"] or "").strip(), None)
        if self.prose_at == row.at - 1 and (rule := UNDERLINE.match(row.body)):
            return Block(
                row.at,
                1 if "=" in rule["rule"] else 2,
                self.lines[row.at - 1].strip().lstrip(BOM),
                None,
            )
        return None

    def _close(self) -> Iterator[Block]:
        entry, self.entry = self.entry, None
        if entry is None:
            return
        text = "\n".join(self.lines[entry.first : entry.last + 1]).removeprefix(BOM)
        # A state or dash may stand on the second line.
        head = (parse_head(text) or entry.head) if entry.last > entry.first else entry.head
        yield Block(entry.first + 1, entry.depth, text, head)


def _rows(lines: Sequence[str]) -> Iterator[_Row]:
    at = _front_matter_end(lines)
    while at < len(lines):
        row = _row(at, lines[at].removeprefix(BOM) if at == 0 else lines[at])
        yield row
        after = _literal_end(lines, row)
        yield from (_Row(inside, "literal", row.indent, "") for inside in range(at + 1, after))
        at = max(after, at + 1)


def _row(at: int, line: str) -> _Row:
    body = line.lstrip(" \t")
    indent = len(line) - len(body)
    if indent and "\t" in line[:indent]:
        indent = len(line[:indent].expandtabs(TAB_STOP))
    return _Row(at, _kind(body, indent), indent, body)


def _kind(body: str, indent: int) -> RowKind:
    if not body or body == "\r":
        return "blank"
    if LIST_ITEM.match(body):
        # Three or more marks alone are a line across the page.
        return "interruption" if INTERRUPTION.match(body) else "item"
    if body[0] == "#" and indent < CODE_INDENT and HEADING.match(body):
        return "heading"
    return "interruption" if FENCE.match(body) or INTERRUPTION.match(body) else "text"


def _front_matter_end(lines: Sequence[str]) -> int:
    """The index after it; 0 when the document does not start with any."""
    opening = FRONT_MATTER.match(lines[0].removeprefix(BOM))
    if opening is None:
        return 0
    closing = (
        at for at, line in enumerate(lines[1:], 1) if line.rstrip() in (opening["mark"], "...")
    )
    return next(closing, -1) + 1


def _literal_end(lines: Sequence[str], row: _Row) -> int:
    """The index after the fenced code or comment that starts in this line and goes on in the next;
    else its own."""
    if row.body[:3] in ("```", "~~~") and (opening := FENCE.match(row.body)):
        return _fence_end(lines, row, opening["fence"])
    if "<!--" in row.body:
        return _comment_end(lines, row)
    return row.at


def _fence_end(lines: Sequence[str], row: _Row, fence: str) -> int:
    """A fence without an end goes on to the end of the document, or of the list item that it stands
    in."""
    for at in range(row.at + 1, len(lines)):
        body = lines[at].strip()
        if body.startswith(fence) and not body.strip(fence[0]):
            return at + 1
        if body and row.indent >= NESTING and _row(at, lines[at]).indent < NESTING:
            return at
    return len(lines)


def _comment_end(lines: Sequence[str], row: _Row) -> int:
    """A comment that starts a line goes on across blank lines and without an end to the last;
    another may not."""
    opening = re.sub(r"`[^`]*`", "", row.body).rpartition("<!--")
    if not opening[1] or "-->" in opening[2]:
        return row.at
    starts_line = row.body.startswith("<!--")
    last = len(lines) if starts_line else min(len(lines), row.at + INLINE_COMMENT_LINES)
    for at in range(row.at + 1, last):
        if "-->" in lines[at]:
            return at + 1
        if not starts_line and not lines[at].strip():
            return row.at
    return len(lines) if starts_line else row.at
