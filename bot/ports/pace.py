"""What the client must know before a request leaves, shared by all workers.
`bot.adapters.store.github_pace` implements it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

# Lets a moment pass: short ones only, a job that has to wait for long is postponed.
Wait = Callable[[timedelta], None]


class Pace(Protocol):
    """The App itself is installation 0."""

    def paused_until(self, installation_id: int, *, now: datetime) -> datetime | None: ...
    def pause(
        self, installation_id: int, *, until: datetime | None, why: str, now: datetime
    ) -> datetime: ...
    def suspend(self, installation_id: int) -> None: ...
    def reserve_write(
        self, installation_id: int, *, contributes: bool, now: datetime, within: timedelta
    ) -> datetime: ...
