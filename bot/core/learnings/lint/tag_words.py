"""Rules about tags as a vocabulary: the agreed one, else the one that the file has grown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from bot.core.learnings.entry import Entry
from bot.core.learnings.lint.finding import Agreement, Finding, Rule, Severity, in_entry

# How like another a tag must be to be taken for a slip of the pen: one letter in eight.
SLIP: Final = 0.85


def lint_tags(entries: Sequence[Entry], agreement: Agreement) -> Iterator[Finding]:
    uses = Counter(tag for entry in entries for tag in entry.tags)
    agreed = {tag.casefold() for tag in agreement.tags}
    known = sorted(agreed) or sorted(tag for tag, count in uses.items() if count > 1)
    for entry in entries:
        for tag in entry.tags:
            if agreed and tag.casefold() not in agreed:
                yield _at_tag(
                    entry,
                    tag,
                    "unknown-tag",
                    "warning",
                    _near(tag, known) or "not in the vocabulary",
                )
            elif not agreed and uses[tag] == 1 and (near := _near(tag, known)):
                yield _at_tag(entry, tag, "unknown-tag", "hint", near)


def _near(tag: str, known: Sequence[str]) -> str | None:
    others = [other for other in known if other != tag]
    match = get_close_matches(tag.casefold(), others, n=1, cutoff=SLIP)
    return f"not in the vocabulary: {match[0]!r} is" if match else None


def _at_tag(entry: Entry, tag: str, rule: Rule, severity: Severity, message: str) -> Finding:
    tail = entry.tail("tags")
    assert tail is not None
    start = entry.text.index(tag, tail.value.start)
    return in_entry(
        entry,
        (start, start + len(tag)),
        rule=rule,
        severity=severity,
        message=f"{tag!r} is {message}",
    )
