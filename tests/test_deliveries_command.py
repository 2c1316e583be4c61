"""`precedent deliveries` over a real file."""

from collections.abc import Sequence

import pytest
from click.testing import CliRunner, Result

from bot.cli.deliveries import deliveries
from bot.jobs import Job
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.effects import Effects
from bot.store.jobs import Jobs, Planned
from bot.webhooks import Delivery
from tests.conftest import NOON

JOB = Job(kind="judge_thread", delivery="g1", cause="e1", installation_id=1, repo_id=1, repo="ada/engine", number=7)


@pytest.fixture
def jobs(sqlite_db: Database) -> Jobs:
    """One delivery, planned as one job."""
    Deliveries(sqlite_db, lambda: NOON).keep([Delivery(guid="g1", event="issues", body=b"{}")])
    jobs = Jobs(sqlite_db)
    jobs.plan(lambda *_: Planned("planned", [JOB]), now=NOON)
    return jobs


def call(db: Database, arguments: Sequence[str]) -> Result:
    return CliRunner().invoke(deliveries, arguments, env={"DATABASE_URL": db.url})


def bury(jobs: Jobs) -> None:
    jobs.start_due(lambda *_: None, now=NOON, per_installation=1)
    jobs.bury_started(jobs.started()[0], why="GiveUp: suspended", now=NOON)


def test_list_shows_what_came_in(sqlite_db: Database, jobs: Jobs):
    assert "g1  issues  planned" in call(sqlite_db, ["list"]).output


def test_list_shows_what_was_given_up_and_why(sqlite_db: Database, jobs: Jobs):
    bury(jobs)

    assert call(sqlite_db, ["list", "--given-up"]).output == "g1  judge_thread  ada/engine  GiveUp: suspended\n"


def test_show_tells_what_became_of_a_delivery(sqlite_db: Database, jobs: Jobs):
    assert "judge_thread: waiting, attempts 0, deaths 0" in call(sqlite_db, ["show", "g1"]).output


def test_show_tells_what_the_jobs_did(sqlite_db: Database, jobs: Jobs):
    Effects(sqlite_db, lambda: NOON).enter(JOB.id, "thread_judged", {"admit": True})

    assert '2026-05-04 12:00:00 thread_judged {"admit": true}' in call(sqlite_db, ["show", "g1"]).output


def test_show_of_an_unknown_guid_fails(sqlite_db: Database):
    assert call(sqlite_db, ["show", "g2"]).exit_code == 1


def test_replay_lets_a_buried_job_wait_again(sqlite_db: Database, jobs: Jobs):
    bury(jobs)
    call(sqlite_db, ["replay", "g1"])

    assert [record.state for record in jobs.of_delivery("g1")] == ["waiting"]


def test_replay_of_a_waiting_job_fails(sqlite_db: Database, jobs: Jobs):
    assert call(sqlite_db, ["replay", "g1"]).exit_code == 1


def test_replay_dispatches_again_what_had_no_jobs(sqlite_db: Database):
    kept = Deliveries(sqlite_db, lambda: NOON)
    kept.keep([Delivery(guid="g2", event="issues", body=b"{}")])
    Jobs(sqlite_db).plan(lambda *_: Planned("malformed", why="not JSON"), now=NOON)
    call(sqlite_db, ["replay", "g2"])

    found = kept.find("g2")
    assert found is not None
    assert found.outcome is None


def test_replay_of_an_unknown_guid_fails(sqlite_db: Database):
    assert call(sqlite_db, ["replay", "g2"]).exit_code == 1
