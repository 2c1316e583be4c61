"""One step away: reasons that stand in the thread a closed one names. In at the webhook, out at the
pull request."""

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs
from github_sandbox import actions
from github_sandbox.faults import Fault
from github_sandbox.state import Account, Issue
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.power import Power, settle_through_a_kill

LOCK = "Lock the queue while it is read"
COPY = "Copy the head of the queue before it is read"
WHY_COPY = (
    "A lock on every read halves the throughput with eight workers, because they all wait"
    " for one another."
)
SUPERSEDES = f"Supersedes the lock of #1. {WHY_COPY}"


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


def propose(loop: Loop, title: str, body: str = "", *, by: Account | None = None) -> Issue:
    number = loop.repo.last_number + 1
    files: dict[str, str | None] = {f"part{number}.py": f"{title}\n"}
    return actions.propose_edit(
        loop.sandbox, loop.repo, by or loop.contributor, files=files, title=title, body=body
    )


def close(loop: Loop, issue: Issue, said: str, *, by: Account | None = None) -> None:
    loop.clock.advance(minutes=1)
    actions.comment(loop.sandbox, issue, by or loop.owner, said)
    actions.close(loop.sandbox, issue, by or loop.owner, reason="not_planned")


def merge(loop: Loop, issue: Issue) -> None:
    loop.clock.advance(minutes=1)
    actions.merge(loop.sandbox, issue, loop.owner)
    loop.clock.advance(minutes=1)


def written(loop: Loop) -> str:
    return loop.repo.git.read(BRANCH, PATH) or ""


def entry(loop: Loop, issue: Issue) -> str:
    (line,) = [line for line in written(loop).split("\n") if f"#{issue.number}** (" in line]
    return line


def buried(loop: Loop) -> list[str | None]:
    return [record.why for record in Jobs(loop.db).buried()]


# --- superseded


def test_the_lesson_of_a_superseded_change_is_in_the_one_that_was_merged(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, SUPERSEDES)
    merge(loop, new)
    close(loop, old, "Superseded by #2.")
    loop.settle()

    assert entry(loop, old) == (
        f'- **PR #1** (superseded) — Replaced by #2: {LOCK}. Its author: "A lock on every read'
        " halves the"
        " throughput with eight"
        ' workers, because they all wait for one another." Winner: #2. Superseded by: #2.'
    )


@pytest.mark.parametrize("page", ["pull/2", "issues/2", "pull/2#issuecomment-77"])
def test_an_address_is_a_number(loop: Loop, page: str) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, WHY_COPY)
    merge(loop, new)
    close(loop, old, f"Superseded by {loop.sandbox.site.web}/acme/engine/{page}.")
    loop.settle()

    assert "Superseded by: #2." in entry(loop, old)


@pytest.mark.parametrize(
    "place", ["http://elsewhere.test/acme/engine", "http://github.test/acme/engine2"]
)
def test_an_address_elsewhere_is_no_number_of_ours(loop: Loop, place: str) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, WHY_COPY)
    merge(loop, new)
    close(loop, old, f"Superseded by {place}/pull/2.")
    loop.settle()

    assert "Superseded by" not in written(loop)


def test_the_reviewer_is_told_who_said_it_and_where(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, SUPERSEDES)
    merge(loop, new)
    close(loop, old, "Superseded by #2.")
    loop.settle()

    assert (
        "A lock on every read halves the throughput with eight workers…” — carl-contributor in `#2`, "  # noqa: E501
        in (loop.proposal.body or "")
    )


def test_the_lesson_may_come_when_the_other_is_merged(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, WHY_COPY)
    close(loop, old, "Superseded by #2.")
    loop.settle()
    assert loop.proposals == []
    merge(loop, new)
    loop.settle()

    assert WHY_COPY[1:-1] in entry(loop, old)


def test_a_merged_change_may_itself_say_what_it_replaces(loop: Loop) -> None:
    old = propose(loop, LOCK)
    close(loop, old, "Thanks for trying this.")
    loop.settle()
    assert loop.proposals == []
    merge(loop, propose(loop, COPY, SUPERSEDES))
    loop.settle()

    assert "Superseded by: #2." in entry(loop, old)


def test_what_somebody_who_may_write_said_of_both_counts(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, "This is how I would do it.")
    actions.comment(
        loop.sandbox, new, loop.owner, f"I prefer this to #1. Unlike #1 it never waits: {WHY_COPY}"
    )
    close(loop, old, "Superseded by #2.")
    loop.settle()

    assert "Unlike #1 it never waits" in entry(loop, old)


def test_a_change_that_is_not_merged_merely_proposes(loop: Loop) -> None:
    old, _ = propose(loop, LOCK), propose(loop, COPY, SUPERSEDES)
    close(loop, old, "Superseded by #2.")
    loop.settle()

    assert loop.proposals == []


def test_a_strangers_decision_in_the_other_thread_counts_for_nothing(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, "This is how I would do it.")
    actions.comment(
        loop.sandbox, new, loop.stranger, f"Maintainer decision: this instead of #1. {WHY_COPY}"
    )
    merge(loop, new)
    close(loop, old, "Superseded by #2.")
    loop.settle()

    assert loop.proposals == []


def test_nobody_closes_their_own_change_in_favour_of_any_other(loop: Loop) -> None:
    old, new = propose(loop, LOCK, by=loop.stranger), propose(loop, COPY, WHY_COPY)
    merge(loop, new)
    close(loop, old, "Superseded by #2.", by=loop.stranger)
    loop.settle()

    assert loop.proposals == []


def test_whoever_proposes_anew_may_say_why(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, WHY_COPY)
    merge(loop, new)
    close(loop, old, "Superseded by #2.", by=loop.contributor)
    loop.settle()

    assert "Superseded by: #2." in entry(loop, old)


def test_a_reason_of_its_own_needs_no_other_thread(loop: Loop) -> None:
    issue = loop.decline(
        "Support anchors", "We won't support anchors, because an alias hides the value. See #77."
    )
    loop.settle()

    assert "an alias hides the value" in entry(loop, issue)


# --- what cannot be read


@pytest.mark.parametrize("status", [404, 410, 403, 501])
def test_a_linked_thread_that_cannot_be_read_is_not_known(loop: Loop, status: int) -> None:
    old = propose(loop, LOCK)
    close(loop, old, "Superseded by #77.")
    loop.sandbox.bad_days.add(Fault(path="/issues/77$", status=status, message="No"))
    loop.settle()

    assert loop.proposals == []
    assert buried(loop) == []


@pytest.mark.parametrize("status", [403, 404, 410, 422, 501])
def test_a_server_without_timelines_and_sub_issues_is_enough(loop: Loop, status: int) -> None:
    for path in ("/timeline", "/sub_issues", "/parent"):
        loop.sandbox.bad_days.add(Fault(path=f"{path}$", status=status, message="No", times=9))
    issue = loop.decline(
        "Support anchors", "We won't support anchors, because an alias hides the value."
    )
    loop.settle()

    assert "an alias hides the value" in entry(loop, issue)


def test_an_outage_is_waited_for(loop: Loop) -> None:
    old, new = propose(loop, LOCK), propose(loop, COPY, SUPERSEDES)
    merge(loop, new)
    loop.settle()
    close(loop, old, "Superseded by #2.")
    loop.sandbox.bad_days.add(Fault(path="/issues/2$", status=502))
    loop.settle()
    assert loop.proposals == []
    loop.settle_later(hours=1)

    assert "Superseded by: #2." in entry(loop, old)


def test_a_huge_thread_costs_no_more_than_its_first_pages(loop: Loop) -> None:
    old, new = (
        propose(loop, LOCK),
        propose(loop, COPY, SUPERSEDES + "\n\n" + "More of the same. " * 3),
    )
    for minute in range(250):
        actions.comment(loop.sandbox, new, loop.stranger, f"Me too, {minute}.")
    merge(loop, new)
    loop.settle()
    close(loop, old, "Superseded by #2.")
    before = len(loop.sandbox.bad_days.asked)
    loop.settle()

    asked = [each.path for each in loop.sandbox.bad_days.asked[before:]]
    assert "Superseded by: #2." in entry(loop, old)
    assert sum("/issues/2/comments" in path for path in asked) == 1


def test_at_most_three_threads_are_read_beside_one(loop: Loop) -> None:
    old = propose(loop, LOCK)
    for _ in range(5):
        merge(loop, propose(loop, COPY, "Replaces #1."))
    loop.settle()
    close(loop, old, "Thanks for trying this.")
    before = len(loop.sandbox.bad_days.asked)
    loop.settle()

    asked = [each.path for each in loop.sandbox.bad_days.asked[before:]]
    assert {
        path for path in asked if path.endswith(tuple(f"/issues/{n}" for n in range(2, 7)))
    } == {f"/repos/acme/engine/issues/{n}" for n in (2, 3, 4)}


def test_threads_that_name_each_other_end(loop: Loop) -> None:
    first, second = propose(loop, LOCK, "Replaces #2."), propose(loop, COPY, "Replaces #1.")
    close(loop, first, "Superseded by #2.")
    merge(loop, second)
    loop.settle()
    actions.comment(loop.sandbox, second, loop.owner, "Superseded by #1.")
    loop.settle()

    assert loop.proposals == []
    assert buried(loop) == []


def test_another_repositorys_number_is_not_ours(loop: Loop) -> None:
    other = loop.sandbox.add_repository("acme/other")
    old, ours = propose(loop, LOCK), propose(loop, COPY, WHY_COPY)
    merge(loop, ours)
    actions.open_issue(loop.sandbox, other, loop.owner, title="First")
    files: dict[str, str | None] = {"a.py": "a\n"}
    body = "Replaces #1, not acme/engine#1."
    theirs = actions.propose_edit(
        loop.sandbox, other, loop.owner, files=files, title=COPY, body=body
    )
    actions.merge(loop.sandbox, theirs, loop.owner)
    close(loop, old, "Superseded by acme/other#2.")
    loop.settle()

    assert theirs.number == ours.number
    assert loop.proposals == []


def test_our_own_pull_request_is_no_evidence(loop: Loop) -> None:
    loop.decline("Support anchors", "We won't support anchors, because an alias hides the value.")
    loop.settle()
    old = propose(loop, LOCK)
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    (ours,) = loop.proposals
    close(loop, old, f"Superseded by #{ours.number}.")
    loop.settle()

    assert [issue for issue in loop.proposals if issue.open] == []


def test_a_kill_while_another_thread_is_judged_again_changes_nothing(sqlite_db: Database) -> None:
    power = Power()
    loop = Loop(sqlite_db, reached=power)
    old, new = propose(loop, LOCK), propose(loop, COPY, WHY_COPY)
    close(loop, old, "Superseded by #2.")
    loop.settle()
    merge(loop, new)
    settle_through_a_kill(loop, power, "draft.stored")

    assert written(loop).count("**PR #1**") == 1


# --- reverts


CACHE = "Write through a cache"
WHY_NOT_CACHE = (
    "This loses the last second of writes when the machine goes down, so the journal is"
    " wrong after a crash."
)


def revert(loop: Loop, issue: Issue, body: str | None = None) -> Issue:
    made = actions.revert(loop.sandbox, issue, loop.owner)
    if body is not None:
        actions.edit(loop.sandbox, made, loop.owner, body=body)
    return made


def test_a_revert_without_a_word_takes_the_reason_from_what_it_reverts(loop: Loop) -> None:
    change = propose(loop, CACHE)
    merge(loop, change)
    actions.comment(loop.sandbox, change, loop.owner, WHY_NOT_CACHE)
    undone = revert(loop, change)
    merge(loop, undone)
    loop.settle()

    assert entry(loop, undone) == (
        f'- **PR #2** (merged) — Reverted: {CACHE}. Its author: "This loses the last second of'
        " writes"
        " when the machine goes"
        ' down, so the journal is wrong after a crash."'
    )


def test_whoever_speaks_last_in_a_crowd_is_heard(loop: Loop) -> None:
    change = propose(loop, CACHE)
    for name in ("ann", "ben", "cem", "dia", "eli", "fay"):
        actions.comment(
            loop.sandbox, change, loop.sandbox.add_user(name), "Looking forward to this one."
        )
    merge(loop, change)
    loop.repo.roles["grace"] = "write"
    actions.comment(loop.sandbox, change, loop.sandbox.add_user("grace"), WHY_NOT_CACHE)
    undone = revert(loop, change)
    merge(loop, undone)
    loop.settle()

    assert "the last second of writes" in entry(loop, undone)


def test_what_was_said_before_the_merge_is_no_reason_to_reverse_it(loop: Loop) -> None:
    change = propose(loop, CACHE)
    actions.comment(loop.sandbox, change, loop.owner, WHY_NOT_CACHE)
    merge(loop, change)
    merge(loop, revert(loop, change))
    loop.settle()

    assert loop.proposals == []


def test_a_strangers_complaint_under_a_merged_change_is_no_reason(loop: Loop) -> None:
    change = propose(loop, CACHE)
    merge(loop, change)
    actions.comment(loop.sandbox, change, loop.stranger, WHY_NOT_CACHE)
    merge(loop, revert(loop, change))
    loop.settle()

    assert loop.proposals == []


def test_the_revert_of_a_revert_restores(loop: Loop) -> None:
    change = propose(loop, CACHE)
    merge(loop, change)
    undone = revert(loop, change)
    merge(loop, undone)
    again = revert(
        loop,
        undone,
        "Reverts #2. The journal was wrong because of a disk that lied about its flushes.",
    )
    merge(loop, again)
    loop.settle()

    assert entry(loop, again).startswith(f"- **PR #3** (merged) — Restored: {CACHE}. ")


def test_a_revert_under_a_title_of_its_own_names_what_it_takes_back(loop: Loop) -> None:
    change = propose(loop, CACHE)
    merge(loop, change)
    undone = propose(loop, "Back out the cache", f"Reverts #1. {WHY_NOT_CACHE}")
    merge(loop, undone)
    loop.settle()

    assert f"Reverted: {CACHE}. " in entry(loop, undone)


# --- how it closed, and where the reasons stand


def test_a_change_that_landed_by_hand_was_not_turned_down(loop: Loop) -> None:
    change = propose(loop, LOCK)
    actions.comment(
        loop.sandbox,
        change,
        loop.owner,
        "We decided against a merge commit because it hides the author.",
    )
    actions.close(loop.sandbox, change, loop.owner, commit="c0ffee0")
    loop.settle()

    assert loop.proposals == []


def test_the_reasons_may_stand_where_somebody_who_may_write_points(loop: Loop) -> None:
    loop.decline(
        "Support anchors",
        "We won't support anchors, because an alias hides the value from reviewers.",
    )
    issue = loop.open_issue("Reuse blocks in the configuration")
    close(loop, issue, "No, for the reasons given in #1.")
    loop.settle()

    assert "an alias hides the value from reviewers" in entry(loop, issue)


def test_a_plain_duplicate_is_no_second_entry(loop: Loop) -> None:
    loop.decline(
        "Support anchors",
        "We won't support anchors, because an alias hides the value from reviewers.",
    )
    issue = loop.open_issue("Reuse blocks in the configuration")
    close(loop, issue, "Duplicate of #1, for the reasons given in #1.")
    loop.settle()

    assert f"**#{issue.number}**" not in written(loop)
