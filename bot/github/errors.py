"""One table from GitHub's refusals to what is to be done about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from bot.errors import BotError, GiveUp, SecretFound, TryLater

OUTAGE_PAUSE: Final = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer of 300 or more: what was asked, and what came back."""

    method: str
    path: str
    status: int
    message: str
    headers: Mapping[str, str]

    def __str__(self) -> str:
        # GitHub names the permission that would have done.
        needed = self.headers.get("x-accepted-github-permissions") if self.status == 403 else None
        said = f"{self.message[:200]} (needs {needed})" if needed else self.message[:200]
        return f"{self.method} {self.path}: {self.status} {said}".rstrip()


class Missing(GiveUp):
    """404, 410 or 501: not there, or not ours to see. Callers for whom absence is an answer catch it."""


class Forbidden(GiveUp):
    """The App may not; somebody who grants it the permission can change that."""


class Conflict(TryLater):
    """409 or 422: the state was not what the write assumed. Look again; what exists may already be what was wanted."""


class Unanswered(TryLater):
    """5xx or silence: whether a write happened is not known."""


class Unauthorized(TryLater):
    """401, also with a new token: key, App and installation do not belong together, or GitHub does not know it yet."""


class Moved(TryLater):
    """A redirect: what was asked for has another name now. It is not followed, because a write would become a read."""

    def __init__(self, why: str, *, to: str) -> None:
        super().__init__(why)
        self.to = to


# unauthorized: the token is not valid, or not yet everywhere · refused: asking again would be answered alike
Remedy = Literal[
    "limit", "suspended", "unauthorized", "forbidden", "missing", "moved", "conflict", "secret", "refused", "later"
]

# First match wins; a rule is a status (None: any) and words of the message (None: any).
# 403 has many causes and only the message tells them apart:
# https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
RULES: Final[tuple[tuple[int, str | None, Remedy], ...]] = (
    (301, None, "moved"),
    (302, None, "moved"),
    (307, None, "moved"),
    (308, None, "moved"),
    (401, None, "unauthorized"),
    (429, None, "limit"),
    (403, "rate limit", "limit"),
    (403, "abuse", "limit"),
    (403, "suspended", "suspended"),
    (403, "archived", "forbidden"),
    (403, "locked", "refused"),
    (403, None, "forbidden"),
    (404, None, "missing"),
    (410, None, "missing"),
    (408, None, "later"),
    (409, "repository is empty", "refused"),
    (409, "secret", "secret"),
    (409, None, "conflict"),
    (422, "not granted", "forbidden"),
    (422, "not accessible to the parent installation", "missing"),
    (422, "secret", "secret"),
    (422, "protected", "forbidden"),
    (422, "repository rule", "forbidden"),
    (422, "already exists", "conflict"),
    (422, "fast forward", "conflict"),
    (422, "fast-forward", "conflict"),
    (422, "no commits between", "conflict"),
    (422, "does not exist", "conflict"),
    (422, "not a valid", "conflict"),
    (451, None, "refused"),
    # A server that does not know this address and says so in its own way.
    (501, None, "missing"),
)


def remedy_for(refusal: Refusal) -> Remedy:
    if refusal.status in (403, 429) and refusal.headers.get("x-ratelimit-remaining") == "0":
        return "limit"
    if refusal.status == 403 and "retry-after" in refusal.headers:
        return "limit"
    message = refusal.message.lower()
    for status, words, remedy in RULES:
        if status == refusal.status and (words is None or words in message):
            return remedy
    return "later" if refusal.status < 400 or refusal.status >= 500 else "refused"


def error_for(refusal: Refusal, *, now: datetime) -> BotError:
    """The error to raise for a refusal; who pauses or suspends an installation does so beside it."""
    soon = now + OUTAGE_PAUSE
    errors: Mapping[Remedy, Callable[[], BotError]] = {
        "limit": lambda: TryLater(str(refusal), not_before=limit_ends_at(refusal.headers, now=now)),
        "suspended": lambda: TryLater(str(refusal), not_before=soon),
        "unauthorized": lambda: Unauthorized(str(refusal), not_before=soon),
        "forbidden": lambda: Forbidden(str(refusal)),
        "missing": lambda: Missing(str(refusal)),
        "moved": lambda: Moved(str(refusal), to=refusal.headers.get("location", "")),
        "conflict": lambda: Conflict(str(refusal)),
        # Without GitHub's words, which may quote the secret.
        "secret": lambda: SecretFound(
            f"{refusal.method} {refusal.path}: {refusal.status}, push protection found a secret"
        ),
        "refused": lambda: GiveUp(str(refusal)),
        "later": lambda: Unanswered(str(refusal), not_before=soon),
    }
    return errors[remedy_for(refusal)]()


def limit_ends_at(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """Retry-After, else the reset time; None where GitHub says neither.

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if after.isdigit():
        return now + timedelta(seconds=int(after))
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(datetime.fromtimestamp(int(reset), tz=UTC), now)
    return None
