"""The one place where settings become store, engine, repositories and drafter."""

import socket
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import httpx
import structlog
from starlette.applications import Starlette

from bot.config import Settings
from bot.crash import crash_at
from bot.drafting import RuleDrafter
from bot.durable import DbosExecutor
from bot.engine import Executor, JobEngine
from bot.errors import BadSettings
from bot.github import GitHubApp, GitHubOwnApp, GitHubRepo, Wait
from bot.handlers import HANDLERS
from bot.housekeeping import Housekeeping
from bot.jobs import Job, Kind, plan_jobs
from bot.ports import Clock, Context, Drafter, Judge, Reached, Repo, Step, Store
from bot.processes import readiness_of
from bot.pull import PullLoop
from bot.retrieval.judge import RuleJudge
from bot.store.database import Database
from bot.store.deliveries import Deliveries, Inbox
from bot.store.effects import Effects
from bot.store.installations import SqlInstallations
from bot.store.jobs import Jobs, Planned
from bot.store.model_calls import SqlLedger
from bot.store.pace import SqlPace
from bot.store.repositories import SqlStore
from bot.store.workers import Worker, Workers
from bot.telemetry import Metrics
from bot.web import Refusals, Web, create_app
from bot.webhooks import Delivery, MalformedPayload, parse_event
from bot.worker import LEASE_SECONDS, WorkerLoop

log = structlog.get_logger(__name__)


SCHEDULE: Final[Mapping[Kind, timedelta]] = {"sweep_deliveries": timedelta(minutes=10)}


def utc_now() -> datetime:
    return datetime.now(UTC)


def wait(span: timedelta) -> None:
    time.sleep(span.total_seconds())


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What a test may replace: the way to GitHub, the way to run, the time, the way to die."""

    clock: Clock = utc_now
    wait: Wait = wait
    reached: Reached | None = None
    github: httpx.BaseTransport | None = None
    executor: Callable[[Database, str], Executor] = lambda db, worker_id: DbosExecutor(db, worker_id=worker_id)


def build_engine(settings: Settings, db: Database, *, metrics: Metrics, outside: Outside) -> JobEngine:
    worker = new_worker(settings, now=outside.clock())
    store, reached = SqlStore(db), outside.reached or crash_at(settings.crash_at)
    effects = Effects(db, outside.clock)
    github = build_github(settings, db, outside=outside)
    drafter, judge = build_drafter_and_judge(settings, db, outside=outside)

    def run(job: Job, step: Step) -> None:
        def note(event: str, **about: str | int | bool | None) -> None:
            log.info(event, **about)
            effects.enter(job.id, event, about)

        context = Context(
            step=step,
            engine=engine,
            clock=outside.clock,
            reached=reached,
            store=store,
            open_repo=partial(open_repo, github),
            drafter=drafter,
            judge=judge,
            own_app=GitHubOwnApp(github),
            intake=Deliveries(db, outside.clock),
            installations=SqlInstallations(db),
            note=note,
        )
        HANDLERS[job.kind](context, job)

    engine = JobEngine(
        worker=worker,
        jobs=Jobs(db),
        workers=Workers(db, lease_seconds=LEASE_SECONDS),
        executor=outside.executor(db, worker.id),
        plan=partial(plan_delivery, store),
        run=run,
        clock=outside.clock,
        reached=reached,
        metrics=metrics,
    )
    return engine


def build_worker(settings: Settings, db: Database, *, metrics: Metrics, outside: Outside) -> WorkerLoop:
    engine = build_engine(settings, db, metrics=metrics, outside=outside)
    housekeeping = Housekeeping(
        deliveries=Deliveries(db, outside.clock),
        jobs=engine.jobs,
        effects=Effects(db, outside.clock),
        workers=engine.workers,
        executor=engine.executor,
        clock=outside.clock,
    )
    return WorkerLoop(engine=engine, schedule=SCHEDULE, housekeeping=housekeeping)


def build_web(
    settings: Settings, db: Database, *, metrics: Metrics, outside: Outside, kept: Callable[[], None] = lambda: None
) -> Starlette:
    """`kept` wakes a dispatcher in the same process."""
    inbox = Inbox(Deliveries(db, outside.clock), reached=crash_at(settings.crash_at), kept=kept)
    web = Web(
        inbox=inbox,
        secrets=settings.webhook_secrets,
        refusals=Refusals(outside.clock),
        metrics=metrics,
        readiness=readiness_of(db, settings, outside.clock),
        metrics_token=settings.metrics_token,
    )
    return create_app(web)


def build_pull(settings: Settings, db: Database, *, outside: Outside, kept: Callable[[], None]) -> PullLoop:
    app = GitHubOwnApp(build_github(settings, db, outside=outside))
    return PullLoop(app, Deliveries(db, outside.clock), clock=outside.clock, kept=kept)


def new_worker(settings: Settings, *, now: datetime) -> Worker:
    return Worker(id=f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}", fingerprint=settings.fingerprint, started_at=now)


def build_github(settings: Settings, db: Database, *, outside: Outside) -> GitHubApp:
    if settings.app_id is None or settings.private_key is None:
        raise BadSettings("set GITHUB_APP_ID, GITHUB_PRIVATE_KEY_PATH and GITHUB_WEBHOOK_SECRET: nothing works without")
    return GitHubApp(
        app_id=str(settings.app_id),
        private_key=settings.private_key,
        api_url=settings.api_url,
        clock=outside.clock,
        pace=SqlPace(db),
        wait=outside.wait,
        transport=outside.github,
    )


def open_repo(github: GitHubApp, job: Job) -> Repo:
    return GitHubRepo(github, installation_id=job.installation_id, repo_id=job.repo_id, full_name=job.repo)


def build_drafter_and_judge(settings: Settings, db: Database, *, outside: Outside) -> tuple[Drafter, Judge]:
    """One Claude for both: what it may cost, and that a key was refused, holds for all it is asked."""
    if settings.anthropic_api_key is None:
        return RuleDrafter(), RuleJudge()
    # Whoever has no key need not load the library: it is a third of the memory of an idle process.
    from bot.claude import Claude, ClaudeDrafter, ClaudeJudge, Models, connect  # noqa: PLC0415

    claude = Claude(
        connect(api_key=settings.anthropic_api_key, base_url=settings.anthropic_base_url),
        Models(drafting=settings.model, judging=settings.judge_model, daily_budget_usd=settings.daily_budget_usd),
        ledger=SqlLedger(db),
        clock=outside.clock,
    )
    return ClaudeDrafter(claude), ClaudeJudge(claude)


def plan_delivery(store: Store, delivery: Delivery) -> Planned:
    try:
        event = parse_event(delivery)
    except MalformedPayload as error:
        return Planned("malformed", why=str(error))
    if event is None:
        return Planned("ignored")
    jobs = plan_jobs(event, delivery=delivery.guid, path=store.path(event.repository.id))
    return Planned("planned" if jobs else "ignored", jobs)
