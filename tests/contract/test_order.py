"""GitHub promises no order: whatever comes first, the end is the same."""

from itertools import permutations

import pytest

from bot.adapters.store.database import Database
from github_sandbox import actions
from tests.support.loop import BRANCH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED


@pytest.fixture
def loop(db: Database) -> Loop:
    loop = Loop(db)
    loop.settle()
    return loop


@pytest.mark.parametrize(
    "order", list(permutations(range(5))), ids=lambda order: "".join(map(str, order))
)
def test_any_order_ends_alike(loop: Loop, order: tuple[int, ...]):
    before = len(loop.sandbox.webhooks)
    issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    actions.reopen(loop.sandbox, issue, loop.owner)
    loop.clock.advance(seconds=5)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    told = loop.sandbox.webhooks[before:]
    assert [webhook.event for webhook in told] == [
        "issues",
        "issue_comment",
        "issues",
        "issues",
        "issues",
    ]

    for place in order:
        loop.deliver(told[place])
        loop.run_jobs()
    loop.settle()

    entries = [line for line in loop.file(branch=BRANCH).split("\n") if line.startswith("- **#")]
    assert (len(loop.proposals), len(entries), loop.bot_comments(issue)) == (1, 1, [])
