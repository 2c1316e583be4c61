"""Which entries of a learnings file speak of something, and by which words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.learnings.model import Entry
from bot.retrieval.lexicon import Lexicon, words
from bot.retrieval.tokens import terms

NUMBER: Final = re.compile(r"(?<!\w)#([1-9]\d{0,9})(?!\w)|^\s*([1-9]\d{0,9})\s*$")
WORDS_SHOWN: Final = 4
LABEL_WEIGHT: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class EntryHit:
    """An entry found; ``reason`` is one phrase for people, ``confidence`` the share of the question covered."""

    entry: Entry
    score: float
    reason: str
    confidence: float


def search_entries(entries: Iterable[Entry], query_text: str, k: int) -> list[EntryHit]:
    """Up to `k` entries, best first; entries whose number the query names come before all others."""
    entries = tuple(entries)
    lexicon = Lexicon(entry_terms(entry) for entry in entries)
    wanted = {int(number) for found in NUMBER.findall(query_text) for number in found if number}
    hits = [hit for entry in entries if (hit := _hit(entry, query_text, wanted, lexicon))]
    return sorted(hits, key=lambda hit: -hit.score)[:k]


def entry_terms(entry: Entry) -> set[str]:
    return {*terms(entry.takeaway), *label_terms(entry)}


def label_terms(entry: Entry) -> set[str]:
    """What files an entry rather than states it: its section, tags and pointer."""
    return set(terms(" ".join((entry.section, *entry.tags, entry.see))))


def _hit(entry: Entry, query_text: str, wanted: set[int], lexicon: Lexicon) -> EntryHit | None:
    named = wanted.intersection(entry.numbers)
    asked = words(query_text)
    stated, filed = set(terms(entry.takeaway)), label_terms(entry)
    agreed = lexicon.shared_mass(asked, stated)
    agreed += LABEL_WEIGHT * (lexicon.shared_mass(asked, stated | filed) - agreed)
    if not named and not agreed:
        return None
    everything = lexicon.mass(asked)
    return EntryHit(
        entry=entry,
        score=agreed + (everything + 1) * len(named),
        reason=f"it is #{min(named)}" if named else _speaks_of(lexicon.telling(asked, stated | filed, WORDS_SHOWN)),
        confidence=1.0 if named else agreed / everything,
    )


def _speaks_of(words: list[str]) -> str:
    return f"speaks of {', '.join(f'`{word}`' for word in words)}"
