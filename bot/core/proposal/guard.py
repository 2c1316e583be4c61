"""The last look before a write: nothing goes onto the branch that is neither proposed nor a
person's."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from bot.core.learnings import HEADER, Document, Entry, parse
from bot.core.learnings.blocks import BOM
from bot.core.learnings.placing import UNSORTED
from bot.core.proposal.amendment import (
    Amendment,
    amendments_of,
    apply_amendment,
    put,
    standing,
)
from bot.core.proposal.branch import Branch
from bot.core.proposal.life import WANTED
from bot.core.proposal.plan import in_order
from bot.core.proposal.proposed_entry import entries_of, wording
from bot.core.proposal.review import Proposed, unamended

SCAFFOLD: Final = frozenset({*HEADER.split("\n"), f"# {UNSORTED}", f"## {UNSORTED}"})

MOST_OF_ONE_LINE: Final = 6


def why_unsound(
    base: str,
    branch: Branch | None,
    lines: Sequence[Proposed],
    target: str,
) -> str | None:
    """Why `target` must not be proposed against `base`; None when it may. Numbers and counts, never
    content."""
    entries, amendments = entries_of(lines), amendments_of(lines)
    branch = branch and unamended(branch, amendments)
    old, new = parse(base), _as_it_was(parse(base), parse(target), amendments)
    for entry in entries:
        if entry.life == "proposed" and not new.find(entry.number):
            return f"the entry for {entry.number} would be lost"
    wanted = {entry.number for entry in entries if entry.life in WANTED}
    written, dropped = _by_people(branch, ours={entry.number for entry in entries})
    if foreign := _lines(new) - _lines(old) - _lines_of(new, wanted) - written:
        return f"{foreign.total()} lines would be added that are neither proposed nor a person's"
    if taken := _lines(old) - _lines(new) - dropped:
        return f"{taken.total()} lines of the default branch would be taken back"
    if branch and (lost := written - (_lines(parse(branch.before)) + _lines(new))):
        return f"{lost.total()} lines that people wrote on the branch would be lost"
    return None


def _as_it_was(old: Document, new: Document, amendments: Sequence[Amendment]) -> Document:
    """`new` without what was amended as proposed: whatever else it says must have come from
    elsewhere."""
    for number in {each.number for each in amendments}:
        before, after = standing(old, number), standing(new, number)
        about = [each for each in in_order(amendments) if each.number == number]
        if before and after and wording(after) in _reachable(old, before, about):
            new = put(new, after, wording(before))
    return new


def _reachable(old: Document, before: Entry, about: Sequence[Amendment]) -> set[str]:
    """Every wording that some of the amendments make of a line: people may refuse any of them."""
    documents = [old]
    for amendment in about[:MOST_OF_ONE_LINE]:
        documents += [apply_amendment(document, amendment) for document in documents]
    entries = (standing(document, before.numbers[0]) for document in documents)
    return {wording(entry) for entry in entries if entry}


def _by_people(
    branch: Branch | None, *, ours: Collection[int]
) -> tuple[Counter[str], Counter[str]]:
    """The lines people wrote on the branch, apart from what we touch, and those they took out."""
    if branch is None:
        return Counter(), Counter()
    forked, found = parse(branch.fork), parse(branch.document)
    return _lines(found) - _lines(forked) - _lines_of(found, ours), _lines(forked) - _lines(found)


def _lines(document: Document) -> Counter[str]:
    """Blank lines and our own headings do not count, nor do line ends: the last line has none until
    one follows."""
    lines = (line.removeprefix(BOM).rstrip("\r") for line in document.lines)
    return Counter(line for line in lines if line.strip() and line not in SCAFFOLD)


def _lines_of(document: Document, numbers: Collection[int]) -> Counter[str]:
    entries = [
        entry for entry in document.entries if any(number in numbers for number in entry.numbers)
    ]
    return _lines(
        Document(lines=tuple(line for entry in entries for line in entry.text.split("\n")))
    )
