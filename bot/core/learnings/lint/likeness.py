"""Entries that say the same, or the opposite of each other."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.core.learnings.entry import REFUSALS, Entry
from bot.core.learnings.lint.finding import Finding, Rule, in_entry

SAME: Final = 0.7
ON_ONE_SUBJECT: Final = 0.5
FEWEST_WORDS: Final = 5
# Two entries that share none of their rarest words are not alike; a word that many share finds too
# much.
RAREST: Final = 6
COMMON: Final = 25

WORD: Final = re.compile(r"[^\W_]{2,}")
STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be because been but by can do does for from has have if in into is"
        " it its of on or our so"
        " than that the their then there these they this to was we were when which while will"
        " with would",
    )
)
NEGATIONS: Final = frozenset(
    re.findall(
        r"\w+",
        "not never no none cannot without neither nor dont doesnt wont cant isnt arent stop avoid",
    )
)


class _Said(NamedTuple):
    entry: Entry
    words: frozenset[str]
    negative: bool


def lint_likeness(entries: Sequence[Entry]) -> Iterator[Finding]:
    said = [_said(entry) for entry in entries]
    for earlier, later in _pairs([each for each in said if len(each.words) >= FEWEST_WORDS]):
        if _linked(earlier.entry, later.entry):
            continue
        share = len(earlier.words & later.words) / len(earlier.words | later.words)
        opposed = earlier.negative != later.negative or _decided_apart(earlier.entry, later.entry)
        where = f"{earlier.entry.head} (line {earlier.entry.line})"
        if opposed and share >= ON_ONE_SUBJECT:
            message = f"may contradict {where}: if it does, one supersedes the other"
            yield _at_takeaway(later.entry, "contradiction", message)
        elif share >= SAME:
            yield _at_takeaway(later.entry, "near-duplicate", f"says much the same as {where}")


def _said(entry: Entry) -> _Said:
    words = [
        word.casefold()
        for word in WORD.findall(entry.takeaway.replace("'", "").replace("\u2019", ""))
    ]
    negative = sum(word in NEGATIONS for word in words) % 2 == 1
    return _Said(
        entry, frozenset(word for word in words if word not in STOP_WORDS | NEGATIONS), negative
    )


def _pairs(said: Sequence[_Said]) -> Iterator[tuple[_Said, _Said]]:
    """Pairs worth a comparison, earlier entry first."""
    holders = Counter(word for each in said for word in each.words)
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(said):
        rarest = sorted(each.words, key=lambda word: (holders[word], word))[:RAREST]
        candidates = {
            other for word in each.words if holders[word] <= COMMON for other in by_word[word]
        }
        yield from ((said[other], each) for other in sorted(candidates))
        for word in rarest:
            by_word[word].append(at)


def _linked(one: Entry, other: Entry) -> bool:
    """Whether they know of each other: a successor, an umbrella or a remark may well use the same
    words."""
    if one.note or other.note:
        return True
    return any(f"#{number}" in one.text for number in other.numbers) or any(
        f"#{number}" in other.text for number in one.numbers
    )


def _decided_apart(one: Entry, other: Entry) -> bool:
    return (one.state == "merged" and other.state in REFUSALS) or (
        other.state == "merged" and one.state in REFUSALS
    )


def _at_takeaway(entry: Entry, rule: Rule, message: str) -> Finding:
    return in_entry(entry, entry.prose[0], rule=rule, severity="hint", message=message)
