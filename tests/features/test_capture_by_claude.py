"""With a key, Claude drafts and code checks: the same front door, another drafter behind the
port."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.record import read_report
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


def test_an_answer_that_the_thread_does_not_bear_out_never_becomes_a_line(sqlite_db, api):
    invented = [{"remark": 1, "text": "Because I say so, and that is that."}]
    api.reply = lambda request: answer(request, quotes=invented)
    loop = loop_with(sqlite_db, api)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.proposals == []
    with sqlite_db.reading() as tx:
        why = tx.execute(sa.select(model_calls.c.discarded)).scalars().all()
    assert len(why) == 2
    assert all("is not in remark 1" in each for each in why)


def test_an_answer_thrown_away_is_counted_in_the_report(sqlite_db, api):
    api.reply = lambda request: answer(request, takeaway="Too short.")
    loop = loop_with(sqlite_db, api)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    [tally] = read_report(sqlite_db).answers

    assert (tally.model, tally.count, tally.discarded) == ("claude-sonnet-5-5", 2, 2)


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
