"""The index of a repository's threads: put, remove, search."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.core.search.comparison import Likeness, compare
from bot.core.search.corpus import Corpus, Document
from bot.core.search.rank import best, bm25f, plan_query
from bot.core.search.rerank import Features, describe, rescore

__all__ = ["Candidates", "Document", "Hit", "Index"]

CANDIDATES: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; scores compare within one search only."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the first look found: ids, best first, and for each one row of what the second look goes
    by."""

    ids: list[int]
    features: Features


class Index:
    """Documents found by what they say. Copies that were given the same changes have the same
    ``version``."""

    def __init__(self) -> None:
        self._corpus = Corpus()

    def __len__(self) -> int:
        return len(self._corpus)

    def __contains__(self, document_id: int) -> bool:
        return document_id in self._corpus

    @property
    def dead(self) -> int:
        """How many slots hold nothing any more."""
        return len(self._corpus.ids) - len(self._corpus)

    @property
    def version(self) -> int:
        return self._corpus.version

    def put(self, document: Document) -> None:
        """Add a document, or replace the one with its id."""
        self._corpus.put(document)

    def remove(self, document_id: int) -> None:
        """Forget a document; one that is not there is forgotten already."""
        self._corpus.remove(document_id)

    def search(
        self,
        query: Document,
        k: int,
        *,
        among: Collection[int] | None = None,
        besides: Collection[int] = (),
    ) -> list[Hit]:
        """Up to `k` documents like `query`, best first; never itself nor one created after it.

        Only those `among` some ids are found (None: all), and none of those it is looked for
        `besides`. The others count all the same for what is rare.
        """
        found = self.candidates(query, among=among, besides=besides)
        scores = rescore(found.features)
        order = np.argsort(-scores, kind="stable")[:k].tolist()
        return [Hit(found.ids[place], float(scores[place])) for place in order]

    def likeness(self, query: Document, document_id: int, *, ruling: Collection[str]) -> Likeness:
        """How alike `query` and a document that is held are; `ruling` are the terms of what was
        decided on it."""
        parsed = self._corpus.parse(query.title, query.body)
        return compare(self._corpus, parsed, self._corpus.slot(document_id), ruling=ruling)

    def candidates(
        self,
        query: Document,
        *,
        among: Collection[int] | None = None,
        besides: Collection[int] = (),
    ) -> Candidates:
        corpus = self._corpus
        parsed = corpus.parse(query.title, query.body)
        scores = bm25f(corpus, plan_query(corpus, parsed))
        scores[~corpus.visible(query)] = 0
        if among is not None:
            scores[~corpus.places(among)] = 0
        scores[corpus.places(besides)] = 0
        slots = best(scores, np.frombuffer(corpus.ids, np.int64), CANDIDATES)
        features = describe(corpus, parsed, slots, scores[slots], asked_at=query.created_at)
        return Candidates([corpus.ids[slot] for slot in slots.tolist()], features)
