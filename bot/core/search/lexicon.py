"""How much a word says: rare in software English, rare in this repository's own texts."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Final

from bot.core.search.background import STEMS_BY_STEPS, STEP, UNSEEN
from bot.core.search.tokens import TOKEN, terms, terms_of

BACKGROUND: Final = {
    stem: steps * STEP for steps, stems in STEMS_BY_STEPS.items() for stem in stems.split()
}
# A repository with three entries has said little about what is common in it: start as if these many
# said nothing.
PRIOR_TEXTS: Final = 20
CONTEXT_WEIGHT: Final = 0.5
# The words in which anybody asks for anything. They are the same in two issues that have nothing in
# common.
SPEECH: Final = frozenset(
    terms(
        """
        a ability able about add adding again all allow allowing already also always an and any
        anybody anyone anything are as at be because been being better bit but by can cannot case
        cases consider could currently did do does done due e.g each enable enhancement et etc even
        every everybody everyone everything example examples feature few first five for four from
        get gets getting give given gives good got had happen has have having here how i i.e idea if
        implement implementation improve improvement in instead into introduce is it its just kind
        last let lets like lot made make makes making many may maybe me might more most much my need
        needed needs never next nice no nor not now of on once one only option optional optionally
        or our out over own people perhaps please possibility possible possibly proposal propose
        provide really request same second several should simply since so some somebody someone
        something still such suggest suggestion support supported supporting ten than that the their
        them then there these they thing things think this those three time times to today too twice
        two up us use used useful user users using very want wants was way ways we well were what
        when where whether which while who whole why will wish with without would yes yet you your
        """
    )
)

Word = tuple[str, ...]


def words(text: str) -> dict[Word, str]:
    """The different words of a text, each as the terms it is found by, with its first spelling."""
    spelt: dict[Word, str] = {}
    for token in TOKEN.findall(text):
        word = terms_of(token)
        if word and not SPEECH.issuperset(word):
            spelt.setdefault(word, token)
    return spelt


@dataclass(frozen=True, slots=True)
class Spoken:
    """The terms a text is about, and those it says besides, which count half."""

    core: Collection[str]
    context: Collection[str] = ()

    def weight(self, term: str) -> float:
        if term in self.core:
            return 1.0
        return CONTEXT_WEIGHT if term in self.context else 0.0


class Lexicon:
    """The information of words, in nats, given the texts of one repository."""

    def __init__(self, texts: Iterable[Spoken]) -> None:
        self._texts = PRIOR_TEXTS
        self._holders = Counter[str]()
        for text in texts:
            self._texts += 1
            self._holders.update({*text.core, *text.context})

    def information(self, term: str) -> float:
        if term in SPEECH:
            return 0.0
        local = log(self._texts / (self._holders[term] + 1)) / log(self._texts)
        return BACKGROUND.get(term, UNSEEN) * local

    def mass(self, words: Iterable[Word]) -> float:
        return self._sum(words, lambda _term: 1.0)

    def shared_mass(self, words: Iterable[Word], text: Spoken) -> float:
        """How much of `words` a text says too."""
        return self._sum(words, text.weight)

    def _sum(self, words: Iterable[Word], weight: Callable[[str], float]) -> float:
        """A compound counts by its rarest part, and each part once: `mutex::Guard` and
        `mutex::lock` share one word."""
        amounts: dict[str, float] = {}
        for word in words:
            amount, term = max((self.information(term) * weight(term), term) for term in word)
            amounts[term] = amount
        return sum(amounts.values())

    def share(self, words: Collection[Word], text: Spoken) -> float:
        return self.shared_mass(words, text) / max(self.mass(words), 1.0)

    def telling(self, spelt: Mapping[Word, str], text: Spoken) -> list[str]:
        """The spellings of the words that `text` says too, those that say most first."""
        said = {spelling: self.shared_mass([word], text) for word, spelling in spelt.items()}
        return sorted((word for word in said if said[word] > 0), key=lambda word: -said[word])
