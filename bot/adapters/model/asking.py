"""Asking a model: each question once, within what it may use, never with a key that was refused.

The model has no tools. Its answer is data in a shape we name, and nothing more.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol

from bot.adapters.model.prices import Prices, Usage
from bot.core.asking.question import NO_ANSWER, Models, Question, Shape, Unusable
from bot.core.errors import TryLater
from bot.ports.model import CallLedger, ModelCall, Spent
from bot.ports.store import Symptoms

TIMEOUT_SECONDS: Final = 120.0
# The longest answer that passes the checks has less than a thousand; what a model thinks before it
# answers counts as well.
ANSWER_TOKENS: Final = 12_000
# A key that is refused is refused for every question, a model that is unknown for every question to
# it.
REFUSED_FOR: Final = timedelta(minutes=10)
# What one of several repositories may spend of the day's budget; then its threads are judged by
# rule.
LARGEST_SHARE: Final = Decimal("0.5")
RATE_LIMITED_FOR: Final = timedelta(minutes=1)


class KeyRefused(Exception):
    """The vendor answers no question with this key: 402 where nobody pays, else 401 or 403."""


class ModelUnknown(Exception):
    """The vendor has no such model."""


class Limited(Exception):
    """Too many questions at once."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True)
class Answered:
    """``text`` is NO_ANSWER for what was cut short, and DECLINED where the model would not
    read."""

    text: str
    usage: Usage


class Vendor(Protocol):
    """Sends one question. Raises KeyRefused, ModelUnknown, Limited, Unusable, and TryLater while
    nobody answers; None for an answer that is no message, which nobody counts."""

    name: str

    def send(self, question: Question[Shape]) -> Answered | None: ...


class MemoryLedger:
    """A ledger for one run of a command: nobody else spends from it."""

    shared = False

    def __init__(self) -> None:
        self.calls: dict[str, ModelCall] = {}
        self.discarded: dict[str, str] = {}

    def find_answer(self, key: str) -> str | None:
        call = self.calls.get(key)
        return call.answer if call else None

    def keep_call(self, call: ModelCall) -> None:
        self.calls[call.key] = call

    def discard(self, key: str, why: str) -> None:
        self.discarded[key] = why

    def spent_since(self, moment: datetime) -> Spent:
        calls = [call for call in self.calls.values() if call.at >= moment]
        return Spent(
            usd=sum((call.cost_usd for call in calls), Decimal(0)),
            tokens=sum(call.tokens for call in calls),
        )

    spent_here_since = spent_since


@dataclass(kw_only=True)
class _Pauses:
    """Until when what is not asked for: the key was refused, a model is not known, a limit was
    met."""

    closed_until: datetime | None = None
    limited_until: datetime | None = None
    unknown_until: dict[str, datetime] = field(default_factory=dict)


class Model:
    """Answers questions. Raises TryLater while the service, its limits or the budget allow none."""

    def __init__(
        self,
        vendor: Vendor,
        models: Models,
        *,
        prices: Prices,
        ledger: CallLedger,
        clock: Callable[[], datetime],
        symptoms: Symptoms | None = None,
    ) -> None:
        """`symptoms` is told when the vendor refuses to be asked at all; None where nobody
        watches."""
        self._vendor = vendor
        self._prices = prices
        self.models = models
        self._ledger = ledger
        self._clock = clock
        self._symptoms = symptoms
        self._pauses = _Pauses()

    def billed_to(self, ledger: CallLedger) -> "Model":
        """The same for somebody else's account: what is refused or limited is so for all."""
        other = copy(self)
        other._ledger = ledger
        return other

    def ask(self, question: Question[Shape]) -> Shape | None:
        """None when the answer is cut short or out of shape. Equal questions are paid once, broken
        answers included."""
        answer = self._ledger.find_answer(question.key)
        if answer is None:
            answer = self._pay(question)
        return question.read(answer)

    def discard(self, question: Question[Shape], why: str) -> None:
        self._ledger.discard(question.key, why)

    def _pay(self, question: Question[Shape]) -> str:
        now = self._clock()
        self._check_allowed(question.model, now)
        answered = self._send(question)
        if answered is None:
            return NO_ANSWER
        call = ModelCall(
            key=question.key,
            model=question.model,
            answer=answered.text,
            cost_usd=self._prices.cost(question.model, answered.usage),
            tokens=answered.usage.tokens,
            at=now,
        )
        self._ledger.keep_call(call)
        return answered.text

    def _send(self, question: Question[Shape]) -> Answered | None:
        name = self._vendor.name
        try:
            answered = self._vendor.send(question)
        except Limited as limited:
            self._pauses.limited_until = self._clock() + limited.wait
            raise TryLater(
                f"{name} is rate limited", not_before=self._pauses.limited_until
            ) from limited
        except ModelUnknown as error:
            self._pauses.unknown_until[question.model] = self._clock() + REFUSED_FOR
            raise self._unusable(f"{name} knows no model {question.model}") from error
        except KeyRefused as error:
            self._pauses.closed_until = self._clock() + REFUSED_FOR
            raise self._unusable(f"{name} refused the key: {error}") from error
        if self._symptoms:
            self._symptoms.clear("model")
        return answered

    def _check_allowed(self, model: str, now: datetime) -> None:
        pauses, name = self._pauses, self._vendor.name
        if pauses.closed_until and now < pauses.closed_until:
            raise Unusable("the key was refused")
        if model in pauses.unknown_until and now < pauses.unknown_until[model]:
            raise Unusable(f"{name} knows no model {model}")
        if pauses.limited_until and now < pauses.limited_until:
            raise TryLater(f"{name} is rate limited", not_before=pauses.limited_until)
        self._check_budget(now)

    def _check_budget(self, now: datetime) -> None:
        """One busy repository must not use up what is there for all."""
        usd, tokens = self.models.daily_budget_usd, self.models.daily_budget_tokens
        if usd is None and tokens is None:
            return
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        spent = self._ledger.spent_since(today)
        if (usd is not None and spent.usd >= usd) or (
            tokens is not None and spent.tokens >= tokens
        ):
            raise TryLater(
                f"today's budget for {self._vendor.name} is spent",
                not_before=today + timedelta(days=1),
            )
        if not self._ledger.shared:
            return
        here = self._ledger.spent_here_since(today)
        if (usd is not None and here.usd >= usd * LARGEST_SHARE) or (
            tokens is not None and here.tokens >= tokens * LARGEST_SHARE
        ):
            raise Unusable("this repository has spent its share of today's budget")

    def _unusable(self, why: str) -> Unusable:
        """For every question alike: somebody has to put it right."""
        if self._symptoms:
            self._symptoms.note("model", why, at=self._clock())
        return Unusable(why)
