"""What becomes of lines without a review: they are merged, come onto the branch, or their pull
request is closed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.learnings import Document, parse, render
from bot.core.proposal.amendment import Amendment, amend, amendments_of, put, standing
from bot.core.proposal.branch import Written
from bot.core.proposal.life import SETTLED, WANTED, Act, after_close
from bot.core.proposal.plan import effective, in_order
from bot.core.proposal.proposed_entry import ProposedEntry, entries_of, wording
from bot.core.proposal.review import Proposed, is_unticked, words_of


def settle_merged(lines: Iterable[Proposed], *, document: str) -> list[Proposed]:
    """The lines that people have merged, as they now stand on the default branch, and amendments
    that they made needless by their own hand."""
    merged = parse(document)
    return [settled for each in lines if (settled := _after_merge(each, merged))]


def _after_merge(line: Proposed, merged: Document) -> Proposed | None:
    """None where nothing came of it."""
    match line:
        case ProposedEntry() if line.life not in SETTLED and merged.find(line.number):
            return replace(line, life="merged", line=wording(merged.find(line.number)[0]))
        case Amendment() if line.life in WANTED:
            now = words_of(merged, line)
            if now is not None and now in (line.written, line.line):
                return replace(line, life="merged")
            needless = now is not None and amend(merged, line) is merged
            return replace(line, life="withdrawn") if needless else None
        case _:
            return None


def settle_closed(
    lines: Sequence[Proposed],
    *,
    document: str,
    body: str,
    merged: bool,
    by_writer: bool,
    act: Callable[[Proposed], Act] | None = None,
) -> list[Proposed]:
    """The lines of a pull request that is no longer open; what merging left out was refused line by
    line.

    `act` says what goes on record; without it what is on record stays.
    """
    settled = settle_merged(lines, document=document)
    keys = {each.key for each in settled}
    return settled + [
        after_close(
            each,
            refused=merged or by_writer or is_unticked(each, body),
            act=act(each) if act else each.act,
        )
        for each in lines
        if each.life == "proposed" and each.key not in keys
    ]


def settle_proposed(
    lines: Sequence[Proposed], *, written: Written, now: datetime
) -> list[Proposed]:
    """The lines that have come onto the branch with what we wrote, and amendments that are no
    longer on it."""
    there = parse(written.document)
    arrived = [
        replace(entry, life="proposed", proposed_at=now)
        for entry in entries_of(lines)
        if entry.life in ("waiting", "held") and there.find(entry.number)
    ]
    return [*arrived, *_settle_amended(lines, written=written, now=now)]


def _settle_amended(
    lines: Sequence[Proposed], *, written: Written, now: datetime
) -> list[Amendment]:
    document, base = parse(written.document), parse(written.base)
    candidates = in_order(amendments_of(lines))
    bare = render(_with_lines_of(document, base, candidates))
    shown = {each.key for each in effective(written.base, bare, entries_of(lines), candidates)}
    changed = []
    for each in candidates:
        words = words_of(document, each)
        if each.key in shown and _is_there(each, document, was=words_of(base, each)):
            changed.append(
                replace(each, life="proposed", proposed_at=each.proposed_at or now, written=words)
            )
        elif each.life == "proposed":
            changed.append(replace(each, life="waiting"))
    return changed


def _is_there(amendment: Amendment, document: Document, *, was: str | None) -> bool:
    words = words_of(document, amendment)
    if words is None or words == was:
        return False
    # Another amendment may have come on top of a person's wording.
    worded = amendment.line is not None and amendment.life == "proposed"
    return worded or amendment.line == words or amend(document, amendment) is document


def _with_lines_of(document: Document, base: Document, amendments: Sequence[Amendment]) -> Document:
    for amendment in amendments:
        there, before = standing(document, amendment.number), standing(base, amendment.number)
        if there and before:
            document = put(document, there, wording(before))
    return document
