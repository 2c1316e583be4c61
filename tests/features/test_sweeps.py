"""What did not arrive is found in GitHub's log: outages, restored databases, payloads that cannot
be read."""

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from bot.adapters.store import schema
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.core.jobs import SweepDeliveries
from bot.features.sweep_deliveries import may_redeliver
from bot.ports.github import HookAttempt
from github_sandbox import actions, faults
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.moments import NOON
from tests.support.tales import ANCHORS, ANCHORS_AGAIN, ANCHORS_AGAIN_BODY, ANCHORS_REFUSED

EVERY = timedelta(minutes=10)


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


def sweep(loop: Loop) -> None:
    """As the worker does at its start."""
    loop.engine.add_scheduled(SweepDeliveries, every=EVERY)
    loop.settle()


def guids(loop: Loop) -> set[str]:
    with loop.db.reading() as tx:
        return set(tx.execute(sa.select(schema.deliveries.c.guid)).scalars())


def test_two_hundred_deliveries_lost_in_four_hours_are_all_worked_after_one_sweep(loop):
    with loop.sandbox.losing_webhooks():
        while len(loop.sandbox.webhooks) < 200:
            loop.clock.advance(minutes=3)
            loop.decline(f"{ANCHORS} {len(loop.sandbox.webhooks)}", ANCHORS_REFUSED)
    began = loop.clock()
    sweep(loop)

    assert {webhook.guid for webhook in loop.sandbox.webhooks} <= guids(loop)
    assert len(loop.sandbox.webhooks) >= 200
    assert loop.clock() - began < timedelta(minutes=15)
    assert len(loop.proposals) == 1
    jobs = schema.jobs.c
    with loop.db.reading() as tx:
        unfinished = tx.execute(sa.select(jobs.kind).where(jobs.state != "done")).scalars()
        # More entries than fit into a day: the rest comes tomorrow.
        assert list(unfinished) == ["propose_rest"]


def test_what_was_kept_and_answered_too_late_is_not_read_again(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    for webhook in loop.sandbox.webhooks:
        webhook.status = 504
    sweep(loop)

    assert [
        asked.path for asked in loop.sandbox.bad_days.asked if "/hook/deliveries/" in asked.path
    ] == []
    assert len(loop.proposals) == 1


def test_what_arrived_is_not_read_again(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    sweep(loop)

    assert [
        asked.path for asked in loop.sandbox.bad_days.asked if "/hook/deliveries/" in asked.path
    ] == []


def test_nothing_is_asked_to_be_sent_again_that_can_be_read(loop):
    with loop.sandbox.losing_webhooks():
        loop.decline(ANCHORS, ANCHORS_REFUSED)
    sweep(loop)

    assert [webhook for webhook in loop.sandbox.webhooks if webhook.redelivery] == []


def test_what_cannot_be_read_is_sent_again(loop):
    with loop.sandbox.losing_webhooks():
        loop.decline(ANCHORS, ANCHORS_REFUSED)
    lost = loop.sandbox.webhooks[-1]
    loop.sandbox.unreadable.add(lost.guid)
    sweep(loop)

    assert [webhook.guid for webhook in loop.sandbox.webhooks if webhook.redelivery] == [lost.guid]
    assert lost.guid in guids(loop)


def test_what_cannot_be_read_is_asked_for_five_times_and_not_more_than_once_an_hour(loop):
    with loop.sandbox.losing_webhooks():
        loop.decline(ANCHORS, ANCHORS_REFUSED)
        loop.sandbox.unreadable.add(loop.sandbox.webhooks[-1].guid)
        asked_at = []
        for _ in range(60):
            before = len(loop.sandbox.webhooks)
            sweep(loop)
            asked_at += [loop.clock()] * (len(loop.sandbox.webhooks) - before)
            loop.clock.advance(minutes=10)

    assert len(asked_at) == 5
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(asked_at))


def test_what_a_restored_database_lost_is_read_again(loop):
    loop.open_issue("Before")
    loop.settle()
    loop.clock.advance(hours=1)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    with loop.db.writing() as tx:
        tx.execute(
            sa.delete(schema.deliveries).where(
                schema.deliveries.c.received_at > NOON + timedelta(minutes=30)
            )
        )
        tx.execute(sa.delete(schema.jobs))
        tx.execute(sa.delete(schema.repositories))
    sweep(loop)

    assert {webhook.guid for webhook in loop.sandbox.webhooks} <= guids(loop)
    assert len(loop.proposals) == 1


def test_what_others_received_before_our_time_is_none_of_ours(loop):
    loop.open_issue(ANCHORS)
    for webhook in loop.sandbox.webhooks:
        webhook.status = 200
    sweep(loop)

    assert guids(loop) == set()


def test_a_late_event_leads_to_no_comment(sqlite_db):
    entry = (
        "# Learnings\n\n- **#1** (not-planned) — Anchors are refused: an alias hides the"
        " value. [tags: config]\n"
    )
    loop = Loop(sqlite_db, files={PATH: entry, "README.md": ""})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    with loop.sandbox.losing_webhooks():
        issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.clock.advance(hours=7)
    sweep(loop)

    assert loop.sandbox.webhooks[-1].guid in guids(loop)
    assert loop.bot_comments(issue) == []


def test_the_next_sweep_reads_only_what_is_new(loop):
    with loop.sandbox.losing_webhooks():
        for number in range(150):
            loop.open_issue(f"Number {number}")
    loop.clock.advance(hours=2)
    sweep(loop)
    loop.clock.advance(minutes=10)
    before = len(loop.sandbox.bad_days.asked)
    sweep(loop)

    assert [asked.path for asked in loop.sandbox.bad_days.asked[before:]] == [
        "/app/hook/deliveries"
    ]


def test_a_sweep_that_was_interrupted_goes_on_where_it_was(loop):
    with loop.sandbox.losing_webhooks():
        loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.sandbox.bad_days.add(faults.Fault(path=r"/hook/deliveries/\d+$"))
    sweep(loop)
    loop.settle_later(minutes=2)

    assert {webhook.guid for webhook in loop.sandbox.webhooks} <= guids(loop)
    assert BRANCH in loop.repo.git.branches()


def test_a_gap_longer_than_githubs_memory_is_stated(loop, logged):
    sweep(loop)
    loop.clock.advance(days=5)
    sweep(loop)

    assert [entry["hours"] for entry in logged if entry["event"] == "deliveries_lost"] == [48]


def test_what_was_closed_in_such_a_gap_is_judged_and_not_commented(loop):
    loop.open_issue("Before")
    loop.decline(ANCHORS_AGAIN, "Duplicate.")
    loop.settle()
    sweep(loop)
    with loop.sandbox.losing_webhooks():
        loop.clock.advance(days=1)
        issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.clock.advance(days=5)
    sweep_without_log(loop)

    assert f"**#{issue.number}**" in loop.file(branch=BRANCH)
    assert loop.bot_comments(issue) == []


def sweep_without_log(loop: Loop) -> None:
    """GitHub has forgotten what it sent."""
    loop.sandbox.bad_days.add(
        faults.Fault(status=404, message="Not Found", path="/hook/deliveries", times=9)
    )
    sweep(loop)


def test_a_server_without_such_a_log_is_no_failure(loop):
    loop.sandbox.bad_days.add(
        faults.Fault(status=404, message="Not Found", path="/hook/deliveries", times=100)
    )
    sweep(loop)

    assert Deliveries(loop.db, loop.clock).complete_until() == loop.clock()


def attempt(minutes: int, *, redelivery: bool = True) -> HookAttempt:
    return HookAttempt(
        id=1, guid="g", at=NOON + timedelta(minutes=minutes), arrived=False, redelivery=redelivery
    )


@pytest.mark.parametrize(
    ("tries", "may"),
    [
        ([attempt(-1, redelivery=False)], True),
        ([attempt(-30), attempt(-31, redelivery=False)], False),
        ([attempt(-61), attempt(-90, redelivery=False)], True),
        ([attempt(-61 * n) for n in range(1, 6)], False),
    ],
)
def test_how_often_github_is_asked_to_send_again(tries, may):
    assert may_redeliver(tries, now=NOON) is may


def test_the_log_is_read_at_the_start_and_not_twice_for_one_period(loop):
    for _ in range(3):
        loop.engine.add_at_start(SweepDeliveries)
        loop.engine.add_scheduled(SweepDeliveries, every=EVERY)
    loop.settle()

    assert [asked.path for asked in loop.sandbox.bad_days.asked].count("/app/hook/deliveries") == 1


def test_an_unsuspended_installation_whose_event_was_lost_is_found_by_the_sweep(loop):
    installation = loop.sandbox.installation_of(loop.repo)
    loop.settle()
    actions.suspend(loop.sandbox, installation, loop.owner)
    loop.settle()
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    with loop.sandbox.losing_webhooks():
        actions.unsuspend(loop.sandbox, installation, loop.owner)
        loop.decline(ANCHORS_AGAIN, ANCHORS_REFUSED)
    sweep(loop)

    assert len(loop.proposals) == 1
