"""Does a past decision apply? By rule: what answers when no model is configured."""

from collections.abc import Iterable

from bot.retrieval.gate import Decision, Match, find_prior_decision


class RuleJudge:
    """``Judge`` without a model."""

    version = "gate@1"

    def judge(self, title: str, body: str, decisions: Iterable[Decision]) -> Match | None:
        return find_prior_decision(title, body, decisions)
