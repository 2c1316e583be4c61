"""One table from GitHub's refusals to what is to be done about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from bot.core.errors import BotError, Forbidden, GiveUp, Gone, Outage, SecretFound, TryLater

OUTAGE_PAUSE: Final = timedelta(seconds=30)
# GitHub's own limits end within the hour; whatever says more is a mistake.
LONGEST_LIMIT: Final = timedelta(days=1)
MAX_DIGITS: Final = 12
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer of 300 or more: what was asked, and what came back. ``about`` is the page that
    GitHub names with it."""

    method: str
    path: str
    status: int
    message: str
    headers: Mapping[str, str]
    about: str = ""

    def __str__(self) -> str:
        # GitHub names the permission that would have done.
        needed = self.headers.get("x-accepted-github-permissions") if self.status == 403 else None
        said = f"{self.message[:200]} (needs {needed})" if needed else self.message[:200]
        return f"{self.method} {self.path}: {self.status} {said}".rstrip()


class Missing(Gone):
    """404, 410 or 501: not there, or not ours to see. Callers for whom absence is an answer catch
    it."""


class Conflict(TryLater):
    """409 or 422: the state was not what the write assumed. Look again; what exists may already be
    what was wanted."""


class Unanswered(Outage):
    """5xx or silence: whether a write happened is not known."""


class Unauthorized(TryLater):
    """401, also with a new token: key, App and installation do not belong together, or GitHub does
    not know it yet."""


class Moved(TryLater):
    """A redirect: what was asked for has another name now. It is not followed, because a write
    would become a read."""

    def __init__(self, why: str, *, to: str) -> None:
        super().__init__(why)
        self.to = to


# unauthorized: the token is not valid, or not yet everywhere · refused: asking again would be
# answered alike
Remedy = Literal[
    "limit",
    "suspended",
    "unauthorized",
    "forbidden",
    "missing",
    "moved",
    "conflict",
    "secret",
    "refused",
    "later",
]

# First match wins; a rule is a status (None: any from 400 to 499) and words of the message (None:
# any). What GitHub refuses for the moment comes first: it uses 403, 422 and 429 for that, and
# changes the wording. 403 has many causes and only the message tells them apart:
# https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
# https://github.com/derberg/manage-files-in-multiple-repositories/pull/5 (submitted too quickly)
RULES: Final[tuple[tuple[int | None, str | None, Remedy], ...]] = (
    (429, None, "limit"),
    (None, "rate limit", "limit"),
    (None, "rate-limit", "limit"),
    (None, "abuse detection", "limit"),
    (None, "temporarily blocked", "limit"),
    (None, "submitted too quickly", "limit"),
    (None, "too many requests", "limit"),
    (None, "wait a few minutes", "limit"),
    (None, "migrat", "later"),
    (None, "temporarily", "later"),
    (None, "try again", "later"),
    (None, "retry your request", "later"),
    (None, "respond to your request in time", "later"),
    (None, "timed out", "later"),
    (408, None, "later"),
    (423, None, "later"),
    (425, None, "later"),
    (301, None, "moved"),
    (302, None, "moved"),
    (307, None, "moved"),
    (308, None, "moved"),
    (401, None, "unauthorized"),
    (403, "suspended", "suspended"),
    (403, "archived", "forbidden"),
    (403, "locked", "refused"),
    (403, None, "forbidden"),
    (404, None, "missing"),
    (410, None, "missing"),
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
    (422, "could not resolve to a node", "conflict"),
    (422, "reference update failed", "conflict"),
    (451, None, "refused"),
    # A server that does not know this address and says so in its own way.
    (501, None, "missing"),
)


def remedy_for(refusal: Refusal) -> Remedy:
    if refusal.status in (403, 429) and refusal.headers.get("x-ratelimit-remaining") == "0":
        return "limit"
    of_the_moment = 400 <= refusal.status < 500
    if of_the_moment and "retry-after" in refusal.headers:
        return "limit"
    message = f"{refusal.message} {refusal.about}".lower()
    for status, words, remedy in RULES:
        fits = of_the_moment if status is None else status == refusal.status
        if fits and (words is None or words in message):
            return remedy
    return "later" if refusal.status < 400 or refusal.status >= 500 else "refused"


def error_for(refusal: Refusal, *, now: datetime) -> BotError:
    """The error to raise for a refusal; who pauses or suspends an installation does so beside
    it."""
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
        "later": lambda: Unanswered(
            str(refusal), not_before=max(soon, limit_ends_at(refusal.headers, now=now) or soon)
        ),
    }
    return errors[remedy_for(refusal)]()


def limit_ends_at(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """Retry-After, else the reset time; None where GitHub says neither.

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if seconds := _seconds(after):
        return now + min(timedelta(seconds=seconds), LONGEST_LIMIT)
    if headers.get("x-ratelimit-remaining") == "0" and (moment := _seconds(reset)):
        left = timedelta(seconds=moment) - (now - EPOCH)
        # A reset that has passed is no reason to ask before now.
        return now + min(max(left, timedelta()), LONGEST_LIMIT)
    return None


def _seconds(given: str) -> int | None:
    """None for what is no whole number, and for one that no clock will reach."""
    return (
        int(given) if given.isascii() and given.isdecimal() and len(given) <= MAX_DIGITS else None
    )
