"""With a key, Claude drafts and code checks: the same front door, another drafter behind the
port."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import model_calls
from tests.support.drafted import TAKEAWAY, answer
from tests.support.loop import BRANCH, Loop
from tests.support.messages_api import MessagesApi, failure
from tests.support.tales import ANCHORS, ANCHORS_REFUSED


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(answer) as api:
        yield api


def loop_with(db: Database, api: MessagesApi) -> Loop:
    return Loop(db, anthropic_api_key="sk-of-the-tests", anthropic_base_url=api.url)


def test_claude_writes_the_takeaway(sqlite_db, api):
    loop = loop_with(sqlite_db, api)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert TAKEAWAY in loop.file(branch=BRANCH)


def test_an_answer_that_the_thread_does_not_bear_out_is_replaced_by_the_rules(sqlite_db, api):
    api.reply = lambda request: answer(request, quotes=["Because I say so."])
    loop = loop_with(sqlite_db, api)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert TAKEAWAY not in loop.file(branch=BRANCH)
    assert "**#1** (not-planned)" in loop.file(branch=BRANCH)


def test_an_outage_only_delays_the_draft(sqlite_db, api):
    api.reply = lambda _: failure(529, "overloaded_error")
    loop = loop_with(sqlite_db, api)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    assert loop.proposals == []
    api.reply = answer
    loop.clock.advance(hours=1)
    loop.settle()

    assert TAKEAWAY in loop.file(branch=BRANCH)


def test_every_call_is_on_the_ledger_and_none_is_paid_twice(sqlite_db, api):
    loop = loop_with(sqlite_db, api)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    for webhook in list(loop.sandbox.webhooks):
        loop.deliver(webhook)
    loop.run_jobs()

    with sqlite_db.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(model_calls)).scalar() == len(
            api.asked
        )
