"""A person moves the learnings file, and says so in the settings, while a line waits."""

import pytest

from bot.adapters.store.database import Database
from bot.core.jobs import CONFIG_PATH
from github_sandbox import actions
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

NEW_PATH = "docs/decisions.md"
SETTING = {CONFIG_PATH: f"path: {NEW_PATH}\n"}


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    """One decision stands, another waits in an open pull request."""
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    return loop


def moved(text: str) -> dict[str, str | None]:
    return {PATH: None, NEW_PATH: text}


@pytest.mark.parametrize("order", ["together", "the file first", "the setting first"])
def test_a_waiting_line_follows_the_file(loop: Loop, order: str) -> None:
    text = loop.file()
    pushes: dict[str, list[dict[str, str | None]]] = {
        "together": [{**moved(text), **SETTING}],
        "the file first": [moved(text), {**SETTING}],
        "the setting first": [{**SETTING}, moved(text)],
    }
    for files in pushes[order]:
        loop.push(files)
        loop.settle()

    assert [pull.open for pull in loop.proposals] == [False, True]
    (change,) = loop.changes(loop.proposal)
    assert change.path == NEW_PATH
    assert len([line for line in loop.diff_lines(loop.proposal, "+") if "**#3**" in line]) == 1
    assert loop.diff_lines(loop.proposal, "-") == []


def test_a_line_deleted_after_the_move_is_a_no(loop: Loop) -> None:
    loop.push({**moved(loop.file()), **SETTING})
    loop.settle()
    text = loop.file(branch=BRANCH, path=NEW_PATH)
    kept = "\n".join(line for line in text.split("\n") if "**#3**" not in line)
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=NEW_PATH, text=kept)
    loop.settle()

    assert not [pull for pull in loop.proposals if pull.open]


def test_a_branch_into_which_a_person_merged_the_move_keeps_its_line(loop: Loop) -> None:
    with_line = loop.file(branch=BRANCH)
    loop.push({**moved(loop.file())})
    loop.push({**moved(with_line)}, branch=BRANCH)
    loop.push({**SETTING})
    loop.settle()

    assert loop.proposal.open
    assert "**#3**" in loop.file(branch=BRANCH, path=NEW_PATH)
