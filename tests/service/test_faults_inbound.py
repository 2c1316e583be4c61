"""Webhooks on bad days, through the front door. Which fault each test is about: docs/faults.md."""

from itertools import permutations

import pytest

from bot.adapters.store.database import Database
from github_sandbox import actions
from tests.support.loop import BRANCH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


def test_fifty_identical_deliveries_are_worked_once(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    closing = loop.sandbox.webhooks[-1]

    assert {loop.deliver(closing) for _ in range(50)} == {202}
    loop.settle()
    assert loop.file(branch=BRANCH).count("**#1**") == 1
    assert len(loop.proposals) == 1


@pytest.mark.parametrize(
    "order", list(permutations(range(4))), ids=lambda order: "".join(map(str, order))
)
def test_whatever_the_order_of_the_events_the_end_is_what_github_shows(sqlite_db, order):
    loop = Loop(sqlite_db)
    loop.settle()
    issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    actions.reopen(loop.sandbox, issue, loop.owner)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    events = [webhook for webhook in loop.sandbox.webhooks if webhook.event == "issues"]
    for place in order:
        loop.deliver(events[place])
        loop.run_jobs()
    loop.settle()

    assert loop.file(branch=BRANCH).count("**#1**") == 1
    assert len(loop.proposals) == 1


def test_an_event_that_arrives_a_day_late_is_judged_by_what_is_true_now(loop):
    issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    actions.reopen(loop.sandbox, issue, loop.owner)
    loop.clock.advance(days=1)
    loop.settle()

    assert loop.proposals == []


def test_a_storm_of_redeliveries_adds_nothing(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    head = loop.repo.git.head(BRANCH)
    for webhook in list(loop.sandbox.webhooks):
        loop.sandbox.redeliver(webhook)
    loop.settle()

    assert loop.repo.git.head(BRANCH) == head
    assert len(loop.proposals) == 1


@pytest.mark.parametrize("how", ["doubled", "late", "reordered"])
def test_webhooks_doubled_late_or_out_of_order_come_to_the_same_end(loop, how):
    with loop.sandbox.webhooks_gone_wrong(how):
        loop.decline(ANCHORS, ANCHORS_REFUSED)
        loop.decline(POLLING, POLLING_REFUSED)
        loop.settle()
    loop.settle()

    assert [loop.file(branch=BRANCH).count(f"**#{number}**") for number in (1, 2)] == [1, 1]
    assert len(loop.proposals) == 1
