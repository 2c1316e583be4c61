"""Rules about what entries say of each other: an error only where they contradict one another."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.core.learnings.document import Document
from bot.core.learnings.edits import set_see
from bot.core.learnings.entry import NOT_MERGED, Entry, TailLabel
from bot.core.learnings.grammar import parse_references
from bot.core.learnings.graph import OVERTAKEN, Graph, successors
from bot.core.learnings.lint.finding import Finding, Fix, Rule, Severity, in_entry

REFUSED: Final = frozenset({"not-planned", "won't-fix", "PR closed", NOT_MERGED})


def lint_relations(document: Document) -> Iterator[Finding]:
    graph = Graph(document)
    yield from _duplicates(document.entries)
    yield from _circles(graph, graph.circles, label="Superseded by", rule="supersession-circle")
    yield from _circles(graph, graph.parent_circles, label="Parent", rule="parent-circle")
    for entry in document.entries:
        yield from _superseded(document, graph, entry)
        yield from _winner(graph, entry)
        yield from _nesting(entry)


def _duplicates(entries: Sequence[Entry]) -> Iterator[Finding]:
    """One pull request may end several issues; an issue has one entry, remarks on it aside."""
    first: dict[int, Entry] = {}
    for entry in entries:
        if entry.note:
            continue
        for ref in entry.refs:
            if not ref.local or (ref.kind == "PR" and len(entry.refs) > 1):
                continue
            known = first.setdefault(ref.number, entry)
            if known is not entry:
                message = f"#{ref.number} has an entry in line {known.line} already"
                yield _at_head(entry, rule="duplicate-number", severity="error", message=message)


def _circles(
    graph: Graph, circles: Sequence[tuple[int, ...]], *, label: TailLabel, rule: Rule
) -> Iterator[Finding]:
    for circle in circles:
        entry = graph.entry(circle[0])
        assert entry is not None
        way = " \u2192 ".join(f"#{number}" for number in (*circle, circle[0]))
        message = f"{label}: goes in a circle, {way}: nothing stands"
        yield _at_tail(entry, label, rule=rule, severity="error", message=message)


def _superseded(document: Document, graph: Graph, entry: Entry) -> Iterator[Finding]:
    later = [ref for ref in entry.superseded_by if ref.local and ref.number not in entry.numbers]
    if later and entry.state not in OVERTAKEN and entry.state != "partial":
        message = f"the state is {entry.state or 'missing'!r}, yet {later[0]} took its place"
        yield _at_tail(
            entry, "Superseded by", rule="superseded-state", severity="hint", message=message
        )
    if entry.state == "superseded" and not successors(entry):
        message = "superseded, but not by what: add Superseded by:"
        yield in_entry(
            entry, entry.state_span, rule="superseded-by-nothing", severity="hint", message=message
        )
    for ref in later:
        successor = graph.entry(ref.number)
        if successor and not _mentions(successor, entry):
            origin = f"#{entry.numbers[0]}" if entry.numbers else entry.head
            pointer = ", ".join(filter(None, (successor.see, origin)))
            fix = _one_line(document, set_see(document, successor, pointer))
            message = f"took the place of {origin} (line {entry.line}) and does not say so"
            yield _at_head(successor, rule="one-sided", severity="hint", message=message, fix=fix)


def _mentions(entry: Entry, other: Entry) -> bool:
    return any(ref.local and ref.number in other.numbers for ref in parse_references(entry.text))


def _winner(graph: Graph, entry: Entry) -> Iterator[Finding]:
    for ref in entry.winner:
        winner = graph.entry(ref.number) if ref.local else None
        if winner and winner is not entry and winner.state in REFUSED:
            message = f"{ref} did not win: its entry in line {winner.line} says {winner.state!r}"
            yield _at_tail(
                entry, "Winner", rule="winner-refused", severity="error", message=message
            )


def _nesting(entry: Entry) -> Iterator[Finding]:
    for child in entry.children:
        told = [ref.number for ref in child.parent if ref.local]
        if (
            told
            and entry.numbers
            and not set(told) & {*entry.numbers, *(ref.number for ref in entry.parent)}
        ):
            message = f"stands under #{entry.numbers[0]} and names another parent"
            yield _at_tail(child, "Parent", rule="two-parents", severity="error", message=message)


def _at_head(
    entry: Entry, *, rule: Rule, severity: Severity, message: str, fix: Fix | None = None
) -> Finding:
    end = entry.state_span.start
    return in_entry(entry, (0, end), rule=rule, severity=severity, message=message, fix=fix)


def _at_tail(
    entry: Entry, label: TailLabel, *, rule: Rule, severity: Severity, message: str
) -> Finding:
    tail = entry.tail(label)
    span = tail.whole if tail else entry.state_span
    return in_entry(entry, span, rule=rule, severity=severity, message=message)


def _one_line(document: Document, edited: Document) -> Fix | None:
    """An edit as the fix of the one line that it changed; None if it changed the number of
    lines."""
    if len(edited.lines) != len(document.lines):
        return None
    changed = [at for at, line in enumerate(document.lines) if edited.lines[at] != line]
    return Fix(changed[0] + 1, edited.lines[changed[0]]) if len(changed) == 1 else None
