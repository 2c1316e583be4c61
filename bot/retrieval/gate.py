"""Whether a past decision truly applies to a new issue, decided without a model. In doubt it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.learnings.model import Entry
from bot.retrieval.entries import as_written, entry_terms
from bot.retrieval.lexicon import Lexicon
from bot.retrieval.tokens import terms

LEAST_TITLE_COVERED: Final = 0.6
LEAST_AGREED: Final = 12.0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A merged entry and, where we have it, its thread: people propose again in the words of the proposal."""

    entry: Entry
    thread_title: str = ""
    thread_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A decision that applies; ``reason`` is one phrase for people, ``confidence`` is 0 to 1."""

    entry: Entry
    reason: str
    confidence: float


def find_prior_decision(title: str, body: str, decisions: Iterable[Decision]) -> Match | None:
    """The decision that a new issue proposes against, or None: no match, or not sure enough to speak."""
    decisions = tuple(decisions)
    known = [decision_terms(decision) for decision in decisions]
    lexicon = Lexicon(known)
    asked = set(terms(title))
    told = asked.union(terms(body))
    best = max(range(len(decisions)), key=lambda i: lexicon.mass(told & known[i]), default=None)
    if best is None:
        return None
    shared = asked & known[best]
    covered = lexicon.mass(shared) / max(lexicon.mass(asked), 1.0)
    if covered < LEAST_TITLE_COVERED or lexicon.mass(shared) < LEAST_AGREED:
        return None
    reason = f"says {as_written(title, shared, lexicon)}"
    return Match(entry=decisions[best].entry, reason=reason, confidence=covered)


def decision_terms(decision: Decision) -> set[str]:
    return {*entry_terms(decision.entry), *terms(decision.thread_title), *terms(decision.thread_text)}
