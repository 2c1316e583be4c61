"""The worker: shows that it is alive, dispatches, rescues, clears away, and stops when asked."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.core.errors import TryLater
from bot.service.engine import JobEngine, Scheduled

BEAT_SECONDS: Final = 5.0
LEASE_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.2
# With what the web side and DBOS need, within 25 seconds.
LONGEST_STOP: Final = timedelta(seconds=18)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class WorkerLoop:
    """Two threads: one beats and rescues, one dispatches. The executor has its own for the
    attempts."""

    engine: JobEngine
    schedule: Mapping[type[Scheduled], timedelta] = field(default_factory=dict)
    housekeeping: Callable[[], None] = lambda: None
    beat_seconds: float = BEAT_SECONDS
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self.engine.workers.bury_neighbours()
        self.engine.workers.beat(self.engine.worker)
        self.engine.launch()
        for kind in self.schedule:
            self.engine.add_at_start(kind)
        for turn, seconds in ((self._beat, self.beat_seconds), (self._dispatch, POLL_SECONDS)):
            thread = threading.Thread(
                target=self._repeat, args=(turn, seconds), name=turn.__name__, daemon=True
            )
            thread.start()
            self.threads.append(thread)
        log.info("worker_started", worker=self.engine.worker.id)

    def stop(self, *, within: timedelta = LONGEST_STOP) -> None:
        """Claim nothing more, let running attempts end. What has not ended by then is rescued like
        a dead worker's."""
        self.stopping.set()
        self.engine.something_new.set()
        self.engine.reached("shutdown.mid")
        for thread in self.threads:
            thread.join()
        self.engine.stop(within=within)
        self.engine.workers.leave(self.engine.worker.id)
        log.info("worker_stopped", worker=self.engine.worker.id)

    def _repeat(self, turn: Callable[[], None], seconds: float) -> None:
        while not self.stopping.is_set():
            try:
                turn()
            except TryLater as error:
                # The database is away or busy: its jobs wait as we do.
                log.error("database_unavailable", during=turn.__name__, why=str(error))
                self.stopping.wait(1)
            except Exception:
                # A worker that no longer beats or dispatches would be worse than an error told
                # again and again.
                log.exception("turn_failed", during=turn.__name__)
                self.stopping.wait(1)
            if turn == self._dispatch:
                self.engine.something_new.wait(seconds)
                self.engine.something_new.clear()
            else:
                self.stopping.wait(seconds)

    def _beat(self) -> None:
        self.engine.workers.beat(self.engine.worker)
        self.engine.rescue()
        for kind, every in self.schedule.items():
            self.engine.add_scheduled(kind, every=every)
        self.housekeeping()

    def _dispatch(self) -> None:
        while self.engine.dispatch() and not self.stopping.is_set():
            time.sleep(0)
