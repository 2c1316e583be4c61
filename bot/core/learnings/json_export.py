"""The document as JSON: flat, in the order of the file."""

from collections.abc import Iterable
from typing import TypedDict

from bot.core.learnings.document import Document
from bot.core.learnings.entry import Entry, Reference


class ExportedEntry(TypedDict):
    """References are as people write them (`#12`, `PR #12`, `owner/repo#12`), with commas between;
    None for none."""

    line: int
    numbers: list[int]
    head: str
    state: str
    modifiers: list[str]
    takeaway: str
    parent: str | None
    winner: str | None
    superseded_by: str | None
    see: str | None
    tags: list[str]
    section: str
    children: list[int]


def export_document(document: Document) -> dict[str, list[ExportedEntry]]:
    return {"entries": [export_entry(entry) for entry in document.entries]}


def export_entry(entry: Entry) -> ExportedEntry:
    return ExportedEntry(
        line=entry.line,
        numbers=list(entry.numbers),
        head=entry.head,
        state=entry.state,
        modifiers=list(entry.modifiers),
        takeaway=entry.takeaway,
        parent=_written(entry.parent),
        winner=_written(entry.winner),
        superseded_by=_written(entry.superseded_by),
        see=entry.see or None,
        tags=list(entry.tags),
        section=entry.section,
        children=list(entry.child_numbers),
    )


def _written(references: Iterable[Reference]) -> str | None:
    return ", ".join(map(str, references)) or None
