from datetime import datetime, timedelta

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import Jobs, Planned
from bot.adapters.store.ledger import Effects
from bot.adapters.store.sessions import Sessions
from bot.adapters.store.workers import Workers
from bot.core.events import Delivery
from bot.core.jobs import JudgeThread
from bot.core.status.repository_status import Person
from bot.service.housekeeping import BODIES, EVERY, Housekeeping
from tests.support.moments import NOON

JOB = JudgeThread(
    delivery="g1", cause="e1", installation_id=1, repo_id=1, repo="ada/engine", number=1
)


class House:
    """One delivery, dispatched at noon; runs are only asked to be forgotten."""

    def __init__(self, db: Database) -> None:
        self.now = NOON
        self.deliveries, self.jobs = Deliveries(db, lambda: NOON), Jobs(db)
        self.sessions = Sessions(db)
        self.forgotten_before: list[datetime] = []
        self.deliveries.keep([Delivery(guid="g1", event="issues", body=b"{}")])
        self.jobs.plan(lambda *_: Planned("planned", [JOB]), now=NOON)
        self.keep = Housekeeping(
            deliveries=self.deliveries,
            jobs=self.jobs,
            effects=Effects(db, lambda: NOON),
            sessions=self.sessions,
            workers=Workers(db, lease_seconds=30),
            executor=self,
            clock=lambda: self.now,
        )

    def forget(self, *, before: datetime) -> None:
        self.forgotten_before.append(before)

    def after(self, span: timedelta) -> bytes | None:
        """The delivery's body that is left then."""
        self.now = NOON + span
        self.keep()
        kept = self.deliveries.find("g1")
        assert kept is not None
        return kept.body


@pytest.fixture
def house(sqlite_db: Database) -> House:
    return House(sqlite_db)


def test_a_body_is_kept_for_two_weeks(house: House):
    assert house.after(BODIES - timedelta(minutes=1)) == b"{}"


def test_a_body_is_emptied_then(house: House):
    assert house.after(BODIES + timedelta(minutes=1)) is None


def test_a_waiting_job_is_never_forgotten(house: House):
    house.after(timedelta(days=1000))

    assert house.jobs.find(JOB.id) is not None


def test_it_works_once_an_hour(house: House):
    for minutes in (1, 59, 61, 62, 119):
        house.after(timedelta(minutes=minutes))

    assert len(house.forgotten_before) == 1
    assert timedelta(hours=1) == EVERY


def test_sessions_that_are_over_go(house):
    person = Person(login="ada", repositories=frozenset([1]), suspended=frozenset())
    house.sessions.open("long", person, until=NOON + timedelta(hours=3))
    house.sessions.open("short", person, until=NOON + timedelta(hours=1))
    house.after(timedelta(hours=2))

    assert house.sessions.find("short", now=NOON) is None
    assert house.sessions.find("long", now=NOON) == person
