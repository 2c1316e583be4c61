"""What may be forgotten, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import Jobs
from bot.adapters.store.ledger import Effects
from bot.adapters.store.sessions import Sessions
from bot.adapters.store.workers import Workers
from bot.ports.world import Clock

EVERY: Final = timedelta(hours=1)
# GitHub redelivers for three days, GitHub Enterprise Server for seven; a person may want to replay
# for longer.
BODIES: Final = timedelta(days=14)
# As long as a job is known, its event under another guid starts nothing.
DONE_JOBS: Final = timedelta(days=90)
FINISHED_RUNS: Final = timedelta(days=2)


class Forgetting(Protocol):
    def forget(self, *, before: datetime) -> None: ...


@dataclass(kw_only=True)
class Housekeeping:
    """Call it as often as you like: it works once an hour."""

    deliveries: Deliveries
    jobs: Jobs
    effects: Effects
    sessions: Sessions
    workers: Workers
    executor: Forgetting
    clock: Clock

    def __post_init__(self) -> None:
        self.next_at = self.clock() + EVERY

    def __call__(self) -> None:
        now = self.clock()
        if now < self.next_at:
            return
        self.next_at = now + EVERY
        self.deliveries.empty_bodies(before=now - BODIES)
        self.jobs.forget_done(before=now - DONE_JOBS)
        self.effects.forget(before=now - DONE_JOBS)
        self.sessions.forget(before=now)
        self.executor.forget(before=now - FINISHED_RUNS)
        self.workers.forget_dead()
