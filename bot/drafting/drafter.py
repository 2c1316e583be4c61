"""Judge and draft by rule: what answers when no model is configured, and what a model falls back to."""

from collections.abc import Sequence

from bot.drafting.rule import Draft, draft_entry
from bot.threads import Thread
from bot.verdicts import CaptureRules, Verdict, judge_thread


class RuleDrafter:
    """``Drafter`` without a model: the same thread always gets the same answer."""

    version = "rule@1"

    def draft(self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]) -> tuple[Verdict, Draft | None]:
        verdict = judge_thread(thread, rules)
        return verdict, draft_entry(thread, verdict, vocabulary=vocabulary) if verdict.admit else None
