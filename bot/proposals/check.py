"""The last look before a write: nothing goes onto the branch that is neither proposed nor a person's."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from bot.learnings import HEADER, Document, parse
from bot.learnings.blocks import BOM
from bot.learnings.placing import UNSORTED
from bot.proposals.life import WANTED, Branch, ProposedEntry

SCAFFOLD: Final = frozenset({*HEADER.split("\n"), f"# {UNSORTED}", f"## {UNSORTED}"})


def why_unsound(base: str, branch: Branch | None, entries: Sequence[ProposedEntry], target: str) -> str | None:
    """Why `target` must not be proposed against `base`; None when it may. Numbers and counts, never content."""
    old, new = parse(base), parse(target)
    for entry in entries:
        if entry.life == "proposed" and not new.find(entry.number):
            return f"the entry for {entry.number} would be lost"
    wanted = {entry.number for entry in entries if entry.life in WANTED}
    standing = [entry for entry in entries if entry.life in (*WANTED, "merged")]
    marked = {entry.draft.reverts for entry in standing if entry.draft.reverts}
    touched = {number for entry in entries for number in (entry.number, entry.draft.reverts) if number}
    written, dropped = _by_people(branch, ours=touched)
    if foreign := _lines(new) - _lines(old) - _lines_of(new, wanted | marked) - written:
        return f"{foreign.total()} lines would be added that are neither proposed nor a person's"
    if taken := _lines(old) - _lines(new) - _lines_of(old, marked) - dropped:
        return f"{taken.total()} lines of the default branch would be taken back"
    if branch and (lost := written - (_lines(parse(branch.before)) + _lines(new))):
        return f"{lost.total()} lines that people wrote on the branch would be lost"
    return None


def _by_people(branch: Branch | None, *, ours: Collection[int]) -> tuple[Counter[str], Counter[str]]:
    """The lines people wrote on the branch, apart from what we touch, and those they took out."""
    if branch is None:
        return Counter(), Counter()
    forked, found = parse(branch.fork), parse(branch.document)
    return _lines(found) - _lines(forked) - _lines_of(found, ours), _lines(forked) - _lines(found)


def _lines(document: Document) -> Counter[str]:
    """Blank lines and our own headings do not count, nor do line ends: the last line has none until one follows."""
    lines = (line.removeprefix(BOM).rstrip("\r") for line in document.lines)
    return Counter(line for line in lines if line.strip() and line not in SCAFFOLD)


def _lines_of(document: Document, numbers: Collection[int]) -> Counter[str]:
    entries = [entry for entry in document.entries if any(number in numbers for number in entry.numbers)]
    return _lines(Document(lines=tuple(line for entry in entries for line in entry.text.split("\n"))))
