"""The primary rate limit: what each caller has used of its hour.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from github_sandbox.errors import Refused

PER_HOUR = 5000
WINDOW = timedelta(hours=1)
# The App by its JWT, and whoever has no token, beside the ids of installations.
NO_INSTALLATION = 0


@dataclass
class Window:
    ends_at: datetime
    used: int = 0


class Quotas:
    """``per_hour`` may be lowered, so that a limit is met sooner."""

    def __init__(self) -> None:
        self.per_hour = PER_HOUR
        self._windows: dict[int, Window] = {}

    def used(self, caller: int, *, now: datetime) -> int:
        return self._window(caller, now).used

    def check(self, caller: int, *, now: datetime) -> None:
        """Raises 403 when nothing is left."""
        if self._window(caller, now).used >= self.per_hour:
            raise Refused(403, f"API rate limit exceeded for installation ID {caller}.")

    def spend(self, caller: int, *, now: datetime) -> None:
        window = self._window(caller, now)
        window.used = min(window.used + 1, self.per_hour)

    def headers(self, caller: int, *, now: datetime) -> Mapping[str, str]:
        window = self._window(caller, now)
        return {
            "x-ratelimit-limit": str(self.per_hour),
            "x-ratelimit-remaining": str(self.per_hour - window.used),
            "x-ratelimit-used": str(window.used),
            "x-ratelimit-reset": str(int(window.ends_at.timestamp())),
            "x-ratelimit-resource": "core",
        }

    def _window(self, caller: int, now: datetime) -> Window:
        found = self._windows.get(caller)
        if found is None or found.ends_at <= now:
            found = self._windows[caller] = Window(now + WINDOW)
        return found
