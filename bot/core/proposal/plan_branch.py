"""What to write to our branch in all: entries as if nothing were amended, and amendments in what
comes of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.learnings import parse, render
from bot.core.proposal.amendment import Amendment, amendment_message, with_amendments
from bot.core.proposal.amendment_review import effective, in_order, unamended
from bot.core.proposal.plan_entries import UP_TO_DATE, Change, Plan, plan_entries
from bot.core.proposal.proposed_entry import Branch, ProposedEntry


def plan_changes(
    base: str,
    branch: Branch | None,
    entries: Sequence[ProposedEntry],
    amendments: Sequence[Amendment] = (),
    *,
    room: int,
) -> Plan:
    """The commits that bring the branch to where everything wanted is on it; `room` more may be
    added.

    `branch` is None where no pull request is open: the branch then starts over from `base`. Nothing
    is to be done where ``changes`` is empty. Raises GiveUp when people's edits on both sides
    contradict each other.
    """
    wanted = in_order(amendments)
    if branch is None:
        news = any(each.life != "held" for each in effective(base, base, entries, wanted))
        plan = plan_entries(base, None, entries, room=room, news=news)
        if not (plan.changes or news):
            return plan
        text = plan.changes[-1].document if plan.changes else base
        return replace(
            plan,
            changes=[*plan.changes, *_new(base, text, entries, wanted, room=_left(plan, room))],
        )
    bare = unamended(branch, amendments)
    plan = plan_entries(base, bare, entries, room=room)
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


def _left(plan: Plan, room: int) -> int:
    return max(room - sum(change.entry is not None for change in plan.changes), 0)


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
        changes.append(Change(message=amendment_message(amendment), document=render(document)))
    return changes
