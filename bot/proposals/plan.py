"""What to write to our branch: commits that add the proposed lines, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from merge3 import Merge3

from bot.drafting import Draft
from bot.errors import GiveUp
from bot.learnings import (
    HEADER,
    Document,
    NewEntry,
    Reference,
    Unwritable,
    insert,
    parse,
    render,
    render_entry,
    rewrite,
    supersede,
)
from bot.learnings.lint import Agreement
from bot.learnings.lint.safety import lint_safety
from bot.proposals.life import Branch, ProposedEntry


@dataclass(frozen=True, kw_only=True)
class Change:
    """One commit: the whole file after it, and the entry it brings (None when it brings the branch up to date)."""

    message: str
    document: str
    entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``onto_base``: the first commit starts from the default branch's tree instead of the branch's own."""

    changes: Sequence[Change]
    onto_base: bool


def plan_changes(base: str, branch: Branch | None, entries: Sequence[ProposedEntry], *, room: int) -> Plan:
    """The commits that bring the branch to where every wanted entry is on it; `room` more entries may be added.

    `branch` is None where no pull request is open: the branch then starts over from `base`. Nothing is to be done
    where ``changes`` is empty. Raises GiveUp when people's edits on both sides contradict each other.
    """
    if branch is None:
        kept = [entry for entry in entries if entry.life == "proposed"]
        fresh = [entry for entry in entries if entry.life in ("waiting", "held")]
        news = any(entry.life == "waiting" for entry in fresh)
        changes = _added(base, [*kept, *fresh[:room]]) if news or kept else []
        return Plan(changes=changes, onto_base=True)
    waiting = [entry for entry in entries if entry.life in ("waiting", "held")][:room]
    if not branch.stale and not _has_unwanted(base, branch, entries):
        return Plan(changes=_added(branch.document, waiting), onto_base=False)
    rebuilt = _rebuilt(base, branch, entries)
    first = Change(message="docs(learnings): bring the proposal up to date", document=rebuilt)
    return Plan(changes=[first, *_added(rebuilt, waiting)], onto_base=True)


def _has_unwanted(base: str, branch: Branch, entries: Sequence[ProposedEntry]) -> bool:
    there, merged = parse(branch.document), parse(base)
    unwanted = [entry.number for entry in entries if entry.life in ("refused", "withdrawn")]
    return any(there.find(number) and not merged.find(number) for number in unwanted)


def _rebuilt(base: str, branch: Branch, entries: Sequence[ProposedEntry]) -> str:
    """`base` with our entries, and with whatever else people changed on the branch."""
    ours = base
    for entry in entries:
        if entry.life == "proposed":
            ours = apply_entry(ours, entry)
    before = _as_reviewed(branch, [entry.number for entry in entries])
    if before == branch.document:
        return ours
    # Split at line feeds only: `splitlines` breaks at other characters too.
    merge = Merge3(before.split("\n"), branch.document.split("\n"), ours.split("\n"))
    if any(region[0] == "conflict" for region in merge.merge_regions()):
        raise GiveUp("people changed the same lines of the learnings file on the branch and on the default branch")
    return "\n".join(merge.merge_lines())


def _as_reviewed(branch: Branch, ours: Sequence[int]) -> str:
    """The branch before people touched it, but with our entries as they left them: reworded or gone."""
    document, now = parse(branch.before), parse(branch.document)
    for number in ours:
        before, after = document.find(number), now.find(number)
        if before and after:
            document = rewrite(document, before[0], after[0].text)
        elif before:
            first = before[0].line - 1
            lines = document.lines
            document = Document(lines=(*lines[:first], *lines[first + before[0].line_count :]))
    return render(document)


def _added(document: str, entries: Sequence[ProposedEntry]) -> list[Change]:
    changes = []
    for entry in entries:
        edited = apply_entry(document, entry)
        if edited != document:
            changes.append(Change(message=commit_message(entry), document=edited, entry=entry.number))
            document = edited
    return changes


def apply_entry(text: str, entry: ProposedEntry) -> str:
    """The file with one more entry; what that entry reverses is marked as superseded. Unchanged if it is there."""
    document = parse(text or HEADER)
    if document.find(entry.number):
        return text
    document = insert(document, new_entry(entry.draft))
    if entry.line is not None:
        document = rewrite(document, document.find(entry.number)[0], entry.line)
    if entry.draft.reverts and document.find(entry.draft.reverts):
        document = supersede(document, entry.draft.reverts, by=entry.number)
    return render(document)


def new_entry(draft: Draft) -> NewEntry:
    kind = "PR " if draft.kind == "pull_request" else ""
    return NewEntry(
        head=f"{kind}#{draft.number}",
        state=draft.state,
        takeaway=draft.takeaway,
        parent=_references(draft.parent),
        winner=_references(draft.winner),
        superseded_by=_references(draft.superseded_by),
        see=", ".join(draft.see),
        tags=tuple(draft.tags),
    )


def _references(number: int | None) -> tuple[Reference, ...]:
    return () if number is None else (Reference(number),)


def why_unfit(draft: Draft, *, deny_words: Sequence[str]) -> str | None:
    """Why a draft must not be proposed, whatever it says; None when it may be. Stricter than with people's lines."""
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
    return f"docs(learnings): record {entry.number} as {entry.draft.state}\n\nLearnings-Entry: {entry.number}"
