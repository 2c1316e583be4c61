"""The head of an entry that one more number joins: `**#105**` becomes `**#105 + #212**`."""

import re

from bot.core.learnings.document import parse
from bot.core.learnings.entry import Entry
from bot.core.learnings.grammar import HEAD, MARKER
from bot.core.learnings.writing import Unwritable

CLOSING_MARKS = re.compile(r"[*_]*\Z")


def with_number(entry: Entry, number: int) -> str:
    """The text of an entry with a number more in its head, which is all that reads differently."""
    marker = MARKER.match(entry.text)
    head = marker and HEAD.match(entry.text, marker.end())
    if head is None or entry.note:
        raise Unwritable(f"{entry.head} is no head that a number can join")
    marks = CLOSING_MARKS.search(head[0])
    assert marks is not None
    at = head.start() + marks.start()
    text = f"{entry.text[:at]} + #{number}{entry.text[at:]}"
    read = parse(text).entries
    if (
        len(read) != 1
        or _without_head(read[0]) != _without_head(entry)
        or read[0].numbers != (*entry.numbers, number)
    ):
        raise Unwritable(f"{entry.head} would read otherwise with #{number} in it")
    return text


def _without_head(entry: Entry) -> tuple[object, ...]:
    return (
        entry.state,
        entry.modifiers,
        entry.takeaway,
        entry.superseded_by,
        entry.winner,
        entry.see,
        entry.tags,
    )
