"""The learnings file: read tolerantly, written strictly, nothing lost."""

from bot.core.learnings.document import Document, parse, render
from bot.core.learnings.edits import (
    insert,
    move_under,
    replace_entry,
    retire,
    rewrite,
    set_references,
    set_see,
    set_state,
    set_tags,
    set_takeaway,
    supersede,
)
from bot.core.learnings.entry import STATES, Entry, NewEntry, Reference, Section
from bot.core.learnings.writing import HEADER, Unwritable, render_entry

__all__ = [
    "HEADER",
    "STATES",
    "Document",
    "Entry",
    "NewEntry",
    "Reference",
    "Section",
    "Unwritable",
    "insert",
    "move_under",
    "parse",
    "render",
    "render_entry",
    "replace_entry",
    "retire",
    "rewrite",
    "set_references",
    "set_see",
    "set_state",
    "set_tags",
    "set_takeaway",
    "supersede",
]
