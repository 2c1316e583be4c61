"""The index of a repository's threads: put, remove, search."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.retrieval.corpus import Corpus, Document, Floats, parse_text
from bot.retrieval.rank import bm25f, plan_query

__all__ = ["Document", "Hit", "Index"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; scores compare within one search only."""

    id: int
    score: float


class Index:
    """Documents found by what they say. Copies that were given the same changes have the same ``version``."""

    def __init__(self) -> None:
        self._corpus = Corpus()

    def __len__(self) -> int:
        return len(self._corpus)

    @property
    def version(self) -> int:
        return self._corpus.version

    def put(self, document: Document) -> None:
        """Add a document, or replace the one with its id."""
        self._corpus.put(document)

    def remove(self, document_id: int) -> None:
        """Forget a document; one that is not there is forgotten already."""
        self._corpus.remove(document_id)

    def search(self, title: str, body: str, k: int, *, before: datetime | None = None) -> list[Hit]:
        """Up to `k` documents, best first, of those created `before` that moment."""
        parsed = parse_text(title, body)
        scores = bm25f(self._corpus, plan_query(self._corpus, parsed))
        scores[self._corpus.alive == 0] = 0
        if before is not None:
            scores[self._corpus.created >= before.timestamp()] = 0
        return [Hit(self._corpus.ids[slot], float(scores[slot])) for slot in best(scores, k)]


def best(scores: Floats, k: int) -> list[int]:
    """The slots of the `k` highest scores above nought; of equals the later slot first."""
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        found = found[np.argpartition(scores[found], -k)[-k:]]
    order: list[int] = found[np.lexsort((-found, -scores[found]))].tolist()
    return order
