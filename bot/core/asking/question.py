"""A question to a model and what may come of it, whoever the vendor is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

# What the ledger keeps of an answer that may not be used, and of one the model declined to give.
NO_ANSWER: Final = ""
DECLINED: Final = "declined"

# How much a model thinks before it answers, where it can be told.
Effort = Literal["low", "medium", "high"]
Shape = TypeVar("Shape", bound=BaseModel)


class Unusable(Exception):
    """No answer that may be used will come from this question: another answer must stand."""


class Refused(Exception):
    """The model declined to read the material: a person should look."""


class Unanswered(Exception):
    """Nobody has answered this question yet; it has been put down."""


@dataclass(frozen=True, kw_only=True)
class Models:
    """Which model drafts, which doubts and judges, and what both may use in a day.

    Tokens count where a model has no price.
    """

    drafting: str
    judging: str
    daily_budget_usd: Decimal | None = None
    daily_budget_tokens: int | None = None


@dataclass(frozen=True)
class Turn:
    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Question(Generic[Shape]):
    """``objected`` holds a first answer to the same question and what is wrong with it: the second
    try is told. An ``attempt`` after the first gets more room for its answer."""

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

    def turns(self, *, mark: str) -> Sequence[Turn]:
        """The conversation after the instructions. `mark` is random and made for this request
        alone."""
        asked = Turn("user", enclose(self.data, mark=mark))
        if self.objected is None:
            return [asked]
        answer, objection = self.objected
        return [asked, Turn("assistant", answer), Turn("user", objection)]

    def read(self, answer: str) -> Shape | None:
        """None when an answer is out of shape. Raises Refused where the model declined."""
        if answer == DECLINED:
            raise Refused(self.model)
        try:
            return self.shape.model_validate_json(answer)
        except ValidationError:
            return None


class Asks(Protocol):
    """Whoever has answers: a service, or a file of them."""

    @property
    def models(self) -> Models: ...
    def ask(self, question: Question[Shape]) -> Shape | None:
        """None when the answer is cut short or out of shape."""

    def discard(self, question: Question[Shape], why: str) -> None:
        """Remember why the answer to `question` was not used."""


def enclose(data: str, *, mark: str) -> str:
    return f"=== data {mark} ===\n{data}\n=== end {mark} ==="
