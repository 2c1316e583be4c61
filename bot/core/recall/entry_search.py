"""Which entries of a learnings file speak of something, and by which words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.core.learnings.entry import Entry
from bot.core.search.lexicon import Lexicon, Spoken, words
from bot.core.search.tokens import terms

NUMBER: Final = re.compile(r"(?<!\w)#([1-9]\d{0,9})(?!\w)|^\s*([1-9]\d{0,9})\s*$")
WORDS_SHOWN: Final = 4


@dataclass(frozen=True, kw_only=True)
class EntryHit:
    """An entry found; ``reason`` is one phrase for people, ``confidence`` the share of the question
    covered."""

    entry: Entry
    score: float
    reason: str
    confidence: float


def search_entries(entries: Iterable[Entry], query_text: str, k: int) -> list[EntryHit]:
    """Up to `k` entries, best first; entries whose number the query names come before all
    others."""
    spoken = [(entry, read_entry(entry)) for entry in entries]
    lexicon = Lexicon(text for _, text in spoken)
    wanted = {int(number) for found in NUMBER.findall(query_text) for number in found if number}
    hits = [_hit(entry, text, query_text, wanted, lexicon) for entry, text in spoken]
    return sorted((hit for hit in hits if hit.score > 0), key=lambda hit: -hit.score)[:k]


def read_entry(entry: Entry) -> Spoken:
    """An entry is about its takeaway; section, tags and pointer file it."""
    core = set(terms(entry.takeaway))
    return Spoken(core, set(terms(" ".join((entry.section, *entry.tags, entry.see)))) - core)


def _hit(
    entry: Entry, text: Spoken, query_text: str, wanted: set[int], lexicon: Lexicon
) -> EntryHit:
    asked = words(query_text)
    agreed = lexicon.shared_mass(asked, text)
    named = wanted.intersection(entry.numbers)
    if named:
        above_all = agreed + lexicon.mass(asked) + 1
        return EntryHit(entry=entry, score=above_all, reason=f"it is #{min(named)}", confidence=1.0)
    return EntryHit(
        entry=entry,
        score=agreed,
        reason=f"speaks of {quoted(lexicon.telling(asked, text))}",
        confidence=lexicon.share(asked, text),
    )


def quoted(words: Iterable[str]) -> str:
    """The first few, each in code marks: `anchors`, `aliases`."""
    return ", ".join(f"`{word}`" for word in list(words)[:WORDS_SHOWN])
