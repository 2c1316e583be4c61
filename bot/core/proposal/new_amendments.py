"""What a judged thread means for entries that stand: reopened, merged after all, reverted,
replaced, done after all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.drafting.draft import Draft
from bot.core.learnings import Document, Entry, parse
from bot.core.learnings.entry import REFUSALS, REOPENED
from bot.core.proposal.amendment import Amendment, AmendmentKind, amend, standing
from bot.core.proposal.life import WANTED, revise
from bot.core.proposal.related import Kin
from bot.core.reading.prose import read_sentences
from bot.core.reading.references import find_issue, find_reverted, find_superseded
from bot.core.threads import Thread
from bot.core.verdicts import Quote


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What judging a thread came to: the line it would have, the reason, the entry that it is about
    as well."""

    draft: Draft | None = None
    quote: Quote | None = None
    kin: Kin | None = None


def find_aftermath(
    thread: Thread,
    judged: Judged,
    *,
    document: str,
    known: Sequence[Amendment],
    now: datetime,
) -> list[Amendment]:
    """The amendments that a thread brings about, as it is now, in what stands on the default
    branch.

    One that is of the same concept joins an entry; one that decided the opposite may come in its
    place.
    """
    parsed = parse(document)

    def about(entry: Entry, kind: AmendmentKind, by: int = thread.number, **more: Any) -> Amendment:
        return Amendment(
            number=entry.numbers[0],
            kind=kind,
            by=by,
            thread=thread.number,
            life="waiting",
            drafted_at=now,
            quote=judged.quote,
            **more,
        )

    own = standing(parsed, thread.number)
    found = (
        [about(own, kind, **more) for kind, more in _fate(thread, judged, own, known)]
        if own
        else []
    )
    if judged.kin:
        kind: AmendmentKind = "superseded" if judged.kin.opposed else "joined"
        found.append(about(judged.kin.entry, kind, contradicts=judged.kin.opposed))
    if thread.closed_as == "merged":
        found += [
            about(entry, kind, **more)
            for entry, kind, more in _undone(thread, judged.draft, parsed)
        ]
    return [each for each in found if amend(parsed, each) is not parsed]


def _fate(
    thread: Thread, judged: Judged, entry: Entry, known: Sequence[Amendment]
) -> Iterator[tuple[AmendmentKind, dict[str, Any]]]:
    """What became of the entry's own thread."""
    draft = judged.draft
    undecided = REOPENED in entry.modifiers or entry.state == "open"
    told = [
        each for each in known if each.kind in ("reopened", "done") and each.number in entry.numbers
    ]
    if thread.closed_as == "open":
        yield "reopened", {}
    elif thread.closed_as == "completed" and (draft is None or _said_before(judged.quote, told)):
        refused_until_then = entry.state in REFUSALS and any(each.life in WANTED for each in told)
        if undecided or refused_until_then:
            yield "done", {}
    elif draft and undecided:
        yield "decided", {"state": draft.state}
    elif thread.closed_as == "merged":
        yield ("decided", {"state": "merged"}) if undecided else ("merged", {})


def _said_before(quote: Quote | None, told: Sequence[Amendment]) -> bool:
    """Whether the reason is that of the first closing: what came after the reopening is done for
    another one."""
    return quote is not None and any(quote.at <= each.drafted_at for each in told)


def takes_back(thread: Thread) -> tuple[int | None, int | None]:
    """What a merged change says that it reverts, and what it replaces."""
    said = (
        (thread.title, *read_sentences(thread.description)) if thread.closed_as == "merged" else ()
    )
    return find_reverted(said), find_superseded(said)


def may_unsettle(thread: Thread) -> bool:
    """Whether an entry may have to change that was merged a moment ago."""
    return thread.closed_as == "open" or any(takes_back(thread))


def _undone(
    thread: Thread, draft: Draft | None, document: Document
) -> Iterator[tuple[Entry, AmendmentKind, dict[str, Any]]]:
    """What a merged change does to the entries of others."""
    reverted, replaced = takes_back(thread)
    reverted = (draft.reverts if draft else None) or reverted
    solved = find_issue(thread.title, read_sentences(thread.description))
    for old in dict.fromkeys(filter(None, (reverted, replaced, solved))):
        entry = standing(document, old) if old != thread.number else None
        if entry and (old in (reverted, replaced) or entry.state in REFUSALS):
            yield entry, ("superseded" if draft or old == replaced else "retired"), {}
    for entry in document.entries:
        if reverted and entry.refs[:1] and entry.refs[0].kind == "PR":
            yield entry, "restored", {"instead_of": reverted}
        if replaced and entry.numbers:
            yield entry, "winner", {"instead_of": replaced}


def revise_amendments(
    known: Sequence[Amendment], *, thread: int, found: Sequence[Amendment]
) -> list[Amendment]:
    """The amendments that change because a thread was judged anew. One that was merged may apply
    once more."""
    written = {each.key: each.written for each in known}
    changed = revise(known, thread=thread, found=found, again_after={"withdrawn", "merged"})
    # One that was withdrawn a moment ago may still be on the branch, and is ours there.
    return [replace(each, written=each.written or written.get(each.key)) for each in changed]
