"""What to write to our branch: commits that bring it to where everything wanted is on it, and
nothing else.

Entries are planned as if nothing were amended, and amendments in what comes of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from merge3 import Merge3

from bot.core.learnings import Document, Entry, parse, render
from bot.core.learnings.placing import line_end
from bot.core.proposal.amendment import (
    Amendment,
    amend,
    amendment_message,
    amendments_of,
    apply_amendment,
    standing,
    with_amendments,
)
from bot.core.proposal.branch import Branch
from bot.core.proposal.life import WANTED
from bot.core.proposal.proposed_entry import (
    ProposedEntry,
    apply_entry,
    commit_message,
    entries_of,
    without,
    wording,
)
from bot.core.proposal.review import Proposed, unamended
from bot.core.proposal.stuck_note import Stuck

UP_TO_DATE: Final = "docs(learnings): bring the proposal up to date"


@dataclass(frozen=True, kw_only=True)
class Change:
    """The whole file after it, and the number of the entry that it brings or amends (neither when
    it brings the branch up to date)."""

    message: str
    document: str
    entry: int | None = None
    amends: int | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``onto_base``: the first commit starts from the default branch's tree instead of the branch's
    own."""

    changes: Sequence[Change]
    onto_base: bool


def plan_changes(
    base: str,
    branch: Branch | None,
    lines: Sequence[Proposed],
    *,
    room: int,
) -> Plan:
    """The commits that bring the branch to where everything wanted is on it; `room` more may be
    added.

    `branch` is None where no pull request is open: the branch then starts over from `base`. Nothing
    is to be done where ``changes`` is empty. Raises GiveUp when people's edits on both sides
    contradict each other.
    """
    entries, amendments = entries_of(lines), amendments_of(lines)
    wanted = in_order(amendments)
    if branch is None:
        news = any(each.life != "held" for each in effective(base, base, entries, wanted))
        plan = _plan_entries(base, None, entries, room=room, news=news)
        if not (plan.changes or news):
            return plan
        text = plan.changes[-1].document if plan.changes else base
        return replace(
            plan,
            changes=[*plan.changes, *_new(base, text, entries, wanted, room=_left(plan, room))],
        )
    bare = unamended(branch, amendments)
    plan = _plan_entries(base, bare, entries, room=room)
    changes = [
        replace(each, document=_kept(base, each.document, entries, wanted)) for each in plan.changes
    ]
    tidy = _kept(base, bare.document, entries, wanted)
    is_first = not changes or changes[0].entry is not None
    if is_first and tidy != branch.document:
        changes.insert(0, Change(message=UP_TO_DATE, document=tidy))
        plan = replace(plan, onto_base=True)
    text = plan.changes[-1].document if plan.changes else bare.document
    return replace(
        plan, changes=[*changes, *_new(base, text, entries, wanted, room=_left(plan, room))]
    )


def as_one_commit(plan: Plan) -> Plan:
    """The same in one commit, whose trailers name every entry."""
    if len(plan.changes) < 2:
        return plan
    whole = Change(message=_message(plan.changes), document=plan.changes[-1].document)
    return replace(plan, changes=[whole])


def _message(changes: Sequence[Change]) -> str:
    """No `#` before a number: a commit that mentions an issue shows up under it."""
    told = [change for change in changes if change.entry or change.amends]
    if len(told) < 2:
        return told[0].message if told else UP_TO_DATE
    recorded = sum(change.entry is not None for change in told)
    counts = [("record", recorded), ("change", len(told) - recorded)]
    what = ", ".join(f"{verb} {count}" for verb, count in counts if count)
    numbers = dict.fromkeys(change.entry or change.amends for change in told)
    trailers = "\n".join(f"Learnings-Entry: {number}" for number in numbers)
    return f"docs(learnings): {what}\n\n{trailers}"


def _left(plan: Plan, room: int) -> int:
    return max(room - sum(change.entry is not None for change in plan.changes), 0)


# --- entries


def _plan_entries(
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
    stale = branch.moved or branch.fork != base
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


# --- amendments


def _kept(
    base: str, text: str, entries: Sequence[ProposedEntry], wanted: Sequence[Amendment]
) -> str:
    """The file with the amendments that are on the branch already."""
    kept = [each for each in wanted if each.life == "proposed"]
    return render(with_amendments(parse(text), effective(base, text, entries, kept)))


def _new(
    base: str,
    text: str,
    entries: Sequence[ProposedEntry],
    wanted: Sequence[Amendment],
    *,
    room: int,
) -> list[Change]:
    """A commit for each amendment that is to come onto the branch, on top of those that are
    there."""
    shown = effective(base, text, entries, wanted)
    kept = {each.key for each in shown if each.life == "proposed"}
    changes = []
    for amendment in [each for each in shown if each.life != "proposed"][:room]:
        kept.add(amendment.key)
        document = with_amendments(parse(text), [each for each in shown if each.key in kept])
        changes.append(
            Change(
                message=amendment_message(amendment),
                document=render(document),
                amends=amendment.number,
            )
        )
    return changes


def effective(
    base: str, bare: str, entries: Sequence[ProposedEntry], amendments: Iterable[Amendment]
) -> list[Amendment]:
    """Those of the amendments that apply, one after the other, to a file in which nothing is
    amended yet.

    Not to a line that people changed on the branch, and none that names an entry which is not
    there, unless a person worded it.
    """
    on_main, found, drafted = parse(base), parse(bare), {entry.number for entry in entries}
    document = found
    shown = []
    for amendment in amendments:
        merged, there = standing(on_main, amendment.number), standing(found, amendment.number)
        if merged is None or there is None or wording(merged) != wording(there):
            continue
        early = amendment.line is None and _is_early(amendment, found, drafted)
        if early or amend(on_main, amendment) is on_main:
            continue
        edited = apply_amendment(document, amendment)
        if edited is not document or amendment.line is not None:
            document = edited
            shown.append(amendment)
    return shown


def _is_early(amendment: Amendment, document: Document, drafted: set[int]) -> bool:
    return amendment.by in drafted and not document.find(amendment.by)


def in_order(amendments: Iterable[Amendment]) -> list[Amendment]:
    """What people worded first, then what has long been on the branch, and on top of that what is
    new."""

    def order(each: Amendment) -> tuple[object, ...]:
        since = each.proposed_at if each.life == "proposed" else None
        return each.line is None, since is None, since or each.drafted_at, each.drafted_at, each.key

    return sorted((each for each in amendments if each.life in WANTED), key=order)
