"""A second look at the best candidates: what an issue and a document share, seen from both
sides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.core.search.corpus import Corpus, Parsed
from bot.core.search.ragged import Floats, Numbers, Places
from bot.core.search.rank import information
from bot.core.search.weights import WEIGHTS

SECONDS_A_DAY: Final = 86_400
FEATURES: Final = (
    "score over the best score",
    "log rank",
    "share of its title in their body",
    "share of their title in its body",
    "log information shared by the titles",
    "information of the rarest shared term",
    "log age in days",
    "log length of their body",
)


Features = npt.NDArray[np.float32]


def rescore(features: Features) -> Floats:
    scores: Floats = features @ np.array([WEIGHTS[name] for name in FEATURES], np.float32)
    return scores


def describe(
    corpus: Corpus, parsed: Parsed, slots: Places, scores: Floats, *, asked_at: datetime
) -> Features:
    """One row of FEATURES for each of `slots`, which come best first by `scores`."""
    title, body, all_said = (
        Asked.of(corpus, terms) for terms in (parsed.title, parsed.body, parsed.terms)
    )
    titles, bodies = corpus.title_terms.gather(slots), corpus.body_terms.gather(slots)
    title_mass = titles.sums(information(corpus, titles.values))
    rarest = np.maximum(
        titles.maxima(all_said.held(titles.values)), bodies.maxima(all_said.held(bodies.values))
    )
    days = np.maximum(asked_at.timestamp() - corpus.created[slots], 0) / SECONDS_A_DAY
    columns = (
        scores / scores.max(initial=1e-6),
        np.log1p(np.arange(len(slots))),
        bodies.sums(title.held(bodies.values)) / title.mass,
        titles.sums(body.held(titles.values)) / np.maximum(title_mass, 1),
        np.log1p(titles.sums(title.held(titles.values))),
        rarest / most_information(corpus),
        np.log1p(days),
        np.log1p(corpus.body_lengths[slots]),
    )
    return np.column_stack(columns).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Asked:
    """Terms of the query: their ids in ascending order, the information of each, and of all,
    unknown ones included."""

    term_ids: Numbers
    information: Floats
    mass: float

    @classmethod
    def of(cls, corpus: Corpus, terms: Collection[str]) -> "Asked":
        known = np.array(sorted(corpus.known(terms).values()), np.uint32)
        each = information(corpus, known)
        unknown = (len(terms) - len(known)) * most_information(corpus)
        return cls(known, each, max(float(each.sum(dtype=np.float64)) + unknown, 1.0))

    def held(self, term_ids: Numbers) -> Floats:
        """The information of each of `term_ids` that is asked for, nought for the others."""
        if not len(self.term_ids):
            return np.zeros(len(term_ids), np.float32)
        at = np.minimum(np.searchsorted(self.term_ids, term_ids), len(self.term_ids) - 1)
        return np.where(self.term_ids[at] == term_ids, self.information[at], np.float32(0))


def most_information(corpus: Corpus) -> float:
    """That of a term no document holds."""
    return float(np.log1p(2 * len(corpus) + 1))
