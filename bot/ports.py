"""What the handlers need from the outside world. Adapters implement it; only `app` joins the two."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.jobs import Job

Clock = Callable[[], datetime]
Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
T = TypeVar("T", bound=Json)


class Step(Protocol):
    """Run `fn` once per attempt of a job: after a crash the kept answer is returned instead of a second call.

    Still at-least-once (a crash can fall between the effect and its record), so `fn` looks before it writes.
    The answer must be JSON; names and order of a handler's steps must follow from earlier steps' answers alone.
    """

    def __call__(self, name: str, fn: Callable[[], T]) -> T: ...


class Engine(Protocol):
    """Runs jobs durably: what is added survives the process, and runs at least once."""

    def add(self, job: Job, *, delay: timedelta = timedelta()) -> None:
        """Add a job. A second job with the same id is the same job; of a coalescing kind one waits per repository."""
