"""Deliveries, jobs and workers, on both databases."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zlib import crc32

import psycopg
import pytest
import sqlalchemy as sa
import structlog

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import LONGEST_QUEUE, Deliveries, Inbox
from bot.adapters.store.jobs import PLANNED_BYTES, Attempt, Jobs, Paths, Plan, Planned
from bot.adapters.store.ledger import Effects
from bot.adapters.store.migrate import migrate
from bot.adapters.store.repositories import SqlStore
from bot.adapters.store.schema import Prose, metadata
from bot.adapters.store.workers import Worker, Workers
from bot.core.errors import DatabaseIll, TryLater
from bot.core.events import Delivery
from bot.core.jobs import FIRST_DELAY, MAX_PLANNINGS, Job, JudgeThread, RunCommand, UpdateProposal
from bot.core.proposal.branch import Proposal, Written
from bot.core.threads import ThreadCopy
from bot.ports.world import CrashPoint
from tests.support.house import counted_statements
from tests.support.moments import NOON


def delivery(guid: str = "g1", *, body: bytes = b"{}") -> Delivery:
    return Delivery(guid=guid, event="issues", body=body)


def job(cause: str = "e1", **changed: Any) -> Job:
    """About a thread of its own, so that nothing keeps two of them apart."""
    return JudgeThread(**{**origin(cause), "number": crc32(cause.encode()), **changed})


def an_update(cause: str = "e1", **changed: Any) -> Job:
    """Of a kind of which one waits for all."""
    return UpdateProposal(**{**origin(cause), **changed})


def origin(cause: str) -> dict[str, Any]:
    return {
        "delivery": "g1",
        "cause": cause,
        "installation_id": 1,
        "repo_id": 1,
        "repo": "ada/engine",
    }


def at(**span: float) -> datetime:
    return NOON + timedelta(**span)


def fail_with(error: Exception) -> Plan:
    def plan(_: Delivery, __: Paths) -> Planned:
        raise error

    return plan


def as_raised(error: type[sa.exc.DBAPIError], by_driver: Exception) -> sa.exc.DBAPIError:
    return error("SELECT 1", {}, by_driver)


# Not about the delivery in hand: the last of them no table of codes knows.
PRESSURES: Sequence[Exception] = [
    as_raised(sa.exc.OperationalError, psycopg.errors.AdminShutdown()),
    as_raised(
        sa.exc.OperationalError,
        psycopg.OperationalError("server closed the connection unexpectedly"),
    ),
    as_raised(sa.exc.InternalError, psycopg.errors.ReadOnlySqlTransaction()),
    as_raised(sa.exc.ProgrammingError, psycopg.errors.UndefinedTable()),
]


def plan_as(*jobs: Job) -> Plan:
    return lambda *_: Planned("planned" if jobs else "ignored", jobs)


@pytest.fixture
def deliveries(db: Database) -> Deliveries:
    return Deliveries(db, lambda: NOON)


@pytest.fixture
def jobs(db: Database) -> Jobs:
    return Jobs(db)


def add(jobs: Jobs, *given: Job, due_at: datetime = NOON) -> list[bool]:
    return [jobs.add(each, due_at=due_at, now=NOON) for each in given]


def start(jobs: Jobs, *, now: datetime = NOON, per_installation: int = 10) -> list[str]:
    """The ids of the jobs started, in that order."""
    started: list[str] = []
    jobs.start_due(
        lambda _tx, _run, job_id: started.append(job_id), now=now, per_installation=per_installation
    )
    return started


def claim(jobs: Jobs, given: Job, *, worker: str = "w1") -> Attempt:
    record = jobs.find(given.id)
    assert record is not None
    assert record.run is not None
    attempt = jobs.claim(given.id, run=record.run, worker=worker)
    assert attempt is not None
    return attempt


def state_of(jobs: Jobs, given: Job) -> str | None:
    record = jobs.find(given.id)
    return record and record.state


# --- deliveries


def test_a_kept_delivery_is_found_byte_for_byte(deliveries: Deliveries):
    body = bytes(range(256))
    deliveries.keep([delivery(body=body)])

    kept = deliveries.find("g1")
    assert kept is not None
    assert kept.body == body


def test_a_guid_is_new_once(deliveries: Deliveries):
    assert [deliveries.keep([delivery()]), deliveries.keep([delivery()])] == [{"g1"}, set()]


def test_equal_guids_in_one_batch_are_one_row(deliveries: Deliveries):
    assert deliveries.keep([delivery(), delivery(), delivery("g2")]) == {"g1", "g2"}


def test_the_first_body_stays(deliveries: Deliveries):
    deliveries.keep([delivery(body=b"first")])
    deliveries.keep([delivery(body=b"second")])

    kept = deliveries.find("g1")
    assert kept is not None
    assert kept.body == b"first"


def test_known_guids_are_told_from_others(deliveries: Deliveries):
    deliveries.keep([delivery("g1"), delivery("g2")])

    assert deliveries.known(["g2", "g3"]) == {"g2"}


def test_the_newest_come_first_and_without_bodies(deliveries: Deliveries):
    deliveries.keep([delivery("g1")])
    deliveries.keep([delivery("g2")])

    assert [(each.guid, each.body) for each in deliveries.newest(5)] == [("g2", None), ("g1", None)]


def test_an_emptied_delivery_is_still_known(deliveries: Deliveries, jobs: Jobs):
    deliveries.keep([delivery()])
    jobs.plan(plan_as(), now=NOON)
    deliveries.empty_bodies(before=at(days=1))

    kept = deliveries.find("g1")
    assert kept is not None
    assert kept.body is None
    assert deliveries.keep([delivery()]) == set()


def test_a_body_not_yet_worked_on_is_not_emptied(deliveries: Deliveries):
    deliveries.keep([delivery()])

    assert deliveries.empty_bodies(before=at(days=1)) == 0


# --- planning


def test_planning_makes_jobs_and_marks_the_delivery(deliveries: Deliveries, jobs: Jobs):
    deliveries.keep([delivery()])
    jobs.plan(plan_as(job()), now=NOON)

    kept = deliveries.find("g1")
    assert kept is not None
    assert (kept.outcome, state_of(jobs, job())) == ("planned", "waiting")


def test_a_delivery_is_planned_once(deliveries: Deliveries, jobs: Jobs):
    deliveries.keep([delivery()])

    assert [len(jobs.plan(plan_as(job()), now=NOON)) for _ in range(2)] == [1, 0]


def test_the_same_event_under_another_guid_is_repeated(deliveries: Deliveries, jobs: Jobs):
    deliveries.keep([delivery("g1"), delivery("g2")])
    jobs.plan(plan_as(job()), now=NOON)

    kept = deliveries.find("g2")
    assert kept is not None
    assert kept.outcome == "repeated"


POISON = pytest.mark.parametrize(
    "poison",
    [
        lambda *_: Planned("planned", [job(repo="nul\0")]),
        lambda *_: Planned("planned", [job(repo="\ud800")]),
        lambda *_: Planned("planned", [job(repo_id=2**70)]),
        lambda *_: 1 / 0,
    ],
    ids=["nul", "surrogate", "huge id", "bug"],
)


@POISON
def test_a_delivery_that_cannot_be_planned_does_not_stop_the_next(
    deliveries: Deliveries, jobs: Jobs, poison: Plan
):
    deliveries.keep([delivery("g1"), delivery("g2")])
    plan: Plan = lambda each, paths: (  # noqa: E731
        poison(each, paths) if each.guid == "g1" else Planned("planned", [job("e2")])
    )
    jobs.plan(plan, now=NOON)

    assert state_of(jobs, job("e2")) == "waiting"


@pytest.mark.parametrize(
    "poison", [lambda *_: Planned("planned", [job(repo="\ud800")]), lambda *_: 1 / 0]
)
def test_what_a_mistake_of_ours_kept_from_being_planned_waits_and_is_tried_again(
    deliveries: Deliveries, jobs: Jobs, poison: Plan
):
    deliveries.keep([delivery()])
    (failed,) = jobs.plan(poison, now=NOON)

    assert (failed.outcome, failed.until, jobs.plan(plan_as(), now=NOON)) == (
        None,
        NOON + FIRST_DELAY,
        [],
    )
    (planned,) = jobs.plan(plan_as(job()), now=NOON + FIRST_DELAY)
    assert planned.outcome == "planned"


def test_what_can_never_be_planned_is_put_aside_as_unplanned(deliveries: Deliveries, jobs: Jobs):
    deliveries.keep([delivery()])
    outcomes = [
        each.outcome
        for hour in range(8)
        for each in jobs.plan(fail_with(ZeroDivisionError()), now=at(hours=hour))
    ]

    assert outcomes == [*[None] * (MAX_PLANNINGS - 1), "unplanned"]
    assert [(each.guid, each.why) for each in deliveries.newest(5, put_aside=True)] == [
        ("g1", "ZeroDivisionError()")
    ]


def test_what_was_put_aside_starts_afresh_when_it_is_dispatched_again(
    deliveries: Deliveries, jobs: Jobs
):
    deliveries.keep([delivery()])
    for hour in range(MAX_PLANNINGS):
        jobs.plan(fail_with(ZeroDivisionError()), now=at(hours=hour))
    deliveries.dispatch_again("g1")

    assert [each.outcome for each in jobs.plan(fail_with(ZeroDivisionError()), now=NOON)] == [None]


@pytest.mark.parametrize("error", [TryLater("no connection left"), *PRESSURES], ids=repr)
def test_what_the_database_does_while_planning_changes_nothing(
    deliveries: Deliveries, jobs: Jobs, error: Exception
):
    deliveries.keep([delivery("g1"), delivery("g2")])
    plan: Plan = lambda each, _: (  # noqa: E731
        Planned("ignored") if each.guid == "g1" else fail_with(error)(each, _)
    )
    with pytest.raises((TryLater, sa.exc.DBAPIError)):
        jobs.plan(plan, now=NOON)

    assert {(each.outcome, each.tries) for each in deliveries.newest(5)} == {(None, 0)}


@pytest.mark.parametrize("error", PRESSURES, ids=repr)
def test_what_the_database_does_while_jobs_are_added_changes_nothing(
    db: Database, deliveries: Deliveries, jobs: Jobs, error: Exception
):
    deliveries.keep([delivery("g1"), delivery("g2")])

    def fail(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT INTO jobs"):
            raise error

    sa.event.listen(db.engine, "before_cursor_execute", fail)
    with pytest.raises((TryLater, sa.exc.DBAPIError)):
        jobs.plan(plan_as(job()), now=NOON)

    assert {(each.outcome, each.tries) for each in deliveries.newest(5)} == {(None, 0)}


def test_nothing_of_the_database_is_held_while_a_plan_is_made(
    db: Database, deliveries: Deliveries, jobs: Jobs
):
    SqlStore(db).keep_settings(job(), "path: LEARNINGS.md", at=NOON)
    deliveries.keep([delivery()])
    paths_read: list[str] = []

    def plan(_: Delivery, paths: Paths) -> Planned:
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        deliveries.keep([delivery("g2")])
        paths_read.append(paths(1))
        return Planned("ignored")

    jobs.plan(plan, now=NOON)

    assert paths_read == ["LEARNINGS.md"]


def test_what_another_dispatcher_has_planned_meanwhile_is_not_planned_again(
    deliveries: Deliveries, jobs: Jobs
):
    deliveries.keep([delivery()])

    def plan(_: Delivery, __: Paths) -> Planned:
        jobs.plan(plan_as(job()), now=NOON)
        return Planned("malformed")

    assert jobs.plan(plan, now=NOON) == []
    kept = deliveries.find("g1")
    assert kept is not None
    assert kept.outcome == "planned"


def test_large_bodies_are_not_all_planned_at_once(deliveries: Deliveries, jobs: Jobs):
    large = b" " * (PLANNED_BYTES // 2 + 1)
    deliveries.keep([delivery(guid, body=large) for guid in ("g1", "g2", "g3")])

    assert [len(jobs.plan(plan_as(), now=NOON)) for _ in range(4)] == [1, 1, 1, 0]


def test_put_aside_counts_from_when_it_was_not_from_when_it_came(
    deliveries: Deliveries, jobs: Jobs
):
    deliveries.keep([delivery()])
    jobs.plan(lambda *_: Planned("malformed", why="not JSON"), now=at(hours=5))

    assert [deliveries.malformed_since(at(hours=hour)) for hour in (4, 5, 6)] == [1, 1, 0]


def test_what_was_ignored_is_not_counted_as_put_aside(deliveries: Deliveries, jobs: Jobs):
    deliveries.keep([delivery()])
    jobs.plan(plan_as(), now=NOON)

    assert deliveries.malformed_since(NOON) == 0


def test_ids_up_to_the_largest_github_may_send_are_kept(jobs: Jobs):
    large = 2**53 - 1
    add(jobs, job(installation_id=large, repo_id=large, number=large))

    record = jobs.find(job().id)
    assert record is not None
    assert (record.job.installation_id, record.job.repo_id, record.job.number) == (
        large,
        large,
        large,
    )


# --- which jobs may start


def test_a_job_is_added_once(jobs: Jobs):
    assert add(jobs, job(), job()) == [True, False]


def test_a_job_comes_back_as_it_was_added(jobs: Jobs):
    given = RunCommand(**origin("e1"), number=7, comment_id=8, at=at(hours=-1))
    add(jobs, given)

    record = jobs.find(given.id)
    assert record is not None
    assert record.job == given


def test_a_job_does_not_start_before_it_is_due(jobs: Jobs):
    add(jobs, job(), due_at=at(minutes=1))

    assert [start(jobs), start(jobs, now=at(minutes=1))] == [[], [job().id]]


def test_a_started_job_does_not_start_again(jobs: Jobs):
    add(jobs, job())

    assert [start(jobs), start(jobs)] == [[job().id], []]


def test_a_burst_of_the_same_work_is_one_waiting_job(jobs: Jobs):
    burst = [an_update(f"e{n}") for n in range(20)]

    assert add(jobs, *burst) == [True] + [False] * 19


def test_work_that_coalesces_is_asked_for_again_after_it_is_done(jobs: Jobs):
    update = an_update()
    add(jobs, update)
    start(jobs)
    jobs.finish(claim(jobs, update), now=NOON)
    jobs.ask_for(update, due_at=NOON, now=NOON)

    assert start(jobs) == [update.id]


def test_other_work_is_not_done_again(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    jobs.finish(claim(jobs, job()), now=NOON)
    jobs.ask_for(job(), due_at=NOON, now=NOON)

    assert start(jobs) == []


def test_work_that_comes_while_the_same_is_under_way_waits_for_its_turn(jobs: Jobs):
    first, second = an_update("e1"), an_update("e2")
    add(jobs, first)
    start(jobs)
    add(jobs, second)

    assert (state_of(jobs, second), start(jobs)) == ("waiting", [])


def test_writes_to_one_repository_follow_one_another(jobs: Jobs):
    first, second = an_update("e1"), an_update("e2")
    add(jobs, first)
    start(jobs)
    add(jobs, second)
    jobs.finish(claim(jobs, first), now=NOON)

    assert start(jobs) == [second.id]


def test_writes_to_two_repositories_go_on_beside_each_other(jobs: Jobs):
    add(jobs, an_update("e1"), an_update("e2", repo_id=2))

    assert len(start(jobs)) == 2


def test_one_installation_has_so_many_jobs_under_way_and_no_more(jobs: Jobs):
    add(jobs, *(job(f"e{n}") for n in range(5)))

    assert [len(start(jobs, per_installation=2)), len(start(jobs, per_installation=2))] == [2, 0]


def test_a_crowded_installation_does_not_hold_up_another(jobs: Jobs):
    add(jobs, *(job(f"e{n}") for n in range(200)))
    add(jobs, job("other", installation_id=2), due_at=at(seconds=1))

    assert job("other").id in start(jobs, now=at(seconds=2), per_installation=2)


def test_what_is_due_longest_starts_first(jobs: Jobs):
    add(jobs, job("late"), due_at=at(seconds=-1))
    add(jobs, job("later"))
    add(jobs, job("latest"), due_at=at(seconds=-2))

    assert start(jobs) == [job("latest").id, job("late").id, job("later").id]


def test_a_start_that_cannot_be_handed_over_leaves_the_job_waiting(jobs: Jobs):
    add(jobs, job())

    def refuse(*_: object) -> None:
        raise RuntimeError("the executor is away")

    with pytest.raises(RuntimeError):
        jobs.start_due(refuse, now=NOON, per_installation=1)

    assert state_of(jobs, job()) == "waiting"


def test_only_one_process_dispatches_at_a_time(postgres_url: str):
    """SQLite has one writer anyway."""
    here, beside = Database(postgres_url), Database(postgres_url)
    migrate(here, now=NOON)
    add(Jobs(here), job())
    inside: list[list[str]] = []
    Jobs(here).start_due(
        lambda *_: inside.append(start(Jobs(beside))), now=NOON, per_installation=1
    )
    here.close()
    beside.close()

    assert inside == [[]]


# --- attempts


def test_an_attempt_is_counted_before_its_work_begins(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    claim(jobs, job())

    record = jobs.find(job().id)
    assert record is not None
    assert record.attempts == 1


def test_a_run_that_was_given_up_cannot_be_claimed(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    record = jobs.find(job().id)
    assert record is not None
    assert record.run is not None
    jobs.requeue(jobs.started()[0], until=NOON, why="", now=NOON)

    assert jobs.claim(job().id, run=record.run, worker="w1") is None


def test_a_finished_job_is_done(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    jobs.finish(claim(jobs, job()), now=NOON)

    assert state_of(jobs, job()) == "done"


def test_a_postponed_job_waits_until_then(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    jobs.postpone(claim(jobs, job()), until=at(hours=1), why="rate limit", now=NOON)

    assert [start(jobs), start(jobs, now=at(hours=1))] == [[], [job().id]]


def test_a_postponed_job_leaves_its_work_to_the_one_that_waits(jobs: Jobs):
    first, second = an_update("e1"), an_update("e2")
    add(jobs, first)
    start(jobs)
    add(jobs, second)
    jobs.postpone(claim(jobs, first), until=at(hours=1), why="rate limit", now=NOON)

    assert (state_of(jobs, first), state_of(jobs, second)) == ("done", "waiting")


def test_a_buried_job_keeps_its_reason(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    jobs.bury(claim(jobs, job()), why="GiveUp: gone", now=NOON)

    assert [record.why for record in jobs.buried()] == ["GiveUp: gone"]


def test_a_reason_of_any_characters_can_be_kept(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    jobs.bury(claim(jobs, job()), why="nul \0, half a pair \ud800", now=NOON)

    assert len(jobs.buried()) == 1


ODD: Final = "nul \0, half a pair \ud800"
KEPT: Final = "nul \ufffd, half a pair \ufffd"


def test_whatever_people_write_can_be_kept(db: Database):
    store = SqlStore(db)
    store.keep_settings(job(), f"# {ODD}", at=NOON)
    store.keep_document(1, ODD)
    copy = ThreadCopy(number=1, title=ODD, text=ODD, created_at=None, closed_at=None)
    store.keep_thread(1, copy)
    store.keep_proposal(1, Proposal(written=Written(head="h", document=ODD, base=ODD)))
    Effects(db, lambda: NOON).enter("job", "told", {"of": ODD})

    kept = store.recollection(1)
    assert kept is not None
    assert kept.document == KEPT
    assert [(each.title, each.text) for each in store.threads(1, {1}).values()] == [(KEPT, KEPT)]
    assert store.proposal(1).written == Written(head="h", document=KEPT, base=KEPT)


def test_every_text_that_people_write_is_of_the_type_that_can_be_kept():
    """Columns by which rows are found are names, which are refused rather than changed."""
    prose = {"title", "text", "document", "settings", "why", "line", "reply", "answer", "author"}
    columns = [column for table in metadata.tables.values() for column in table.columns]

    assert [
        str(each) for each in columns if each.name in prose and not isinstance(each.type, Prose)
    ] == []


SETTLEMENTS: dict[str, Callable[[Jobs, Attempt], bool]] = {
    "finish": lambda jobs, mine: jobs.finish(mine, now=NOON),
    "postpone": lambda jobs, mine: jobs.postpone(mine, until=NOON, why="", now=NOON),
    "bury": lambda jobs, mine: jobs.bury(mine, why="", now=NOON),
}


@pytest.mark.parametrize("settle", SETTLEMENTS.values(), ids=SETTLEMENTS.keys())
def test_a_worker_whose_job_was_taken_over_settles_nothing(
    jobs: Jobs, settle: Callable[[Jobs, Attempt], bool]
):
    add(jobs, job())
    start(jobs)
    zombie = claim(jobs, job(), worker="w1")
    jobs.count_death(jobs.started()[0])
    claim(jobs, job(), worker="w2")

    assert (settle(jobs, zombie), state_of(jobs, job())) == (False, "started")


@pytest.mark.parametrize("settle", SETTLEMENTS.values(), ids=SETTLEMENTS.keys())
def test_an_attempt_that_was_begun_again_by_the_same_worker_settles_nothing(
    jobs: Jobs, settle: Callable[[Jobs, Attempt], bool]
):
    add(jobs, job())
    start(jobs)
    first = claim(jobs, job(), worker="w1")
    second = claim(jobs, job(), worker="w1")

    assert (first.run, settle(jobs, first), jobs.holds(first)) == (second.run, False, False)
    assert (state_of(jobs, job()), jobs.holds(second)) == ("started", True)


def test_a_job_is_held_until_its_worker_is_taken_for_dead(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    mine = claim(jobs, job())
    before = jobs.holds(mine)
    jobs.count_death(jobs.started()[0])

    assert (before, jobs.holds(mine)) == (True, False)


def test_a_death_is_counted_by_one_of_two_rescuers(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    seen = jobs.started()[0]

    assert [jobs.count_death(seen), jobs.count_death(seen)] == [True, False]


def test_a_buried_job_can_be_replayed(jobs: Jobs):
    add(jobs, job())
    start(jobs)
    jobs.bury(claim(jobs, job()), why="GiveUp: suspended", now=NOON)
    jobs.replay(job().id, now=NOON)

    assert start(jobs) == [job().id]


def test_a_job_under_way_cannot_be_replayed(jobs: Jobs):
    add(jobs, job())
    start(jobs)

    assert not jobs.replay(job().id, now=NOON)


def test_done_jobs_are_forgotten_buried_ones_are_not(jobs: Jobs):
    add(jobs, job("e1"), job("e2"))
    start(jobs)
    jobs.finish(claim(jobs, job("e1")), now=NOON)
    jobs.bury(claim(jobs, job("e2")), why="", now=NOON)
    jobs.forget_done(before=at(days=1))

    assert (state_of(jobs, job("e1")), state_of(jobs, job("e2"))) == (None, "buried")


# --- workers


def worker(name: str = "w1") -> Worker:
    return Worker(id=name, fingerprint="f", started_at=NOON)


def test_a_worker_that_beats_is_alive(db: Database):
    workers = Workers(db, lease_seconds=30)
    workers.beat(worker())

    assert workers.living() == [worker()]


def test_a_worker_whose_lease_has_ended_is_dead(db: Database):
    workers = Workers(db, lease_seconds=-1)
    workers.beat(worker())

    assert workers.living() == []


def test_a_worker_that_leaves_is_gone(db: Database):
    workers = Workers(db, lease_seconds=30)
    workers.beat(worker())
    workers.leave("w1")

    assert workers.living() == []


# --- the ledger


def test_what_a_job_did_is_entered_once(db: Database):
    ledger = Effects(db, lambda: NOON)
    for _ in range(2):
        ledger.enter("e1:judge_thread", "comment_posted", {"number": 7})

    assert [(each.what, each.about) for each in ledger.of_job("e1:judge_thread")] == [
        ("comment_posted", '{"number": 7}')
    ]


def test_different_things_are_entered_apart(db: Database):
    ledger = Effects(db, lambda: NOON)
    for number in (7, 8):
        ledger.enter("e1:judge_thread", "comment_posted", {"number": number})

    assert len(ledger.of_job("e1:judge_thread")) == 2


def test_the_ledger_forgets_what_is_old(db: Database):
    ledger = Effects(db, lambda: NOON)
    ledger.enter("e1:judge_thread", "comment_posted", {})
    ledger.forget(before=at(days=1))

    assert ledger.of_job("e1:judge_thread") == []


# --- the inbox


class Intake:
    """An inbox whose commits can be held back, so that what queues meanwhile is known."""

    def __init__(self, db: Database) -> None:
        self.batches: list[int] = []
        self.deliveries = Deliveries(db, lambda: NOON)

    def keep(self, batch: list[Delivery]) -> set[str]:
        self.batches.append(len(batch))
        return self.deliveries.keep(batch)


def nothing(_: CrashPoint) -> None:
    return None


async def keep_all(inbox: Inbox, *given: Delivery) -> list[bool | BaseException]:
    return await asyncio.gather(*(inbox.keep(each) for each in given), return_exceptions=True)


def test_fifty_copies_at_once_are_new_once(db: Database):
    inbox = Inbox(Deliveries(db, lambda: NOON), reached=nothing)
    answers = asyncio.run(keep_all(inbox, *[delivery()] * 50))
    inbox.close()

    assert (answers.count(True), answers.count(False)) == (1, 49)


def test_what_queued_during_a_commit_is_one_commit(db: Database):
    counted = Intake(db)
    inbox = Inbox(counted, reached=nothing)
    asyncio.run(keep_all(inbox, *(delivery(f"g{n}") for n in range(60))))
    inbox.close()

    assert len(counted.batches) < 10


def test_one_delivery_the_database_refuses_does_not_refuse_its_neighbours(db: Database):
    class Picky(Deliveries):
        def keep(self, batch: list[Delivery]) -> set[str]:
            if any(each.guid == "bad" for each in batch):
                raise sa.exc.DataError("insert", {}, ValueError("bad"))
            return super().keep(batch)

    inbox = Inbox(Picky(db, lambda: NOON), reached=nothing)
    answers = asyncio.run(keep_all(inbox, delivery("g1"), delivery("bad"), delivery("g2")))
    inbox.close()

    assert [isinstance(answer, Exception) for answer in answers] == [False, True, False]


@pytest.mark.parametrize(
    "error",
    [
        DatabaseIll("locked", illness="locked"),
        as_raised(sa.exc.ProgrammingError, psycopg.errors.UndefinedTable()),
        as_raised(sa.exc.InternalError, psycopg.errors.InternalError_()),
    ],
    ids=["locked", "42P01", "XX000"],
)
def test_a_database_that_is_ill_is_not_asked_again_for_each(sqlite_db: Database, error: Exception):
    asked: list[int] = []
    held = threading.Event()

    class Ill(Deliveries):
        def keep(self, batch: Sequence[Delivery]) -> set[str]:
            held.wait(10)
            asked.append(len(batch))
            raise error

    async def keep_three() -> list[bool | BaseException]:
        inbox = Inbox(Ill(sqlite_db, lambda: NOON), reached=nothing)
        asyncio.get_running_loop().call_later(0.05, held.set)
        answers = await keep_all(inbox, *(delivery(f"g{n}") for n in range(3)))
        inbox.close()
        return answers

    answers = asyncio.run(keep_three())

    # The first alone, or with some of the others; the rest together.
    assert (sum(asked), len(asked) <= 2) == (3, True)
    assert [isinstance(answer, TryLater) for answer in answers] == [True] * 3


def test_an_error_that_nobody_foresaw_is_told_once(sqlite_db: Database):
    class Broken(Deliveries):
        def keep(self, batch: Sequence[Delivery]) -> set[str]:
            raise as_raised(sa.exc.ProgrammingError, psycopg.errors.UndefinedTable())

    inbox = Inbox(Broken(sqlite_db, lambda: NOON), reached=nothing)
    with structlog.testing.capture_logs() as logged:
        for _ in range(3):
            asyncio.run(keep_all(inbox, delivery()))
    inbox.close()

    assert [each["event"] for each in logged] == ["keeping_failed"]


def test_a_full_queue_says_try_later(sqlite_db: Database):
    inbox = Inbox(Deliveries(sqlite_db, lambda: NOON), reached=nothing)
    answers = asyncio.run(keep_all(inbox, *(delivery(f"g{n}") for n in range(LONGEST_QUEUE + 600))))
    inbox.close()

    refused = [answer for answer in answers if isinstance(answer, TryLater)]
    assert refused
    assert (
        len(Deliveries(sqlite_db, lambda: NOON).known([f"g{n}" for n in range(2600)]))
        + len(refused)
        == 2600
    )


def test_a_cancelled_request_does_not_disturb_the_others(db: Database):
    inbox = Inbox(Deliveries(db, lambda: NOON), reached=nothing)

    async def cancel_one() -> list[bool | BaseException]:
        doomed = asyncio.create_task(inbox.keep(delivery("g1")))
        await asyncio.sleep(0)
        doomed.cancel()
        return await keep_all(inbox, delivery("g2"))

    answers = asyncio.run(cancel_one())
    inbox.close()

    assert answers == [True]


def test_statements_that_read_together_see_one_state(sqlite_db):
    known = sa.select(sa.func.count()).select_from(metadata.tables["deliveries"])
    with sqlite_db.reading(together=True) as tx:
        before = tx.execute(known).scalar_one()
        Deliveries(sqlite_db, lambda: NOON).keep([delivery("g1")])
        assert tx.execute(known).scalar_one() == before == 0


def test_one_statement_that_reads_is_all_that_is_sent(sqlite_db):
    counts = counted_statements(sqlite_db)
    Jobs(sqlite_db).counts()

    assert counts == {"SELECT": 1}


def test_jobs_that_start_in_one_round_are_written_in_one_statement(db):
    jobs, handed = Jobs(db), list[tuple[str, str]]()
    for cause in ("e1", "e2", "e3"):
        jobs.add(job(cause), due_at=NOON, now=NOON)
    counts = counted_statements(db)
    jobs.start_due(lambda _, run, of: handed.append((run, of)), now=NOON, per_installation=3)

    assert counts["UPDATE"] == 1
    assert sorted(handed) == sorted((record.run, record.job.id) for record in jobs.all())
    assert {record.state for record in jobs.all()} == {"started"}


def test_nothing_to_keep_asks_nothing(db):
    counts, store = counted_statements(db), SqlStore(db)
    store.keep_lines(1, [])

    assert not counts
