"""Whether a past decision truly applies to a new issue, decided without a model. In doubt it does not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.learnings.graph import successors
from bot.learnings.model import Entry
from bot.retrieval.entries import quoted
from bot.retrieval.evidence import Decision, Evidence, read_issue, weigh
from bot.retrieval.intent import read_intent
from bot.threads import numbers_named

__all__ = ["Decision", "Match", "find_prior_decision", "is_decided", "what_to_tell"]

# Where these lines run was measured: docs/quality.md, "Prior decisions".
LEAST_WORDS: Final = 8
LEAST_TITLE_COVERED: Final = 0.5
LEAST_COVERED: Final = 0.35
LEAST_AGREED: Final = 23.0
LEAST_CORE_AGREED: Final = 12.0
LEAST_LEAD: Final = 1.2
# The more words agree, the more of the issue may be about other things.
LEAST_COVERED_AND_AGREED: Final = 0.6
AGREED_FOR_ONE: Final = 100.0

LEAST_WORDS_WITH_SUBJECT: Final = 3
LEAST_SUBJECT_COVERED: Final = 0.75
LEAST_SUBJECT_AGREED: Final = 7.0
LEAST_TITLE_COVERED_WITH_SUBJECT: Final = 0.3
LEAST_COVERED_WITH_SUBJECT: Final = 0.22
LEAST_LEAD_WITH_SUBJECT: Final = 1.8


@dataclass(frozen=True, kw_only=True)
class Match:
    """A decision that applies: ``entry`` is what stands today, ``found`` what the issue agrees with, often the same.

    ``reason`` is one phrase for people, ``confidence`` is 0 to 1.
    """

    entry: Entry
    found: Entry
    reason: str
    confidence: float


def find_prior_decision(title: str, body: str, decisions: Iterable[Decision]) -> Match | None:
    """The decision that a new issue proposes against, or None: there is none, or we are not sure enough to speak."""
    decided = [decision for decision in decisions if is_decided(decision.entry)]
    intent = read_intent(title, body)
    weighed = weigh(read_issue(title, body), decided) if intent in ("proposal", "unclear") else None
    if weighed is None:
        return None
    decision, evidence = weighed
    convinced = says_the_same(evidence) or (intent == "proposal" and names_the_subject(evidence))
    standing = what_to_tell(f"{title}\n{body}", decision, decided) if convinced else None
    if standing is None:
        return None
    return Match(
        entry=standing,
        found=decision.entry,
        reason=f"both speak of {quoted(evidence.words)}",
        confidence=max(evidence.covered, evidence.subject_covered),
    )


def is_decided(entry: Entry) -> bool:
    """`(open, approach declined)` is a decision, `(open)` is not yet."""
    return entry.state != "open" or bool(entry.modifiers)


def what_to_tell(text: str, decision: Decision, decided: Collection[Decision]) -> Entry | None:
    """What stands today of a decision that applies to an issue; None where nobody can say, or its author knows it."""
    standing = what_stands(decision.entry, decided)
    if standing is None or numbers_named(text).intersection((*decision.entry.numbers, *standing.numbers)):
        return None
    return standing


def says_the_same(evidence: Evidence) -> bool:
    """Most of what the issue says, and enough of it, the decision said before."""
    return (
        len(evidence.words) >= LEAST_WORDS
        and evidence.title_covered >= LEAST_TITLE_COVERED
        and evidence.covered >= LEAST_COVERED
        and evidence.agreed >= LEAST_AGREED
        and evidence.core_agreed >= LEAST_CORE_AGREED
        and evidence.covered + evidence.agreed / AGREED_FOR_ONE >= LEAST_COVERED_AND_AGREED
        and evidence.lead >= LEAST_LEAD
    )


def names_the_subject(evidence: Evidence) -> bool:
    """The issue names all that the decided thread was about, and is not mainly about something else."""
    return (
        len(evidence.words) >= LEAST_WORDS_WITH_SUBJECT
        and evidence.subject_covered >= LEAST_SUBJECT_COVERED
        and evidence.subject_agreed >= LEAST_SUBJECT_AGREED
        and evidence.title_covered >= LEAST_TITLE_COVERED_WITH_SUBJECT
        and evidence.covered >= LEAST_COVERED_WITH_SUBJECT
        and evidence.lead >= LEAST_LEAD_WITH_SUBJECT
    )


def what_stands(entry: Entry, decisions: Collection[Decision]) -> Entry | None:
    """Follow the successors as far as the file goes; in a circle nothing stands."""
    by_number = {number: decision.entry for decision in decisions for number in decision.entry.numbers}
    passed = [entry]
    while (later := _successor(passed[-1], by_number)) is not None:
        if later in passed:
            return None
        passed.append(later)
    return passed[-1]


def _successor(entry: Entry, by_number: Mapping[int, Entry]) -> Entry | None:
    later = (by_number.get(ref.number) for ref in successors(entry) if ref.local and ref.number not in entry.numbers)
    return next(filter(None, later), None)
