"""What to write to our branch: commits that add the proposed lines, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from merge3 import Merge3

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
from bot.core.learnings.lint import Agreement
from bot.core.learnings.lint.safety import lint_safety
from bot.core.learnings.placing import line_end
from bot.core.proposal.proposed_entry import Branch, ProposedEntry, without, wording
from bot.core.proposal.stuck_note import Stuck
from bot.core.threads import numbers_named

UP_TO_DATE: Final = "docs(learnings): bring the proposal up to date"

CHILDREN_AT_MOST: Final = 12


@dataclass(frozen=True, kw_only=True)
class Change:
    """One commit: the whole file after it, and the entry it brings (None when it brings the branch
    up to date)."""

    message: str
    document: str
    entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``onto_base``: the first commit starts from the default branch's tree instead of the branch's
    own."""

    changes: Sequence[Change]
    onto_base: bool


def plan_entries(
    base: str,
    branch: Branch | None,
    entries: Sequence[ProposedEntry],
    *,
    room: int,
    news: bool = False,
) -> Plan:
    """The commits that add the entries; `news` when there is something else to propose."""
    if branch is None:
        kept = [entry for entry in entries if entry.life == "proposed"]
        fresh = [entry for entry in entries if entry.life in ("waiting", "held")]
        news = news or any(entry.life == "waiting" for entry in fresh)
        changes = _added(base, [*kept, *_fresh(entries, room=room)]) if news or kept else []
        return Plan(changes=changes, onto_base=True)
    fresh = _fresh(entries, room=room)
    stale = branch.fork != base
    rebuilt = (
        _rebuilt(base, branch, entries)
        if stale or _is_untidy(base, branch, entries)
        else branch.document
    )
    if rebuilt == branch.document and not stale:
        return Plan(changes=_added(branch.document, fresh), onto_base=False)
    first = Change(message=UP_TO_DATE, document=rebuilt)
    return Plan(changes=[first, *_added(rebuilt, fresh)], onto_base=True)


def _fresh(entries: Sequence[ProposedEntry], *, room: int) -> list[ProposedEntry]:
    """What comes onto the branch. Lines that are to be written anew were counted when they first
    came."""
    again = [entry for entry in entries if entry.life == "waiting" and entry.proposed_at]
    new = [entry for entry in entries if entry.life in ("waiting", "held") and entry not in again]
    return [*again, *new[:room]]


def _is_untidy(base: str, branch: Branch, entries: Sequence[ProposedEntry]) -> bool:
    """Whether something of ours is there without being proposed: a line, or what a line that is
    gone had brought."""
    there = parse(branch.document)
    gone = [entry for entry in _on_branch(branch, entries) if not there.find(entry.number)]
    return bool(gone or _leftovers(base, branch, entries))


def _leftovers(base: str, branch: Branch, entries: Sequence[ProposedEntry]) -> list[Entry]:
    """The lines of the branch that are ours and are not to stay: refused, withdrawn, or written
    anew; or the default branch has come to have an entry of its own on them."""
    forked, merged = parse(branch.fork), parse(base)
    gone = {
        entry.number for entry in entries if entry.life != "proposed" or merged.find(entry.number)
    }
    of_people = {*_wordings(forked), *_wordings(merged)}
    by_us = _wordings(parse(branch.before))
    return [
        entry
        for entry in parse(branch.document).entries
        if entry.numbers
        and gone.issuperset(entry.numbers)
        and wording(entry) not in of_people
        and (wording(entry) in by_us or not any(forked.find(number) for number in entry.numbers))
    ]


def _rebuilt(base: str, branch: Branch, entries: Sequence[ProposedEntry]) -> str:
    """`base` with our entries, and with whatever else people changed on the branch."""
    kept = [entry for entry in entries if entry.life == "proposed"]
    leftovers = _leftovers(base, branch, entries)
    ours = _on_branch(branch, entries)
    there = parse(branch.document)
    gone = {number for entry in leftovers for number in entry.numbers}
    gone |= {entry.number for entry in ours if not there.find(entry.number)}
    people = _with_line_ends_of(base, render(without(there, leftovers)))
    before = _with_line_ends_of(base, _less(_with(branch.fork, ours), gone, but=branch.fork))
    if people == before:
        return _with(base, kept)
    # This side too gets the headings that all our entries bring, so that only what people changed
    # differs.
    after = _less(_with(base, ours), gone, but=base)
    merged = _merged(before, people, after)
    if merged is not None and _holds(merged, kept):
        return merged
    # Where lines of ours were in the way, they step aside and are placed anew.
    numbers = {entry.number for entry in kept}
    before, people = (_less(text, numbers, but=branch.fork) for text in (before, people))
    merged = _merged(before, people, _less(after, numbers, but=base))
    if merged is None:
        raise Stuck(
            "people changed the same lines of the file here and on the default branch",
            "contradiction",
        )
    return _with(merged, kept)


def _on_branch(branch: Branch, entries: Sequence[ProposedEntry]) -> list[ProposedEntry]:
    """The entries that left a trace: a line that is there or was."""
    forked, there, written = parse(branch.fork), parse(branch.document), parse(branch.before)
    return [
        entry
        for entry in entries
        if not forked.find(entry.number)
        and (there.find(entry.number) or written.find(entry.number))
    ]


def _with_line_ends_of(base: str, text: str) -> str:
    if line_end(parse(base)) == line_end(parse(text)):
        return text
    return text.replace("\r\n", "\n").replace("\n", f"{line_end(parse(base))}\n")


def _less(text: str, numbers: set[int], *, but: str) -> str:
    """`text` without the lines of these entries, unless they stand in `but`."""
    document = parse(text)
    of_people = _wordings(parse(but))
    ours = [entry for entry in document.entries if numbers.intersection(entry.numbers)]
    return render(without(document, [entry for entry in ours if wording(entry) not in of_people]))


def _wordings(document: Document) -> set[str]:
    return {wording(entry) for entry in document.entries}


def _holds(text: str, entries: Sequence[ProposedEntry]) -> bool:
    """Whether each of the entries is there, and none twice."""
    document = parse(text)
    return all(len(document.find(entry.number)) == 1 for entry in entries)


def _merged(ancestor: str, people: str, ours: str) -> str | None:
    """None where both changed the same lines. What both added at one place is kept from both."""
    # Split at line feeds only: `splitlines` breaks at other characters too.
    merge = Merge3(ancestor.split("\n"), people.split("\n"), ours.split("\n"))
    lines: list[str] = []
    for kind, start, end, *both in merge.merge_regions():
        if kind != "conflict":
            source = {"unchanged": merge.base, "b": merge.b}.get(kind, merge.a)
            lines += source[start:end]
        elif start == end:
            a_start, a_end, b_start, b_end = both
            lines += [*merge.b[b_start:b_end], *merge.a[a_start:a_end]]
        else:
            return None
    return "\n".join(lines)


def _with(text: str, entries: Sequence[ProposedEntry]) -> str:
    for entry in entries:
        text = apply_entry(text, entry)
    return text


def _added(document: str, entries: Sequence[ProposedEntry]) -> list[Change]:
    changes = []
    for entry in entries:
        edited = apply_entry(document, entry)
        if edited != document:
            changes.append(
                Change(message=commit_message(entry), document=edited, entry=entry.number)
            )
            document = edited
    return changes


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


def line_of(entry: ProposedEntry) -> str:
    """The entry as it will read."""
    if entry.line is not None:
        return entry.line
    return render_entry(new_entry(entry.draft))


def commit_message(entry: ProposedEntry) -> str:
    """No `#` before the number: a commit that mentions an issue shows up under it."""
    return (
        f"docs(learnings): record {entry.number} as {entry.draft.state}\n\nLearnings-Entry:"
        f" {entry.number}"
    )
