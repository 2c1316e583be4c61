"""The life of a job: planned from a delivery, started when allowed, attempted, settled, rescued
from a dead worker."""

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, assert_never

import structlog

from bot.adapters.store.database import Transaction
from bot.adapters.store.job_rows import UnknownJob
from bot.adapters.store.jobs import Attempt, Dispatched, Jobs, Plan, Started
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics
from bot.core.errors import Outage, TryLater
from bot.core.jobs import (
    Bury,
    End,
    Job,
    Retry,
    SweepDeliveries,
    after_death,
    after_failure,
    number_of,
)
from bot.ports.world import Clock, Reached, Step, T

PER_INSTALLATION: Final = 4

log = structlog.get_logger(__name__)

# What nobody asks for: it is done every so often.
Scheduled = SweepDeliveries


class Executor(Protocol):
    """Runs attempts durably: what it was handed survives the process, finished steps are not run
    again."""

    def launch(self, attempt: Callable[[str, str, Step], None]) -> None:
        """From now on call `attempt(job_id, run, step)` for every run handed over or resumed."""

    def hand_over(self, tx: Transaction, run: str, job_id: str) -> None:
        """Part of the transaction `tx`: commits with it or not at all."""

    def active(self) -> Mapping[str, str | None]:
        """Unfinished runs and the worker that has each; None while none has."""

    def resume(self, run: str) -> None:
        """Let another worker go on where the steps end."""

    def drop(self, run: str) -> None:
        """It will not be resumed."""

    def forget(self, *, before: datetime) -> None:
        """Finished runs and their steps need not be kept for ever."""

    def stop(self, *, within: timedelta) -> None:
        """Take nothing new, wait for what runs."""


class TakenOver(Exception):
    """Another worker has this job now: whatever this one still wanted to do is no longer its to
    do."""


class UnknownKind(Exception):
    """A job of another release: tried again for a while, as workers of that release may still be
    there."""


@dataclass(frozen=True, kw_only=True)
class JobEngine:
    """Knows when and how often a job runs, nothing of what it does."""

    worker: Worker
    jobs: Jobs
    workers: Workers
    executor: Executor
    plan: Plan
    run: Callable[[Job, Step], None]
    clock: Clock
    reached: Reached
    metrics: Metrics
    per_installation: int = PER_INSTALLATION
    something_new: threading.Event = field(default_factory=threading.Event)

    def launch(self) -> None:
        self.executor.launch(self.attempt)

    def stop(self, *, within: timedelta) -> None:
        self.executor.stop(within=within)

    def add(self, job: Job, *, delay: timedelta = timedelta()) -> None:
        now = self.clock()
        self.jobs.ask_for(job, due_at=now + delay, now=now)
        self.something_new.set()

    def add_scheduled(self, kind: type[Scheduled], *, every: timedelta) -> None:
        """One job per period, however many workers ask for it."""
        self._add_own(kind, f"schedule:{int(self.clock().timestamp() // every.total_seconds())}")

    def add_at_start(self, kind: type[Scheduled]) -> None:
        """Nobody knows how long nobody worked."""
        self._add_own(kind, f"start:{self.worker.id}")

    def _add_own(self, kind: type[Scheduled], cause: str) -> None:
        now = self.clock()
        job = kind(delivery=cause, cause=cause, installation_id=0, repo_id=0, repo="")
        self.jobs.add(job, due_at=now, now=now)

    def dispatch(self) -> int:
        """Plan what came in, start what is due. The number of deliveries and jobs moved on."""
        planned = self.jobs.plan(self.plan, now=self.clock())
        for each in planned:
            self._tell(each)
        return len(planned) + self.jobs.start_due(
            self.executor.hand_over, now=self.clock(), per_installation=self.per_installation
        )

    def _tell(self, dispatched: Dispatched) -> None:
        self.metrics.dispatched.labels(dispatched.outcome or "failed").inc()
        about = {
            "delivery": dispatched.delivery,
            "github_event": dispatched.event,
            "why": dispatched.why,
        }
        match dispatched.outcome:
            case None:
                log.error(
                    "planning_failed",
                    **about,
                    until=str(dispatched.until),
                    exc_info=dispatched.error,
                )
            case "unplanned":
                log.error("delivery_unplanned", **about, exc_info=dispatched.error)
            case "malformed":
                log.warning("delivery_malformed", **about)
            case "planned" | "ignored" | "repeated":
                pass
            case _:
                assert_never(dispatched.outcome)

    def rescue(self) -> None:
        """Move on the jobs whose worker died, and those whose run ended without an answer."""
        under_way = self.jobs.started()
        if not under_way:
            return
        active = self.executor.active()
        living = {worker.id for worker in self.workers.living()}
        for started in under_way:
            if started.run not in active:
                now = self.clock()
                self.jobs.requeue(
                    started, until=now, why="its run ended without an answer", now=now
                )
            elif (owner := active[started.run]) is not None and owner not in living:
                self._mourn(started)
        self.something_new.set()

    def attempt(self, job_id: str, run: str, step: Step) -> None:
        """One attempt from claim to settlement. Repeated after a crash with the answers of finished
        steps."""
        held = self.jobs.claim(job_id, run=run, worker=self.worker.id)
        if held is None:
            return
        self.reached("job.claimed")
        job = held.job
        with structlog.contextvars.bound_contextvars(
            delivery=job.delivery,
            job_id=job.id,
            repo=job.repo,
            number=number_of(job),
            attempt=held.number,
        ):
            began = time.monotonic()
            outcome = self._outcome(held, step)
            self.metrics.attempts.labels(job.kind, outcome).inc()
            self.metrics.attempt_seconds.labels(job.kind).observe(time.monotonic() - began)
        self.something_new.set()

    def _outcome(self, held: Attempt, step: Step) -> str:
        try:
            if isinstance(held.job, UnknownJob):
                raise UnknownKind(held.job.kind)
            self.run(held.job, self._fenced(held, step))
        except TakenOver:
            log.warning("job_taken_over")
            return "taken_over"
        except Exception as error:  # noqa: BLE001 - the one place where a failure becomes a decision
            return self._fail(held, error)
        self.reached("job.before_done")
        self.jobs.finish(held, now=self.clock())
        return "done"

    def _fail(self, held: Attempt, error: Exception) -> str:
        now = self.clock()
        decision = after_failure(error, attempts=held.number, now=now, jitter=random.random())  # noqa: S311 - no secret
        match decision:
            case Retry(at) if self.jobs.postpone(held, until=at, why=repr(error), now=now):
                _log_postponed(error, until=at)
                return "postponed"
            case End(why) if self.jobs.finish(held, why=why, now=now):
                log.info("job_ended", why=why)
                return "ended"
            case Bury(why, forbidden) if self.jobs.bury(
                held, why=why, now=now, forbidden=forbidden
            ):
                log.error("job_buried", why=why, exc_info=error)
                return "buried"
            case _:
                log.warning("job_taken_over", why=repr(error))
                return "taken_over"

    def _fenced(self, held: Attempt, step: Step) -> Step:
        """Ask before each step whether the job is still ours: a worker that stood still may wake to
        find it is not."""

        def fenced(name: str, fn: Callable[[], T]) -> T:
            def checked() -> str:
                if not self.jobs.holds(held):
                    raise TakenOver
                # The first answer takes the same way as a remembered one: through JSON.
                return json.dumps(fn())

            answer: T = json.loads(step(name, checked))
            return answer

        return fenced

    def _mourn(self, started: Started) -> None:
        now = self.clock()
        match after_death(deaths=started.deaths + 1, now=now, jitter=random.random()):  # noqa: S311 - no secret
            case Bury(why) if self.jobs.bury_started(started, why=why, now=now):
                log.error("job_buried", job_id=started.job_id, why=why)
                self.executor.drop(started.run)
            case Retry(at) if at > now:
                if self.jobs.requeue(started, until=at, why="its worker died", now=now, died=True):
                    self.executor.drop(started.run)
            case Retry() if self.jobs.count_death(started):
                self.executor.resume(started.run)
            case _:  # another worker has seen to it
                return
        self.metrics.rescued.inc()
        log.warning("job_rescued", job_id=started.job_id, deaths=started.deaths + 1)


def _log_postponed(error: Exception, *, until: datetime) -> None:
    """A wait that was planned is nobody's fault. A traceback only for what we did not raise on
    purpose."""
    if not isinstance(error, TryLater):
        log.warning("job_postponed", until=until.isoformat(), exc_info=error)
    elif error.not_before is None or isinstance(error, Outage):
        log.warning("job_postponed", until=until.isoformat(), why=str(error))
    else:
        log.info("job_postponed", until=until.isoformat(), why=str(error))
