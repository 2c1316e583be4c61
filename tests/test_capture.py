"""In at the webhook, out at the rolling pull request."""

import pytest

from bot.sandbox import actions
from bot.store.database import Database
from tests.loop import BRANCH, PATH, Loop


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


ANCHORS = "Support YAML anchors in the configuration"
WHY_NOT = (
    "We won't support anchors: an alias hides the value from whoever reviews the change,"
    " and a hidden value is how wrong timeouts reach production."
)


def test_a_declined_issue_becomes_one_proposed_line(loop):
    issue = loop.decline(ANCHORS, WHY_NOT)
    loop.settle()

    assert loop.proposal.pull.base == "main"
    assert f"**#{issue.number}** (not-planned) — " in loop.file(branch=BRANCH)
    assert loop.repo.git.read("main", PATH) is None
