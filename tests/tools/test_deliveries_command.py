"""`precedent deliveries` over a real file."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import Jobs, Planned
from bot.adapters.store.ledger import Effects
from bot.core.events import Delivery
from bot.core.jobs import JudgeThread
from bot.tools.cli.deliveries import deliveries
from tests.support.moments import NOON

JOB = JudgeThread(
    delivery="g1",
    cause="e1",
    installation_id=1,
    repo_id=1,
    repo="ada/engine",
    number=7,
)


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

    assert (
        call(sqlite_db, ["list", "--given-up"]).output
        == "g1  judge_thread  ada/engine  GiveUp: suspended\n"
    )


def test_show_tells_what_became_of_a_delivery(sqlite_db: Database, jobs: Jobs):
    assert "judge_thread: waiting, attempts 0, deaths 0" in call(sqlite_db, ["show", "g1"]).output


def test_show_tells_what_the_jobs_did(sqlite_db: Database, jobs: Jobs):
    Effects(sqlite_db, lambda: NOON).enter(JOB.id, "thread_judged", {"admit": True})

    assert (
        '2026-05-04 12:00:00 thread_judged {"admit": true}'
        in call(sqlite_db, ["show", "g1"]).output
    )


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


@pytest.fixture
def put_aside(sqlite_db: Database) -> Deliveries:
    """One delivery an hour from noon on: g1 ignored, g2 and g3 malformed."""
    hours = iter(range(3))
    kept = Deliveries(sqlite_db, lambda: NOON + timedelta(hours=next(hours)))
    for guid in ("g1", "g2", "g3"):
        kept.keep([Delivery(guid=guid, event="issues", body=b"{}")])
    ignored, malformed = Planned("ignored", why="no rule"), Planned("malformed", why="not JSON")
    Jobs(sqlite_db).plan(lambda each, _: ignored if each.guid == "g1" else malformed, now=NOON)
    return kept


def undispatched(kept: Deliveries) -> set[str]:
    return {each.guid for each in kept.newest(5) if each.outcome is None}


def test_list_shows_what_could_not_be_read_and_why(sqlite_db: Database, put_aside: Deliveries):
    assert call(sqlite_db, ["list", "--malformed"]).output == (
        "2026-05-04 14:00:00  g3  issues  malformed  not JSON\n2026-05-04 13:00:00  g2 "
        " issues  malformed  not"
        " JSON\n"
    )


RANGES = pytest.mark.parametrize(
    ("asked", "replayed"),
    [
        ("g2 g3", {"g2", "g3"}),
        ("--malformed", {"g2", "g3"}),
        ("--since 2026-05-04T12:00", {"g1", "g2", "g3"}),
        ("--since 2026-05-04T12:30 --until 2026-05-04T14:00", {"g2"}),
        ("--until 2026-05-04T13:00:01", {"g1", "g2"}),
        ("--malformed --until 2026-05-04T13:00:01", {"g2"}),
    ],
    ids=["guids", "malformed", "since", "between", "until", "malformed until"],
)


@RANGES
def test_replay_of_many_dispatches_what_was_asked_for(
    sqlite_db: Database, put_aside: Deliveries, asked: str, replayed: set[str]
):
    call(sqlite_db, ["replay", *asked.split()])

    assert undispatched(put_aside) == replayed


@RANGES
def test_a_dry_run_tells_what_would_be_replayed_and_changes_nothing(
    sqlite_db: Database, put_aside: Deliveries, asked: str, replayed: set[str]
):
    told = call(sqlite_db, ["replay", "--dry-run", *asked.split()]).output

    assert {
        line.split()[0] for line in told.splitlines() if "would be dispatched" in line
    } == replayed
    assert undispatched(put_aside) == set()


def test_a_dry_run_leaves_a_buried_job_buried(sqlite_db: Database, jobs: Jobs):
    bury(jobs)
    told = call(sqlite_db, ["replay", "--dry-run", "g1"]).output

    assert (told, [record.state for record in jobs.buried()]) == (
        "g1  would wait again: judge_thread\n",
        ["buried"],
    )


def test_a_dry_run_with_nothing_to_replay_fails(sqlite_db: Database, jobs: Jobs):
    assert call(sqlite_db, ["replay", "--dry-run", "g1"]).exit_code == 1


@pytest.mark.parametrize("arguments", [[], ["g1", "--malformed"]])
def test_replay_wants_either_guids_or_a_range(sqlite_db: Database, arguments: list[str]):
    assert call(sqlite_db, ["replay", *arguments]).exit_code == 2
