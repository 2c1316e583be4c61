"""How much a word says: rare in software English, rare in this repository's own texts."""

from collections import Counter
from collections.abc import Collection, Iterable
from math import log
from typing import Final

from bot.retrieval.background import STEMS_BY_STEPS, STEP, UNSEEN

BACKGROUND: Final = {stem: steps * STEP for steps, stems in STEMS_BY_STEPS.items() for stem in stems.split()}
# A repository with three entries has said little about what is common in it: start as if these many said nothing.
PRIOR_TEXTS: Final = 20


class Lexicon:
    """The information of terms, in nats, given the texts of one repository."""

    def __init__(self, texts: Iterable[Collection[str]]) -> None:
        self._texts = PRIOR_TEXTS
        self._holders = Counter[str]()
        for text in texts:
            self._texts += 1
            self._holders.update(set(text))

    def information(self, term: str) -> float:
        local = log(self._texts / (self._holders[term] + 1)) / log(self._texts)
        return BACKGROUND.get(term, UNSEEN) * local

    def mass(self, terms: Iterable[str]) -> float:
        return sum(map(self.information, terms))
