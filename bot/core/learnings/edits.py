"""Change a document entry by entry; every line that an edit does not name stays as it is."""

from bot.core.learnings.blocks import (
    BOM,
    FENCE,
    INTERRUPTION,
    LIST_ITEM,
    NESTING,
    TAB_STOP,
    unfinished_block,
)
from bot.core.learnings.document import Document
from bot.core.learnings.entry import TAIL_LABELS, Entry, NewEntry, Reference, Span, TailLabel
from bot.core.learnings.grammar import COMMENT, MARKER, parse_references
from bot.core.learnings.placing import Place, find_place, find_place_under, last_line, line_end
from bot.core.learnings.writing import (
    SENTENCE_END,
    Unwritable,
    fit_pointer,
    fit_takeaway,
    render_entry,
    render_references,
    render_state,
)


def insert(document: Document, new: NewEntry, *, under: int | None = None) -> Document:
    """Add an entry under an umbrella that is there, else beside what it belongs to; see
    `placing`."""
    _refuse_conflicts(document)
    umbrella = document.find(under)[:1] if under else ()
    if umbrella:
        nested = _inserted(document, new, find_place_under(umbrella[0]))
        # Where a code block or tabs come between, it would read as part of something else.
        if sorted(_takeaways(nested)) == sorted(
            [*_takeaways(document), fit_takeaway(new.takeaway)]
        ):
            return nested
    return _inserted(document, new, find_place(document, new))


def _takeaways(document: Document) -> list[str]:
    return [entry.takeaway for entry in document.entries]


def _inserted(document: Document, new: NewEntry, place: Place) -> Document:
    if place.behind_prose and (line := unfinished_block(document.lines[: place.index])):
        raise Unwritable(f"line {line} opens code or a comment that nothing closes: close it first")
    written = place.indent + render_entry(new, bullet=place.bullet)
    added = [text + line_end(document) for text in (*place.before, written, *place.after)]
    lines = _lines(document)
    return _with_lines(document, [*lines[: place.index], *added, *lines[place.index :]])


def replace_entry(document: Document, entry: Entry, new: NewEntry) -> Document:
    """Write an entry anew on one line; its children stay."""
    marker = MARKER.match(entry.text)
    assert marker is not None
    line = marker["indent"] + render_entry(new, bullet=marker["bullet"])
    return _with_text(document, entry, line + ("\r" if entry.text.endswith("\r") else ""))


def rewrite(document: Document, entry: Entry, text: str) -> Document:
    """Put a person's own wording, one line or several, in an entry's place; its children stay."""
    return _with_text(document, entry, text)


def set_state(
    document: Document, entry: Entry, state: str, modifiers: tuple[str, ...] = ()
) -> Document:
    span, text = entry.state_span, render_state(state, modifiers)
    if entry.text[span.start - 1] == "(":
        return _with_text(document, entry, _splice(entry.text, span, text))
    if entry.state:
        # A state without brackets, or in others.
        opened, closed = (
            entry.text[span.start - 1] in "[`",
            entry.text[span.end : span.end + 1] in ("]", "`"),
        )
        return _with_text(
            document,
            entry,
            _splice(entry.text, Span(span.start - opened, span.end + closed), f"({text})"),
        )
    return _with_text(document, entry, _splice(entry.text, span, f" ({text})"))


def set_takeaway(document: Document, entry: Entry, takeaway: str) -> Document:
    """Prose that stands between tails goes; the tails stay."""
    text = fit_takeaway(takeaway)
    if not entry.prose:
        before = entry.text[: entry.body_start].rstrip()
        dash = "" if before.endswith(("-", "\u2014", "\u2013", ":")) else " \u2014"
        rest = entry.text[entry.body_start :].lstrip(" \t")
        return _with_text(document, entry, f"{before}{dash} {text} {rest}".rstrip(" "))
    edited = entry.text
    for span in reversed(entry.prose[1:]):
        edited = edited[: span.start].rstrip() + edited[span.end :]
    return _with_text(document, entry, _splice(edited, entry.prose[0], text))


def set_references(
    document: Document,
    entry: Entry,
    label: TailLabel,
    references: tuple[Reference, ...],
) -> Document:
    return set_tail(document, entry, label, render_references(references))


def set_see(document: Document, entry: Entry, pointer: str) -> Document:
    return set_tail(document, entry, "See", fit_pointer(pointer))


def set_tags(document: Document, entry: Entry, tags: tuple[str, ...]) -> Document:
    return set_tail(document, entry, "tags", ", ".join(tags))


def set_tail(document: Document, entry: Entry, label: TailLabel, value: str) -> Document:
    """Change a tail, add it where the order of tails wants it, or with an empty value take it
    away."""
    tail = entry.tail(label)
    if tail and value:
        return _with_text(document, entry, _splice(entry.text, tail.value, value))
    if tail:
        return _with_text(
            document, entry, entry.text[: tail.whole.start].rstrip() + entry.text[tail.whole.end :]
        )
    return _with_text(document, entry, _with_tail(entry, label, value) if value else entry.text)


def _with_tail(entry: Entry, label: TailLabel, value: str) -> str:
    at = _tail_place(entry, label)
    before, after = entry.text[:at].rstrip(), entry.text[at:].lstrip(" \t")
    said = COMMENT.sub("", before).rstrip()
    stop = "" if not entry.prose or SENTENCE_END.search(said) or said.endswith("]") else "."
    written = f"[tags: {value}]" if label == "tags" else f"{label}: {value}."
    return f"{before}{stop} {written}" + (
        f" {after}" if after and not after[0].isspace() else after
    )


def _tail_place(entry: Entry, label: TailLabel) -> int:
    """Behind the last tail that comes earlier in the order, else before the first that comes
    later."""
    order = TAIL_LABELS.index(label)
    earlier = [tail.whole.end for tail in entry.tails if TAIL_LABELS.index(tail.label) < order]
    later = [tail.whole.start for tail in entry.tails if TAIL_LABELS.index(tail.label) > order]
    return earlier[-1] if earlier else later[0] if later else _paragraph_end(entry.text)


def _paragraph_end(text: str) -> int:
    """The end of the first paragraph: a nested list or code block is no place for a tail."""
    end = 0
    for count, line in enumerate(text.split("\n")):
        body = line.strip()
        if count and (
            not body or LIST_ITEM.match(body) or FENCE.match(body) or INTERRUPTION.match(body)
        ):
            break
        end += len(line) + 1
    return len(text[: end - 1].rstrip())


def supersede(document: Document, old: int, by: int) -> Document:
    """Both sides: the old entry says what replaced it, the new one, where it has an entry, where it
    came from."""
    entry = _entry_of(document, old)
    document = set_tail(document, entry, "Superseded by", str(Reference(by)))
    document = set_state(document, _entry_of(document, old), "superseded", entry.modifiers)
    if not document.find(by):
        return document
    new = _entry_of(document, by)
    if any(ref.local and ref.number == old for ref in parse_references(new.text)):
        return document
    return set_tail(document, new, "See", ", ".join(filter(None, (new.see, str(Reference(old))))))


def retire(document: Document, number: int, by: Reference) -> Document:
    """The decision stands no longer and nothing took its place: `(merged; retired by #933)`."""
    entry = _entry_of(document, number)
    kept = tuple(modifier for modifier in entry.modifiers if not modifier.startswith("retired by"))
    return set_state(document, entry, entry.state, (*kept, f"retired by {by}"))


def move_under(document: Document, number: int, umbrella: int) -> Document:
    """Nest an entry, with its children, behind the last child of another."""
    _refuse_conflicts(document)
    entry, parent = _entry_of(document, number), _entry_of(document, umbrella)
    if entry.line <= parent.line <= last_line(entry):
        raise Unwritable(f"#{umbrella} stands under #{number} already")
    first, end, place = entry.line - 1, last_line(entry), last_line(parent)
    shift = " " * (_indent(parent) + NESTING)
    lines = _lines(document)
    moved = [
        _indented(line, _indent(entry), shift) + line_end(document) for line in lines[first:end]
    ]
    rest = [*lines[:first], *lines[end:]]
    at = place if place <= first else place - (end - first)
    edited = _with_lines(document, [*rest[:at], *moved, *rest[at:]])
    # Between a fence that ends nowhere and indentation by tabs a move can swallow a neighbour.
    if sorted(_takeaways(edited)) != sorted(_takeaways(document)):
        raise Unwritable(f"#{number} cannot be moved without changing how its neighbours read")
    return edited


def _indented(line: str, less: int, shift: str) -> str:
    text = line.removesuffix("\r")
    return shift + text[min(less, len(text) - len(text.lstrip())) :] if text.strip() else text


def _indent(entry: Entry) -> int:
    marker = MARKER.match(entry.text)
    assert marker is not None
    return len(marker["indent"].expandtabs(TAB_STOP))


def _entry_of(document: Document, number: int) -> Entry:
    found = document.find(number)
    if not found:
        raise Unwritable(f"#{number} has no entry")
    return found[0]


def _splice(text: str, span: Span, new: str) -> str:
    return text[: span.start] + new + text[span.end :]


def _with_text(document: Document, entry: Entry, text: str) -> Document:
    first = entry.line - 1
    end = first + entry.line_count
    if "\n".join(document.lines[first:end]).removeprefix(BOM) != entry.text:
        raise Unwritable(f"{entry.head} was read from another document")
    _refuse_conflicts(document)
    bom = BOM if document.lines[first].startswith(BOM) else ""
    return Document(
        lines=(*document.lines[:first], *(bom + text).split("\n"), *document.lines[end:])
    )


def _lines(document: Document) -> list[str]:
    """Without the byte order mark, which belongs to the file and not to the line that comes
    first."""
    return [document.lines[0].removeprefix(BOM), *document.lines[1:]]


def _with_lines(document: Document, lines: list[str]) -> Document:
    """A last line without line feed has no carriage return either, whichever line is the last
    now."""
    old_last = document.lines[-1]
    if line_end(document) and old_last and lines[-1] != old_last:
        at = lines.index(old_last) if old_last in lines else -1
        lines[at] += line_end(document)
        lines[-1] = lines[-1].removesuffix("\r")
    if document.lines[0].startswith(BOM):
        lines[0] = BOM + lines[0]
    return Document(lines=tuple(lines))


def _refuse_conflicts(document: Document) -> None:
    if document.conflicts:
        raise Unwritable(
            f"conflict markers in line {document.conflicts[0]}: resolve the merge first"
        )
