"""Finished runs are forgotten, by DBOS itself."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.dbos import DbosExecutor
from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs, Planned
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics
from bot.core.jobs import JudgeThread
from bot.service.engine import JobEngine
from bot.service.worker import WorkerLoop

JOB = JudgeThread(
    delivery="g1", cause="e1", installation_id=1, repo_id=1, repo="ada/engine", number=1
)


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def loop(db: Database) -> Iterator[WorkerLoop]:
    """A worker in this process, with one job done."""
    engine = JobEngine(
        worker=Worker(id="w1", fingerprint="f", started_at=utc_now()),
        jobs=Jobs(db),
        workers=Workers(db, lease_seconds=30),
        executor=DbosExecutor(db, worker_id="w1"),
        plan=lambda *_: Planned("ignored"),
        run=lambda _job, step: step("read", lambda: None),
        clock=utc_now,
        reached=lambda _: None,
        metrics=Metrics(),
    )
    loop = WorkerLoop(engine=engine)
    loop.start()
    engine.add(JOB)
    deadline = time.monotonic() + 20
    while engine.jobs.counts() != {"done": 1} or engine.executor.active():
        assert time.monotonic() < deadline, engine.jobs.counts()
        time.sleep(0.02)
    yield loop
    loop.stop()


def steps_remembered(db: Database) -> int:
    schema = "" if db.is_sqlite else "dbos."
    with db.reading() as tx:
        return int(
            tx.exec_driver_sql(f"SELECT count(*) FROM {schema}operation_outputs").scalar_one()
        )


def test_finished_runs_are_forgotten_with_their_steps(loop: WorkerLoop, db: Database):
    before = steps_remembered(db)
    loop.engine.executor.forget(before=utc_now() + timedelta(minutes=1))

    assert (before, steps_remembered(db)) == (1, 0)


def test_runs_of_late_are_not(loop: WorkerLoop, db: Database):
    loop.engine.executor.forget(before=utc_now() - timedelta(minutes=1))

    assert steps_remembered(db) == 1
