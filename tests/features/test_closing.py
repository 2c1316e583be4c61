"""A line leaves only by a person's act: how the pull request is closed, and what brings lines
back."""

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.repositories import SqlStore
from bot.core.jobs import CONFIG_PATH
from github_sandbox import actions
from github_sandbox.state import Issue
from tests.support.loop import BRANCH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

FOLD = "Set aside by a person"


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    """Two lines wait in the open pull request #2, of issues #1 and #3."""
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    return loop


def open_pulls(loop: Loop) -> list[Issue]:
    return [pull for pull in loop.proposals if pull.open]


def numbers(loop: Loop) -> list[int]:
    """Of the entries on the branch."""
    text = loop.file(branch=BRANCH)
    return [number for number in (1, 3) if f"**#{number}**" in text]


def close_by_machine(loop: Loop) -> None:
    tidy = loop.sandbox.add_user("tidy-app", type="Bot")
    loop.repo.roles["tidy-app"] = "write"
    actions.close(loop.sandbox, loop.proposal, tidy)
    loop.settle()


def close(loop: Loop, words: str = "") -> None:
    if words:
        actions.comment(loop.sandbox, loop.proposal, loop.owner, words)
    actions.close(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()


def set_box(loop: Loop, number: int, *, ticked: bool) -> None:
    was, will = ("[ ]", "[x]") if ticked else ("[x]", "[ ]")
    body = loop.proposal.body.replace(f"- {was} **`#{number}`**", f"- {will} **`#{number}`**")
    assert body != loop.proposal.body
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.settle()


def say(loop: Loop, words: str) -> None:
    actions.comment(loop.sandbox, loop.proposals[-1], loop.owner, words)
    loop.settle()


def open_again(loop: Loop) -> None:
    actions.reopen(loop.sandbox, loop.proposals[-1], loop.owner)
    loop.settle()


def test_what_a_machine_closed_is_proposed_again_within_a_day_and_once(loop: Loop) -> None:
    close_by_machine(loop)
    assert not open_pulls(loop)
    loop.settle_later(days=1)
    assert len(open_pulls(loop)) == 1
    assert numbers(loop) == [1, 3]

    close_by_machine(loop)
    loop.settle_later(days=40)
    assert not open_pulls(loop)


def test_not_now_puts_everything_off_for_the_days_of_the_settings(loop: Loop) -> None:
    loop.push({CONFIG_PATH: "pause_days: 10\n"})
    loop.settle()
    close(loop, "Not now, we freeze for the release.")
    loop.decline("Poll the disk every millisecond", POLLING_REFUSED)
    loop.settle_later(days=9)
    assert not open_pulls(loop)

    loop.settle_later(days=2)
    assert len(open_pulls(loop)) == 1
    assert numbers(loop) == [1, 3]


def test_a_close_is_answered_once_and_undone_there(loop: Loop) -> None:
    closed = loop.proposal
    close(loop)
    loop.settle_later(days=1)
    (answer,) = loop.bot_comments(closed)
    assert "`#1`, `#3`" in answer.body
    assert "/learnings undo" in answer.body

    say(loop, "/learnings undo")
    assert len(open_pulls(loop)) == 1
    assert numbers(loop) == [1, 3]


def test_opened_again_it_has_its_lines_and_the_answer_goes(loop: Loop) -> None:
    close(loop)
    open_again(loop)

    assert numbers(loop) == [1, 3]
    assert loop.bot_comments(loop.proposal) == []
    assert len(loop.proposals) == 1


def test_an_unticked_line_stays_in_a_fold_and_ticked_it_comes_back(loop: Loop) -> None:
    set_box(loop, 1, ticked=False)
    assert numbers(loop) == [3]
    folded = loop.proposal.body.partition(FOLD)[2]
    assert "- [ ] **`#1`** (unticked, " in folded
    loop.settle_later(days=1)
    assert numbers(loop) == [3]

    set_box(loop, 1, ticked=True)
    assert numbers(loop) == [1, 3]
    assert FOLD not in loop.proposal.body


def test_a_command_brings_back_a_line_whose_box_is_still_empty(loop: Loop) -> None:
    set_box(loop, 1, ticked=False)
    say(loop, "/learnings reconsider #1")

    assert numbers(loop) == [1, 3]


def test_the_last_unticked_line_is_answered_and_comes_back_when_opened_again(loop: Loop) -> None:
    set_box(loop, 1, ticked=False)
    set_box(loop, 3, ticked=False)
    assert not open_pulls(loop)
    (answer,) = loop.bot_comments(loop.proposals[-1])
    assert "`#1`, `#3`" in answer.body

    open_again(loop)
    assert numbers(loop) == [1, 3]


def test_why_tells_who_set_a_line_aside_and_the_way_back(loop: Loop) -> None:
    close(loop)
    actions.comment(loop.sandbox, loop.repo.issues[1], loop.owner, "/learnings why")
    loop.settle()
    (answer,) = loop.bot_comments(loop.repo.issues[1])

    closed = f"pull request `#2` was closed by {loop.owner.login} on 4 May 2026."
    assert closed in answer.body
    assert "`/learnings reconsider #1`" in answer.body


def test_why_tells_until_when_a_line_is_put_off(loop: Loop) -> None:
    close(loop, "Later, please.")
    actions.comment(loop.sandbox, loop.repo.issues[1], loop.owner, "/learnings why")
    loop.settle()
    (answer,) = loop.bot_comments(loop.repo.issues[1])

    assert "The entry is proposed again on 3 June 2026" in answer.body


def test_many_lines_are_one_commit_that_names_each(loop: Loop) -> None:
    close_by_machine(loop)
    loop.settle_later(days=1)
    git = loop.repo.git
    newest = git.commit(git.head(BRANCH))

    assert newest.message == (
        b"docs(learnings): record 2\n\nLearnings-Entry: 1\nLearnings-Entry: 3"
    )


def test_a_merge_is_read_at_once_though_no_push_tells_of_it(loop: Loop) -> None:
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    for webhook in loop.sandbox.webhooks:
        if webhook.headers["X-GitHub-Event"] == "push":
            webhook.status = webhook.status or 202
    loop.settle()

    kept = SqlStore(loop.db).recollection(loop.repo.id)
    assert kept is not None
    assert "**#3**" in (kept.document or "")
