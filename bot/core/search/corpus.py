"""Documents taken apart into postings, kept in memory and changed one document at a time."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.core.search.forms import Forms
from bot.core.search.ragged import Floats, Numbers, Ragged
from bot.core.search.texts import telling_lines
from bot.core.search.tokens import terms

# A posting is one 32-bit number: slot, occurrences in the title, occurrences in the body. Fifteen
# occurrences say as much as fifty, so four bits each are enough, and an index holds 16 million
# documents.
SLOT_SHIFT: Final = 8
TITLE_SHIFT: Final = 4
MOST_COUNTED: Final = 15


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text to be found; ``id`` is the caller's."""

    id: int
    title: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as the index sees it: how often each term occurs."""

    title: Counter[str]
    body: Counter[str]

    @property
    def terms(self) -> list[str]:
        """Each once, in an order that is the same in every process."""
        return list(dict.fromkeys((*self.title, *self.body)))


@dataclass(frozen=True, slots=True)
class Postings:
    """Where one term occurs: parallel arrays of slots and of occurrences in the two fields."""

    slots: Numbers
    title: Numbers
    body: Numbers


class Corpus:
    """Postings, statistics and the terms of each document.

    A document lives in a slot. Removing it corrects the statistics at once and leaves the slot dead
    until the corpus is built anew. ``version`` grows with every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self.ids = array("q")
        self._slot_of: dict[int, int] = {}
        self._term_ids: dict[str, int] = {}
        self._postings: list[array[int]] = []
        self._holders = array("I")
        self._alive = array("B")
        self._created = array("d")
        self._title_lengths = array("f")
        self._body_lengths = array("f")
        self.title_terms = Ragged()
        self.body_terms = Ragged()
        self._forms = Forms()

    def __len__(self) -> int:
        return len(self._slot_of)

    def __contains__(self, document_id: int) -> bool:
        return document_id in self._slot_of

    def put(self, document: Document) -> None:
        """Add a document, or replace the one with its id."""
        self._kill(document.id)
        slot = self._slot_of[document.id] = len(self.ids)
        parsed = self.parse(document.title, document.body)
        self.ids.append(document.id)
        self._alive.append(1)
        self._created.append(document.created_at.timestamp())
        self._title_lengths.append(parsed.title.total())
        self._body_lengths.append(parsed.body.total())
        for term in parsed.terms:
            self._post(term, slot, parsed)
        self.title_terms.append(self._term_ids[term] for term in parsed.title)
        self.body_terms.append(self._term_ids[term] for term in parsed.body)
        self._forms.add(telling_lines(document.body))
        self.version += 1

    def remove(self, document_id: int) -> None:
        """Forget a document; one that is not there is forgotten already."""
        if self._kill(document_id):
            self.version += 1

    def _kill(self, document_id: int) -> bool:
        slot = self._slot_of.pop(document_id, None)
        if slot is None:
            return False
        self._alive[slot] = 0
        self._forms.remove(slot)
        self._title_lengths[slot] = self._body_lengths[slot] = 0
        for term_id in np.union1d(self.title_terms[slot], self.body_terms[slot]):
            self._holders[term_id] -= 1
        return True

    def _post(self, term: str, slot: int, parsed: Parsed) -> None:
        term_id = self._term_ids.setdefault(term, len(self._postings))
        if term_id == len(self._postings):
            self._postings.append(array("I"))
            self._holders.append(0)
        title = min(parsed.title.get(term, 0), MOST_COUNTED)
        body = min(parsed.body.get(term, 0), MOST_COUNTED)
        self._postings[term_id].append(slot << SLOT_SHIFT | title << TITLE_SHIFT | body)
        self._holders[term_id] += 1

    def parse(self, title: str, body: str) -> Parsed:
        """Without the lines whose form, whatever their numbers, many documents have."""
        said = "\n".join(self._forms.own_words(telling_lines(body)))
        return Parsed(Counter(terms(title)), Counter(terms(said)))

    def slot(self, document_id: int) -> int:
        return self._slot_of[document_id]

    def known(self, terms: Iterable[str]) -> dict[str, int]:
        """Those of `terms` that occur in some document, with their ids."""
        return {term: self._term_ids[term] for term in terms if term in self._term_ids}

    def holders(self, term_ids: Numbers) -> Floats:
        """In how many documents each term occurs."""
        return np.frombuffer(self._holders, np.uint32)[term_ids].astype(np.float32)

    def postings(self, term_id: int) -> Postings:
        packed = np.frombuffer(self._postings[term_id], np.uint32)
        most = np.uint32(MOST_COUNTED)
        return Postings(
            packed >> np.uint32(SLOT_SHIFT), packed >> np.uint32(TITLE_SHIFT) & most, packed & most
        )

    def visible(self, query: Document) -> npt.NDArray[np.bool_]:
        """By slot: is there a document, not created after `query` and not itself?"""
        seen = np.frombuffer(self._alive, np.bool_) & (self.created <= query.created_at.timestamp())
        if query.id in self._slot_of:
            seen[self._slot_of[query.id]] = False
        return seen

    def places(self, document_ids: Iterable[int]) -> npt.NDArray[np.bool_]:
        """By slot: does it hold one of these?"""
        held = np.zeros(len(self.ids), np.bool_)
        held[[self._slot_of[each] for each in document_ids if each in self._slot_of]] = True
        return held

    @property
    def created(self) -> npt.NDArray[np.float64]:
        """Seconds since 1970, by slot."""
        return np.frombuffer(self._created, np.float64)

    @property
    def title_lengths(self) -> Floats:
        return np.frombuffer(self._title_lengths, np.float32)

    @property
    def body_lengths(self) -> Floats:
        return np.frombuffer(self._body_lengths, np.float32)
