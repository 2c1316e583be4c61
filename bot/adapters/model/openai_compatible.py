"""The chat completions of OpenAI and of every server that speaks like it: a question as a request,
its answer, its errors as what the job should do.

https://platform.openai.com/docs/api-reference/chat/create
"""

import secrets
from datetime import timedelta
from typing import Any, Final

import openai
from pydantic import BaseModel, ValidationError

from bot.adapters.model.asking import (
    ANSWER_TOKENS,
    RATE_LIMITED_FOR,
    TIMEOUT_SECONDS,
    Answered,
    KeyRefused,
    Limited,
    ModelUnknown,
)
from bot.adapters.model.prices import Usage
from bot.core.asking.question import DECLINED, NO_ANSWER, Effort, Question, Shape, Unusable
from bot.core.errors import TryLater

# Local servers ask for none, and the library for any.
NO_KEY: Final = "none"
UNPAID: Final = "insufficient_quota"
TOO_LARGE: Final = 413


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    finish_reason: str | None = None
    message: _Message


class _Details(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Details | None = None


class Completion(BaseModel):
    """A chat completion, as far as we read it; servers that count no tokens leave ``usage`` out."""

    choices: list[_Choice]
    usage: _Usage | None = None

    @property
    def answer(self) -> str:
        """As the ledger keeps it."""
        if not self.choices:
            return NO_ANSWER
        choice = self.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            return DECLINED
        return (choice.message.content or "") if choice.finish_reason == "stop" else NO_ANSWER

    @property
    def used(self) -> Usage:
        usage = self.usage or _Usage()
        details = usage.prompt_tokens_details or _Details()
        cached = min(details.cached_tokens or 0, usage.prompt_tokens)
        return Usage(
            fresh=usage.prompt_tokens - cached,
            from_cache=cached,
            written=usage.completion_tokens,
        )


class OpenAICompatible:
    """``Vendor`` over OpenAI's library."""

    name = "The model's server"

    def __init__(self, client: openai.OpenAI, *, effort: Effort | None = None) -> None:
        self._client = client.with_options(max_retries=0, timeout=TIMEOUT_SECONDS)
        self._effort = effort

    def send(self, question: Question[Shape]) -> Answered | None:
        try:
            raw = self._client.chat.completions.with_raw_response.create(
                **as_request(question, mark=secrets.token_hex(16), effort=self._effort)
            )
            completion = Completion.model_validate_json(raw.text)
        except ValidationError:
            return None
        except openai.APIConnectionError as error:
            raise TryLater(f"the model does not answer: {type(error).__name__}") from error
        except openai.APIStatusError as error:
            if error.status_code == TOO_LARGE:
                return None
            raise _translate(error) from error
        except openai.APIError as error:
            raise Unusable(f"the model refused the question: {type(error).__name__}") from error
        return Answered(completion.answer, completion.used)


def connect(
    *, api_key: str | None, base_url: str | None = None, effort: Effort | None = None
) -> OpenAICompatible:
    """Without an address it is OpenAI's own."""
    return OpenAICompatible(
        openai.OpenAI(api_key=api_key or NO_KEY, base_url=base_url), effort=effort
    )


def as_request(
    question: Question[Shape], *, mark: str, effort: Effort | None = None
) -> dict[str, Any]:
    """Structured output where the server offers it: others ignore ``response_format`` or refuse it,
    and what they answer then has to be of the shape all the same. Nothing is mended."""
    turns = [{"role": turn.role, "content": turn.text} for turn in question.turns(mark=mark)]
    return {
        "model": question.model,
        "max_completion_tokens": ANSWER_TOKENS * question.attempt,
        "messages": [{"role": "system", "content": question.instructions}, *turns],
        **({"reasoning_effort": effort} if effort else {}),
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": question.shape.__name__,
                "strict": True,
                "schema": openai.pydantic_function_tool(question.shape)["function"]["parameters"],
            },
        },
    }


def _translate(error: openai.APIStatusError) -> Exception:
    if error.status_code in (401, 402, 403) or error.code == UNPAID:
        return KeyRefused(402 if error.code == UNPAID else error.status_code)
    if error.status_code == 404:
        return ModelUnknown()
    if error.status_code == 429:
        seconds = error.response.headers.get("retry-after", "")
        return Limited(timedelta(seconds=int(seconds)) if seconds.isdecimal() else RATE_LIMITED_FOR)
    if error.status_code in (408, 409) or error.status_code >= 500:
        return TryLater(f"the model does not answer: {error.status_code}")
    return Unusable(f"the model refused the question: {error.status_code}")
