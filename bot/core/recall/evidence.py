"""What a new issue and a past decision have in common, weighed by how much each word says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from bot.core.learnings.entry import Entry
from bot.core.reading.intent import unwanted
from bot.core.recall.entry_search import read_entry
from bot.core.recall.ruling import refused_by, rule_of
from bot.core.search.lexicon import Lexicon, Spoken, Word, words
from bot.core.search.texts import prose

BODY_WORDS_READ: Final = 60
THREAD_WORDS_READ: Final = 80
# In the order of an issue by its likely decision, its body counts half of its title.
BODY_WEIGHT: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A merged entry and, where we have it, its thread: people propose again in the words of the
    proposal.

    ``also`` are older entries of the same rule; their threads are part of title and text.
    ``replaced_by`` is where the chain of what superseded it ends.
    """

    entry: Entry
    thread_title: str = ""
    thread_text: str = ""
    also: tuple[Entry, ...] = ()
    closed_at: datetime | None = None
    replaced_by: int | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of all its threads, the ones of ``entry`` first."""
        entries = (self.entry, *self.also)
        return tuple(dict.fromkeys(number for entry in entries for number in entry.numbers))


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How far an issue and a decision agree. Masses are in nats, shares from 0 to 1.

    ``core_agreed``: what both say, without what only the text of the decision's thread says.
    ``title_covered``: of what the issue's title says, the share the decision says too.
    ``rule_covered``, ``refused_covered``, ``takeaway_covered``: of what the decision rules, of what
    it rules out, and of all it says, the share the issue says too; ``refused_agreed``: how much of
    what is ruled out that is. ``unwanted_agreed``: how much of what is ruled, or ruled out, the
    issue wants gone. ``lead``: how many times more the issue agrees with this decision than with
    the next one.
    """

    core_agreed: float
    title_covered: float
    rule_covered: float
    refused_covered: float
    refused_agreed: float
    takeaway_covered: float
    unwanted_agreed: float
    lead: float
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Issue:
    """The words of an issue; `body` without those of the title, and no further than anybody reads.

    ``unwanted``: those of what it wants gone or replaced.
    """

    title: dict[Word, str]
    body: dict[Word, str]
    unwanted: dict[Word, str]

    @property
    def words(self) -> dict[Word, str]:
        return {**self.title, **self.body}

    @property
    def terms(self) -> set[str]:
        return {term for word in self.words for term in word}


def read_issue(title: str, body: str) -> Issue:
    in_title = words(title)
    text = prose(body)
    further = (word for word in words(text).items() if word[0] not in in_title)
    return Issue(in_title, dict(islice(further, BODY_WORDS_READ)), words(unwanted(title, text)))


# Decisions change seldom and are read for every new issue.
@lru_cache(maxsize=4096)
def read_decision(decision: Decision) -> Spoken:
    """A thread's text is context: long, and about more than was decided."""
    entry = read_entry(decision.entry)
    core = {*entry.core, *entry.context}.union(*words(decision.thread_title))
    context = set[str]().union(*islice(words(prose(decision.thread_text)), THREAD_WORDS_READ))
    return Spoken(frozenset(core), frozenset(context - core))


def weigh(
    issue: Issue, decisions: Sequence[Decision], *, most: int
) -> Iterator[tuple[Decision, Evidence]]:
    """The decisions that an issue agrees with, and how far, the likeliest first."""
    texts = [read_decision(decision) for decision in decisions]
    lexicon = Lexicon(texts)
    scores = _scores(issue, texts, lexicon)
    order = _best_first(scores)
    for rank, place in enumerate(order[:most], 1):
        next_best = max([scores[other] for other in order[rank : rank + 1]], default=0.0)
        lead = scores[place] / max(next_best, 1.0)
        yield decisions[place], _compare(issue, decisions[place], texts[place], lexicon, lead=lead)


def _scores(issue: Issue, texts: Sequence[Spoken], lexicon: Lexicon) -> list[float]:
    return [
        lexicon.shared_mass(issue.title, t) + BODY_WEIGHT * lexicon.shared_mass(issue.body, t)
        for t in texts
    ]


def _best_first(scores: Sequence[float]) -> list[int]:
    """The places of those above nothing."""
    return sorted(
        (place for place, score in enumerate(scores) if score), key=lambda place: -scores[place]
    )


def _compare(
    issue: Issue, decision: Decision, text: Spoken, lexicon: Lexicon, *, lead: float
) -> Evidence:
    said, entry = Spoken(issue.terms), decision.entry
    rule, refused = (
        words(rule_of(entry.takeaway)),
        words(refused_by(entry, thread_title=decision.thread_title)),
    )
    ruled = Spoken(set(chain.from_iterable((*rule, *refused))))
    return Evidence(
        core_agreed=lexicon.shared_mass(issue.words, Spoken(text.core)),
        title_covered=lexicon.share(issue.title, text),
        rule_covered=lexicon.share(rule, said),
        refused_covered=lexicon.share(refused, said),
        refused_agreed=lexicon.shared_mass(refused, said),
        takeaway_covered=lexicon.share(words(entry.takeaway), said),
        unwanted_agreed=lexicon.shared_mass(issue.unwanted, ruled),
        lead=lead,
        words=lexicon.telling(issue.words, text),
    )
