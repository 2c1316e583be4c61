"""An executor for feature tests: the real engine and its tables, each attempt run to its end in the
caller's thread."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.ports.world import Step, T
from bot.service.engine import JobEngine


class Killed(BaseException):
    """Raised by a test in the place of kill -9: nothing catches it, nothing is settled."""


class InlineExecutor:
    """Remembers the answers of finished steps as DBOS does, so that a killed attempt goes on where
    they end."""

    def __init__(self) -> None:
        self._unfinished: dict[str, str] = {}
        self._answers: dict[tuple[str, int], object] = {}

    def drain(self, engine: JobEngine) -> int:
        """Dispatch and attempt until nothing is due; what a kill left behind goes first. The number
        of attempts."""
        attempts = self._attempt_all()
        while engine.dispatch() or self._unfinished:
            attempts += self._attempt_all()
        return attempts

    def _attempt_all(self) -> int:
        runs = list(self._unfinished.items())
        for run, job_id in runs:
            self._attempt(job_id, run, self._step(run))
            self._unfinished.pop(run, None)
        return len(runs)

    def _step(self, run: str) -> Step:
        count = iter(range(1_000_000))

        def step(name: str, fn: Callable[[], T]) -> T:
            place = (run, next(count))
            if place not in self._answers:
                self._answers[place] = (name, fn())
            remembered, answer = self._answers[place]
            assert remembered == name, f"step {name} was {remembered} before the kill"
            return answer

        return step

    def launch(self, attempt: Callable[[str, str, Step], None]) -> None:
        self._attempt = attempt

    def hand_over(self, tx: sa.Connection, run: str, job_id: str) -> None:
        self._unfinished[run] = job_id

    def active(self) -> Mapping[str, str | None]:
        return dict.fromkeys(self._unfinished)

    def resume(self, run: str) -> None:
        """It is resumed by the next `drain`."""

    def drop(self, run: str) -> None:
        self._unfinished.pop(run, None)

    def forget(self, *, before: datetime) -> None:
        """A test does not live long enough."""

    def stop(self, *, within: timedelta) -> None:
        """Nothing runs between two calls of `drain`."""
