"""The life of a job, with time standing still."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.typing import EventDict

from bot.adapters.store import job_rows
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import JobRecord, Jobs, Paths, Plan, Planned
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics
from bot.core.errors import GiveUp, TryLater
from bot.core.events import Delivery
from bot.core.jobs import (
    MAX_ATTEMPTS,
    MAX_PLANNINGS,
    Job,
    JudgeThread,
    SweepDeliveries,
    UpdateProposal,
)
from bot.ports.world import CrashPoint, Step
from bot.service.engine import JobEngine
from tests.support.inline import InlineExecutor, Killed
from tests.support.moments import NOON

JOB = JudgeThread(
    delivery="g1",
    cause="e1",
    installation_id=1,
    repo_id=1,
    repo="ada/engine",
    number=7,
)


class Bench:
    """An engine whose jobs do what the test says; `ran` are those that came to an end."""

    def __init__(self, db: Database) -> None:
        self.now = NOON
        self.ran: list[Job] = []
        self.work: Callable[[Job, Step], None] = lambda _job, _step: None
        self.deadly: CrashPoint | None = None
        self.executor = InlineExecutor()
        self.jobs = Jobs(db)
        self.metrics = Metrics()
        self.plan: Plan = lambda each, _: Planned(
            "planned", [replace(JOB, delivery=each.guid, cause=each.guid)]
        )
        self.engine = JobEngine(
            worker=Worker(id="w1", fingerprint="f", started_at=NOON),
            jobs=self.jobs,
            workers=Workers(db, lease_seconds=30),
            executor=self.executor,
            plan=self._plan,
            run=self._run,
            clock=lambda: self.now,
            reached=self._reached,
            metrics=self.metrics,
        )
        self.engine.launch()

    def _plan(self, delivery: Delivery, paths: Paths) -> Planned:
        return self.plan(delivery, paths)

    def _run(self, job: Job, step: Step) -> None:
        self.work(job, step)
        self.ran.append(job)

    def _reached(self, point: CrashPoint) -> None:
        if point == self.deadly:
            raise Killed

    def fail_with(self, *errors: Exception) -> None:
        left = iter(errors)

        def work(_job: Job, _step: Step) -> None:
            for error in left:
                raise error

        self.work = work

    def drain(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.executor.drain(self.engine)

    @property
    def record(self) -> JobRecord:
        record = self.jobs.find(JOB.id)
        assert record is not None
        return record


@pytest.fixture
def bench(sqlite_db: Database) -> Bench:
    return Bench(sqlite_db)


def test_a_kept_delivery_becomes_a_job_that_is_done(bench: Bench, sqlite_db: Database):
    Deliveries(sqlite_db, lambda: NOON).keep([Delivery(guid="e1", event="issues", body=b"{}")])
    bench.drain()

    assert [job.number for job in bench.ran] == [7]


def test_a_job_sees_what_it_was_added_with(bench: Bench):
    bench.engine.add(JOB)
    bench.drain()

    assert bench.ran == [JOB]


def test_a_delayed_job_waits(bench: Bench):
    bench.engine.add(JOB, delay=timedelta(minutes=5))
    bench.drain(minutes=4)

    assert bench.ran == []


def test_a_delayed_job_runs_when_its_time_has_come(bench: Bench):
    bench.engine.add(JOB, delay=timedelta(minutes=5))
    bench.drain(minutes=5)

    assert bench.ran == [JOB]


def test_a_failed_job_is_tried_again(bench: Bench):
    bench.fail_with(ValueError("bug"))
    bench.engine.add(JOB)
    bench.drain()
    bench.drain(minutes=1)

    assert (bench.ran, bench.record.attempts) == ([JOB], 2)


def test_a_failed_job_tells_why_it_waits(bench: Bench):
    bench.fail_with(ValueError("bug"))
    bench.engine.add(JOB)
    bench.drain()

    assert (bench.record.state, bench.record.why) == ("waiting", "ValueError('bug')")


def test_nothing_is_tried_before_the_moment_github_named(bench: Bench):
    bench.fail_with(TryLater("rate limit", not_before=NOON + timedelta(minutes=40)))
    bench.engine.add(JOB)
    bench.drain()
    bench.drain(minutes=39)

    assert bench.ran == []


def test_what_cannot_be_helped_is_buried_at_once(bench: Bench):
    bench.fail_with(GiveUp("suspended"))
    bench.engine.add(JOB)
    bench.drain()

    assert (bench.record.state, bench.record.why, bench.record.attempts) == (
        "buried",
        "GiveUp: suspended",
        1,
    )


def test_one_that_always_fails_is_buried_in_the_end(bench: Bench):
    bench.fail_with(*[ValueError("bug")] * 100)
    bench.engine.add(JOB)
    for _ in range(20):
        bench.drain(hours=3)

    assert bench.record.state == "buried"


def test_a_failure_does_not_hold_up_the_next_job(bench: Bench):
    bench.fail_with(GiveUp("suspended"))
    bench.engine.add(JOB)
    bench.engine.add(replace(JOB, cause="e2"))
    bench.drain()

    assert [job.cause for job in bench.ran] == ["e2"]


def test_a_job_added_twice_by_a_repeated_attempt_runs_once(bench: Bench):
    other = replace(JOB, cause="e2")

    def work(job: Job, _step: Step) -> None:
        if job == JOB:
            bench.engine.add(other)
            if bench.record.attempts == 1:
                raise ValueError("after adding")

    bench.work = work
    bench.engine.add(JOB)
    bench.drain()
    bench.drain(minutes=1)

    assert bench.ran.count(other) == 1


def test_work_that_coalesces_is_done_again_when_asked_for_again(bench: Bench):
    update = UpdateProposal(**JOB.origin)
    for _ in range(2):
        bench.engine.add(update)
        bench.drain()

    assert bench.ran == [update, update]


def test_after_a_kill_finished_steps_are_remembered(bench: Bench):
    calls: list[str] = []

    def work(_job: Job, step: Step) -> None:
        for name in ("read", "write"):
            step(name, lambda name=name: calls.append(name))

    bench.work, bench.deadly = work, "job.before_done"
    bench.engine.add(JOB)
    with pytest.raises(Killed):
        bench.drain()
    bench.deadly = None
    bench.drain()

    assert (calls, bench.record.state) == (["read", "write"], "done")


def test_an_answer_looks_the_same_the_first_time_and_remembered(bench: Bench):
    answers: list[Any] = []
    bench.work = lambda _job, step: answers.append(step("read", lambda: ("a", 1)))
    bench.engine.add(JOB)
    bench.drain()

    assert answers == [["a", 1]]


def test_scheduled_work_is_one_job_per_period(bench: Bench):
    for minutes in (0, 1, 5):
        bench.now = NOON + timedelta(minutes=minutes)
        bench.engine.add_scheduled(SweepDeliveries, every=timedelta(minutes=10))
        bench.drain()

    assert len(bench.ran) == 1


def test_scheduled_work_comes_again_in_the_next_period(bench: Bench):
    for minutes in (0, 10):
        bench.now = NOON + timedelta(minutes=minutes)
        bench.engine.add_scheduled(SweepDeliveries, every=timedelta(minutes=10))
        bench.drain()

    assert len(bench.ran) == 2


def test_a_run_that_ended_without_an_answer_is_given_up_for_a_new_one(bench: Bench):
    bench.engine.add(JOB)
    bench.engine.dispatch()
    assert bench.record.run is not None
    bench.executor.drop(bench.record.run)
    bench.engine.rescue()
    bench.drain()

    assert bench.ran == [JOB]


# --- what became of deliveries


def raise_a_bug(_: Delivery, __: object) -> Planned:
    raise ZeroDivisionError


@pytest.fixture
def kept(bench: Bench, sqlite_db: Database) -> Bench:
    """One delivery waits to be planned."""
    Deliveries(sqlite_db, lambda: NOON).keep([Delivery(guid="g7", event="issues", body=b"{}")])
    return bench


def dispatched(bench: Bench, outcome: str) -> float | None:
    return bench.metrics.registry.get_sample_value(
        "precedent_dispatched_total", {"outcome": outcome}
    )


def test_what_cannot_be_read_is_counted_and_told(kept: Bench, logged: list[EventDict]):
    kept.plan = lambda *_: Planned("malformed", why="not JSON")
    kept.drain()

    assert dispatched(kept, "malformed") == 1
    assert logged == [
        {
            "event": "delivery_malformed",
            "log_level": "warning",
            "delivery": "g7",
            "github_event": "issues",
            "why": "not JSON",
        }
    ]


def test_what_a_mistake_of_ours_keeps_from_being_planned_is_counted_and_told(
    kept: Bench, logged: list[EventDict]
):
    kept.plan = raise_a_bug
    for _ in range(MAX_PLANNINGS):
        kept.drain(hours=1)

    assert (dispatched(kept, "failed"), dispatched(kept, "unplanned")) == (MAX_PLANNINGS - 1, 1)
    told = ["planning_failed"] * (MAX_PLANNINGS - 1) + ["delivery_unplanned"]
    assert [(each["event"], each["log_level"]) for each in logged] == [
        (event, "error") for event in told
    ]


def test_what_is_ignored_is_counted_and_not_told(kept: Bench, logged: list[EventDict]):
    kept.plan = lambda *_: Planned("ignored", why="nothing follows from ping")
    kept.drain()

    assert (dispatched(kept, "ignored"), logged) == (1, [])


def test_a_job_of_another_release_is_tried_for_a_while_and_then_given_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    bench.engine.add(JOB)
    monkeypatch.setattr(job_rows, "CLASSES", {})
    for _ in range(MAX_ATTEMPTS):
        bench.now += timedelta(hours=3)
        bench.drain()

    assert (bench.record.state, bench.record.why) == ("buried", "UnknownKind: judge_thread")
