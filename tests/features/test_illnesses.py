"""The illnesses of a bot: for each what /readyz, the doctor, the log and the metrics say of it.

The real app against the sandbox GitHub: it is well, something breaks, and everybody who is asked
names the same cure.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.adapters.store.database import Database
from bot.adapters.store.heartbeats import BALLAST_BYTES
from bot.adapters.store.model_calls import SqlLedger
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics
from bot.app import Outside, build_engine, build_health, build_web
from bot.core.errors import BadSettings
from bot.core.events import sign
from bot.core.jobs import SweepDeliveries
from bot.core.settings import read_settings
from bot.core.status.readiness import AilmentName, Readiness, State
from bot.ports.model import ModelCall
from bot.service.worker import LEASE_SECONDS
from bot.tools.doctor import Finding, examine
from github_sandbox import OWNER, STRANGER, InProcess, Sandbox, actions
from github_sandbox.faults import Fault
from github_sandbox.sandbox import new_private_key
from tests.support.inline import InlineExecutor
from tests.support.loop import StandingClock
from tests.support.messages_api import MessagesApi, failure
from tests.support.moments import NOON
from tests.support.tales import ANCHORS, ANCHORS_REFUSED

SECRET = "a-secret-that-nobody-guesses"
# Of the disk that the tests happen to run on.
NOT_OURS = "fleeting_disk"


class Patient:
    """A bot that is well, as its environment says. ``start`` is what follows a change of that."""

    def __init__(self, db: Database, model: MessagesApi) -> None:
        self.db, self.model = db, model
        self.clock = StandingClock()
        github = StandingClock()
        self.sandbox = Sandbox(clock=github, auth_clock=github, webhook_secret=SECRET)
        self.repo = self.sandbox.add_repository("acme/engine", files={"README.md": "# Engine\n"})
        self.installation = self.sandbox.installation_of(self.repo)
        self.environment = {
            "DATABASE_URL": db.url,
            "GITHUB_APP_ID": str(self.sandbox.app.id),
            "GITHUB_PRIVATE_KEY": self.sandbox.private_key,
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GITHUB_API_URL": self.sandbox.site.api,
            "PUBLIC_URL": "https://bot.example",
        }
        self.executor = InlineExecutor()
        self.claude_status = 200
        self.start()
        self.beat("w1")

    @property
    def outside(self) -> Outside:
        return Outside(
            clock=self.clock,
            wait=lambda span: self.clock.advance(seconds=span.total_seconds()),
            github=InProcess(self.sandbox),
            executor=lambda _db, _worker: self.executor,
        )

    def start(self) -> None:
        """A web side and the HTTP side of a worker."""
        self.settings = read_settings(self.environment, read_file=lambda path: path)
        web = build_web(self.settings, self.db, metrics=Metrics(), outside=self.outside)
        self.web = TestClient(web, client=("127.0.0.1", 50000))
        self.worker = build_health(
            self.settings, self.db, metrics=Metrics(), outside=self.outside, worker_id="w1"
        )

    def beat(self, worker_id: str, *, lease_seconds: float = LEASE_SECONDS) -> None:
        worker = Worker(id=worker_id, fingerprint=self.settings.fingerprint, started_at=NOON)
        Workers(self.db, lease_seconds=lease_seconds).beat(worker)

    def work(self) -> None:
        """What a worker does: look at GitHub's log at its start, then all that came in."""
        engine = build_engine(self.settings, self.db, metrics=Metrics(), outside=self.outside)
        engine.launch()
        engine.add_at_start(SweepDeliveries)
        self.executor.drain(engine)

    def deliver(self, body: bytes, *, guid: str = "g1") -> int:
        signed = {
            "x-hub-signature-256": sign(body, secret=SECRET),
            "x-github-delivery": guid,
            "x-github-event": "issues",
        }
        return self.web.post("/webhook", content=body, headers=signed).status_code

    def decline(self) -> None:
        """An issue is closed with a reason, and the bot is told."""
        owner, stranger = self.sandbox.user(OWNER), self.sandbox.user(STRANGER)
        issue = actions.open_issue(
            self.sandbox, self.repo, stranger, title=ANCHORS, body="It would help us."
        )
        actions.comment(self.sandbox, issue, owner, ANCHORS_REFUSED)
        actions.close(self.sandbox, issue, owner, reason="not_planned")
        for webhook in self.sandbox.webhooks:
            self.web.post("/webhook", content=webhook.body, headers=webhook.headers)

    # --- who is asked

    def ready(self) -> httpx.Response:
        self.clock.advance(seconds=6)
        return self.web.get("/readyz")

    def doctor(self) -> list[Finding]:
        claude = httpx.MockTransport(lambda _: httpx.Response(self.claude_status))
        found = examine(
            self.environment, read_file=lambda path: path, outside=self.outside, claude=claude
        )
        return [
            each
            for each in found
            if each.problem and "does not outlive a deploy" not in each.problem
        ]

    def log(self) -> None:
        """One turn of what tells the log."""
        health = build_health(self.settings, self.db, metrics=Metrics(), outside=self.outside)
        asyncio.run(watch_once(health))

    def metrics(self) -> str:
        return self.web.get("/metrics").text


async def watch_once(health: Any) -> None:
    looks = 0

    def counted() -> Readiness:
        nonlocal looks
        looks += 1
        return health.readiness()

    watching = asyncio.create_task(
        replace(health, readiness=counted, watch_every=timedelta(milliseconds=1)).watch()
    )
    while looks < 2:
        await asyncio.sleep(0.001)
    watching.cancel()


@pytest.fixture
def patient(request: pytest.FixtureRequest, api: MessagesApi) -> Iterator[Patient]:
    patient = Patient(request.getfixturevalue(getattr(request, "param", "sqlite_db")), api)
    yield patient
    patient.web.close()


@pytest.fixture
def postgres_db(postgres_url: str, migrated_postgres: str) -> Iterator[Database]:
    from bot.adapters.store.migrate import migrate

    with closing(Database(postgres_url)) as database:
        migrate(database, now=NOON)
        yield database


@contextmanager
def every_connection(patient: Patient, pragma: str) -> Iterator[None]:
    """Of this process, the doctor's among them."""

    def connected(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(sa.Pool, "connect", connected)
    patient.db.engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(sa.Pool, "connect", connected)


# --- what breaks


@contextmanager
def full_disk(patient: Patient) -> Iterator[None]:
    # Less than there is already means: no page more. What earlier looks left free is filled up.
    with every_connection(patient, "max_page_count = 1"):
        guids = map(str, range(100))
        while patient.deliver(b"x" * (BALLAST_BYTES // 2), guid=next(guids)) == 202:
            pass
        yield


@contextmanager
def locked(patient: Patient) -> Iterator[None]:
    with (
        every_connection(patient, "busy_timeout = 20"),
        closing(
            sqlite3.connect(str(patient.db.engine.url.database), isolation_level=None)
        ) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def read_only_file(patient: Patient) -> Iterator[None]:
    with every_connection(patient, "query_only = ON"):
        yield


@contextmanager
def read_only_server(patient: Patient) -> Iterator[None]:
    with patient.db.writing() as tx:
        tx.exec_driver_sql(
            f"ALTER DATABASE {patient.db.engine.url.database} SET"
            " default_transaction_read_only"
            " = on"
        )
    patient.db.engine.dispose()
    yield


def wrong_key(patient: Patient) -> None:
    # Sandboxes share one.
    patient.environment["GITHUB_PRIVATE_KEY"] = new_private_key.__wrapped__()
    patient.start()
    patient.work()


def no_app(patient: Patient) -> None:
    for name in ("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"):
        del patient.environment[name]
    patient.start()


def no_worker(patient: Patient) -> None:
    Workers(patient.db, lease_seconds=LEASE_SECONDS).leave("w1")


def dead_worker(patient: Patient) -> None:
    patient.beat("w2", lease_seconds=-1)


def clock_behind(patient: Patient) -> None:
    patient.clock.advance(hours=-1)
    patient.work()


def clock_ahead(patient: Patient) -> None:
    patient.clock.advance(hours=1)
    patient.work()


def budget_refused(patient: Patient) -> None:
    patient.claude_status = 402
    patient.environment |= {
        "ANTHROPIC_API_KEY": "sk-ant-poor",
        "ANTHROPIC_BASE_URL": patient.model.url,
    }
    patient.model.reply = lambda _: failure(402, "billing_error")
    patient.start()
    patient.decline()
    patient.work()


def budget_spent(patient: Patient) -> None:
    patient.environment |= {"ANTHROPIC_API_KEY": "sk-ant-busy", "LLM_DAILY_BUDGET_USD": "2.50"}
    patient.start()
    Workers(patient.db, lease_seconds=LEASE_SECONDS).leave("w1")
    patient.beat("w1")
    call = ModelCall(
        key="k",
        model="claude-sonnet-5-5",
        answer="{}",
        cost_usd=Decimal("2.51"),
        at=patient.clock(),
    )
    SqlLedger(patient.db, repo_id=patient.repo.id).keep_call(call)


def paused(patient: Patient) -> None:
    slow_down = (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    )
    patient.sandbox.bad_days.add(
        Fault(status=403, message=slow_down, headers={"retry-after": "600"}, path="/repos/")
    )
    patient.decline()
    patient.work()


def malformed(patient: Patient) -> None:
    patient.deliver(b'{"action": "opened"}')
    patient.work()


@dataclass(frozen=True, kw_only=True)
class Illness:
    """``web`` and ``worker`` are the states of the two, ``doctor`` is about what he speaks and a
    part of the cure."""

    breaks: Callable[[Patient], Any]
    name: AilmentName
    web: State
    worker: State
    cure: str
    doctor: tuple[str, str]
    metrics: str = ""
    database: str = "sqlite_db"


ILLNESSES = [
    Illness(
        breaks=full_disk,
        name="full",
        web="failing",
        worker="failing",
        cure="make room",
        doctor=("database", "make room"),
        metrics="precedent_heartbeat_failures_total 1.0",
    ),
    Illness(
        breaks=locked,
        name="locked",
        web="failing",
        worker="failing",
        cure="let it finish or end it",
        doctor=("database", "let it finish or end it"),
        metrics="precedent_heartbeat_failures_total 1.0",
    ),
    Illness(
        breaks=read_only_file,
        name="read_only",
        web="failing",
        worker="failing",
        cure="let this user write to the file",
        doctor=("database", "let this user write to the file"),
        metrics="precedent_heartbeat_failures_total 1.0",
    ),
    Illness(
        breaks=read_only_server,
        database="postgres_db",
        name="read_only",
        web="failing",
        worker="failing",
        cure="set DATABASE_URL to the primary",
        doctor=("database", "set DATABASE_URL to the primary"),
        metrics="precedent_heartbeat_failures_total 1.0",
    ),
    Illness(
        breaks=wrong_key,
        name="credentials",
        web="ill",
        worker="failing",
        cure="set GITHUB_APP_ID and GITHUB_PRIVATE_KEY",
        doctor=("GitHub App", "set GITHUB_APP_ID and GITHUB_PRIVATE_KEY"),
    ),
    Illness(
        breaks=no_app,
        name="no_app",
        web="failing",
        worker="failing",
        cure="start `precedent serve`",
        doctor=("GitHub App", "start `precedent serve`"),
    ),
    Illness(
        breaks=no_worker,
        name="no_worker",
        web="ill",
        worker="failing",
        cure="start `precedent worker`",
        doctor=("no worker", "start `precedent worker`"),
        metrics="precedent_workers_alive 0.0",
    ),
    Illness(
        breaks=dead_worker,
        name="dead_worker",
        web="ill",
        worker="ill",
        cure="what ended it",
        doctor=("dead worker", "what ended it"),
        metrics="precedent_workers_alive 1.0",
    ),
    *(
        Illness(
            breaks=breaks,
            name="clock",
            web="ill",
            worker="failing",
            cure="set the clock",
            doctor=("clock", "set the clock"),
        )
        for breaks in (clock_behind, clock_ahead)
    ),
    Illness(
        breaks=budget_refused,
        name="model",
        web="ill",
        worker="ill",
        cure="set ANTHROPIC_API_KEY to a key with a budget",
        doctor=("Claude", "pay its bill or raise its limit"),
    ),
    Illness(
        breaks=budget_spent,
        name="budget",
        web="ill",
        worker="ill",
        cure="raise LLM_DAILY_BUDGET_USD",
        doctor=("budget", "raise LLM_DAILY_BUDGET_USD"),
        metrics="precedent_model_spent_usd 2.51",
    ),
    Illness(
        breaks=paused,
        name="paused",
        web="ill",
        worker="ill",
        cure="its jobs go on by themselves",
        doctor=("paused", "its jobs go on by themselves"),
        metrics="precedent_paused_installations 1.0",
    ),
    Illness(
        breaks=malformed,
        name="malformed",
        web="ill",
        worker="ill",
        cure="precedent deliveries list --malformed",
        doctor=("malformed", "precedent deliveries list --malformed"),
        metrics="precedent_malformed_deliveries 1.0",
    ),
]


@pytest.mark.parametrize(
    ("patient", "illness"),
    [pytest.param(each.database, each, id=each.breaks.__name__) for each in ILLNESSES],
    indirect=["patient"],
)
def test_an_illness_is_named_with_its_cure_by_whoever_is_asked(
    patient: Patient, illness: Illness, logged: list[Any]
):
    assert [each for each in patient.ready().json()["warnings"] if "outlive" not in each] == []
    assert patient.doctor() == []

    with begun(illness, patient):
        answer = patient.ready()
        told = [*answer.json()["problems"], *answer.json()["warnings"]]
        assert (answer.status_code, answer.json()["state"]) == (
            503 if illness.web == "failing" else 200,
            illness.web,
        )
        assert illness.cure in told[0]

        assert patient.worker.readiness().state == illness.worker

        patient.log()
        entries = [(entry["event"], entry["ailment"]) for entry in logged if "ailment" in entry]
        assert (
            "not_ready" if illness.web == "failing" else "readiness_warning",
            illness.name,
        ) in entries

        metrics = patient.metrics()
        assert f'precedent_ailment{{name="{illness.name}"}} 1.0' in metrics
        assert illness.metrics in metrics

        found = patient.doctor()
        assert (illness.doctor[0], True) in [
            (each.about, illness.doctor[1] in each.cure) for each in found
        ]


@contextmanager
def begun(illness: Illness, patient: Patient) -> Iterator[None]:
    begins = illness.breaks(patient)
    if begins is None:
        yield
    else:
        with begins:
            yield


def test_half_an_app_starts_nothing_and_the_last_line_is_the_cure(patient: Patient):
    """So there is no /readyz, no log and no metric: the process ends, and whoever keeps it running
    sees that."""
    del patient.environment["GITHUB_PRIVATE_KEY"]
    with pytest.raises(BadSettings, match="set GITHUB_PRIVATE_KEY"):
        patient.start()
    [found] = patient.doctor()

    assert (found.about, "set GITHUB_PRIVATE_KEY" in found.cure) == ("settings", True)


@pytest.mark.parametrize("breaks", [clock_behind, clock_ahead])
def test_of_a_clock_that_is_wrong_nobody_blames_the_key(
    patient: Patient, breaks: Callable[[Patient], None]
):
    breaks(patient)
    said = [*patient.ready().json()["warnings"], *(each.cure for each in patient.doctor())]

    assert [each for each in said if "PRIVATE_KEY" in each] == []


def test_what_is_over_is_told_no_more(patient: Patient):
    wrong_key(patient)
    patient.environment["GITHUB_PRIVATE_KEY"] = patient.sandbox.private_key
    patient.clock.advance(hours=2)
    patient.sandbox.clock.advance(hours=2)
    patient.start()
    patient.beat("w1")
    patient.work()

    assert [each for each in patient.ready().json()["warnings"] if "outlive" not in each] == []
