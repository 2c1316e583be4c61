"""The rolling pull request among people: what they merge, edit, refuse, and change beside it."""

import pytest

from bot.adapters.store.database import Database
from bot.core.jobs import CONFIG_PATH
from github_sandbox import actions
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

OWN_LINE = (
    "- **#{number}** (not-planned) — Anchors are refused; reviewers must see values. [tags: config]"
)


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


def reword(loop: Loop, number: int, line: str) -> None:
    lines = loop.file(branch=BRANCH).split("\n")
    text = "\n".join(line if f"**#{number}**" in each else each for each in lines)
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=text)


def drop(loop: Loop, number: int) -> None:
    lines = loop.file(branch=BRANCH).split("\n")
    text = "\n".join(each for each in lines if f"**#{number}**" not in each)
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=text)


def close_as_its_author(loop: Loop) -> None:
    """The author of the pull request is an App: whoever holds its token may close it, a person
    without rights too."""
    actions.close(loop.sandbox, loop.proposal, loop.sandbox.app.bot)


def test_a_reworded_line_survives_the_next_entry(loop):
    reword(loop, 1, OWN_LINE.format(number=1))
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert OWN_LINE.format(number=1) in loop.file(branch=BRANCH)
    assert "**#3**" in loop.file(branch=BRANCH)


def test_a_reworded_line_survives_a_change_of_the_file_on_main(loop):
    reword(loop, 1, OWN_LINE.format(number=1))
    loop.push(
        {PATH: "# Learnings\n\nWritten by hand.\n\n- **#90** (merged) — Queues are bounded.\n"}
    )
    loop.settle()

    merged = loop.file(branch=BRANCH)
    assert OWN_LINE.format(number=1) in merged
    assert "Written by hand." in merged


def test_the_body_shows_a_persons_wording(loop):
    reword(loop, 1, OWN_LINE.format(number=1))
    loop.settle()

    assert "Anchors are refused; reviewers must see values." in loop.proposal.body


def test_nobody_is_ever_dropped_from_the_branch(loop):
    reword(loop, 1, OWN_LINE.format(number=1))
    by_person = loop.repo.git.head(BRANCH)
    loop.push({PATH: "# Learnings\n\n- **#90** (merged) — Queues are bounded.\n"})
    loop.settle()

    assert loop.repo.git.is_ancestor(by_person, loop.repo.git.head(BRANCH))


def test_the_proposal_never_takes_back_what_main_gained(loop):
    loop.push({PATH: "# Learnings\n\n- **#90** (merged) — Queues are bounded.\n"})
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)

    assert "**#90**" in loop.file()
    assert "**#1**" in loop.file()


def test_a_deleted_line_is_refused_for_good(loop):
    drop(loop, 1)
    loop.settle()
    issue = loop.repo.issues[1]
    actions.reopen(loop.sandbox, issue, loop.owner)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "**#1**" not in loop.file(branch=BRANCH)
    assert "**#3**" in loop.file(branch=BRANCH)


def test_an_unticked_entry_leaves_the_branch(loop):
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    body = loop.proposal.body.replace("- [x] **`#1`**", "- [ ] **`#1`**")
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.settle()

    assert "**#1**" not in loop.file(branch=BRANCH)
    assert "**#3**" in loop.file(branch=BRANCH)


def test_a_pull_request_closed_by_a_maintainer_is_a_no(loop):
    actions.close(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert len(loop.proposals) == 2
    assert "**#1**" not in loop.file(branch=BRANCH)


def test_a_line_deleted_just_before_a_stranger_closes_is_refused_and_the_rest_comes_back(loop):
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    drop(loop, 1)
    close_as_its_author(loop)
    loop.settle()
    loop.decline("Poll the disk every millisecond", POLLING_REFUSED)
    loop.settle()

    assert "**#1**" not in loop.file(branch=BRANCH)
    assert "**#3**" in loop.file(branch=BRANCH)


def test_a_line_reworded_just_before_a_stranger_closes_comes_back_as_reworded(loop):
    reword(loop, 1, OWN_LINE.format(number=1))
    close_as_its_author(loop)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert OWN_LINE.format(number=1) in loop.file(branch=BRANCH)


def test_after_a_merge_the_next_entry_opens_a_new_pull_request(loop):
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    issue = loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    files = [change.path for change in loop.changes(loop.proposal)]
    assert files == [PATH]
    assert all(
        f"**#{issue.number}**" in line or not line for line in loop.diff_lines(loop.proposal, "+")
    )


def test_the_diff_is_exactly_the_proposed_lines(sqlite_db):
    text = (
        "# Learnings\r\n\r\n## Queue\r\n\r\n- **#90** (merged) — Queues are bounded. [tags:"
        " queue]\r\n"
    )
    loop = Loop(sqlite_db, files={PATH: text})
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    added = loop.diff_lines(loop.proposal, "+")
    assert loop.diff_lines(loop.proposal, "-") == []
    assert [
        line
        for line in added
        if line.strip() and not line.startswith("## ") and "**#1**" not in line
    ] == []


def test_a_branch_that_was_deleted_comes_back_with_the_next_entry(loop):
    actions.close(loop.sandbox, loop.proposal, loop.owner)
    actions.delete_branch(loop.sandbox, loop.repo, loop.owner, branch=BRANCH)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "**#3**" in loop.file(branch=BRANCH)


@pytest.mark.parametrize(
    "text", ["\x00", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"]
)
def test_a_file_that_is_no_text_is_left_alone(sqlite_db, text):
    loop = Loop(sqlite_db, files={PATH: text, "README.md": ""})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.proposals == [] or loop.file(branch=BRANCH).startswith(text)


def test_a_file_with_conflict_markers_is_left_alone(sqlite_db):
    broken = (
        "# Learnings\n\n<<<<<<< ours\n- **#8** (merged) — a\n=======\n- **#8** (merged) —"
        " b\n>>>>>>> theirs\n"
    )
    loop = Loop(sqlite_db, files={PATH: broken})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.proposals == []


def test_a_revert_supersedes_the_entry_it_takes_back(loop):
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    change = actions.propose_edit(
        loop.sandbox,
        loop.repo,
        loop.owner,
        files={"cache.py": "cache()\n"},
        title="Cache parsed files",
        body="Faster.",
    )
    actions.merge(loop.sandbox, change, loop.owner)
    text = loop.file() + f"- **PR #{change.number}** (merged) — Parsed files are cached.\n"
    loop.push({PATH: text})
    revert = actions.revert(loop.sandbox, change, loop.owner)
    actions.comment(
        loop.sandbox,
        revert,
        loop.owner,
        (
            "Reverting because the cache returns stale settings after a reload, which broke"
            " two production systems."
        ),
    )
    actions.merge(loop.sandbox, revert, loop.owner)
    loop.settle()

    proposed = loop.file(branch=BRANCH)
    assert (
        f"**PR #{change.number}** (superseded) — Parsed files are cached. Superseded by: #{revert.number}."  # noqa: E501
        in proposed
    )
    assert f"**PR #{revert.number}** (merged)" in proposed


def test_a_person_may_mend_another_line_on_the_branch(sqlite_db):
    text = (
        "# Learnings\n\n## Queue\n\n- **#90** (merged) — Queues are boundd. [tags:"
        " queue]\n\n##"
        " Rest\n\nProse.\n"
    )
    loop = Loop(sqlite_db, files={PATH: text})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    mended = loop.file(branch=BRANCH).replace("boundd", "bounded")
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=mended)
    loop.push({PATH: text.replace("Prose.", "Other prose.")})
    loop.settle()

    proposed = loop.file(branch=BRANCH)
    assert "bounded" in proposed
    assert "Other prose." in proposed
    assert "**#1**" in proposed


def test_commits_are_signed_off_where_the_repository_asks_for_it(sqlite_db):
    loop = Loop(sqlite_db, files={"README.md": "# Engine\n", CONFIG_PATH: "sign_off: true\n"})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.push({PATH: "# Learnings\n\n- **#90** (merged) — Queues are bounded.\n"})
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert all(
        message.endswith(f"\nSigned-off-by: {author}") for author, message in our_commits(loop)
    )
    assert "\n\nLearnings-Entry: 1\nSigned-off-by: precedent[bot] <" in our_commits(loop)[0][1]


def test_no_commit_is_signed_off_unless_asked_for(loop):
    assert [message for _, message in our_commits(loop) if "Signed-off-by" in message] == []


def our_commits(loop: Loop) -> list[tuple[str, str]]:
    """Author and message of what the branch has more than main, oldest first."""
    git = loop.repo.git
    commits = [git.commit(sha) for sha in git.commits_between(git.head("main"), git.head(BRANCH))]
    return [(commit.author.decode(), commit.message.decode()) for commit in commits]


def test_the_update_button_of_github_changes_nothing_of_ours(loop):
    loop.push(
        {
            "README.md": "# Engine\n\nFaster.\n",
            PATH: "# Learnings\n\n- **#90** (merged) — Queues are bounded.\n",
        }
    )
    loop.settle()
    before = loop.file(branch=BRANCH)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert set(before.split("\n")) <= set(loop.file(branch=BRANCH).split("\n"))
