"""Claude's Messages API: a question as a request, its answer, its errors as what the job should do.

https://docs.claude.com/en/api/messages
"""

import secrets
from datetime import timedelta
from typing import Any, Final

import anthropic
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

# A shorter prefix is not cached, whatever the request says: documented per model, the longest for
# those not listed. https://docs.claude.com/en/docs/build-with-claude/prompt-caching
CACHED_FROM_TOKENS: Final = {"claude-sonnet-": 1_024, "claude-opus-5": 512}
CACHED_FROM_TOKENS_ELSEWHERE: Final = 4_096
# English instructions have at least so many characters to a token.
CHARS_PER_TOKEN: Final = 4


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

    @property
    def used(self) -> Usage:
        return Usage(
            fresh=self.usage.input_tokens,
            from_cache=self.usage.cache_read_input_tokens or 0,
            into_cache=self.usage.cache_creation_input_tokens or 0,
            written=self.usage.output_tokens,
        )


class Claude:
    """``Vendor`` over Anthropic's library."""

    name = "Claude"

    def __init__(self, client: anthropic.Anthropic, *, effort: Effort | None = None) -> None:
        self._effort = effort
        self._client = client.with_options(max_retries=0, timeout=TIMEOUT_SECONDS)

    def send(self, question: Question[Shape]) -> Answered | None:
        try:
            raw = self._client.messages.with_raw_response.create(
                **as_request(question, mark=secrets.token_hex(16), effort=self._effort)
            )
            envelope = Envelope.model_validate_json(raw.text())
        except ValidationError:
            return None
        except anthropic.RateLimitError as error:
            raise Limited(_retry_after(error)) from error
        except anthropic.NotFoundError as error:
            raise ModelUnknown from error
        except (
            anthropic.AuthenticationError,
            anthropic.PermissionDeniedError,
            anthropic.PaymentRequiredError,
        ) as error:
            raise KeyRefused(error.status_code) from error
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
        return Answered(envelope.answer, envelope.used)


def connect(*, api_key: str, base_url: str | None = None, effort: Effort | None = None) -> Claude:
    return Claude(anthropic.Anthropic(api_key=api_key, base_url=base_url), effort=effort)


def as_request(
    question: Question[Shape], *, mark: str, effort: Effort | None = None
) -> dict[str, Any]:
    """What the Messages API is sent, alone or in a batch.

    ``thinking`` is left to the model: the newer ones think by default, and some refuse to be told
    not to. How much is what ``effort`` says, where a model knows it.
    https://platform.claude.com/docs/en/build-with-claude/effort
    """
    instructions: dict[str, Any] = {"type": "text", "text": question.instructions}
    if is_cached(question):
        instructions["cache_control"] = {"type": "ephemeral"}
    return {
        "model": question.model,
        "max_tokens": ANSWER_TOKENS * question.attempt,
        "system": [instructions],
        "messages": [
            {"role": turn.role, "content": turn.text} for turn in question.turns(mark=mark)
        ],
        "output_config": {
            **({"effort": effort} if effort else {}),
            "format": {
                "type": "json_schema",
                "schema": anthropic.transform_schema(question.shape),
            },
        },
    }


def is_cached(question: Question[Shape]) -> bool:
    """Are the instructions, which never change, long enough to be read from the vendor's cache from
    the second thread on?"""
    least = next(
        (least for name, least in CACHED_FROM_TOKENS.items() if question.model.startswith(name)),
        CACHED_FROM_TOKENS_ELSEWHERE,
    )
    return len(question.instructions) >= least * CHARS_PER_TOKEN


def _retry_after(error: anthropic.RateLimitError) -> timedelta:
    seconds = error.response.headers.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else RATE_LIMITED_FOR
