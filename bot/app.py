"""The one place where settings become store, engine, repositories and drafter."""

import socket
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import httpx
import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.adapters.crash_points import crash_at
from bot.adapters.github import GitHubApp, GitHubOwnApp, GitHubPeople, GitHubRepo, Wait
from bot.adapters.store.commands import SqlCommands
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries, Inbox
from bot.adapters.store.github_pace import SqlPace
from bot.adapters.store.installations import SqlInstallations
from bot.adapters.store.jobs import Jobs, Paths, Planned
from bot.adapters.store.ledger import Effects
from bot.adapters.store.model_calls import SqlLedger
from bot.adapters.store.recall import SqlRecall
from bot.adapters.store.repositories import SqlStore
from bot.adapters.store.sessions import Sessions
from bot.adapters.store.status_queries import Standings
from bot.adapters.store.symptoms import SqlSymptoms
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics
from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.asking.rule_judge import RuleJudge
from bot.core.conversation.answers import Account
from bot.core.errors import BadSettings
from bot.core.events import Delivery, Ignored, MalformedPayload, parse_event
from bot.core.jobs import Job, SweepDeliveries, plan_jobs
from bot.core.settings import Settings
from bot.core.status.readiness import Observed, Readiness, judge_readiness
from bot.features.command.decide import account_of
from bot.features.handlers import Parts, handle
from bot.ports.github import Repo
from bot.ports.model import Drafter, Judge
from bot.ports.world import Clock, Reached, Step
from bot.service.dashboard import Cookies, Dashboard, closed_dashboard
from bot.service.engine import Executor, JobEngine
from bot.service.health import Health
from bot.service.housekeeping import Housekeeping
from bot.service.processes import readiness_of
from bot.service.pull import PullLoop
from bot.service.web import Refusals, Web, create_app
from bot.service.worker import LEASE_SECONDS, WorkerLoop

log = structlog.get_logger(__name__)


SCHEDULE: Final = {SweepDeliveries: timedelta(minutes=10)}


def utc_now() -> datetime:
    return datetime.now(UTC)


def wait(span: timedelta) -> None:
    time.sleep(span.total_seconds())


def dbos_executor(db: Database, worker_id: str) -> Executor:
    # A web side runs nothing: the library is a third of what it takes to start.
    from bot.adapters.dbos import DbosExecutor  # noqa: PLC0415

    return DbosExecutor(db, worker_id=worker_id)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What a test may replace: the way to GitHub, the way to run, the time, the way to die."""

    clock: Clock = utc_now
    wait: Wait = wait
    reached: Reached | None = None
    github: httpx.BaseTransport | None = None
    executor: Callable[[Database, str], Executor] = dbos_executor


def build_engine(
    settings: Settings, db: Database, *, metrics: Metrics, outside: Outside
) -> JobEngine:
    worker = new_worker(settings, now=outside.clock())
    store, recall, reached = (
        SqlStore(db),
        SqlRecall(db),
        outside.reached or crash_at(settings.crash_at),
    )
    effects = Effects(db, outside.clock)
    github = build_github(settings, db, outside=outside)
    readers = build_readers(settings, db, outside=outside)

    def run(job: Job, step: Step) -> None:
        def note(event: str, **about: str | int | bool | None) -> None:
            log.info(event, **about)
            effects.enter(job.id, event, about)

        drafter, judge = readers(job.repo_id)
        parts = Parts(
            step=step,
            engine=engine,
            clock=outside.clock,
            reached=reached,
            store=store,
            commands=SqlCommands(db),
            open_repo=partial(open_repo, github),
            drafter=drafter,
            judge=judge,
            recall=recall,
            own_app=GitHubOwnApp(github),
            intake=Deliveries(db, outside.clock),
            installations=SqlInstallations(db),
            note=note,
        )
        handle(parts, job)

    engine = JobEngine(
        worker=worker,
        jobs=Jobs(db),
        workers=Workers(db, lease_seconds=LEASE_SECONDS),
        executor=outside.executor(db, worker.id),
        plan=plan_delivery,
        run=run,
        clock=outside.clock,
        reached=reached,
        metrics=metrics,
    )
    return engine


def build_worker(
    settings: Settings, db: Database, *, metrics: Metrics, outside: Outside
) -> WorkerLoop:
    engine = build_engine(settings, db, metrics=metrics, outside=outside)
    housekeeping = Housekeeping(
        deliveries=Deliveries(db, outside.clock),
        jobs=engine.jobs,
        effects=Effects(db, outside.clock),
        sessions=Sessions(db),
        workers=engine.workers,
        executor=engine.executor,
        clock=outside.clock,
    )
    return WorkerLoop(engine=engine, schedule=SCHEDULE, housekeeping=housekeeping)


def build_web(
    settings: Settings,
    db: Database,
    *,
    metrics: Metrics,
    outside: Outside,
    kept: Callable[[], None] = lambda: None,
) -> Starlette:
    """`kept` wakes a dispatcher in the same process."""
    web = Web(
        inbox=Inbox(Deliveries(db, outside.clock), reached=crash_at(settings.crash_at), kept=kept),
        secrets=settings.webhook_secrets,
        refusals=Refusals(outside.clock),
        metrics=metrics,
        health=build_health(settings, db, metrics=metrics, outside=outside),
    )
    return create_app(web, routes=build_dashboard(settings, db, outside=outside))


def build_health(
    settings: Settings,
    db: Database,
    *,
    metrics: Metrics,
    outside: Outside,
    worker_id: str | None = None,
) -> Health:
    """Of the worker with this id, or of a web side."""
    return Health(
        readiness=readiness_of(db, settings, outside.clock, metrics=metrics, worker_id=worker_id),
        metrics=metrics,
        clock=outside.clock,
        metrics_token=settings.metrics_token,
    )


def build_setup_health(metrics: Metrics, outside: Outside) -> Health:
    """While the App is being made: there may be no database yet."""

    def setting_up() -> Readiness:
        return judge_readiness(
            Observed(has_app=False), part="setup", fingerprint="", now=outside.clock()
        )

    return Health(readiness=setting_up, metrics=metrics, clock=outside.clock)


def build_dashboard(settings: Settings, db: Database, *, outside: Outside) -> Sequence[BaseRoute]:
    people = build_people(settings, outside=outside)
    if people is None or settings.session_secret is None:
        return closed_dashboard(settings.missing_for_sign_in)
    dashboard = Dashboard(
        people=people,
        cookies=Cookies(settings.session_secret),
        sessions=Sessions(db),
        standings=Standings(db),
        deliveries=Deliveries(db, outside.clock),
        clock=outside.clock,
        settings=settings,
    )
    return dashboard.routes()


def build_people(settings: Settings, *, outside: Outside) -> GitHubPeople | None:
    """None where nobody can sign in."""
    if settings.client_id is None or settings.client_secret is None:
        return None
    return GitHubPeople(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        api_url=settings.api_url,
        web_url=settings.web_url,
        transport=outside.github,
    )


def build_pull(
    settings: Settings, db: Database, *, outside: Outside, kept: Callable[[], None]
) -> PullLoop:
    app = GitHubOwnApp(build_github(settings, db, outside=outside))
    return PullLoop(app, Deliveries(db, outside.clock), clock=outside.clock, kept=kept)


def new_worker(settings: Settings, *, now: datetime) -> Worker:
    return Worker(
        id=f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}",
        fingerprint=settings.fingerprint,
        started_at=now,
    )


def build_github(settings: Settings, db: Database, *, outside: Outside) -> GitHubApp:
    if settings.app_id is None or settings.private_key is None:
        raise BadSettings(
            "set GITHUB_APP_ID, GITHUB_PRIVATE_KEY_PATH and GITHUB_WEBHOOK_SECRET:"
            " nothing works without"
        )
    return GitHubApp(
        app_id=str(settings.app_id),
        private_key=settings.private_key,
        api_url=settings.api_url,
        clock=outside.clock,
        pace=SqlPace(db),
        wait=outside.wait,
        symptoms=SqlSymptoms(db),
        transport=outside.github,
    )


def open_repo(github: GitHubApp, job: Job) -> Repo:
    return GitHubRepo(
        github, installation_id=job.installation_id, repo_id=job.repo_id, full_name=job.repo
    )


def build_readers(
    settings: Settings, db: Database, *, outside: Outside
) -> Callable[[int], tuple[Drafter, Judge]]:
    """Who drafts and who judges for a repository. One Claude for all: what it may cost in a day,
    and that a key was refused, holds for all it is asked."""
    if settings.anthropic_api_key is None:
        by_rule = RuleDrafter(), RuleJudge()
        return lambda _: by_rule
    # Whoever has no key need not load the library: it is a third of the memory of an idle process.
    from bot.adapters.model import Claude, ClaudeDrafter, ClaudeJudge, Models, connect  # noqa: PLC0415

    claude = Claude(
        connect(api_key=settings.anthropic_api_key, base_url=settings.anthropic_base_url),
        Models(
            drafting=settings.model,
            judging=settings.judge_model,
            daily_budget_usd=settings.daily_budget_usd,
        ),
        ledger=SqlLedger(db, repo_id=0),
        clock=outside.clock,
        symptoms=SqlSymptoms(db),
    )

    def by_claude(repo_id: int) -> tuple[Drafter, Judge]:
        billed = claude.billed_to(SqlLedger(db, repo_id=repo_id))
        return ClaudeDrafter(billed), ClaudeJudge(billed)

    return by_claude


def account_in(db: Database, full_name: str, number: int) -> Account | None:
    """What is known of a thread; None where its repository is not."""
    store = SqlStore(db)
    ids = [
        repo.id
        for repo in SqlInstallations(db).known_repositories()
        if repo.full_name.lower() == full_name.lower()
    ]
    kept = store.recollection(ids[0]) if ids else None
    if kept is None:
        return None
    return account_of(store, SqlCommands(db), ids[0], number, deny_words=kept.settings.deny_words)


def plan_delivery(delivery: Delivery, paths: Paths) -> Planned:
    try:
        event = parse_event(delivery)
    except MalformedPayload as error:
        return Planned("malformed", why=str(error))
    if isinstance(event, Ignored):
        return Planned("ignored", why=event.why)
    jobs = plan_jobs(event, delivery=delivery.guid, path=paths(event.repository.id))
    return (
        Planned("planned", jobs)
        if jobs
        else Planned("ignored", why=f"{event.title} starts nothing")
    )
