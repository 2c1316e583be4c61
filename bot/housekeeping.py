"""What may be forgotten, and when."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.ports import Clock
from bot.store.deliveries import Deliveries
from bot.store.jobs import Jobs
from bot.store.workers import Workers

EVERY: Final = timedelta(hours=1)
# GitHub redelivers for three days, GitHub Enterprise Server for seven; a person may want to replay for longer.
BODIES: Final = timedelta(days=14)
# As long as a job is known, its event under another guid starts nothing.
DONE_JOBS: Final = timedelta(days=90)
FINISHED_RUNS: Final = timedelta(days=2)


class Forgetting(Protocol):
    def forget(self, *, before: datetime) -> None: ...


class Housekeeping:
    """Call it as often as you like: it works once an hour."""

    def __init__(
        self, *, deliveries: Deliveries, jobs: Jobs, workers: Workers, executor: Forgetting, clock: Clock
    ) -> None:
        self._deliveries = deliveries
        self._jobs = jobs
        self._workers = workers
        self._executor = executor
        self._clock = clock
        self._next_at = clock() + EVERY

    def __call__(self) -> None:
        now = self._clock()
        if now < self._next_at:
            return
        self._next_at = now + EVERY
        self._deliveries.empty_bodies(before=now - BODIES)
        self._jobs.forget_done(before=now - DONE_JOBS)
        self._executor.forget(before=now - FINISHED_RUNS)
        self._workers.forget_dead()
