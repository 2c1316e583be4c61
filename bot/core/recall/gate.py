"""Whether a past decision truly applies to a new issue, decided without a model. In doubt it does
not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log, log1p
from typing import Final

from bot.core.learnings.entry import REOPENED, Entry
from bot.core.learnings.graph import follow, is_current, successors
from bot.core.logistic import probability
from bot.core.reading.intent import asks_beside, read_intent
from bot.core.recall.entry_search import quoted
from bot.core.recall.evidence import Decision, Evidence, read_issue, weigh
from bot.core.recall.gate_weights import WEIGHTS
from bot.core.threads import numbers_named

__all__ = [
    "MOST_TOLD",
    "Decision",
    "Match",
    "as_match",
    "find_prior_decisions",
    "is_decided",
    "what_to_tell",
]

# Under one issue. Who is told more reads none of it.
MOST_TOLD: Final = 3

# Below this the bot is silent. Where the line runs was measured: docs/quality.md, "Right to speak".
LEAST_CONFIDENCE: Final = 0.82
# Decisions on one subject share its words: a lead says nothing more once it is clear.
CLEAR_LEAD: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """``replaced_by`` took the place of ``entry`` and has no entry of its own; None where ``entry``
    stands."""

    entry: Entry
    replaced_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class Match:
    """A decision that applies: ``entry`` is what stands today, ``found`` what the issue agrees
    with, often the same.

    ``also`` are older threads decided by the same rule as ``found``. ``replaced_by`` took the place
    of ``entry`` and has no entry. ``reason`` is one phrase for people, ``confidence`` is 0 to 1.
    """

    entry: Entry
    found: Entry
    reason: str
    confidence: float
    also: tuple[int, ...] = ()
    replaced_by: int | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every thread this tells of, what was found first."""
        replaced_by = () if self.replaced_by is None else (self.replaced_by,)
        return tuple(
            dict.fromkeys((*self.found.numbers, *self.also, *self.entry.numbers, *replaced_by))
        )


def as_match(decision: Decision, standing: Standing, *, reason: str, confidence: float) -> Match:
    return Match(
        entry=standing.entry,
        found=decision.entry,
        reason=reason,
        confidence=confidence,
        also=tuple(number for entry in decision.also for number in entry.numbers),
        replaced_by=standing.replaced_by,
    )


def find_prior_decisions(title: str, body: str, decisions: Iterable[Decision]) -> list[Match]:
    """What a new issue proposes against, best first, or nothing: there is none, or we are not sure
    enough to speak.

    The second and third must convince by themselves, each clearly before what comes after it.
    """
    decided = [decision for decision in decisions if is_decided(decision.entry)]
    intent = read_intent(title, body)
    if intent not in ("proposal", "unclear"):
        return []
    proposes, beside = intent == "proposal", asks_beside(title)
    knows, matches = numbers_named(f"{title}\n{body}"), dict[int, Match]()
    for decision, evidence in weigh(read_issue(title, body), decided, most=MOST_TOLD):
        confidence = how_sure(describe(evidence, proposes=proposes, beside=beside))
        sure = confidence >= LEAST_CONFIDENCE
        standing = what_to_tell(decision, decided, knows=knows) if sure else None
        if standing is None:
            break
        reason = f"both speak of {quoted(evidence.words)}"
        matches.setdefault(
            standing.entry.line, as_match(decision, standing, reason=reason, confidence=confidence)
        )
    return list(matches.values())


def is_decided(entry: Entry) -> bool:
    """`(open, approach declined)` is a decision, `(open)` not yet, `(open, reopened)` no longer;
    what has no number cannot be told of."""
    settled = REOPENED not in entry.modifiers and (entry.state != "open" or bool(entry.modifiers))
    return bool(entry.numbers) and settled


def what_to_tell(
    decision: Decision, decided: Collection[Decision], *, knows: Collection[int]
) -> Standing | None:
    """What stands today of a decision that applies; None where nothing does, or who opened the
    thread `knows` it."""
    standing = _what_stands(decision.entry, decided)
    if standing is None:
        return None
    named = {*decision.numbers, *standing.entry.numbers, standing.replaced_by}
    return None if named.intersection(knows) else standing


def _what_stands(entry: Entry, decided: Collection[Decision]) -> Standing | None:
    if _replaced_an_older(entry):
        return Standing(entry=entry)
    entries = {
        number: each
        for other in decided
        for each in (other.entry, *other.also)
        for number in each.numbers
    }
    end = follow(entry.numbers[0], entries.get)
    if end.circular:
        return None
    if end.entry is None:
        return Standing(entry=entries[end.path[-2]], replaced_by=end.number)
    return Standing(entry=end.entry) if is_current(end.entry) else None


def _replaced_an_older(entry: Entry) -> bool:
    """Nothing older takes the place of what was merged: `Superseded: #12` names what this one has
    replaced itself."""
    named = [reference.number for reference in successors(entry) if reference.local]
    return entry.state == "merged" and bool(named) and max(named) < min(entry.numbers)


def how_sure(described: Mapping[str, float]) -> float:
    """From 0 to 1: the weighed evidence that an issue proposes what a decision is about."""
    return probability(WEIGHTS, described)


def describe(evidence: Evidence, *, proposes: bool, beside: bool) -> Mapping[str, float]:
    """What WEIGHTS weighs. Who proposes again says what was ruled or refused, and little of the
    reasons."""
    return {
        "always": 1.0,
        "log information both share": log1p(evidence.core_agreed),
        "share of the issue's title": evidence.title_covered,
        "share of the rule": evidence.rule_covered,
        "share of what is refused": evidence.refused_covered,
        "share of the takeaway": evidence.takeaway_covered,
        "log information refused and said": log1p(evidence.refused_agreed),
        "log information ruled and unwanted": log1p(evidence.unwanted_agreed),
        "log words both say": log1p(len(evidence.words)),
        "log lead over the next decision": log(min(evidence.lead, CLEAR_LEAD)),
        "plainly proposes": float(proposes),
        "asks for something beside": float(beside),
    }
