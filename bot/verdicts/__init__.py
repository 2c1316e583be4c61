"""Is this thread worth an entry? The verdict with its reason class and the sentences it rests on."""

from bot.verdicts.judge import judge_thread
from bot.verdicts.outcomes import is_decision
from bot.verdicts.values import CaptureRules, EntryState, KeptVerdict, Quote, ReasonClass, References, Verdict

__all__ = [
    "CaptureRules",
    "EntryState",
    "KeptVerdict",
    "Quote",
    "ReasonClass",
    "References",
    "Verdict",
    "is_decision",
    "judge_thread",
]
