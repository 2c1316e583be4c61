"""How alike two threads are in the words of their own tracker: what is rare in it counts most."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bot.core.search.corpus import Corpus, Parsed
from bot.core.search.ragged import Numbers
from bot.core.search.rank import information
from bot.core.search.rerank import most_information


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """``title`` and ``text`` are cosines of titles and of all that both say, from 0 to 1.

    ``ruled`` is the share of the new title that the ruling says too; ``title_information`` and
    ``text_information`` are what the new thread says, in nats.
    """

    title: float
    ruled: float
    text: float
    title_information: float
    text_information: float

    @property
    def nearness(self) -> float:
        """From 0 to 3."""
        return self.title + self.ruled + self.text


def compare(corpus: Corpus, asked: Parsed, slot: int, *, ruling: Collection[str]) -> Likeness:
    """`ruling` are the terms of what was decided on the document in `slot`."""
    title, text = Weighed.of(corpus, asked.title), Weighed.of(corpus, asked.terms)
    titles = corpus.title_terms[slot]
    said = Weighed.of(corpus, ruling)
    return Likeness(
        title=title.cosine(corpus, titles),
        ruled=title.shared(said.term_ids) / max(title.total, 1.0),
        text=text.cosine(corpus, np.union1d(titles, corpus.body_terms[slot]).astype(np.uint32)),
        title_information=title.total,
        text_information=text.total,
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """Terms known to the tracker with the information of each; of what it never said there is only
    the count."""

    term_ids: Numbers
    each: np.ndarray
    unknown: int
    of_unknown: float

    @classmethod
    def of(cls, corpus: Corpus, terms: Collection[str]) -> "Weighed":
        known = np.array(sorted(corpus.known(terms).values()), np.uint32)
        return cls(
            known,
            information(corpus, known),
            len(set(terms)) - len(known),
            most_information(corpus),
        )

    @property
    def total(self) -> float:
        return float(self.each.sum(dtype=np.float64)) + self.unknown * self.of_unknown

    def shared(self, term_ids: Numbers) -> float:
        return float(self.each[np.isin(self.term_ids, term_ids)].sum(dtype=np.float64))

    def cosine(self, corpus: Corpus, term_ids: Numbers) -> float:
        both = float(np.square(self.each[np.isin(self.term_ids, term_ids)]).sum(dtype=np.float64))
        ours = float(np.square(self.each).sum(dtype=np.float64)) + self.unknown * self.of_unknown**2
        theirs = float(np.square(information(corpus, term_ids)).sum(dtype=np.float64))
        return both / max(float(np.sqrt(ours * theirs)), 1e-6)
