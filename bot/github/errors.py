"""One table from GitHub's refusals to what the worker should do about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.errors import BotError, GiveUp, TryLater

SECONDARY_LIMIT_PAUSE = timedelta(seconds=60)
OUTAGE_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer of 300 or more: what was asked, and what came back."""

    method: str
    path: str
    status: int
    message: str
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status} {self.message[:200]}".rstrip()


class Missing(GiveUp):
    """404 or 410: not there, or not ours to see. Callers for whom absence is an answer catch it."""


class Conflict(TryLater):
    """409 or 422: the state was not what the write assumed. Look again; what exists may already be what was wanted."""


Remedy = Literal["limit", "missing", "later", "forbidden", "conflict", "refused"]

# First match wins; a rule is a status (None: any) and words of the message (None: any).
# 403 has many causes and only the message tells them apart:
# https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
RULES: tuple[tuple[int | None, str | None, Remedy], ...] = (
    (429, None, "limit"),
    (403, "rate limit", "limit"),
    (403, "abuse", "limit"),
    (404, None, "missing"),
    (410, None, "missing"),
    (409, "repository is empty", "refused"),
    (409, "secret", "refused"),
    (422, "secret", "refused"),
    (409, None, "conflict"),
    (422, "already exists", "conflict"),
    (422, "fast forward", "conflict"),
    (422, "no commits between", "conflict"),
    (422, "does not exist", "conflict"),
    (422, "not a valid", "conflict"),
    (401, None, "later"),
    (403, None, "forbidden"),
    (408, None, "later"),
    (451, None, "forbidden"),
)


def error_for(refusal: Refusal, *, now: datetime) -> BotError:
    """The error to raise for a refusal."""
    remedies: Mapping[Remedy, Callable[[], BotError]] = {
        "limit": lambda: TryLater(str(refusal), not_before=limit_ends_at(refusal.headers, now=now)),
        "missing": lambda: Missing(str(refusal)),
        "later": lambda: TryLater(str(refusal), not_before=now + OUTAGE_PAUSE),
        "forbidden": lambda: GiveUp(str(refusal)),
        "conflict": lambda: Conflict(str(refusal)),
        "refused": lambda: GiveUp(str(refusal)),
    }
    return remedies[remedy_for(refusal)]()


def remedy_for(refusal: Refusal) -> Remedy:
    if refusal.status in (403, 429) and refusal.headers.get("x-ratelimit-remaining") == "0":
        return "limit"
    if refusal.status == 403 and "retry-after" in refusal.headers:
        return "limit"
    message = refusal.message.lower()
    for status, words, remedy in RULES:
        if status == refusal.status and (words is None or words in message):
            return remedy
    # A redirected write became a read on the way (301, 302): ask again under the new name. 5xx is an outage.
    return "later" if refusal.status < 400 or refusal.status >= 500 else "refused"


def limit_ends_at(headers: Mapping[str, str], *, now: datetime) -> datetime:
    """Retry-After, else the reset time, else a minute. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if after.isdigit():
        return now + timedelta(seconds=int(after))
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(datetime.fromtimestamp(int(reset), tz=UTC), now)
    return now + SECONDARY_LIMIT_PAUSE
