"""Time, durable work, and what is put on record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

from bot.core.jobs import Job

Clock = Callable[[], datetime]
# What a step may answer; mappings are typed by the handler.
Json = Mapping[str, object] | Sequence[object] | str | int | float | bool | None
T = TypeVar("T", bound=Json)

# Named points of `faults.md` at which a test may kill the process; in production nothing happens
# there.
CrashPoint = Literal[
    "ingest.before_commit",
    "ingest.after_commit",
    "job.claimed",
    "llm.returned",
    "draft.stored",
    "ref.created",
    "commit.done",
    "pr.created",
    "comment.created",
    "check.created",
    "command.kept",
    "answer.posted",
    "job.before_done",
    "sweep.mid",
    "shutdown.mid",
]
Reached = Callable[[CrashPoint], None]


class Note(Protocol):
    """Put a decision on record: an event name in the past tense, and fields that are never
    content."""

    def __call__(self, event: str, **fields: str | int | bool | None) -> None: ...


class Step(Protocol):
    """Run `fn` once per attempt of a job: after a crash the kept answer is returned instead of a
    second call.

    Still at-least-once (a crash can fall between the effect and its record), so `fn` looks before
    it writes. The answer must be JSON; names and order of a handler's steps must follow from
    earlier steps' answers alone.
    """

    def __call__(self, name: str, fn: Callable[[], T]) -> T: ...


class Engine(Protocol):
    """Runs jobs durably: what is added survives the process, and runs at least once."""

    def add(self, job: Job, *, delay: timedelta = timedelta()) -> None:
        """Add a job. A second job with the same id is the same job; of a coalescing kind one waits
        per repository."""
