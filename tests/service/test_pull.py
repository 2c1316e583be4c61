"""Without a public address: what GitHub sends in vain is read from its log."""

from datetime import timedelta

import pytest

from bot.adapters.store.database import Database
from bot.app import Outside, build_pull
from bot.core.settings import Settings
from bot.service.pull import AFTER_FAILURE, EVERY, PullLoop
from github_sandbox import InProcess, faults
from tests.support.loop import Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED


class Unreachable(Loop):
    """A bot that GitHub cannot reach."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.woken = 0
        settings = Settings(
            app_id=self.sandbox.app.id,
            private_key=self.sandbox.private_key,
            api_url=self.sandbox.site.api,
        )
        outside = Outside(clock=self.clock, github=InProcess(self.sandbox))
        self.pull: PullLoop = build_pull(settings, db, outside=outside, kept=self.wake)

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def loop(sqlite_db: Database) -> Unreachable:
    return Unreachable(sqlite_db)


def test_what_cannot_be_sent_is_pulled_and_worked(loop):
    with loop.sandbox.losing_webhooks():
        loop.decline(ANCHORS, ANCHORS_REFUSED)
    wait = loop.pull.turn()
    loop.run_jobs()

    assert wait == EVERY
    assert len(loop.proposals) == 1


def test_a_dispatcher_is_woken_only_for_something_new(loop):
    with loop.sandbox.losing_webhooks():
        loop.decline(ANCHORS, ANCHORS_REFUSED)
    for _ in range(3):
        loop.pull.turn()
        loop.clock.advance(seconds=3)

    assert loop.woken == 1


def test_an_outage_is_waited_out(loop):
    loop.sandbox.bad_days.add(faults.Fault(path="/hook/deliveries"))

    assert loop.pull.turn() == AFTER_FAILURE


def test_a_limit_is_waited_out(loop):
    loop.sandbox.bad_days.add(faults.secondary_limit(seconds=600, path="/hook/deliveries"))

    assert loop.pull.turn() == timedelta(minutes=10)
