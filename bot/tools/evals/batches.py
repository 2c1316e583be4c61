"""Questions to a model in a file and its answers in another, as the vendor's batches have them:
nobody is asked here.

https://docs.claude.com/en/api/creating-message-batches
"""

import gzip
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ValidationError

from bot.adapters.model.claude import CHARS_PER_TOKEN, Envelope, as_request
from bot.adapters.model.prices import BATCH, Prices, Usage
from bot.core.asking.question import Effort, Models, Question, Shape, Unanswered

# What an answer has, about, with some thought before it: for estimates alone.
LIKELY_ANSWER_TOKENS: Final = 700


class BadAnswersFile(ValueError):
    """A line that is no result of a batch; the message names the line and what is wrong."""


@dataclass(frozen=True)
class KeptAnswer:
    """``text`` as the ledger keeps it; ``model`` is empty where the file does not say."""

    text: str
    usage: Usage
    model: str = ""


class _Message(Envelope):
    model: str = ""


class _Outcome(BaseModel):
    type: Literal["succeeded", "errored", "canceled", "expired"]
    message: _Message | None = None


class _Answered(BaseModel):
    custom_id: str
    result: _Outcome


@dataclass(kw_only=True)
class Batch:
    """Answers what a file has answers to. Of the rest ``asked`` are the requests, each once, in the
    order they came; ``discarded`` are the reasons for which answers were not used, and ``kinds``
    counts all questions by the shape of their answer."""

    models: Models
    answers: Mapping[str, KeptAnswer] = field(default_factory=dict)
    effort: Effort | None = None
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: dict[str, KeptAnswer] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    discarded: dict[str, str] = field(default_factory=dict)

    def ask(self, question: Question[Shape]) -> Shape | None:
        """Raises Unanswered, and Refused where the model declined."""
        answer = self.answers.get(question.key)
        if question.key not in self.asked and question.key not in self.used:
            again = question.objected is not None or question.attempt > 1
            self.kinds[question.shape.__name__ + (" again" if again else "")] += 1
        if answer is None:
            mark = secrets.token_hex(16)
            self.asked.setdefault(question.key, as_request(question, mark=mark, effort=self.effort))
            raise Unanswered(question.key)
        self.used[question.key] = answer
        return question.read(answer.text)

    def discard(self, question: Question[Shape], why: str) -> None:
        self.discarded[question.key] = why

    def account(self, prices: Prices) -> dict[str, Any]:
        """What was asked, and what that costs in a batch: estimated of what is still to be sent,
        counted of what was answered. Dollars are None where a model has no price."""
        coming = [(each["model"], _estimate(each)) for each in self.asked.values()]
        counted = [(each.model or self.models.drafting, each.usage) for each in self.used.values()]
        return {
            "questions": dict(self.kinds),
            "discarded": dict(Counter(self.discarded.values()).most_common()),
            "to_send": _bill(coming, prices),
            "answered": _bill(counted, prices),
        }

    @property
    def requests(self) -> list[str]:
        """Lines of the file that the vendor takes."""
        return [
            json.dumps({"custom_id": key, "params": params}, ensure_ascii=False)
            for key, params in self.asked.items()
        ]


def _estimate(params: Mapping[str, Any]) -> Usage:
    text = json.dumps([params["system"], params["messages"]], ensure_ascii=False)
    return Usage(fresh=len(text) // CHARS_PER_TOKEN, written=LIKELY_ANSWER_TOKENS)


def _bill(calls: Sequence[tuple[str, Usage]], prices: Prices) -> dict[str, Any]:
    used = sum((usage for _, usage in calls), Usage())
    priced = all(prices.find(model) for model, _ in calls)
    usd = sum((prices.cost(model, usage) * BATCH for model, usage in calls), Decimal(0))
    return {
        "requests": len(calls),
        "tokens_read": used.read,
        "from_cache": used.from_cache,
        "tokens_written": used.written,
        "usd": round(float(usd), 4) if priced else None,
    }


def write_requests(path: Path, batch: Batch) -> None:
    path.write_text("".join(f"{line}\n" for line in batch.requests), encoding="utf-8")


def read_answers(paths: Iterable[Path]) -> dict[str, KeptAnswer]:
    """By custom id; what did not succeed is not there. Of two the later counts."""
    answers: dict[str, KeptAnswer] = {}
    for path in paths:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8")
        ) as lines:
            for place, line in enumerate(lines, start=1):
                if line.strip():
                    answered = _parse(line, place=f"{path.name}:{place}")
                    message = answered.result.message
                    if answered.result.type == "succeeded" and message is not None:
                        answers[answered.custom_id] = KeptAnswer(
                            message.answer, message.used, message.model
                        )
    return answers


def _parse(line: str, *, place: str) -> _Answered:
    try:
        return _Answered.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadAnswersFile(f"{place}: {first['loc']} {first['msg']}") from error
