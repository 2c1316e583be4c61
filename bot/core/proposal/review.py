"""What people did on the open pull request: lines set aside, reworded or put back, by an
edit of the branch or by a tick box."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from bot.core.learnings import Document, Entry, parse, render, rewrite
from bot.core.learnings.placing import line_end
from bot.core.proposal.amendment import Amendment, amendments_of, headline, put, standing
from bot.core.proposal.branch import Branch
from bot.core.proposal.folds import Box, boxes
from bot.core.proposal.life import Act, NewWording, Review, after_review
from bot.core.proposal.proposed_entry import ProposedEntry, entries_of, without, wording

# An entry or an amendment, under way.
Proposed = ProposedEntry | Amendment

NUMBER: Final = re.compile(r"#([1-9]\d{0,9})\b")


def read_review(
    lines: Iterable[Proposed], branch: Branch, *, base: str, body: str
) -> list[Proposed]:
    """The lines as people left them on the open pull request; without those that are merged.

    A line deleted, put back as it was on the default branch, or unticked is a no; a line reworded
    is the line from then on; a line put back onto the branch is a yes after all.
    """
    found, written = parse(branch.document), parse(branch.before)
    forked, merged = parse(branch.fork), parse(base)
    seen = list(boxes(body))
    reviewed: list[Proposed] = []
    for each in lines:
        match each:
            case _ if each.life == "merged":
                continue
            case _ if _is_asked_back(each, seen):
                reviewed.append(after_review(each, "asked back"))
            case ProposedEntry() if not merged.find(each.number):
                did = _review_of_entry(
                    each,
                    found=_first(found, each),
                    written=_first(written, each),
                    unticked=_is_unticked(each, seen),
                )
                reviewed.append(after_review(each, did))
            case Amendment():
                did = _review_of_amendment(
                    each,
                    found=words_of(found, each),
                    written=words_of(written, each),
                    forked=words_of(forked, each),
                    unticked=_is_unticked(each, seen),
                )
                reviewed.append(after_review(each, did))
    return reviewed


def _review_of_entry(
    entry: ProposedEntry, *, found: Entry | None, written: Entry | None, unticked: bool
) -> Review:
    if unticked or (not found and (written or entry.life == "proposed")):
        return "set aside"
    if not found:
        return "nothing"
    # Also of one that is to be written anew: whoever edits the branch has the last word.
    edited = entry.life in ("proposed", "waiting") and written and found.text != written.text
    return NewWording(wording(found)) if edited or not written else "nothing"


def _review_of_amendment(
    amendment: Amendment,
    *,
    found: str | None,
    written: str | None,
    forked: str | None,
    unticked: bool,
) -> Review:
    if amendment.life != "proposed":
        put_back = found is not None and found != forked and written == forked and not unticked
        known = found in (amendment.written, amendment.line)
        return "put back" if put_back and known else "nothing"
    reverted = found == forked and written != forked
    if unticked or reverted or (found is None and written is not None):
        return "set aside"
    if found is None or found in (written, forked, amendment.line or amendment.written):
        return "nothing"
    return NewWording(found)


def is_unticked(line: Proposed, body: str) -> bool:
    """Whether somebody emptied the box of a line that is on the branch."""
    return _is_unticked(line, list(boxes(body)))


def _is_unticked(line: Proposed, seen: Sequence[Box]) -> bool:
    return any(not box.ticked and box.tier is None and _is_box_of(line, box) for box in seen)


def is_asked_back(line: Proposed, body: str) -> bool:
    """Whether somebody ticked the box of a line that was set aside."""
    return _is_asked_back(line, list(boxes(body)))


def _is_asked_back(line: Proposed, seen: Sequence[Box]) -> bool:
    return line.life == "refused" and any(
        box.ticked and box.tier == "set-aside" and _is_box_of(line, box) for box in seen
    )


def _is_box_of(line: Proposed, box: Box) -> bool:
    match line:
        case ProposedEntry():
            # One line may stand for several entries.
            return box.name.startswith("`") and line.number in _numbers(box.name)
        case Amendment():
            return box.name == headline(line)
        case _:
            assert_never(line)


def _numbers(head: str) -> set[int]:
    return {int(number) for number in NUMBER.findall(head)}


def with_acts(
    lines: Sequence[Proposed], reviewed: Sequence[Proposed], *, body: str, pull: int, now: datetime
) -> list[Proposed]:
    """The reviewed lines; on those that were set aside just now stands by what act."""
    before = {each.key: each.life for each in lines}
    return [
        replace(
            each,
            act=Act(how="unticked" if is_unticked(each, body) else "deleted", at=now, pull=pull),
        )
        if each.life == "refused" and before.get(each.key) != "refused"
        else each
        for each in reviewed
    ]


def _first(document: Document, entry: ProposedEntry) -> Entry | None:
    return next(iter(document.find(entry.number)), None)


def words_of(document: Document, amendment: Amendment) -> str | None:
    entry = standing(document, amendment.number)
    return wording(entry) if entry else None


# --- the branch, seen apart from what people did


def as_reviewed(branch: Branch, lines: Iterable[Proposed]) -> str:
    """The branch before people touched it, but with our lines as they left them: reworded or
    gone."""
    lines = list(lines)
    document, now = parse(branch.before), parse(branch.document)
    for entry in entries_of(lines):
        before, after = _first(document, entry), _first(now, entry)
        if entry.life == "merged" or not before:
            continue
        document = rewrite(document, before, after.text) if after else without(document, [before])
    for amendment in amendments_of(lines):
        ours, there = standing(document, amendment.number), standing(now, amendment.number)
        if ours and there and (amendment.life == "proposed" or _is_ours(ours, amendment)):
            document = put(document, ours, wording(there))
    return render(document)


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
