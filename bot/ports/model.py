"""Who answers what takes judgement: rules or a model, and what a model was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.core.asking.rewording import Review, Reworded
from bot.core.drafting.draft import Draft
from bot.core.recall.gate import Match
from bot.core.recall.opened import Opened
from bot.core.recall.precedents import Known
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Verdict


class Drafter(Protocol):
    """Is a thread worth an entry, and what would the entry say? ``version`` names the rules or
    model that answered."""

    version: str

    def draft(
        self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]
    ) -> tuple[Verdict, Draft | None]:
        """No draft where the verdict does not admit."""

    def reword(self, thread: Thread, review: Review, *, rules: CaptureRules) -> Reworded:
        """The takeaway as maintainers ask for it, where the thread bears that out."""


class Judge(Protocol):
    """Do past decisions truly apply to what was opened? ``version`` names the rules or model that
    answered."""

    version: str

    def judge(self, opened: Opened, known: Known) -> Sequence[Match]:
        """Up to three, best first; none in doubt."""


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """One paid answer. ``key`` is equal for equal questions to the same model."""

    key: str
    model: str
    answer: str
    cost_usd: Decimal
    at: datetime


class CallLedger(Protocol):
    """What was asked and paid, for all and for one repository; survives the process.

    ``shared``: other repositories live on the same budget.
    """

    @property
    def shared(self) -> bool: ...
    def find_answer(self, key: str) -> str | None: ...
    def keep_call(self, call: ModelCall) -> None: ...
    def spent_since(self, moment: datetime) -> Decimal: ...
    def spent_here_since(self, moment: datetime) -> Decimal: ...
