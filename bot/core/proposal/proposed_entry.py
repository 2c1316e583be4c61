"""The entries under way: their life, what remains of it between jobs, what people did to them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from bot.core.drafting.draft import Draft
from bot.core.learnings import Document, Entry, parse, render, rewrite
from bot.core.learnings.blocks import BOM
from bot.core.learnings.placing import is_umbrella
from bot.core.threads import Thread
from bot.core.verdicts import Quote, ReasonClass, Verdict

# waiting: not yet on the branch · proposed: on the branch · held: was on a pull request closed by a
# bot or a stranger · withdrawn: its thread was reopened · merged, refused: settled by a person, for
# good.
Life = Literal["waiting", "proposed", "held", "withdrawn", "merged", "refused"]
WANTED: Final[frozenset[Life]] = frozenset({"waiting", "proposed", "held"})
SETTLED: Final[frozenset[Life]] = frozenset({"merged", "refused"})

UNTICKED: Final = re.compile(r"^- \[ \] \*\*`(?P<head>[^`\n]+)`\*\*", re.MULTILINE)
NUMBER: Final = re.compile(r"#([1-9]\d{0,9})\b")


@dataclass(frozen=True, kw_only=True)
class ProposedEntry:
    """A draft under way. ``line`` is a person's wording, kept as written; None while the line is
    ours."""

    draft: Draft
    quote: Quote | None
    life: Life
    drafted_at: datetime
    proposed_at: datetime | None = None
    line: str | None = None
    reason_class: ReasonClass | None = None

    @property
    def number(self) -> int:
        return self.draft.number


@dataclass(frozen=True, kw_only=True)
class Written:
    """Our branch as we wrote it; ``base`` is the default branch's file that it started from."""

    head: str
    document: str
    base: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is remembered of the pull request: the open one's number, the last settled one's.

    ``under_way`` is a write that may or may not have reached GitHub before the process died.
    """

    number: int | None = None
    settled: int | None = None
    written: Written | None = None
    under_way: Written | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """Our branch as found, and as it was before people touched it.

    ``fork`` is the default branch's file where the branch last started from it: the very same as
    now, or stale.
    """

    document: str
    before: str
    fork: str


def find_entry(entries: Sequence[ProposedEntry], number: int) -> ProposedEntry | None:
    return next((entry for entry in entries if entry.number == number), None)


def revise(
    entries: Sequence[ProposedEntry],
    *,
    thread: Thread,
    verdict: Verdict,
    draft: Draft | None,
    document: str,
    now: datetime,
) -> list[ProposedEntry]:
    """The entries that change because a thread was judged anew. A settled entry never does: a no is
    remembered."""
    known = find_entry(entries, thread.number)
    if known and known.life in SETTLED:
        return []
    if draft is None or not verdict.admit:
        return [replace(known, life="withdrawn")] if known and known.life in WANTED else []
    if known and known.life in WANTED:
        return []
    if parse(document).find(thread.number):
        return []
    quote = verdict.rationale[0] if verdict.rationale else None
    return [
        ProposedEntry(
            draft=draft,
            quote=quote,
            life="waiting",
            drafted_at=now,
            reason_class=verdict.reason_class,
        )
    ]


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


def settle_merged(entries: Sequence[ProposedEntry], *, document: str) -> list[ProposedEntry]:
    """The entries that people have merged: what stands on the default branch is their wording."""
    merged = parse(document)
    found = [(entry, merged.find(entry.number)) for entry in entries if entry.life not in SETTLED]
    return [
        replace(entry, life="merged", line=wording(places[0])) for entry, places in found if places
    ]


def settle_closed(
    entries: Sequence[ProposedEntry], *, document: str, body: str, merged: bool, by_writer: bool
) -> list[ProposedEntry]:
    """The entries of a pull request that is no longer open; what merging left out was refused line
    by line."""
    settled = settle_merged(entries, document=document)
    numbers, refused = {entry.number for entry in settled}, unticked(body)
    return settled + [
        replace(entry, life="refused" if merged or by_writer or entry.number in refused else "held")
        for entry in entries
        if entry.life == "proposed" and entry.number not in numbers
    ]


def settle_proposed(
    entries: Sequence[ProposedEntry], *, document: str, now: datetime
) -> list[ProposedEntry]:
    """The entries that have come onto the branch."""
    there = parse(document)
    return [
        replace(entry, life="proposed", proposed_at=now)
        for entry in entries
        if entry.life in ("waiting", "held") and there.find(entry.number)
    ]


def read_review(
    entries: Sequence[ProposedEntry], branch: Branch, *, base: str, body: str
) -> list[ProposedEntry]:
    """What people did on the open pull request: a line deleted or unticked is a no, a line reworded
    is the entry, a line put back is a yes after all."""
    found, written, merged = parse(branch.document), parse(branch.before), parse(base)
    refused = unticked(body)
    return [
        _reviewed(
            entry,
            found=_first(found, entry),
            written=_first(written, entry),
            unticked=entry.number in refused,
        )
        for entry in entries
        if entry.life != "merged" and not merged.find(entry.number)
    ]


def unticked(body: str) -> set[int]:
    """The entries whose boxes somebody emptied; one line may stand for several."""
    return {
        int(number) for box in UNTICKED.finditer(body) for number in NUMBER.findall(box["head"])
    }


def _first(document: Document, entry: ProposedEntry) -> Entry | None:
    return next(iter(document.find(entry.number)), None)


def _reviewed(
    entry: ProposedEntry, *, found: Entry | None, written: Entry | None, unticked: bool
) -> ProposedEntry:
    if entry.life != "refused" and (
        unticked or (not found and (written or entry.life == "proposed"))
    ):
        return replace(entry, life="refused")
    if not found or unticked:
        return entry
    if not written:
        return replace(entry, life="proposed", line=wording(found))
    if entry.life in ("proposed", "waiting") and found.text != written.text:
        # Also of one that is to be written anew: whoever edits the branch has the last word.
        return replace(entry, life="proposed", line=wording(found))
    return entry


def wording(entry: Entry) -> str:
    """A person's line as kept: line ends are the file's, not theirs."""
    return entry.text.replace("\r", "")


def as_reviewed(branch: Branch, entries: Sequence[ProposedEntry]) -> str:
    """The branch before people touched it, but with our entries as they left them: reworded or
    gone."""
    document, now = parse(branch.before), parse(branch.document)
    for entry in entries:
        before, after = _first(document, entry), _first(now, entry)
        if entry.life == "merged" or not before:
            continue
        document = rewrite(document, before, after.text) if after else without(document, [before])
    return render(document)


def without(document: Document, entries: Sequence[Entry]) -> Document:
    """The document less the lines of some of its entries; what is nested in them stays."""
    gone = {
        at for entry in entries for at in range(entry.line - 1, entry.line - 1 + entry.line_count)
    }
    lines = [line for at, line in enumerate(document.lines) if at not in gone]
    if 0 in gone and document.lines[0].startswith(BOM):
        lines[:1] = [BOM + (lines[0] if lines else "")]
    return Document(lines=tuple(lines))


def updated(
    entries: Sequence[ProposedEntry], changed: Sequence[ProposedEntry]
) -> list[ProposedEntry]:
    by_number = {entry.number: entry for entry in changed}
    return [by_number.get(entry.number, entry) for entry in entries]


# --- as kept in the database


def as_json(entry: ProposedEntry) -> dict[str, Any]:
    return {
        "draft": asdict(entry.draft),
        "quote": entry.quote and quote_as_json(entry.quote),
        "reason_class": entry.reason_class,
    }


def from_json(
    kept: Mapping[str, Any],
    *,
    life: Life,
    drafted_at: datetime,
    proposed_at: datetime | None,
    line: str | None,
) -> ProposedEntry:
    quote = kept["quote"]
    return ProposedEntry(
        draft=Draft(**kept["draft"]),
        quote=quote and quote_from_json(quote),
        life=life,
        drafted_at=drafted_at,
        proposed_at=proposed_at,
        line=line,
        # Not kept before there was a use for it.
        reason_class=kept.get("reason_class"),
    )


def quote_as_json(quote: Quote) -> dict[str, Any]:
    return {**asdict(quote), "at": quote.at.isoformat()}


def quote_from_json(kept: Mapping[str, Any]) -> Quote:
    return Quote(**{**kept, "at": datetime.fromisoformat(kept["at"])})
