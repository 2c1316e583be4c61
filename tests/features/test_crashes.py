"""Killed after each step and run again: the end must be the same."""

from typing import get_args

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.repositories import SqlStore
from bot.ports.world import CrashPoint
from github_sandbox import actions
from tests.support.inline import Killed
from tests.support.loop import BRANCH, PATH, Loop, with_merged_decisions
from tests.support.power import Power, settle_through_a_kill
from tests.support.tales import ANCHORS, ANCHORS_AGAIN, ANCHORS_AGAIN_BODY, ANCHORS_REFUSED

OF_PROPOSALS = [
    "job.claimed",
    "llm.returned",
    "draft.stored",
    "commit.done",
    "ref.created",
    "pr.created",
    "job.before_done",
]
OF_COMMENTS = ["job.claimed", "comment.created", "job.before_done"]
OF_CHECKS = ["job.claimed", "check.created", "job.before_done"]
OF_COMMANDS = ["job.claimed", "command.kept", "answer.posted", "job.before_done"]


@pytest.mark.parametrize("point", OF_PROPOSALS)
def test_a_kill_leaves_one_pull_request_with_one_line(sqlite_db: Database, point):
    power = Power()
    loop = Loop(sqlite_db, reached=power)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through_a_kill(loop, power, point)

    assert len(loop.proposals) == 1
    assert loop.file(branch=BRANCH).count("**#1**") == 1
    assert (
        len(loop.repo.git.commits_between(loop.repo.git.head("main"), loop.repo.git.head(BRANCH)))
        == 1
    )


def test_a_line_that_arrived_before_a_kill_and_was_reworded_after_it_stays_reworded(
    sqlite_db: Database,
):
    power = Power("ref.created")
    loop = Loop(sqlite_db, reached=power)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.deliver_new()
    with pytest.raises(Killed):
        loop.run_jobs()
    written = loop.file(branch=BRANCH)
    (line,) = [line for line in written.splitlines() if "**#1**" in line]
    reworded = "- **#1** (not-planned) \u2014 Anchors hide values from whoever reviews."
    loop.push({PATH: written.replace(line, reworded)}, branch=BRANCH)
    for _ in range(2):  # the run that was killed finds that the branch has moved, and waits
        loop.settle_later(hours=1)

    assert reworded in loop.file(branch=BRANCH)
    assert loop.file(branch=BRANCH).count("**#1**") == 1
    (entry,) = SqlStore(sqlite_db).proposed_entries(loop.repo.id)
    assert entry.life == "proposed"


@pytest.mark.parametrize("point", OF_COMMENTS)
def test_a_kill_leaves_one_comment(sqlite_db: Database, point):
    power = Power()
    loop = Loop(sqlite_db, reached=power)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    settle_through_a_kill(loop, power, point)

    assert len(loop.bot_comments(issue)) == 1


@pytest.mark.parametrize("point", OF_CHECKS)
def test_a_kill_leaves_one_check_run(sqlite_db: Database, point):
    power = Power()
    twice = (
        "- **#1** (merged) \u2014 Queues are bounded, so that a burst is refused. [tags: queue]\n"
        * 2
    )
    loop = Loop(sqlite_db, reached=power)
    actions.propose_edit(
        loop.sandbox, loop.repo, loop.owner, files={PATH: twice}, title="Edit by hand"
    )
    settle_through_a_kill(loop, power, point)
    (run,) = loop.repo.check_runs.values()

    assert (run.conclusion, len(run.annotations)) == ("failure", 1)


@pytest.mark.parametrize("point", OF_COMMANDS)
def test_a_kill_leaves_one_answer(sqlite_db: Database, point):
    power = Power()
    loop = Loop(sqlite_db, reached=power)
    issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    said = actions.comment(loop.sandbox, issue, loop.owner, "/learnings why")
    settle_through_a_kill(loop, power, point)

    assert len(loop.bot_comments(issue)) == 1
    assert [reaction.content for reaction in said.reactions] == ["+1"]


@pytest.mark.parametrize(
    "point", ["job.claimed", "command.kept", "commit.done", "ref.created", "job.before_done"]
)
def test_a_kill_undoes_one_command_and_not_the_one_before(sqlite_db: Database, point):
    power = Power()
    loop = Loop(sqlite_db, reached=power)
    issue = loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    for takeaway in (
        "Anchors hide values from whoever reviews.",
        "Anchors are refused here, for ever and a day.",
    ):
        actions.comment(loop.sandbox, issue, loop.owner, f"/learnings edit {takeaway}")
        loop.settle()
    actions.comment(loop.sandbox, issue, loop.owner, "/learnings undo")
    settle_through_a_kill(loop, power, point)

    assert "Anchors hide values from whoever reviews." in loop.file(branch=BRANCH)
    assert len(loop.proposals) == 1


@pytest.mark.parametrize("point", ["command.kept", "comment.created", "job.before_done"])
def test_a_kill_restores_one_comment(sqlite_db: Database, point):
    power = Power()
    loop = with_merged_decisions(sqlite_db, reached=power)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    actions.comment(loop.sandbox, issue, loop.owner, "/learnings wrong")
    loop.settle()
    actions.comment(loop.sandbox, issue, loop.owner, "/learnings undo")
    settle_through_a_kill(loop, power, point)

    assert len(loop.bot_comments(issue)) == 1


def test_every_point_that_handlers_pass_is_tried():
    elsewhere = {
        point
        for point in get_args(CrashPoint)
        if point.split(".")[0] in {"ingest", "sweep", "shutdown"}
    }

    tried = {*OF_PROPOSALS, *OF_COMMENTS, *OF_CHECKS, *OF_COMMANDS}
    assert tried == set(get_args(CrashPoint)) - elsewhere
