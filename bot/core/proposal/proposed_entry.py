"""A proposed entry: a new line, from its draft to the text that comes into the file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.core.drafting.draft import Draft
from bot.core.learnings import (
    HEADER,
    Document,
    Entry,
    NewEntry,
    Reference,
    Unwritable,
    insert,
    parse,
    render,
    render_entry,
    rewrite,
)
from bot.core.learnings.blocks import BOM
from bot.core.learnings.lint import Agreement
from bot.core.learnings.lint.safety import lint_safety
from bot.core.learnings.placing import is_umbrella, line_end
from bot.core.proposal.life import WANTED, ProposedLine, revise
from bot.core.threads import Thread, numbers_named
from bot.core.verdicts import ReasonClass, Verdict

CHILDREN_AT_MOST: Final = 12


@dataclass(frozen=True, kw_only=True)
class ProposedEntry(ProposedLine):
    draft: Draft
    reason_class: ReasonClass | None = None

    @property
    def number(self) -> int:
        return self.draft.number

    @property
    def key(self) -> int:
        return self.number

    @property
    def origin(self) -> int:
        return self.number


def entries_of(lines: Iterable[ProposedLine]) -> list[ProposedEntry]:
    return [line for line in lines if isinstance(line, ProposedEntry)]


def find_entry(entries: Sequence[ProposedEntry], number: int) -> ProposedEntry | None:
    return next((entry for entry in entries if entry.number == number), None)


def revise_entries(
    entries: Sequence[ProposedEntry],
    *,
    thread: Thread,
    verdict: Verdict,
    draft: Draft | None,
    document: str,
    now: datetime,
) -> list[ProposedEntry]:
    """The entries that change because a thread was judged anew."""
    known = find_entry(entries, thread.number)
    is_there = not (known and known.life in WANTED) and parse(document).find(thread.number)
    found = [_proposed(draft, verdict, now)] if draft and verdict.admit and not is_there else []
    return revise(entries, thread=thread.number, found=found, again_after={"withdrawn"})


def _proposed(draft: Draft, verdict: Verdict, now: datetime) -> ProposedEntry:
    return ProposedEntry(
        draft=draft,
        quote=verdict.rationale[0] if verdict.rationale else None,
        life="waiting",
        drafted_at=now,
        reason_class=verdict.reason_class,
    )


def relate(draft: Draft, *, document: str, entries: Sequence[ProposedEntry]) -> Draft:
    """Among the lines there are: under its umbrella's if that is approved, and naming the children
    that have one."""
    there = parse(document)
    under_way = {entry.number for entry in entries if entry.life in WANTED}
    children = tuple(
        number for number in draft.children if number in under_way or there.find(number)
    )
    parents = there.find(draft.parent) if draft.parent else ()
    return replace(draft, children=children, nested=any(is_umbrella(parent) for parent in parents))


# --- its text


def line_of(entry: ProposedEntry) -> str:
    """The entry as it will read."""
    if entry.line is not None:
        return entry.line
    return render_entry(new_entry(entry.draft))


def new_entry(draft: Draft) -> NewEntry:
    kind = "PR " if draft.kind == "pull_request" else ""
    return NewEntry(
        head=f"{kind}#{draft.number}",
        state=draft.state,
        modifiers=("umbrella",) if draft.umbrella else (),
        takeaway=_with_children(draft),
        parent=_references(draft.parent),
        winner=_references(draft.winner),
        superseded_by=_references(draft.superseded_by),
        see=", ".join(draft.see),
        tags=tuple(draft.tags),
    )


def _with_children(draft: Draft) -> str:
    if not draft.children:
        return draft.takeaway
    named = ", ".join(f"#{number}" for number in draft.children[:CHILDREN_AT_MOST])
    return f"{draft.takeaway} Children: {named}."


def _references(number: int | None) -> tuple[Reference, ...]:
    return () if number is None else (Reference(number),)


def why_unfit(draft: Draft, *, deny_words: Sequence[str]) -> str | None:
    """Why a draft must not be proposed, whatever it says; None when it may be. Stricter than with
    people's lines."""
    try:
        line = render_entry(new_entry(draft))
    except Unwritable as error:
        return str(error)
    findings = lint_safety(parse(line), Agreement(deny_words=tuple(deny_words)))
    return next((f"{finding.rule}: {finding.message}" for finding in findings), None)


def apply_entry(text: str, entry: ProposedEntry) -> str:
    """The file with one more entry. Unchanged if it is there."""
    document = parse(text or HEADER)
    if document.find(entry.number):
        return text
    new = _telling(new_entry(entry.draft), entry.draft.reverts, document)
    edited = insert(document, new, under=_umbrella(entry))
    if entry.line is None:
        return render(edited)
    placed = edited.find(entry.number)[0]
    return render(rewrite(edited, placed, _fitted(entry.line, placed.text, line_end(edited))))


def _umbrella(entry: ProposedEntry) -> int | None:
    return entry.draft.parent if entry.draft.nested else None


def _telling(new: NewEntry, old: int | None, document: Document) -> NewEntry:
    """The entry, pointing to the one it takes the place of where that stands and is not named
    anyway."""
    if old is None or not document.find(old) or old in numbers_named(render_entry(new)):
        return new
    return replace(new, see=", ".join(filter(None, (new.see, str(Reference(old))))))


def _fitted(line: str, place: str, end: str) -> str:
    """A person's wording with the line ends of the file, and not deeper than the place it comes
    to."""
    first, *more = line.split("\n")
    deep = len(first) - len(first.lstrip())
    indent = place[: len(place) - len(place.lstrip())]
    lines = [
        indent + first.lstrip(),
        *(each[deep:] if not each[:deep].strip() else each for each in more),
    ]
    return f"{end}\n".join(lines) + ("\r" if place.endswith("\r") else "")


def commit_message(entry: ProposedEntry) -> str:
    """No `#` before the number: a commit that mentions an issue shows up under it."""
    return (
        f"docs(learnings): record {entry.number} as {entry.draft.state}\n\nLearnings-Entry:"
        f" {entry.number}"
    )


def wording(entry: Entry) -> str:
    """A person's line as kept: line ends are the file's, not theirs."""
    return entry.text.replace("\r", "")


def without(document: Document, entries: Sequence[Entry]) -> Document:
    """The document less the lines of some of its entries; what is nested in them stays."""
    gone = {
        at for entry in entries for at in range(entry.line - 1, entry.line - 1 + entry.line_count)
    }
    lines = [line for at, line in enumerate(document.lines) if at not in gone]
    if 0 in gone and document.lines[0].startswith(BOM):
        lines[:1] = [BOM + (lines[0] if lines else "")]
    return Document(lines=tuple(lines))
