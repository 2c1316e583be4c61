"""Bad days: requests that are answered wrongly on purpose, in GitHub's own words.

https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

# before: nothing has happened · after: it has, but the answer is lost · stale: as it was when last
# asked · slow: the right answer, but late
Moment = Literal["before", "after", "stale", "slow"]
# lost: the receiver is down · doubled: each is sent twice · late: kept back until the end ·
# reordered: and then the last one first
WebhookFault = Literal["lost", "doubled", "late", "reordered"]


class Hung(Exception):
    """No answer at all."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request. ``installation_id`` is None for one by the App itself or by nobody; ``agent`` is
    what asks."""

    method: str
    path: str
    installation_id: int | None
    at: datetime
    status: int = 0
    agent: str = ""
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What the next ``times`` requests that fit are answered. ``status`` 0 is no answer; ``path``
    is a pattern."""

    status: int = 502
    message: str = "Server Error"
    headers: Mapping[str, str] = field(default_factory=dict)
    moment: Moment = "before"
    method: str | None = None
    path: str = ""
    installation_id: int | None = None
    times: int = 1
    delay: timedelta = timedelta()

    def fits(self, asked: Asked) -> bool:
        return (
            self.method in (None, asked.method)
            and self.installation_id in (None, asked.installation_id)
            and re.search(self.path, asked.path) is not None
        )


class BadDays:
    """The faults that are switched on, in order; what was asked, whether it went well or not."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.webhooks: WebhookFault | None = None
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, asked: Asked) -> Fault | None:
        """The first that fits, used up by one."""
        for place, fault in enumerate(self._faults):
            if fault.fits(asked):
                self._faults[place : place + 1] = (
                    [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                )
                return fault
        return None


def lost_answer(**where: Any) -> Fault:
    """It has happened, and nobody was told."""
    return Fault(status=502, message="Server Error", moment="after", **where)


def slow(*, seconds: float, **where: Any) -> Fault:
    return Fault(moment="slow", delay=timedelta(seconds=seconds), **where)


def hang(**where: Any) -> Fault:
    return Fault(status=0, **where)


def primary_limit(*, reset_at: datetime, **where: Any) -> Fault:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(reset_at.timestamp()))}
    return Fault(
        status=403, message="API rate limit exceeded for installation.", headers=headers, **where
    )


def secondary_limit(*, seconds: int | None = None, **where: Any) -> Fault:
    """With Retry-After or, as happens too, with the message alone."""
    headers = {"x-ratelimit-remaining": "4000"} | (
        {} if seconds is None else {"retry-after": str(seconds)}
    )
    message = (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    )
    return Fault(status=403, message=message, headers=headers, **where)


def bad_credentials(**where: Any) -> Fault:
    return Fault(status=401, message="Bad credentials", **where)


def not_accessible(**where: Any) -> Fault:
    return Fault(status=403, message="Resource not accessible by integration", **where)


def push_protection(**where: Any) -> Fault:
    return Fault(
        status=409,
        message="Repository rule violations found\n\nSecret detected in content",
        **where,
    )


def branch_rule(**where: Any) -> Fault:
    message = (
        "Repository rule violations found\n\nCannot create ref due to creations being restricted."
    )
    return Fault(status=422, message=message, **where)


def no_commits_between(**where: Any) -> Fault:
    return Fault(
        status=422, message="Validation Failed: No commits between main and branch", **where
    )


def locked(**where: Any) -> Fault:
    return Fault(status=403, message="Unable to create comment because issue is locked.", **where)


def stale(**where: Any) -> Fault:
    """A read that does not know of the last write yet."""
    return Fault(moment="stale", method="GET", **where)
