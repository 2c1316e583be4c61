"""Does a past decision apply? By rule: what answers when no model is configured."""

from typing import Final

from bot.core.reading.intent import asks_beside, undoes
from bot.core.recall.gate import Decision, Match, as_match, find_prior_decisions, what_to_tell
from bot.core.recall.opened import Opened
from bot.core.recall.precedents import Known
from bot.core.search.comparison import Likeness

# Where the lines run was measured: docs/quality.md, "Without a model".
SAME_TITLE: Final = 0.75
# A title that says nothing of what was ruled, such as the name of a file, may come with any change.
RULED: Final = 0.5
TITLE_INFORMATION: Final = 15.0
SAME_TEXT: Final = 0.8
TEXT_INFORMATION: Final = 100.0
# What little was decided says nothing of what is rare among decisions.
LEAST_DECISIONS: Final = 4
CERTAIN: Final = 0.95


class RuleJudge:
    """``Judge`` by the gate: it weighs an issue against all that was decided, so that it knows what
    is rare."""

    version = "gate@2"

    def judge(self, opened: Opened, known: Known) -> list[Match]:
        return find_prior_decisions(opened.title, opened.text, known.decisions)


class CertainJudge:
    """``Judge`` that speaks only where titles that name what was ruled are nearly the same, or
    texts are."""

    version = "same@1"

    def judge(self, opened: Opened, known: Known) -> list[Match]:
        """At most one."""
        if len(known.decisions) < LEAST_DECISIONS or asks_beside(opened.title):
            return []
        for decision in known.near:
            reason = _why_certain(opened, decision, known)
            standing = (
                what_to_tell(decision, known.decisions, knows=opened.knows) if reason else None
            )
            if reason and standing:
                return [as_match(decision, standing, reason=reason, confidence=CERTAIN)]
        return []


def _why_certain(opened: Opened, decision: Decision, known: Known) -> str | None:
    for number in decision.numbers:
        like, thread = known.likeness.get(number), known.threads.get(number)
        if like is None or thread is None or undoes(opened.title) != undoes(thread.title):
            continue
        if _same_title(like):
            return "their titles say nearly the same"
        if like.text >= SAME_TEXT and like.text_information >= TEXT_INFORMATION:
            return "their texts say nearly the same"
    return None


def _same_title(like: Likeness) -> bool:
    return (
        like.title >= SAME_TITLE
        and like.ruled >= RULED
        and like.title_information >= TITLE_INFORMATION
    )
