"""Every call to the database fails once: what is acknowledged is planned, ignored by a rule, or
visibly unreadable."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Final

import pytest
import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries, Outcome
from bot.adapters.store.migrate import migrate
from bot.core.errors import DatabaseIll
from bot.core.events import sign
from tests.contract.faults import FAULTS, FailingDriver, Fault
from tests.support.contract import payload
from tests.support.loop import SECRET, Loop
from tests.support.moments import NOON

WAYS: Final = [
    *((kind, name, False) for kind, faults in FAULTS.items() for name in faults),
    # It was done, and only the answer is lost.
    ("sqlite", "disk", True),
    ("postgresql", "killed", True),
]
# No table of codes knows it: an answer like any other 5xx, and a traceback in the log.
UNKNOWN: Final = "unknown"
ROUNDS: Final = 2


def deliver(loop: Loop, guid: str, body: bytes) -> int:
    headers = {
        "X-Hub-Signature-256": sign(body, secret=SECRET),
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": "issues",
    }
    try:
        return loop.http.post("/webhook", content=body, headers=headers).status_code
    except sa.exc.DBAPIError:
        return 500


def of_a_repository(number: int) -> bytes:
    return json.dumps(
        {key: it for key, it in json.loads(payload(number)).items() if key != "installation"}
    ).encode()


def bodies(run: int) -> Mapping[str, bytes]:
    return {
        f"planned-{run}": payload(run, "opened"),
        f"ignored-{run}": of_a_repository(run),
        f"malformed-{run}": b'{"action": "opened"}',
    }


def dispatch(loop: Loop) -> set[type[Exception]]:
    """A few rounds, as the worker's loop has them. What was raised."""
    raised: set[type[Exception]] = set()
    for _ in range(ROUNDS):
        try:
            loop.engine.dispatch()
        except (DatabaseIll, sa.exc.DBAPIError) as error:
            raised.add(type(error))
    return raised


class Trial:
    """One run after another, until no call was left to fail."""

    def __init__(self, db: Database, fault: Fault, *, late: bool) -> None:
        self.loop, self.deliveries = Loop(db), Deliveries(db, lambda: NOON)
        self.driver, self.fault, self.late = FailingDriver(db), fault, late
        self.acknowledged: set[str] = set()
        self.answers: set[int] = set()
        self.raised: set[type[Exception]] = set()
        self.runs = 0

    def run_all(self) -> None:
        while not self.runs or self.driver.failed:
            self.runs += 1
            self.driver.fail_at(self.runs, self.fault, late=self.late)
            for guid, body in bodies(self.runs).items():
                answer = deliver(self.loop, guid, body)
                self.answers.add(answer)
                if answer == 202:
                    self.acknowledged.add(guid)
            self.raised |= dispatch(self.loop)
            self.driver.recover()
        dispatch(self.loop)

    @property
    def outcomes(self) -> Mapping[str, Outcome | None]:
        return {each.guid: each.outcome for each in self.deliveries.newest(10_000)}


@pytest.fixture
def fresh(request: pytest.FixtureRequest, kind: str) -> Iterator[Database]:
    if kind == "sqlite":
        yield request.getfixturevalue("sqlite_db")
        return
    with closing(Database(request.getfixturevalue("postgres_url"))) as db:
        migrate(db, now=NOON)
        yield db


@pytest.mark.parametrize(("kind", "name", "late"), WAYS, ids=str)
def test_whatever_fails_what_is_acknowledged_is_dispatched_by_what_it_is(
    fresh: Database, kind: str, name: str, late: bool
):
    trial = Trial(fresh, FAULTS[kind][name], late=late)
    trial.run_all()

    outcomes = trial.outcomes
    assert trial.runs > 30
    assert trial.acknowledged <= outcomes.keys()
    assert outcomes == {guid: guid.partition("-")[0] for guid in outcomes}
    assert {each.tries for each in trial.deliveries.newest(10_000)} == {0}
    planned = {record.job.delivery for record in trial.loop.engine.jobs.all()}
    assert planned == {guid for guid, outcome in outcomes.items() if outcome == "planned"}
    if name != UNKNOWN:
        assert (trial.answers, trial.raised) == ({202, 503}, {DatabaseIll})
