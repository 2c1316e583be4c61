"""Judge and draft by rule: what answers when no model is configured, and what a model falls back
to."""

from collections.abc import Sequence

from bot.core.asking.rewording import Review, Reworded
from bot.core.capture.judge_thread import judge_thread
from bot.core.capture.model import Model
from bot.core.drafting.draft import Draft, draft_entry
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Verdict


class RuleDrafter:
    """``Drafter`` without a language model: the same thread always gets the same answer.

    ``model``: other weights than those shipped.
    """

    version = "rule@4"

    def __init__(self, *, model: Model | None = None) -> None:
        self._model = model

    def draft(
        self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]
    ) -> tuple[Verdict, Draft | None]:
        verdict = judge_thread(thread, rules, model=self._model)
        return verdict, draft_entry(
            thread, verdict, vocabulary=vocabulary
        ) if verdict.admit else None

    def reword(self, thread: Thread, review: Review, *, rules: CaptureRules) -> Reworded:  # noqa: ARG002 - the port's signature
        """Rules cannot follow what a person asks for in words."""
        return Reworded(outcome="unable")
