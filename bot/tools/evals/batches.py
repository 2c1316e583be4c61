"""Questions to a model in a file and its answers in another, as the vendor's batches have them:
nobody is asked here.

https://docs.claude.com/en/api/creating-message-batches
"""

import gzip
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from bot.adapters.model.claude import Envelope, Models, Question, Shape


class Unanswered(Exception):
    """A question whose answer is in no file yet; it has been put down."""


class BadAnswersFile(ValueError):
    """A line that is no result of a batch; the message names the line and what is wrong."""


class _Outcome(BaseModel):
    type: Literal["succeeded", "errored", "canceled", "expired"]
    message: Envelope | None = None


class _Answered(BaseModel):
    custom_id: str
    result: _Outcome


@dataclass(kw_only=True)
class Batch:
    """Answers what a file has answers to. Of the rest ``asked`` are the requests, each once, in the
    order they came."""

    models: Models
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, question: Question[Shape]) -> Shape | None:
        """Raises Unanswered, and Refused where the model declined."""
        answer = self.answers.get(question.key)
        if answer is None:
            self.asked.setdefault(question.key, question.as_request(mark=secrets.token_hex(16)))
            raise Unanswered(question.key)
        return question.read(answer)

    @property
    def requests(self) -> list[str]:
        """Lines of the file that the vendor takes."""
        return [
            json.dumps({"custom_id": key, "params": params}, ensure_ascii=False)
            for key, params in self.asked.items()
        ]


def write_requests(path: Path, batch: Batch) -> None:
    path.write_text("".join(f"{line}\n" for line in batch.requests), encoding="utf-8")


def read_answers(paths: Iterable[Path]) -> dict[str, str]:
    """By custom id, as the ledger keeps answers; what did not succeed is not there. Of two the
    later counts."""
    answers: dict[str, str] = {}
    for path in paths:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as lines
        ):
            for place, line in enumerate(lines, start=1):
                if line.strip():
                    answered = _parse(line, place=f"{path.name}:{place}")
                    message = answered.result.message
                    if answered.result.type == "succeeded" and message is not None:
                        answers[answered.custom_id] = message.answer
    return answers


def _parse(line: str, *, place: str) -> _Answered:
    try:
        return _Answered.model_validate_json(line)
    except ValidationError as error:
        raise BadAnswersFile(
            f"{place}: {error.errors()[0]['loc']} {error.errors()[0]['msg']}"
        ) from error
