"""Whether a past decision truly applies to a new issue, decided without a model. In doubt it does not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, log1p
from typing import Final

from bot.learnings.graph import follow, is_current
from bot.learnings.model import REOPENED, Entry
from bot.retrieval.entries import quoted
from bot.retrieval.evidence import Decision, Evidence, read_issue, weigh
from bot.retrieval.gate_weights import WEIGHTS
from bot.retrieval.intent import read_intent
from bot.threads import numbers_named

__all__ = ["MOST_TOLD", "Decision", "Match", "find_prior_decisions", "is_decided", "what_to_tell"]

# Under one issue. Who is told more reads none of it.
MOST_TOLD: Final = 3

# Below this the bot is silent. Where the line runs was measured: docs/quality.md, "Right to speak".
LEAST_CONFIDENCE: Final = 0.81
LEAST_WHERE_NOTHING_IS_REFUSED: Final = 0.88
# However much of a decision an issue names, it may be about something else: its title tells, or what is left over.
LEAST_COVERED: Final = 0.15
LEAST_TITLE_COVERED: Final = 0.75
# Decisions on one subject share its words: a lead says nothing more once it is clear.
CLEAR_LEAD: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Match:
    """A decision that applies: ``entry`` is what stands today, ``found`` what the issue agrees with, often the same.

    ``reason`` is one phrase for people, ``confidence`` is 0 to 1.
    """

    entry: Entry
    found: Entry
    reason: str
    confidence: float


def find_prior_decisions(title: str, body: str, decisions: Iterable[Decision]) -> list[Match]:
    """What a new issue proposes against, best first, or nothing: there is none, or we are not sure enough to speak.

    The second and third must convince by themselves, each clearly before what comes after it.
    """
    decided = [decision for decision in decisions if is_decided(decision.entry)]
    intent = read_intent(title, body)
    if intent not in ("proposal", "unclear"):
        return []
    matches: dict[int, Match] = {}
    for decision, evidence in weigh(read_issue(title, body), decided, most=MOST_TOLD):
        confidence = how_sure(evidence, proposes=intent == "proposal")
        sure = is_about_it(evidence) and is_sure(evidence, confidence)
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
    """`(open, approach declined)` is a decision, `(open)` not yet, `(open, reopened)` no longer; what has no number
    cannot be told of."""
    settled = REOPENED not in entry.modifiers and (entry.state != "open" or bool(entry.modifiers))
    return bool(entry.numbers) and settled


def what_to_tell(text: str, decision: Decision, decided: Collection[Decision]) -> Entry | None:
    """What stands today of a decision that applies to an issue; None where nothing does, or its author knows it."""
    entries = {number: other.entry for other in decided for number in other.entry.numbers}
    standing = follow(decision.entry.numbers[0], entries.get).entry
    if standing is None or not is_current(standing):
        return None
    if numbers_named(text).intersection((*decision.entry.numbers, *standing.numbers)):
        return None
    return standing


def is_about_it(evidence: Evidence) -> bool:
    return evidence.covered >= LEAST_COVERED or evidence.title_covered >= LEAST_TITLE_COVERED


def is_sure(evidence: Evidence, confidence: float) -> bool:
    """Who names nothing of what was refused does not propose it again, however much else agrees."""
    if evidence.refuses:
        return evidence.refused_agreed > 0 and confidence >= LEAST_CONFIDENCE
    return confidence >= LEAST_WHERE_NOTHING_IS_REFUSED


def how_sure(evidence: Evidence, *, proposes: bool) -> float:
    """From 0 to 1: the weighed evidence that an issue proposes what a decision is about."""
    return 1 / (1 + exp(-sum(WEIGHTS[name] * value for name, value in describe(evidence, proposes=proposes).items())))


def describe(evidence: Evidence, *, proposes: bool) -> Mapping[str, float]:
    """What WEIGHTS weighs."""
    return {
        "always": 1.0,
        "log information both share": log1p(evidence.core_agreed),
        "share of the issue": evidence.covered,
        "share of its title": evidence.title_covered,
        "share of the rule": evidence.rule_covered,
        "share of what is refused": evidence.refused_covered,
        "log information refused and said": log1p(evidence.refused_agreed),
        "log words both say": log1p(len(evidence.words)),
        "log lead over the next decision": log(min(evidence.lead, CLEAR_LEAD)),
        "plainly proposes": float(proposes),
    }
