"""Amendments on the branch: what people did to them, and which of them a file is to show."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.core.learnings import Document, Entry, parse, render, rewrite
from bot.core.learnings.placing import line_end
from bot.core.proposal.amendment import Amendment, amend, apply_amendment, headline, put, standing
from bot.core.proposal.proposed_entry import WANTED, Branch, ProposedEntry, Written, wording

BOX: Final = "- [ ] **{headline}**"


def unamended(branch: Branch, amendments: Sequence[Amendment]) -> Branch:
    """The branch as it would be without us having amended a line: lines of people stay as they
    wrote them."""
    return replace(
        branch,
        document=_unamended(branch.document, branch.fork, amendments),
        before=_unamended(branch.before, branch.fork, amendments),
    )


def _unamended(text: str, fork: str, amendments: Sequence[Amendment]) -> str:
    document, forked = parse(text), parse(fork)
    for amendment in amendments:
        there, before = standing(document, amendment.number), standing(forked, amendment.number)
        if there and before and (amendment.life == "proposed" or _is_ours(there, amendment)):
            document = _restored(document, there, before, forked)
    return render(document)


def _restored(document: Document, there: Entry, before: Entry, forked: Document) -> Document:
    """To the byte where the file has the line ends that it had."""
    if line_end(document) == line_end(forked) and there.text.endswith("\r") == before.text.endswith(
        "\r"
    ):
        return rewrite(document, there, before.text)
    return put(document, there, wording(before))


def _is_ours(entry: Entry, amendment: Amendment) -> bool:
    return wording(entry) in (amendment.written, amendment.line)


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


# --- what people did


def review_amendments(
    amendments: Sequence[Amendment], branch: Branch, *, body: str
) -> list[Amendment]:
    """What people did on the open pull request: a line put back as it was or unticked is a no, a
    line reworded is the amendment, an amended line put back is a yes after all."""
    found, written, forked = parse(branch.document), parse(branch.before), parse(branch.fork)
    return [
        _reviewed(
            each,
            found=_words(found, each),
            written=_words(written, each),
            forked=_words(forked, each),
            unticked=is_unticked(each, body),
        )
        for each in amendments
        if each.life != "merged"
    ]


def _words(document: Document, amendment: Amendment) -> str | None:
    entry = standing(document, amendment.number)
    return wording(entry) if entry else None


def _reviewed(
    amendment: Amendment,
    *,
    found: str | None,
    written: str | None,
    forked: str | None,
    unticked: bool,
) -> Amendment:
    if amendment.life != "proposed":
        put_back = found is not None and found != forked and written == forked and not unticked
        known = found in (amendment.written, amendment.line)
        return replace(amendment, life="proposed") if put_back and known else amendment
    reverted = found == forked and written != forked
    if unticked or reverted or (found is None and written is not None):
        return replace(amendment, life="refused")
    as_it_was = (written, forked, amendment.line or amendment.written)
    return amendment if found in as_it_was else replace(amendment, line=found)


def is_unticked(amendment: Amendment, body: str) -> bool:
    return any(
        line.startswith(BOX.format(headline=headline(amendment))) for line in body.split("\n")
    )


def as_amended(branch: Branch, before: str, amendments: Sequence[Amendment]) -> str:
    """`before`, what we wrote, but with the amended lines as people left them."""
    document, found = parse(before), parse(branch.document)
    for amendment in amendments:
        ours, now = standing(document, amendment.number), standing(found, amendment.number)
        if ours and now and (amendment.life == "proposed" or _is_ours(ours, amendment)):
            document = put(document, ours, wording(now))
    return render(document)


# --- how it ends


def settle_amended(amendments: Sequence[Amendment], *, document: str) -> list[Amendment]:
    """Those that people have merged, or made needless by their own hand."""
    merged = parse(document)
    return [
        replace(each, life="merged" if wording(entry) in (each.written, each.line) else "withdrawn")
        for each, entry in _standing(amendments, merged)
        if wording(entry) in (each.written, each.line) or amend(merged, each) is merged
    ]


def _standing(
    amendments: Sequence[Amendment], document: Document
) -> Iterator[tuple[Amendment, Entry]]:
    for each in amendments:
        entry = standing(document, each.number) if each.life in WANTED else None
        if entry:
            yield each, entry


def settle_closed_amendments(
    amendments: Sequence[Amendment], *, document: str, body: str, merged: bool, by_writer: bool
) -> list[Amendment]:
    """The amendments of a pull request that is no longer open; what merging left out was refused
    one by one."""
    settled = settle_amended(amendments, document=document)
    keys = {each.key for each in settled}
    return settled + [
        replace(each, life="refused" if merged or by_writer or is_unticked(each, body) else "held")
        for each in amendments
        if each.life == "proposed" and each.key not in keys
    ]


def settle_proposed_amendments(
    amendments: Sequence[Amendment],
    entries: Sequence[ProposedEntry],
    *,
    written: Written,
    now: datetime,
) -> list[Amendment]:
    """The amendments that have come onto the branch, and those that are no longer on it."""
    document, base = parse(written.document), parse(written.base)
    candidates = in_order(amendments)
    bare = render(_with_lines_of(document, base, candidates))
    shown = {each.key for each in effective(written.base, bare, entries, candidates)}
    changed = []
    for each in candidates:
        words = _words(document, each)
        if each.key in shown and _is_there(each, document, was=_words(base, each)):
            changed.append(
                replace(each, life="proposed", proposed_at=each.proposed_at or now, written=words)
            )
        elif each.life == "proposed":
            changed.append(replace(each, life="waiting"))
    return changed


def _is_there(amendment: Amendment, document: Document, *, was: str | None) -> bool:
    words = _words(document, amendment)
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


def updated_amendments(
    amendments: Sequence[Amendment], changed: Sequence[Amendment]
) -> list[Amendment]:
    by_key = {each.key: each for each in changed}
    return [by_key.get(each.key, each) for each in amendments]
