"""Pull requests of the sandbox, over the real client where the bot uses them and by acts where
people do."""

import pytest

from github_sandbox import actions
from github_sandbox.errors import Refused
from github_sandbox.state import Issue, Pull
from tests.support.sandbox_client import LEARNINGS, NAME, World, new_world, refused

PATH = "docs/learnings.md"
EDITED = LEARNINGS.replace("One.", "One, edited.")


@pytest.fixture
def world() -> World:
    return new_world()


def propose(world: World, text: str = EDITED, **more: str) -> Issue:
    title = more.pop("title", "Edit the first")
    return actions.propose_edit(
        world.sandbox, world.repo, world.contributor, files={PATH: text}, title=title, **more
    )


def pull_of(issue: Issue) -> Pull:
    assert issue.pull is not None
    return issue.pull


def test_issues_and_pull_requests_share_their_numbers(world: World) -> None:
    actions.open_issue(world.sandbox, world.repo, world.stranger, title="Issue")
    assert propose(world).number == 2
    listed = world.client().rest.issues.list_for_repo(*NAME).parsed_data
    assert [(each.number, bool(each.pull_request)) for each in listed] == [(2, True), (1, False)]


def test_a_pull_request_is_opened_read_and_edited_by_the_client(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    actions.create_branch(world.sandbox, world.repo, world.owner, branch="b", at=head)
    actions.commit_files(
        world.sandbox, world.repo, world.owner, branch="b", files={PATH: EDITED}, message="Edit"
    )
    pulls = world.client().rest.pulls
    made = pulls.create(
        *NAME, head="b", base="main", title="Learnings", body="One line."
    ).parsed_data
    assert (made.number, made.user.login, made.mergeable, made.changed_files) == (
        1,
        "precedent[bot]",
        True,
        1,
    )
    edited = pulls.update(*NAME, 1, title="Two learnings", body="Two lines.").parsed_data
    assert (edited.title, edited.body) == ("Two learnings", "Two lines.")
    assert [each.filename for each in pulls.list_files(*NAME, 1).parsed_data] == [PATH]
    assert [each.commit.message for each in pulls.list_commits(*NAME, 1).parsed_data] == ["Edit"]


def test_the_patch_has_the_hunk_alone(world: World) -> None:
    propose(world)
    [changed] = world.client().rest.pulls.list_files(*NAME, 1).parsed_data
    assert changed.patch == (
        "@@ -2,7 +2,7 @@\n \n ## Core\n \n-- **#1** (merged) — One.\n+- **#1** (merged) — One,"
        " edited.\n"
        " - **#2** (merged) — Two.\n \n ## Edges"
    )


def test_a_second_pull_request_from_the_branch_is_refused(world: World) -> None:
    branch = pull_of(propose(world)).head
    with refused(422, f"A pull request already exists for acme:{branch}."):
        world.client().rest.pulls.create(*NAME, head=branch, base="main", title="Again")


def test_a_pull_request_without_commits_is_refused(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    actions.create_branch(world.sandbox, world.repo, world.owner, branch="same", at=head)
    with refused(422, "No commits between main and same"):
        world.client().rest.pulls.create(*NAME, head="same", base="main", title="Nothing")


def test_pull_requests_are_found_by_their_branch(world: World) -> None:
    branch = pull_of(propose(world)).head
    propose(world, title="Another")
    pulls = world.client().rest.pulls
    assert [each.number for each in pulls.list(*NAME, head=f"acme:{branch}").parsed_data] == [1]
    actions.close(world.sandbox, world.repo.issues[1], world.owner)
    assert pulls.list(*NAME, head=f"acme:{branch}").parsed_data == []
    assert [
        each.number for each in pulls.list(*NAME, head=f"acme:{branch}", state="all").parsed_data
    ] == [1]


def test_the_head_follows_its_branch(world: World) -> None:
    issue = propose(world)
    sha = actions.edit_pull_file(
        world.sandbox, issue, world.contributor, path="new.txt", text="x\n"
    )
    assert world.client().rest.pulls.get(*NAME, 1).parsed_data.head.sha == sha


def test_a_merge_is_a_commit_with_two_parents(world: World) -> None:
    base, issue = world.repo.git.head("main"), propose(world)
    answer = world.client().rest.pulls.merge(*NAME, 1).parsed_data
    assert answer.merged
    parents = [parent.decode() for parent in world.repo.git.commit(answer.sha).parents]
    assert parents == [base, pull_of(issue).head_sha]
    assert world.repo.git.read("main", PATH) == EDITED


def test_a_merge_keeps_what_main_gained_meanwhile(world: World) -> None:
    issue = propose(world)
    elsewhere = LEARNINGS.replace("Nothing yet.", "Something.")
    actions.commit_files(
        world.sandbox, world.repo, world.owner, branch="main", files={PATH: elsewhere}, message="x"
    )
    actions.merge(world.sandbox, issue, world.owner)
    assert world.repo.git.read("main", PATH) == EDITED.replace("Nothing yet.", "Something.")


def test_changes_to_the_same_line_conflict(world: World) -> None:
    propose(world)
    other = LEARNINGS.replace("One.", "One, differently.")
    actions.commit_files(
        world.sandbox, world.repo, world.owner, branch="main", files={PATH: other}, message="x"
    )
    client = world.client()
    assert client.rest.pulls.get(*NAME, 1).parsed_data.mergeable is False
    with refused(405, "Pull Request is not mergeable"):
        client.rest.pulls.merge(*NAME, 1)


def test_a_merge_of_another_head_than_reviewed_is_refused(world: World) -> None:
    propose(world)
    with refused(409, "Head branch was modified"):
        world.client().rest.pulls.merge(*NAME, 1, sha="0" * 40)


def test_a_merged_pull_request_says_by_whom_and_stays_comparable(world: World) -> None:
    issue = propose(world)
    actions.merge(world.sandbox, issue, world.owner)
    pull = world.client().rest.pulls.get(*NAME, 1).parsed_data
    assert pull.merged_by
    assert (pull.state, pull.merged, pull.merged_by.login, pull.changed_files) == (
        "closed",
        True,
        "olive-owner",
        1,
    )


def test_merging_closes_what_the_description_says_as_completed(world: World) -> None:
    kept = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Kept")
    closed = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Closed")
    pull = propose(world, body=f"Closes #{closed.number}. See #{kept.number}.")
    actions.merge(world.sandbox, pull, world.owner)
    assert (closed.state, closed.state_reason, closed.closed_by) == (
        "closed",
        "completed",
        world.owner,
    )
    assert kept.open


def test_a_commit_on_main_closes_what_it_says_it_fixes(world: World) -> None:
    issue = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Broken")
    actions.commit_files(
        world.sandbox,
        world.repo,
        world.owner,
        branch="main",
        files={"x": "y\n"},
        message="Repair\n\nFixes #1",
    )
    assert not issue.open


def test_a_revert_takes_the_merge_back(world: World) -> None:
    issue = propose(world)
    actions.merge(world.sandbox, issue, world.owner)
    undo = actions.revert(world.sandbox, issue, world.owner)
    assert (undo.title, undo.body) == ('Revert "Edit the first"', "Reverts acme/lantern#1")
    actions.merge(world.sandbox, undo, world.owner)
    assert world.repo.git.read("main", PATH) == LEARNINGS


def test_a_revert_keeps_later_work(world: World) -> None:
    issue = propose(world)
    actions.merge(world.sandbox, issue, world.owner)
    actions.commit_files(
        world.sandbox,
        world.repo,
        world.owner,
        branch="main",
        files={"later": "x\n"},
        message="Later",
    )
    actions.merge(world.sandbox, actions.revert(world.sandbox, issue, world.owner), world.owner)
    assert world.repo.git.read("main", "later") == "x\n"


def test_a_closed_pull_request_may_be_reopened(world: World) -> None:
    issue = propose(world)
    actions.close(world.sandbox, issue, world.owner)
    assert world.client().rest.pulls.update(*NAME, 1, state="open").parsed_data.state == "open"


def test_a_pull_request_closes_with_its_branch_and_cannot_be_reopened(world: World) -> None:
    issue = propose(world)
    actions.delete_branch(world.sandbox, world.repo, world.owner, branch=pull_of(issue).head)
    assert not issue.open
    with refused(422, "branch has been deleted"):
        world.client().rest.pulls.update(*NAME, 1, state="open")


def test_a_pull_request_whose_head_reaches_main_by_push_is_merged(world: World) -> None:
    issue = propose(world)
    actions.move_branch(
        world.sandbox, world.repo, world.owner, branch="main", to=pull_of(issue).head_sha
    )
    assert pull_of(issue).merged_by is world.owner


def test_reviews_and_line_comments_are_listed(world: World) -> None:
    issue = propose(world)
    actions.review(
        world.sandbox, issue, world.owner, state="CHANGES_REQUESTED", body="Say which version."
    )
    actions.comment_on_line(
        world.sandbox, issue, world.owner, path=PATH, line=5, body="This is about caching only."
    )
    pulls = world.client().rest.pulls
    given = pulls.list_reviews(*NAME, 1).parsed_data
    assert [(each.state, each.body) for each in given] == [
        ("CHANGES_REQUESTED", "Say which version."),
        ("COMMENTED", ""),
    ]
    [said] = pulls.list_review_comments(*NAME, 1).parsed_data
    assert (said.path, said.line, said.body) == (PATH, 5, "This is about caching only.")


def test_the_client_answers_a_line_comment_in_its_thread(world: World) -> None:
    issue = propose(world)
    said = actions.comment_on_line(
        world.sandbox, issue, world.owner, path=PATH, line=5, body="Say which version."
    )
    pulls = world.client().rest.pulls
    answer = pulls.create_reply_for_review_comment(*NAME, 1, said.id, body="Version 3.").parsed_data
    assert (answer.in_reply_to_id, answer.line, answer.user.login) == (said.id, 5, "precedent[bot]")
    assert [each.body for each in pulls.list_review_comments(*NAME, 1).parsed_data] == [
        "Say which version.",
        "Version 3.",
    ]
    assert pulls.get_review_comment(*NAME, said.id).parsed_data.body == "Say which version."
    with refused(422, "Replies to replies are not supported."):
        pulls.create_reply_for_review_comment(*NAME, 1, answer.id, body="Or 4.")


def test_an_answer_to_no_comment_is_refused(world: World) -> None:
    propose(world)
    with refused(404, "Not Found"):
        world.client().rest.pulls.create_reply_for_review_comment(*NAME, 1, 404, body="Version 3.")


def test_the_client_may_review(world: World) -> None:
    propose(world)
    given = (
        world.client()
        .rest.pulls.create_review(*NAME, 1, event="COMMENT", body="Noted.")
        .parsed_data
    )
    assert (given.state, given.user and given.user.login) == ("COMMENTED", "precedent[bot]")


def test_nobody_approves_their_own(world: World) -> None:
    issue = propose(world)
    with pytest.raises(Refused, match="Can not approve your own pull request"):
        actions.review(world.sandbox, issue, world.contributor, state="APPROVED")


def test_a_stranger_neither_merges_nor_closes_nor_pushes(world: World) -> None:
    issue = propose(world)
    acts = [
        lambda: actions.merge(world.sandbox, issue, world.stranger),
        lambda: actions.close(world.sandbox, issue, world.stranger),
        lambda: actions.commit_files(
            world.sandbox, world.repo, world.stranger, branch="main", files={"x": "y"}, message="z"
        ),
    ]
    for act in acts:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.status == 403


def test_an_author_may_close_and_reopen_their_own_but_not_overrule(world: World) -> None:
    issue = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Mine")
    actions.close(world.sandbox, issue, world.stranger)
    actions.reopen(world.sandbox, issue, world.stranger)
    assert issue.open
    actions.close(world.sandbox, issue, world.owner)
    with pytest.raises(Refused):
        actions.reopen(world.sandbox, issue, world.stranger)


def test_a_merged_contributor_is_one(world: World) -> None:
    issue = actions.propose_edit(
        world.sandbox, world.repo, world.stranger, files={"a": "b\n"}, title="First"
    )
    client = world.client()
    assert client.rest.issues.get(*NAME, 1).parsed_data.author_association == "NONE"
    actions.merge(world.sandbox, issue, world.owner)
    assert client.rest.issues.get(*NAME, 1).parsed_data.author_association == "CONTRIBUTOR"
