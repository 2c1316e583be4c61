"""Jobs as rows: each kind comes back as it was, and so do the rows of the release before."""

import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from bot.adapters.store import schema
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.job_rows import UnknownJob
from bot.adapters.store.jobs import Jobs, Planned
from bot.adapters.store.migrate import PLACES, migrate
from bot.core.events import Delivery
from bot.core.jobs import Job, JudgeThread, LintCheck, ShowPriorArt, Task, UpdateProposal
from tests.support.moments import NOON

ORIGIN: dict[str, Any] = {
    "delivery": "g1",
    "cause": "issues.closed:1:2:now",
    "installation_id": 1,
    "repo_id": 2,
    "repo": "ada/engine",
}
ROW = {
    **ORIGIN,
    "number": 7,
    "at": NOON,
    "state": "waiting",
    "due_at": NOON,
    "created_at": NOON,
}
VALUES = {"number": 7, "comment_id": 8, "at": NOON, "again": True}
KINDS: tuple[type[Job], ...] = get_args(Job)


def keep(db: Database, **row: Any) -> None:
    """As an older or a newer release writes it."""
    job = {**ROW, **row}
    names = ", ".join(f'"{name}"' for name in (*job, "id"))
    marks = ", ".join(f":{name}" for name in (*job, "id"))
    moments = [sa.bindparam(name, type_=schema.Moment) for name in ("at", "due_at", "created_at")]
    insert = sa.text(f"INSERT INTO jobs ({names}) VALUES ({marks})").bindparams(*moments)
    with db.writing() as tx:
        tx.execute(insert, {**job, "id": f"{job['cause']}:{job['kind']}"})


def kept(db: Database) -> list[Task]:
    return [record.job for record in Jobs(db).all()]


@pytest.fixture
def last_release(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database as the release before left it."""
    scripts = tmp_path / "migrations"
    shutil.copytree(PLACES[1], scripts)
    for each in (scripts / "versions").glob("001[5-9]_*.py"):
        each.unlink()
    db = Database(database_url)
    migrate(db, now=NOON, scripts=scripts)
    yield db
    db.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_of_each_kind_comes_back_as_it_was(db: Database, kind: type[Job]):
    own = {each.name: VALUES[each.name] for each in fields(kind) if each.name in VALUES}
    job = kind(**ORIGIN, **own)
    Jobs(db).add(job, due_at=NOON, now=NOON)

    assert kept(db) == [job]


def test_jobs_of_all_kinds_are_added_at_once(db: Database):
    """What one of them has no field for does not come from another."""
    jobs = [
        kind(
            **ORIGIN,
            **{each.name: VALUES[each.name] for each in fields(kind) if each.name in VALUES},
        )
        for kind in KINDS
    ]
    Deliveries(db, lambda: NOON).keep([Delivery(guid="g1", event="issues", body=b"{}")])
    Jobs(db).plan(lambda *_: Planned("planned", jobs), now=NOON)

    assert sorted(kept(db), key=lambda job: job.kind) == sorted(jobs, key=lambda job: job.kind)


def test_no_two_kinds_share_a_name():
    assert len({each.kind for each in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("kind", "cause", "again"),
    [
        (JudgeThread, "issues.closed:2:7:now", False),
        (JudgeThread, "again:7:issues.closed:2:8:now", True),
        (ShowPriorArt, "issues.opened:2:7:now", False),
        (ShowPriorArt, "issues.edited:2:7:now", True),
        (LintCheck, "pull_request.opened:2:7:now", False),
        (LintCheck, "check_run.rerequested:2:7:now", True),
    ],
)
def test_what_the_cause_once_said_is_read_from_rows_of_the_last_release(
    last_release: Database, kind: type[Job], cause: str, again: bool
):
    keep(last_release, kind=kind.kind, cause=cause)
    migrate(last_release, now=NOON)

    assert kept(last_release) == [kind(**{**ORIGIN, "cause": cause}, number=7, again=again)]


def test_what_the_last_release_gave_up_for_a_permission_is_tried_once_it_is_granted(
    last_release: Database,
):
    said = {"Forbidden: may not": "a", "GiveUp: gone": "b"}
    for why, cause in said.items():
        keep(last_release, kind="update_proposal", cause=cause, state="buried", why=why)
    migrate(last_release, now=NOON)
    jobs = Jobs(last_release)
    jobs.revive_forbidden(1, now=NOON)

    states = {record.job.cause: record.state for record in jobs.all()}
    assert states == {"a": "waiting", "b": "buried"}


def test_a_job_of_the_last_release_that_says_more_than_its_kind_needs_is_read(
    last_release: Database,
):
    keep(last_release, kind="update_proposal")
    migrate(last_release, now=NOON)

    assert kept(last_release) == [UpdateProposal(**ORIGIN)]


def test_a_job_that_is_given_up_for_another_reason_later_stays_given_up(db: Database):
    jobs, job = Jobs(db), UpdateProposal(**ORIGIN)
    jobs.add(job, due_at=NOON, now=NOON)
    for forbidden in (True, False):
        jobs.start_due(lambda *_: None, now=NOON, per_installation=1)
        [record] = jobs.all()
        attempt = jobs.claim(job.id, run=str(record.run), worker="w1")
        assert attempt is not None
        jobs.bury(attempt, why="no", forbidden=forbidden, now=NOON)
        jobs.revive_forbidden(1, now=NOON)

    assert [record.state for record in jobs.all()] == ["buried"]


@pytest.mark.parametrize(
    "row", [{"kind": "predict_weather"}, {"kind": "judge_thread", "number": None}]
)
def test_a_job_that_this_release_cannot_read_is_shown(db: Database, row: dict[str, Any]):
    keep(db, **row)

    assert kept(db) == [UnknownJob(**ORIGIN, **{"number": 7, **row})]
