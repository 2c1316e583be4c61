"""Issues of no project, as many as wanted: word frequencies after Zipf, lengths like those of a
real tracker."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.core.search.index import Document

START = datetime(2015, 1, 1, tzinfo=UTC)
VOCABULARY = 400_000
ZIPF_EXPONENT = 1.05
TITLE_WORDS = 8
# Of the body: median and spread of a lognormal distribution.
BODY_WORDS = 70
BODY_SPREAD = 0.9
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def issues(count: int, *, seed: int = 0) -> Iterator[Document]:
    random = np.random.default_rng(seed)
    chance = 1 / np.arange(1, VOCABULARY + 1) ** ZIPF_EXPONENT
    reached = np.cumsum(chance / chance.sum())
    lengths = np.minimum(
        random.lognormal(np.log(BODY_WORDS), BODY_SPREAD, count).astype(int), 2_000
    )
    for number in range(1, count + 1):
        ranks = np.searchsorted(reached, random.random(TITLE_WORDS + lengths[number - 1]))
        words = [spell(rank) for rank in ranks.tolist()]
        yield Document(
            id=number,
            title=" ".join(words[:TITLE_WORDS]),
            body=" ".join(words[TITLE_WORDS:]),
            created_at=START + timedelta(minutes=number),
        )


def spell(rank: int) -> str:
    """A word for each rank, longer for rarer ones."""
    word = ""
    rank += len(LETTERS)
    while rank:
        rank, letter = divmod(rank, len(LETTERS))
        word += LETTERS[letter]
    return word + "k"
