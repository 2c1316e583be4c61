"""Which entries of a learnings file speak of something, and by which words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.learnings.model import Entry
from bot.retrieval.lexicon import Lexicon
from bot.retrieval.tokens import TOKEN, terms, terms_of

NUMBER: Final = re.compile(r"(?<![\w#])#?([1-9]\d{0,9})(?!\w)")
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
    wanted = {int(number) for number in NUMBER.findall(query_text)}
    hits = [hit for entry in entries if (hit := _hit(entry, query_text, wanted, lexicon))]
    return sorted(hits, key=lambda hit: -hit.score)[:k]


def entry_terms(entry: Entry) -> set[str]:
    return {*terms(entry.takeaway), *label_terms(entry)}


def label_terms(entry: Entry) -> set[str]:
    """What files an entry rather than states it: its section, tags and pointer."""
    return set(terms(" ".join((entry.section, *entry.tags, entry.see))))


def _hit(entry: Entry, query_text: str, wanted: set[int], lexicon: Lexicon) -> EntryHit | None:
    named = wanted.intersection(entry.numbers)
    asked = set(terms(query_text))
    stated = asked.intersection(terms(entry.takeaway))
    filed = asked.intersection(label_terms(entry)) - stated
    agreed = lexicon.mass(stated) + LABEL_WEIGHT * lexicon.mass(filed)
    if not named and not agreed:
        return None
    everything = lexicon.mass(asked)
    return EntryHit(
        entry=entry,
        score=agreed + everything * len(named),
        reason=f"it is #{min(named)}" if named else f"says {as_written(query_text, stated | filed, lexicon)}",
        confidence=1.0 if named else agreed / everything,
    )


def as_written(text: str, shared: set[str], lexicon: Lexicon) -> str:
    """The words of `text` that carry the shared terms, the most telling first: `anchors`, `aliases`."""
    telling: dict[str, float] = {}
    for token in TOKEN.findall(text):
        agreed = lexicon.mass(shared.intersection(terms_of(token)))
        if agreed:
            telling.setdefault(token.lower(), agreed)
    words = sorted(telling, key=lambda word: -telling[word])[:WORDS_SHOWN]
    return ", ".join(f"`{word}`" for word in words)
