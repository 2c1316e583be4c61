"""Does a past decision apply? By rule: what answers when no model is configured."""

from collections.abc import Sequence

from bot.core.recall.gate import Decision, Match, find_prior_decisions


class RuleJudge:
    """``Judge`` without a model. It weighs an issue against all that was decided, so that it knows
    what is rare."""

    version = "gate@2"

    def judge(
        self,
        title: str,
        body: str,
        decisions: Sequence[Decision],
        *,
        near: Sequence[Decision],  # noqa: ARG002
    ) -> list[Match]:
        return find_prior_decisions(title, body, decisions)
