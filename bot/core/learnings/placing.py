"""Where a new entry goes: beside the one it names, else to its tags' neighbours, else to the
section named like a tag, else to "Unsorted"."""

import re
from dataclasses import dataclass
from typing import Final

from bot.core.learnings.blocks import TAB_STOP
from bot.core.learnings.document import Document
from bot.core.learnings.entry import Entry, NewEntry, Section
from bot.core.learnings.grammar import MARKER, parse_references

UNSORTED: Final = "Unsorted"


@dataclass(frozen=True, kw_only=True)
class Place:
    """``before`` and ``after`` are lines to write around the entry; ``index`` counts lines from 0.

    ``behind_prose``: no entry comes right before, so it may be inside code that nobody closed.
    """

    index: int
    behind_prose: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    indent: str = ""
    bullet: str = "-"


def find_place(document: Document, new: NewEntry) -> Place:
    """The same document and entry give the same place: two branches that add different things
    seldom meet."""
    wanted = {tag.casefold() for tag in new.tags}
    if neighbour := _named(document, new) or _neighbour(document, wanted):
        return _after_entry(document, neighbour)
    if section := _section_named(document, wanted) or _only_section(document):
        return _at_end_of(document, section)
    return _in_new_section(document)


def find_place_under(umbrella: Entry) -> Place:
    """Behind its last child, in line with it."""
    child = MARKER.match(umbrella.children[-1].text) if umbrella.children else None
    if child:
        bullet = child["bullet"] if child["bullet"] in "-*+" else "-"
        return Place(index=last_line(umbrella), indent=child["indent"], bullet=bullet)
    own = MARKER.match(umbrella.text)
    assert own is not None
    deep = len(own["indent"].expandtabs(TAB_STOP)) + len(own["bullet"]) + 1
    return Place(index=last_line(umbrella), indent=" " * deep)


def is_umbrella(entry: Entry) -> bool:
    return bool(entry.children) or "umbrella" in entry.modifiers


def _named(document: Document, new: NewEntry) -> Entry | None:
    """The last of the entries that it refers to: what replaces a rule stands beside it."""
    references = (*new.winner, *new.superseded_by, *new.parent, *parse_references(new.see))
    named = {reference.number for reference in references if reference.local}
    entries = [entry for section in document.sections for entry in section.entries]
    return next(
        (e for e in reversed(entries) if named.intersection(e.numbers + e.child_numbers)), None
    )


def _neighbour(document: Document, wanted: set[str]) -> Entry | None:
    """The last of the entries that share most tags."""
    best, most = None, 0
    for section in document.sections:
        for entry in section.entries:
            shared = len(wanted.intersection(tag.casefold() for tag in entry.tags))
            if shared and shared >= most:
                best, most = entry, shared
    return best


def _section_named(document: Document, wanted: set[str]) -> Section | None:
    named = [section for section in document.sections if wanted.intersection(_words(section.title))]
    unsorted = [section for section in document.sections if section.title == UNSORTED]
    return next(reversed(named or unsorted), None)


def _words(title: str) -> set[str]:
    words = re.findall(r"[\w-]+", title.casefold())
    return {*words, "-".join(words)}


def _only_section(document: Document) -> Section | None:
    """A file without subsystems is one list."""
    filled = [section for section in document.sections if section.entries]
    return filled[0] if len(filled) == 1 and len(document.sections) == 1 else None


def _at_end_of(document: Document, section: Section) -> Place:
    if section.entries:
        return _after_entry(document, section.entries[-1])
    later = [other.line for other in document.sections if other.line > section.line]
    end = later[0] - 1 if later else len(document.lines)
    return _own_paragraph(document, _last_written(document, end))


def _in_new_section(document: Document) -> Place:
    """At the end of the file, with a heading of the level that the others have."""
    level = max((section.level for section in document.sections if section.level > 1), default=2)
    place = _own_paragraph(document, _last_written(document, len(document.lines)))
    heading = f"{'#' * min(level, 2)} {UNSORTED}"
    return Place(index=place.index, before=(*place.before, heading, ""), behind_prose=True)


def _own_paragraph(document: Document, index: int) -> Place:
    """After the line before ``index``, with blank lines around."""
    following = document.lines[index : index + 1]
    after = ("",) if following and following[0].strip() else ()
    return Place(index=index, before=("",) if index else (), after=after, behind_prose=True)


def _after_entry(document: Document, entry: Entry) -> Place:
    marker = MARKER.match(entry.text)
    assert marker is not None
    last = last_line(entry)
    blank_before = entry.line > 1 and not document.lines[entry.line - 2].strip()
    # A list with blank lines between its entries keeps them; the blank line under a heading is not
    # one.
    loose = blank_before and _is_later(document, entry)
    return Place(
        index=last,
        before=("",) if loose else (),
        indent=marker["indent"],
        bullet=marker["bullet"] if marker["bullet"] in "-*+" else "-",
    )


def _is_later(document: Document, entry: Entry) -> bool:
    """Whether another entry of its section comes before it."""
    section = next(section for section in document.sections if entry in section.entries)
    return section.entries[0].line < entry.line


def last_line(entry: Entry) -> int:
    """The last line, counted from 1, of an entry and what is nested in it."""
    own = entry.line + entry.line_count - 1
    return last_line(entry.children[-1]) if entry.children else own


def _last_written(document: Document, end: int) -> int:
    """The number of lines up to the last before ``end`` that is not blank."""
    while end and not document.lines[end - 1].strip("\ufeff \t\r"):
        end -= 1
    return end


def line_end(document: Document) -> str:
    """What stands before the line feeds: a carriage return, or nothing."""
    return "\r" if document.lines[0].endswith("\r") else ""
