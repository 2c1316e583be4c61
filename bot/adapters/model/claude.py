"""Asking Claude: each question once, within what it may cost, never a key that was refused.

The model has no tools. Its answer is data in a shape we name, and nothing more.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Generic, Protocol, TypeVar

import anthropic
from pydantic import BaseModel, ValidationError

from bot.core.asking.draft_prompt import enclose
from bot.core.errors import TryLater
from bot.ports.model import CallLedger, ModelCall
from bot.ports.store import Symptoms

TIMEOUT_SECONDS: Final = 120.0
ANSWER_TOKENS: Final = 2_000
# What the ledger keeps of an answer that may not be used, and of one the model declined to give.
NO_ANSWER: Final = ""
DECLINED: Final = "declined"
# A key that is refused is refused for every question, a model that is unknown for every question to
# it.
REFUSED_FOR: Final = timedelta(minutes=10)
# What one of several repositories may spend of the day's budget; then its threads are judged by
# rule.
LARGEST_SHARE: Final = Decimal("0.5")
RATE_LIMITED_FOR: Final = timedelta(minutes=1)
# USD per million tokens (read, written): an estimate for the limit, no invoice. Unknown models
# count as the dearest.
PRICES: Final[Mapping[str, tuple[Decimal, Decimal]]] = {
    "claude-haiku": (Decimal(1), Decimal(5)),
    "claude-sonnet": (Decimal(3), Decimal(15)),
    "claude-opus": (Decimal(15), Decimal(75)),
}
DEAREST: Final = (Decimal(15), Decimal(75))

Shape = TypeVar("Shape", bound=BaseModel)


class Unusable(Exception):
    """No answer that may be used will come from this question: another answer must stand."""


class Refused(Exception):
    """The model declined to read the material: a person should look."""


class MemoryLedger:
    """A ledger for one run of a command: nobody else spends from it."""

    shared = False

    def __init__(self) -> None:
        self._calls: dict[str, ModelCall] = {}

    def find_answer(self, key: str) -> str | None:
        call = self._calls.get(key)
        return call.answer if call else None

    def keep_call(self, call: ModelCall) -> None:
        self._calls[call.key] = call

    def spent_since(self, moment: datetime) -> Decimal:
        return sum(
            (call.cost_usd for call in self._calls.values() if call.at >= moment), Decimal(0)
        )

    spent_here_since = spent_since


@dataclass(kw_only=True)
class _Pauses:
    """Until when what is not asked for: the key was refused, a model is not known, a limit was
    met."""

    closed_until: datetime | None = None
    limited_until: datetime | None = None
    unknown_until: dict[str, datetime] = field(default_factory=dict)


class _Block(BaseModel):
    type: str
    text: str = ""


class _Usage(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class Envelope(BaseModel):
    """The Messages API's answer, as far as we read it; anything else is unusable."""

    stop_reason: str | None
    content: list[_Block]
    usage: _Usage

    @property
    def text(self) -> str:
        return "".join(block.text for block in self.content if block.type == "text")

    @property
    def answer(self) -> str:
        """As the ledger keeps it."""
        return {"end_turn": self.text, "refusal": DECLINED}.get(self.stop_reason or "", NO_ANSWER)


def connect(*, api_key: str, base_url: str | None = None) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key=api_key, base_url=base_url)


@dataclass(frozen=True, kw_only=True)
class Models:
    drafting: str
    judging: str
    daily_budget_usd: Decimal | None = None


@dataclass(frozen=True)
class Question(Generic[Shape]):
    """``attempt`` is 2 for the second try, which gets more room for its answer.

    ``objected`` holds a first answer to the same question and what is wrong with it: the second try
    is told.
    """

    model: str
    instructions: str
    data: str
    shape: type[Shape]
    attempt: int = 1
    objected: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """The mark that encloses the data is new each time; it is no part of the question."""
        attempt = () if self.attempt == 1 else (str(self.attempt),)
        parts = (self.model, self.instructions, self.data, *attempt, *(self.objected or ()))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def objecting(self, reply: BaseModel, objection: str) -> "Question[Shape]":
        """The same question once more, with what was answered and why that cannot be used."""
        return replace(self, objected=(reply.model_dump_json(), objection))

    def turns(self, *, mark: str) -> list[dict[str, str]]:
        """The conversation as the Messages API takes it."""
        turns = [{"role": "user", "content": enclose(self.data, mark=mark)}]
        if self.objected is None:
            return turns
        answer, objection = self.objected
        return [
            *turns,
            {"role": "assistant", "content": answer},
            {"role": "user", "content": objection},
        ]

    def as_request(self, *, mark: str) -> dict[str, Any]:
        """What the Messages API is sent, alone or in a batch."""
        return {
            "model": self.model,
            "max_tokens": ANSWER_TOKENS * self.attempt,
            # The instructions never change: from the second thread on they are read from the cache.
            "system": [
                {"type": "text", "text": self.instructions, "cache_control": {"type": "ephemeral"}}
            ],
            "messages": self.turns(mark=mark),
            "output_config": {
                "format": {"type": "json_schema", "schema": anthropic.transform_schema(self.shape)}
            },
        }

    def read(self, answer: str) -> Shape | None:
        """None when an answer is out of shape."""
        if answer == DECLINED:
            raise Refused(self.model)
        try:
            return self.shape.model_validate_json(answer)
        except ValidationError:
            return None


class Asks(Protocol):
    """Whoever has answers: the service itself, or a file of them."""

    @property
    def models(self) -> Models: ...
    def ask(self, question: Question[Shape]) -> Shape | None:
        """None when the answer is cut short or out of shape."""


class Claude:
    """Answers questions. Raises TryLater while the service, its limits or the budget allow none."""

    def __init__(
        self,
        client: anthropic.Anthropic,
        models: Models,
        *,
        ledger: CallLedger,
        clock: Callable[[], datetime],
        symptoms: Symptoms | None = None,
    ) -> None:
        """`symptoms` is told when Claude refuses to be asked at all; None where nobody watches."""
        self._client = client.with_options(max_retries=0, timeout=TIMEOUT_SECONDS)
        self.models = models
        self._ledger = ledger
        self._clock = clock
        self._symptoms = symptoms
        self._pauses = _Pauses()

    def billed_to(self, ledger: CallLedger) -> "Claude":
        """The same Claude for somebody else's account: what is refused or limited is so for all."""
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

    def _pay(self, question: Question[Shape]) -> str:
        now = self._clock()
        self._check_allowed(question.model, now)
        envelope = self._call(question)
        if envelope is None:
            return NO_ANSWER
        answer = envelope.answer
        cost = _cost(question.model, envelope.usage)
        self._ledger.keep_call(
            ModelCall(key=question.key, model=question.model, answer=answer, cost_usd=cost, at=now)
        )
        return answer

    def _check_allowed(self, model: str, now: datetime) -> None:
        pauses = self._pauses
        if pauses.closed_until and now < pauses.closed_until:
            raise Unusable("the key was refused")
        if model in pauses.unknown_until and now < pauses.unknown_until[model]:
            raise Unusable(f"Claude knows no model {model}")
        if pauses.limited_until and now < pauses.limited_until:
            raise TryLater("Claude is rate limited", not_before=pauses.limited_until)
        if self.models.daily_budget_usd is not None:
            self._check_budget(self.models.daily_budget_usd, now)

    def _check_budget(self, limit: Decimal, now: datetime) -> None:
        """One busy repository must not use up what is there for all."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if self._ledger.spent_since(today) >= limit:
            raise TryLater(
                f"today's {limit} USD for Claude are spent", not_before=today + timedelta(days=1)
            )
        if self._ledger.shared and self._ledger.spent_here_since(today) >= limit * LARGEST_SHARE:
            raise Unusable("this repository has spent its share of today's budget")

    def _call(self, question: Question[Shape]) -> Envelope | None:
        """None for an answer that is no message. Translates the library's errors into what the job
        should do."""
        try:
            raw = self._client.messages.with_raw_response.create(
                **question.as_request(mark=secrets.token_hex(16))
            )
            if self._symptoms:
                self._symptoms.clear("model")
            return Envelope.model_validate_json(raw.text())
        except ValidationError:
            return None
        except anthropic.RateLimitError as error:
            self._pauses.limited_until = self._clock() + _retry_after(error)
            raise TryLater(
                "Claude is rate limited", not_before=self._pauses.limited_until
            ) from error
        except anthropic.NotFoundError as error:
            self._pauses.unknown_until[question.model] = self._clock() + REFUSED_FOR
            raise self._unusable(f"Claude knows no model {question.model}") from error
        except (
            anthropic.AuthenticationError,
            anthropic.PermissionDeniedError,
            anthropic.PaymentRequiredError,
        ) as error:
            self._pauses.closed_until = self._clock() + REFUSED_FOR
            raise self._unusable(f"Claude refused the key: {error.status_code}") from error
        except (
            anthropic.APIConnectionError,
            anthropic.InternalServerError,
            anthropic.RequestTimeoutError,
        ) as error:
            raise TryLater(f"Claude does not answer: {type(error).__name__}") from error
        except anthropic.ContentTooLargeError:
            return None
        except anthropic.APIError as error:
            raise Unusable(f"Claude refused the question: {type(error).__name__}") from error

    def _unusable(self, why: str) -> Unusable:
        """For every question alike: somebody has to put it right."""
        if self._symptoms:
            self._symptoms.note("model", why, at=self._clock())
        return Unusable(why)


def _retry_after(error: anthropic.RateLimitError) -> timedelta:
    seconds = error.response.headers.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else RATE_LIMITED_FOR


def _cost(model: str, usage: _Usage) -> Decimal:
    read, written = next(
        (price for family, price in PRICES.items() if model.startswith(family)), DEAREST
    )
    cached = usage.cache_read_input_tokens or 0
    stored = usage.cache_creation_input_tokens or 0
    tokens = usage.input_tokens + cached * Decimal("0.1") + stored * Decimal("1.25")
    return (tokens * read + usage.output_tokens * written) / 1_000_000
