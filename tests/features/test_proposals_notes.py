"""When people have to step in: one note on the pull request, and nothing overwritten meanwhile."""

import pytest

from bot.adapters.store.database import Database
from bot.ports.world import CrashPoint
from github_sandbox import actions, faults
from github_sandbox.state import Comment
from tests.support.inline import Killed
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

QUEUES = "# Learnings\n\n## Queue\n\n- **#90** (merged) — Queues are boundd. [tags: queue]\n"
HERE, THERE = QUEUES.replace("boundd", "bounded"), QUEUES.replace("boundd", "limited")


@pytest.fixture
def under_way(sqlite_db: Database) -> Loop:
    """One entry is proposed for a file that has another."""
    loop = Loop(sqlite_db, files={PATH: QUEUES})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


def edit_branch(loop: Loop, old: str, new: str) -> None:
    text = loop.file(branch=BRANCH).replace(old, new)
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=text)


def contradict(loop: Loop) -> None:
    """The same line changed here and there, each in another way."""
    edit_branch(loop, "boundd", "bounded")
    loop.settle()
    loop.push({PATH: THERE})
    loop.settle()


def notes(loop: Loop) -> list[Comment]:
    return loop.bot_comments(loop.proposal)


def test_people_who_contradict_each_other_are_told_once(under_way):
    contradict(under_way)
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()

    [note] = notes(under_way)
    assert note.body.startswith(
        "**This pull request cannot be brought up to date:** people changed the same lines of"
        " the file here and on the"
        " default branch."
    )


def test_nothing_is_overwritten_while_they_do(under_way):
    contradict(under_way)
    before = under_way.repo.git.head(BRANCH)
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()

    assert under_way.repo.git.head(BRANCH) == before


def test_the_note_goes_away_once_they_agree(under_way):
    contradict(under_way)
    edit_branch(under_way, "bounded", "limited")
    under_way.settle()

    assert notes(under_way) == []
    assert under_way.diff_lines(under_way.proposal, "-") == []
    assert "limited" in under_way.file(branch=BRANCH)


def test_a_file_that_people_broke_on_the_branch_is_named(under_way):
    edit_branch(under_way, "## Queue", "<<<<<<< ours\n## Queue\n=======\n## Queues\n>>>>>>> theirs")
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()

    [note] = notes(under_way)
    assert "conflict markers in line 3: resolve the merge first" in note.body


def test_a_branch_that_githubs_rules_close_is_named(under_way):
    under_way.sandbox.bad_days.add(faults.branch_rule(method="PATCH", path="/git/refs"))
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()

    [note] = notes(under_way)
    assert (
        "GitHub answers `PATCH /repos/acme/engine/git/refs/heads/precedent/learnings: 422"
        in note.body
    )
    assert "branch protection" in note.body


def test_of_a_secret_that_github_found_nothing_is_said(under_way):
    """The draft is kept out instead: nobody who reads the pull request could put that right."""
    under_way.sandbox.bad_days.add(faults.push_protection(method="POST", path="/git/trees"))
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()

    assert notes(under_way) == []
    assert "**#1**" in under_way.file(branch=BRANCH)


def test_a_note_that_may_not_be_written_is_left_out(under_way):
    under_way.sandbox.bad_days.add(faults.branch_rule(method="PATCH", path="/git/refs"))
    under_way.sandbox.bad_days.add(faults.locked(method="POST", path="/comments"))
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()
    under_way.decline("Poll the disk every millisecond", POLLING_REFUSED)
    under_way.settle()

    assert notes(under_way) == []
    assert "**#4**" in under_way.file(branch=BRANCH)


def test_without_a_pull_request_nobody_is_told(sqlite_db):
    loop = Loop(sqlite_db, files={PATH: QUEUES})
    loop.sandbox.bad_days.add(faults.branch_rule(method="POST", path="/git/refs", times=100))
    issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.proposals == []
    assert loop.bot_comments(issue) == []


def test_a_kill_after_the_note_leaves_one(sqlite_db):
    killed: list[CrashPoint] = []

    def kill(point: CrashPoint) -> None:
        if point == "comment.created" and not killed:
            killed.append(point)
            raise Killed

    loop = Loop(sqlite_db, files={PATH: QUEUES}, reached=kill)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    with pytest.raises(Killed):
        contradict(loop)
    loop.settle()

    assert killed == ["comment.created"]
    assert len(notes(loop)) == 1
