"""The real processes - web, worker, both in one - as the bot builds them, with handlers of the
contract's own."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal

from bot.adapters.crash_points import crash_at
from bot.adapters.dbos import DbosExecutor
from bot.adapters.store.database import open_database
from bot.adapters.store.jobs import Jobs
from bot.adapters.store.migrate import migrate
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics, configure_logs
from bot.app import Outside, build_web, plan_delivery
from bot.core.jobs import Job
from bot.core.settings import Settings
from bot.ports.world import CrashPoint, Reached, Step
from bot.service.engine import JobEngine
from bot.service.processes import leave, serve_web, work
from bot.service.worker import WorkerLoop
from tests.support.contract_world import World

SECRET: Final = "correct horse battery staple"
# An App of which nothing is asked.
SETTINGS: Final = Settings(app_id=1, webhook_secrets=(SECRET,))
EFFECT_POINTS: Final[tuple[CrashPoint, ...]] = (
    "llm.returned",
    "draft.stored",
    "ref.created",
    "commit.done",
    "pr.created",
    "comment.created",
    "check.created",
    "command.kept",
    "answer.posted",
    "sweep.mid",
)
# Issues of these numbers are worked on in another way.
POISON: Final = 666
PATIENT: Final = 500

Role = Literal["serve", "web", "worker"]


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a process is started with; `steps` are the handler's, which the next release may
    change."""

    role: Role
    database_url: str
    world: Path
    log: Path
    port: int = 0
    crash_at: str | None = None
    lease_seconds: float = 30.0
    beat_seconds: float = 0.2
    # Since this moment time goes 600 times as fast, for waits after failures and deaths.
    hurried_since: datetime | None = None
    fingerprint: str = SETTINGS.fingerprint
    steps: Sequence[CrashPoint] = EFFECT_POINTS


def run(setup: Setup) -> None:
    _redirect(setup.log)
    configure_logs(level="info", form="json")
    db, metrics = open_database(setup.database_url), Metrics()
    migrate(db, now=_now())
    reached = crash_at(setup.crash_at)
    worker = Worker(
        id=f"{setup.role}-{os.getpid()}", fingerprint=setup.fingerprint, started_at=_now()
    )
    engine = JobEngine(
        worker=worker,
        jobs=Jobs(db),
        workers=Workers(db, lease_seconds=setup.lease_seconds),
        executor=DbosExecutor(db, worker_id=worker.id),
        plan=plan_delivery,
        run=partial(handle, World(setup.world), setup.steps, reached, worker.id),
        clock=_now if setup.hurried_since is None else partial(_hurried, setup.hurried_since),
        reached=reached,
        metrics=metrics,
    )
    loop = WorkerLoop(engine=engine, beat_seconds=setup.beat_seconds)
    settings = replace(SETTINGS, crash_at=setup.crash_at)
    app = build_web(
        settings, db, metrics=metrics, outside=Outside(clock=_now), kept=engine.something_new.set
    )
    _serve(setup, loop, lambda: serve_web(app, host="127.0.0.1", port=setup.port))
    leave()


def _serve(setup: Setup, loop: WorkerLoop, take_in: Callable[[], None]) -> None:
    match setup.role:
        case "web":
            take_in()
        case "worker":
            work(loop)
        case "serve":
            loop.start()
            take_in()
            loop.stop()


def handle(
    world: World,
    steps: Sequence[CrashPoint],
    reached: Reached,
    worker_id: str,
    job: Job,
    step: Step,
) -> None:
    """Effects in a row, each of which looks first."""
    if job.number == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    if job.number == PATIENT:
        world.show(f"began by {worker_id}")
        world.wait_for(f"go {worker_id}")
        # Without looking: only the fence keeps a worker that was taken for dead from doing it
        # again.
        step("write", partial(world.write, "patient", by=worker_id))
        return
    for point in steps:
        step(point, partial(world.write_once, f"{job.number}:{point}", by=worker_id))
        reached(point)


def _now() -> datetime:
    return datetime.now(UTC)


def _hurried(since: datetime) -> datetime:
    return since + 600 * (_now() - since)


def _redirect(log: Path) -> None:
    """Output of the test run stays the test run's."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
