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

__all__ = ["MOST_TOLD", "Decision", "Match", "find_prior_decisions", "is_decided", "what_to_tell"]

# Under one issue. Who is told more reads none of it.
MOST_TOLD: Final = 3

# Below this the bot is silent. Where the line runs was measured: docs/quality.md, "Right to speak".
LEAST_CONFIDENCE: Final = 0.82
# Decisions on one subject share its words: a lead says nothing more once it is clear.
CLEAR_LEAD: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Match:
    """A decision that applies: ``entry`` is what stands today, ``found`` what the issue agrees
    with, often the same.

    ``reason`` is one phrase for people, ``confidence`` is 0 to 1.
    """

    entry: Entry
    found: Entry
    reason: str
    confidence: float


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
    matches: dict[int, Match] = {}
    for decision, evidence in weigh(read_issue(title, body), decided, most=MOST_TOLD):
        confidence = how_sure(describe(evidence, proposes=proposes, beside=beside))
        sure = confidence >= LEAST_CONFIDENCE
        standing = what_to_tell(f"{title}\n{body}", decision, decided) if sure else None
        if standing is None:
            break
        matches.setdefault(standing.line, _match(standing, decision, evidence, confidence))
    return list(matches.values())


def _match(standing: Entry, decision: Decision, evidence: Evidence, confidence: float) -> Match:
    return Match(
        entry=standing,
        found=decision.entry,
        reason=f"both speak of {quoted(evidence.words)}",
        confidence=confidence,
    )


def is_decided(entry: Entry) -> bool:
    """`(open, approach declined)` is a decision, `(open)` not yet, `(open, reopened)` no longer;
    what has no number cannot be told of."""
    settled = REOPENED not in entry.modifiers and (entry.state != "open" or bool(entry.modifiers))
    return bool(entry.numbers) and settled


def what_to_tell(text: str, decision: Decision, decided: Collection[Decision]) -> Entry | None:
    """What stands today of a decision that applies to an issue; None where nothing does, or its
    author knows it."""
    entries = {number: other.entry for other in decided for number in other.entry.numbers}
    standing = decision.entry
    if not _replaced_an_older(standing):
        followed = follow(standing.numbers[0], entries.get).entry
        if followed is None or not is_current(followed):
            return None
        standing = followed
    if numbers_named(text).intersection((*decision.entry.numbers, *standing.numbers)):
        return None
    return standing


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
