"""BM25F: one score for a document out of its title and its body. Robertson, Zaragoza: The
Probabilistic Relevance Framework, 2009, section 3.5."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.core.search.corpus import Corpus, Parsed
from bot.core.search.ragged import Floats, Ids, Numbers, Places

TITLE_WEIGHT: Final = 3.0
BODY_WEIGHT: Final = 0.5
TITLE_NORMALISED: Final = 0.8
BODY_NORMALISED: Final = 0.9
SATURATION: Final = 0.7
# Per term, however often the query says it: a repeated word is the subject, and the subject is
# known.
QUERY_TITLE_WEIGHT: Final = 4.0
QUERY_BODY_WEIGHT: Final = 2.0
# What stands in more than a fifth of the documents tells none of them apart; in a small corpus a
# fifth is too few.
COMMON_SHARE: Final = 0.2
COMMON_FROM: Final = 200
QUERY_TERMS_USED: Final = 120


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: the ids of its terms and what each weighs."""

    term_ids: Numbers
    weights: Floats


def information(corpus: Corpus, term_ids: Numbers) -> Floats:
    """The inverse document frequency of each term, in nats."""
    holders = corpus.holders(term_ids)
    return np.log1p((len(corpus) - holders + 0.5) / (holders + 0.5)).astype(np.float32)


def plan_query(corpus: Corpus, parsed: Parsed) -> Query:
    """Terms the corpus knows and that tell documents apart, the heaviest first."""
    known = corpus.known(parsed.terms)
    ids = np.fromiter(known.values(), np.uint32, len(known))
    in_title = np.fromiter((term in parsed.title for term in known), np.float32, len(known))
    in_body = np.fromiter((term in parsed.body for term in known), np.float32, len(known))
    weights = information(corpus, ids) * (
        QUERY_TITLE_WEIGHT * in_title + QUERY_BODY_WEIGHT * in_body
    )
    order = np.argsort(-weights, kind="stable")[:QUERY_TERMS_USED]
    if len(corpus) >= COMMON_FROM:
        order = order[corpus.holders(ids[order]) <= COMMON_SHARE * len(corpus)]
    return Query(ids[order], weights[order])


def bm25f(corpus: Corpus, query: Query) -> Floats:
    """A score for every slot, dead ones included."""
    scores = np.zeros(len(corpus.ids), np.float32)
    title_norm = _norm(corpus.title_lengths, TITLE_NORMALISED, len(corpus)) / TITLE_WEIGHT
    body_norm = _norm(corpus.body_lengths, BODY_NORMALISED, len(corpus)) / BODY_WEIGHT
    for term_id, weight in zip(query.term_ids.tolist(), query.weights.tolist(), strict=True):
        postings = corpus.postings(term_id)
        frequency = (
            postings.title / title_norm[postings.slots] + postings.body / body_norm[postings.slots]
        )
        scores[postings.slots] += weight * frequency / (SATURATION + frequency)
    return scores


def _norm(lengths: Floats, share: float, documents: int) -> Floats:
    """What a term's frequency is divided by, in a field of each length."""
    # Whole numbers add up alike in any order, but not within 24 bits.
    mean = max(float(lengths.sum(dtype=np.float64)) / max(documents, 1), 1.0)
    return np.float32(1 - share) + np.float32(share / mean) * lengths


def best(scores: Floats, ids: Ids, k: int) -> Places:
    """The slots of the `k` highest scores above nought, best first; of equals the higher id first.

    Slots would not do: in another process the same document may have another.
    """
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        found = found[scores[found] >= np.partition(scores[found], -k)[-k]]
    return found[np.lexsort((-ids[found], -scores[found]))][:k]
