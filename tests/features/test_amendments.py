"""Entries that stand and what becomes of their threads: the rolling pull request proposes to change
their lines."""

from dataclasses import replace

import pytest

from bot.adapters.store.database import Database
from bot.core.drafting.draft import Draft
from bot.core.jobs import CONFIG_PATH
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.guard import why_unsound
from bot.core.proposal.new_amendments import revise_amendments
from bot.core.proposal.plan import effective
from bot.core.proposal.proposed_entry import ProposedEntry
from github_sandbox import actions
from github_sandbox.state import Issue
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.moments import NOON
from tests.support.power import Power, settle_through_a_kill
from tests.support.tales import (
    ANCHORS,
    ANCHORS_AGAIN,
    ANCHORS_AGAIN_BODY,
    ANCHORS_REFUSED,
    POLLING,
    POLLING_REFUSED,
)

REOPENED_BOX = "- [x] **Change `#1`: reopened**"


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    """The decision about anchors stands."""
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    return loop


@pytest.fixture
def reopened(loop: Loop) -> Loop:
    """… until its issue is opened again."""
    reopen(loop)
    return loop


def reopen(loop: Loop, number: int = 1) -> None:
    actions.reopen(loop.sandbox, loop.repo.issues[number], loop.owner)
    loop.settle()


def close(loop: Loop, number: int = 1, reason: str = "not_planned") -> None:
    actions.close(loop.sandbox, loop.repo.issues[number], loop.owner, reason=reason)
    loop.settle()


def line(loop: Loop, number: int = 1, *, branch: str = "main") -> str:
    (found,) = (
        each
        for each in loop.file(branch=branch).split("\n")
        if f"#{number}**" in each.split(" (")[0]
    )
    return found


def edit_line(loop: Loop, new: str, *, number: int = 1) -> None:
    text = loop.file(branch=BRANCH).replace(line(loop, number, branch=BRANCH), new)
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=text)
    loop.settle()


def propose(loop: Loop, title: str, body: str = "Faster.") -> Issue:
    files = {f"{title.rsplit(maxsplit=1)[-1]}.py": f"# {title}\n"}
    return actions.propose_edit(
        loop.sandbox, loop.repo, loop.owner, files=files, title=title, body=body
    )


def merge_proposal(loop: Loop) -> None:
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()


def test_a_reopened_issue_proposes_to_say_so_in_its_line(reopened):
    assert reopened.diff_lines(reopened.proposal, "-") == [line(reopened)]
    assert reopened.diff_lines(reopened.proposal, "+") == [
        line(reopened).replace("(not-planned)", "(open, reopened)")
    ]
    assert REOPENED_BOX in reopened.proposal.body
    assert reopened.proposal.title == "docs(learnings): one to change"


def test_an_amendment_is_a_commit_of_its_own(reopened):
    git = reopened.repo.git
    (commit,) = git.commits_between(git.head("main"), git.head(BRANCH))
    assert (
        git.commit(commit).message == b"docs(learnings): change 1, reopened\n\nLearnings-Entry: 1"
    )


def test_a_reopened_issue_without_an_entry_proposes_nothing(loop):
    issue = loop.open_issue("Draw faster")
    actions.close(loop.sandbox, issue, loop.owner, reason="completed")
    loop.settle()
    reopen(loop, issue.number)

    assert len(loop.proposals) == 1


def test_closed_again_for_the_same_reason_nothing_is_left_to_change(reopened):
    close(reopened)

    assert not [pull for pull in reopened.proposals if pull.open]
    assert reopened.file(branch=BRANCH) == reopened.file()


def test_closed_again_after_the_change_was_merged_the_line_is_decided_again(reopened):
    merge_proposal(reopened)
    assert "**#1** (open, reopened)" in line(reopened)
    close(reopened)

    assert "**#1** (not-planned)" in line(reopened, branch=BRANCH)
    assert "- [x] **Change `#1`: decided again, not-planned**" in reopened.proposal.body


def test_a_reopened_issue_that_is_then_done_retires_its_line(reopened):
    close(reopened, reason="completed")

    assert "**#1** (retired)" in line(reopened, branch=BRANCH)
    assert "- [x] **Change `#1`: done after all**" in reopened.proposal.body


def test_an_unticked_amendment_is_refused_for_good(reopened):
    body = reopened.proposal.body.replace(REOPENED_BOX, REOPENED_BOX.replace("[x]", "[ ]"))
    actions.edit(reopened.sandbox, reopened.proposal, reopened.owner, body=body)
    reopened.settle()
    close(reopened)
    reopen(reopened)
    reopened.decline(POLLING, POLLING_REFUSED)
    reopened.settle()

    assert line(reopened, branch=BRANCH) == line(reopened)
    assert "**#4**" in reopened.file(branch=BRANCH)


def test_a_line_put_back_on_the_branch_is_a_no(reopened):
    edit_line(reopened, line(reopened))
    reopened.decline(POLLING, POLLING_REFUSED)
    reopened.settle()

    assert line(reopened, branch=BRANCH) == line(reopened)


def test_closing_the_pull_request_is_a_no(reopened):
    actions.close(reopened.sandbox, reopened.proposal, reopened.owner)
    reopened.settle()
    reopened.decline(POLLING, POLLING_REFUSED)
    reopened.settle()

    assert line(reopened, branch=BRANCH) == line(reopened)


def test_a_persons_wording_of_an_amended_line_stays(reopened):
    own = (
        "- **#1** (open, anchors within one file) — Anchors may come back for one file."
        " [tags: config]"
    )
    edit_line(reopened, own)
    reopened.decline(POLLING, POLLING_REFUSED)
    reopened.settle()
    reopened.push({PATH: f"Written by hand.\n\n{reopened.file()}"})
    reopened.settle()

    assert line(reopened, branch=BRANCH) == own
    assert "Anchors may come back for one file." in reopened.proposal.body


def test_a_line_reworded_on_main_is_amended_in_its_new_words(reopened):
    reopened.push({PATH: reopened.file().replace("(not-planned) — ", "(not-planned) — For now: ")})
    reopened.settle()

    assert "**#1** (open, reopened) — For now: " in line(reopened, branch=BRANCH)
    assert "For now: " in reopened.proposal.body


def test_a_line_amended_by_hand_on_main_needs_no_proposal(reopened):
    reopened.push({PATH: reopened.file().replace("(not-planned)", "(open)")})
    reopened.settle()

    assert not [pull for pull in reopened.proposals if pull.open]


def test_a_line_taken_off_main_comes_back_with_nothing(reopened):
    reopened.push({PATH: reopened.file().replace(line(reopened), "Nothing is decided.")})
    reopened.settle()
    reopened.decline(POLLING, POLLING_REFUSED)
    reopened.settle()

    assert "**#1**" not in reopened.file(branch=BRANCH)


# --- meanwhile


def test_what_may_no_longer_stand_is_not_cited(reopened):
    issue = reopened.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    reopened.settle()

    assert reopened.bot_comments(issue) == []


def test_what_stands_again_is_cited(reopened):
    close(reopened)
    issue = reopened.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    reopened.settle()

    assert len(reopened.bot_comments(issue)) == 1


def test_what_a_person_says_still_stands_is_cited(reopened):
    edit_line(reopened, line(reopened))
    issue = reopened.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    reopened.settle()

    assert len(reopened.bot_comments(issue)) == 1


def test_a_line_that_says_reopened_is_not_cited(reopened):
    merge_proposal(reopened)
    issue = reopened.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    reopened.settle()

    assert reopened.bot_comments(issue) == []


def test_an_entry_merged_while_its_issue_was_reopened_is_amended(sqlite_db):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    actions.reopen(loop.sandbox, loop.repo.issues[1], loop.owner)
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()

    assert "**#1** (open, reopened)" in line(loop, branch=BRANCH)


def test_where_nothing_is_to_be_proposed_it_is_not_cited_either(sqlite_db):
    files = {
        CONFIG_PATH: "propose: false\n",
        PATH: f"# Learnings\n\n- **#1** (not-planned) \u2014 {ANCHORS_REFUSED}\n",
    }
    loop = Loop(sqlite_db, files=files)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    reopen(loop)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert loop.bot_comments(issue) == []
    assert loop.proposals == []


# --- what other threads do to a line


def with_lines(db: Database, *lines: str, end: str = "\n") -> Loop:
    return Loop(db, files={PATH: end.join(["# Learnings", "", *lines, ""])})


def merged(loop: Loop, title: str, body: str) -> int:
    change = propose(loop, title, body)
    actions.merge(loop.sandbox, change, loop.owner)
    loop.settle()
    return change.number


def reverted(loop: Loop, number: int, why: str = "") -> int:
    revert = actions.revert(loop.sandbox, loop.repo.issues[number], loop.owner)
    if why:
        actions.comment(loop.sandbox, revert, loop.owner, why)
    actions.merge(loop.sandbox, revert, loop.owner)
    loop.settle()
    return revert.number


WHY = (
    "Reverting because the cache returns stale settings after a reload, which broke two"
    " production systems."
)
LINES = (
    "- **#90** (not-planned) \u2014 Queues have no limit. Winner: #91. [tags: queue]",
    "- **#91** (merged) \u2014 Queues are bounded. [tags: queue]",
    "- **PR #92** (PR closed, not merged) \u2014 Queues spill to disk. [tags: queue]",
)


def test_a_change_that_says_it_replaces_a_decision_supersedes_its_line_and_is_the_winner(sqlite_db):
    loop = with_lines(sqlite_db, *LINES)
    number = merged(loop, "Share one queue", "Supersedes #91.")

    assert loop.diff_lines(loop.proposal, "+") == [
        LINES[0].replace("#91", f"#{number}"),
        (
            f"- **#91** (superseded) \u2014 Queues are bounded. Superseded by: #{number}."
            " [tags: queue]"
        ),
    ]
    assert loop.diff_lines(loop.proposal, "-") == [*LINES[:2]]


def test_a_change_that_only_names_a_decision_changes_nothing(sqlite_db):
    loop = with_lines(sqlite_db, *LINES)
    merged(
        loop,
        "Share one queue",
        "As decided in #91, and unlike #90. This does not replace the limit. See #92.",
    )

    assert loop.proposals == []


def test_a_change_that_was_not_merged_changes_nothing(sqlite_db):
    loop = with_lines(sqlite_db, *LINES)
    actions.close(loop.sandbox, propose(loop, "Share one queue", "Supersedes #91."), loop.owner)
    loop.settle()

    assert loop.proposals == []


def test_a_revert_without_a_reason_retires_the_line(sqlite_db):
    loop = Loop(sqlite_db)
    number = merged(loop, "Cache parsed files", "Faster.")
    loop.push(
        {PATH: f"# Learnings\n\n- **PR #{number}** (merged) \u2014 Parsed files are cached.\n"}
    )
    loop.settle()
    by = reverted(loop, number)

    assert f"(merged; retired by #{by})" in loop.file(branch=BRANCH)
    assert f"- [x] **Change `#{number}`: retired by `#{by}`**" in loop.proposal.body


def test_a_revert_and_the_mark_on_what_it_takes_back_are_two_boxes(sqlite_db):
    loop = Loop(sqlite_db)
    number = merged(loop, "Cache parsed files", "Faster.")
    loop.push(
        {PATH: f"# Learnings\n\n- **PR #{number}** (merged) \u2014 Parsed files are cached.\n"}
    )
    by = reverted(loop, number, WHY)

    assert f"- [x] **`PR #{by}`**" in loop.proposal.body
    assert f"- [x] **Change `#{number}`: superseded by `#{by}`**" in loop.proposal.body
    assert loop.proposal.title == "docs(learnings): one decision to record, one to change"


def test_a_mark_goes_with_the_entry_it_points_to(sqlite_db):
    loop = Loop(sqlite_db)
    number = merged(loop, "Cache parsed files", "Faster.")
    loop.push(
        {PATH: f"# Learnings\n\n- **PR #{number}** (merged) \u2014 Parsed files are cached.\n"}
    )
    by = reverted(loop, number, WHY)
    body = loop.proposal.body.replace(f"- [x] **`PR #{by}`**", f"- [ ] **`PR #{by}`**")
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.settle()

    assert not [pull for pull in loop.proposals if pull.open]
    assert loop.file(branch=BRANCH) == loop.file()


def test_a_revert_of_a_revert_lets_the_first_line_stand_again(sqlite_db):
    loop = Loop(sqlite_db)
    number = merged(loop, "Cache parsed files", "Faster.")
    by = reverted(loop, number)
    lines = (
        f"- **PR #{number}** (superseded) \u2014 Parsed files are cached. Superseded by: #{by}.",
        f"- **PR #{by}** (merged) \u2014 Parsed files are not cached: settings went stale.",
    )
    loop.push({PATH: "\n".join(["# Learnings", "", *lines, ""])})
    loop.settle()
    again = reverted(
        loop,
        by,
        "Reverting the revert because the cache now follows reloads, and parsing took a minute.",
    )

    branch = loop.file(branch=BRANCH)
    assert f"- **PR #{number}** (merged) \u2014 Parsed files are cached.\n" in branch
    assert f"**PR #{by}** (superseded)" in branch
    assert f"Superseded by: #{again}." in branch


def test_a_pull_request_that_is_merged_after_all_says_so(sqlite_db):
    loop = Loop(sqlite_db)
    change = propose(loop, "Cache parsed files")
    actions.close(loop.sandbox, change, loop.owner)
    loop.push(
        {
            PATH: (
                f"# Learnings\n\n- **PR #{change.number}** (PR closed, not merged) \u2014 No"
                " cache.\n"
            )
        }
    )
    loop.settle()
    reopen(loop, change.number)
    assert f"**PR #{change.number}** (open, reopened)" in loop.file(branch=BRANCH)
    actions.merge(loop.sandbox, change, loop.owner)
    loop.settle()

    assert f"**PR #{change.number}** (merged) \u2014 No cache." in loop.file(branch=BRANCH)


def test_a_declined_issue_that_a_later_change_solves_is_retired(loop):
    number = merged(loop, "Support YAML anchors", "Fixes #1")

    assert f"(not-planned; retired by #{number})" in line(loop, branch=BRANCH)


# --- the same concept, and its opposite

SAME = "Support YAML anchors in configuration files"
SAME_REFUSED = (
    "We won't support anchors: an alias still hides the value from whoever reviews the change,"
    " and a hidden value is how outages start."
)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (SAME, SAME_REFUSED),
        ("Allow references between blocks", f"{SAME_REFUSED} This is the same request as #1."),
    ],
    ids=["in the same words", "somebody says so"],
)
def test_what_an_entry_says_already_joins_it(loop, title, reason):
    issue = loop.decline(
        title, reason, body="I repeat the same block of configuration five times. YAML has anchors."
    )
    loop.settle()

    joined = line(loop).replace("**#1**", f"**#1 + #{issue.number}**")
    assert loop.diff_lines(loop.proposal, "+") == [joined]
    assert f"- [x] **Change `#1`: holds for `#{issue.number}` too**" in loop.proposal.body
    assert "an alias still hides the value" in loop.proposal.body


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (POLLING, POLLING_REFUSED),
        (
            "Show the configuration as YAML",
            "We won't: YAML output hides which value came from which file of settings.",
        ),
        ("Allow references between blocks", f"{SAME_REFUSED} This is not the same request as #1."),
    ],
    ids=["something else", "a word in common", "somebody says that it is not"],
)
def test_what_is_something_else_gets_a_line_of_its_own(loop, title, reason):
    issue = loop.decline(title, reason)
    loop.settle()

    assert f"- [x] **`#{issue.number}`**" in loop.proposal.body
    assert line(loop, branch=BRANCH) == line(loop)


def test_a_refused_joining_is_not_proposed_again(loop):
    issue = loop.decline(SAME, f"{SAME_REFUSED} This is the same request as #1.")
    loop.settle()
    actions.close(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    reopen(loop, issue.number)
    close(loop, issue.number)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert f"#{issue.number}**" not in loop.file(branch=BRANCH)


@pytest.fixture
def contradicted(sqlite_db: Database) -> tuple[Loop, int]:
    """It was decided to cache; a thread about the same is declined."""
    loop = Loop(sqlite_db, files={PATH: f"# Learnings\n\n{CACHED}\n"})
    issue = loop.decline(
        "Cache parsed files",
        (
            "We won't cache parsed files: a cached file returns stale settings after a reload,"
            " and stale settings are how outages start. This turns round what we decided in #90."
        ),
    )
    loop.settle()
    return loop, issue.number


CACHED = "- **#90** (merged) \u2014 Parsed files are cached: parsing takes a minute."


def test_a_contradiction_shows_both_lines_and_drops_neither(contradicted):
    loop, number = contradicted
    section = loop.proposal.body.split("- [x] ")[1]

    assert section.startswith(f"**`#{number}`**")
    assert "**contradicts `#90`**" in section
    assert "Parsed files are cached: parsing takes a minute." in section
    assert f"- [x] **Change `#90`: superseded by `#{number}`**" in loop.proposal.body


def test_of_a_contradiction_both_lines_may_stay(contradicted):
    loop, number = contradicted
    box = f"**Change `#90`: superseded by `#{number}`**"
    actions.edit(
        loop.sandbox,
        loop.proposal,
        loop.owner,
        body=loop.proposal.body.replace(f"[x] {box}", f"[ ] {box}"),
    )
    loop.settle()

    assert CACHED in loop.file(branch=BRANCH)
    assert f"**#{number}**" in loop.file(branch=BRANCH)


def test_a_reason_to_keep_what_was_decided_contradicts_nothing(sqlite_db):
    loop = Loop(sqlite_db, files={PATH: f"# Learnings\n\n{CACHED}\n"})
    loop.decline(
        "Stop caching parsed files",
        (
            "We won't: without it every reload takes a minute, which is too slow. That was"
            " decided in #90."
        ),
    )
    loop.settle()

    assert "contradicts" not in loop.proposal.body
    assert CACHED in loop.file(branch=BRANCH)


# --- what may no longer stand

STALE = (
    "- **#90** (merged) \u2014 Queues are bounded. <!-- Review after: 2026-04 -->",
    "- **#91** (merged) \u2014 Queues are polled. <!-- Review after: 2026-06 -->",
    "- **#92** (not-planned) \u2014 No priorities. Winner: #93.",
    "- **#93** (retired) \u2014 One queue for all.",
)


def test_a_pull_request_that_is_open_anyway_lists_what_may_no_longer_stand(sqlite_db):
    loop = with_lines(sqlite_db, *STALE)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert SUSPECTS in loop.proposal.body
    assert loop.diff_lines(loop.proposal, "-") == []


SUSPECTS = """\
<details><summary>May no longer stand: 2 entries</summary>

- `#90`: it was to be looked at again after 2026-04
- `#92`: its winner `#93` does not stand: line 6 says retired

Nothing of this changes by itself: edit the lines, here or elsewhere, if you like.
</details>"""


def test_no_pull_request_is_opened_for_what_may_no_longer_stand(sqlite_db):
    loop = with_lines(sqlite_db, *STALE)
    loop.push({PATH: loop.file() + "\nMore by hand.\n"})
    loop.settle()

    assert loop.proposals == []


def test_where_all_stands_nothing_is_folded(loop):
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "May no longer stand" not in loop.proposal.body


# --- odd files, odd moments

WRAPPED = (
    "* **#1** (not-planned) \u2014 Anchors are",
    "  refused: an alias hides",
    "  the value. *[tags: config]*",
    "  * **#90** (merged) \u2014 Nested under it.",
    "* **#91** (open) \u2014 Right below.",
)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["no mark", "BOM"])
def test_of_a_wrapped_entry_only_the_words_that_change_change(sqlite_db, end, start):
    text = start + end.join(WRAPPED)
    loop = Loop(sqlite_db, files={PATH: text})
    actions.close(loop.sandbox, loop.open_issue(ANCHORS), loop.owner, reason="not_planned")
    loop.settle()
    reopen(loop)

    assert loop.file(branch=BRANCH) == text.replace("(not-planned)", "(open, reopened)")


def test_neighbouring_lines_are_amended_each_by_itself(sqlite_db):
    lines = [
        f"- **#{number}** (not-planned) \u2014 Refused {number}. [tags: config]"
        for number in (1, 2, 3)
    ]
    loop = with_lines(sqlite_db, *lines)
    for _ in lines:
        actions.close(loop.sandbox, loop.open_issue(ANCHORS), loop.owner, reason="not_planned")
    loop.settle()
    for number in (1, 2, 3):
        actions.reopen(loop.sandbox, loop.repo.issues[number], loop.owner)
    loop.settle()
    body = loop.proposal.body.replace("- [x] **Change `#2`", "- [ ] **Change `#2`")
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.settle()

    assert line(loop, 1, branch=BRANCH) == lines[0].replace("not-planned", "open, reopened")
    assert line(loop, 2, branch=BRANCH) == lines[1]
    assert line(loop, 3, branch=BRANCH) == lines[2].replace("not-planned", "open, reopened")


def test_two_repositories_are_amended_each_by_itself(sqlite_db):
    loop = Loop(sqlite_db)
    text = "# Learnings\n\n- **#1** (not-planned) \u2014 No anchors.\n"
    other = loop.sandbox.add_repository("acme/tiles", files={PATH: text})
    loop.push({PATH: text})
    for repo in (loop.repo, other):
        issue = actions.open_issue(loop.sandbox, repo, loop.stranger, title=ANCHORS, body="")
        actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()
    actions.reopen(loop.sandbox, other.issues[1], loop.owner)
    loop.settle()

    assert other.git.read(BRANCH, PATH) == text.replace("not-planned", "open, reopened")
    assert loop.proposals == []


def test_a_pull_request_closed_by_a_stranger_comes_back_with_news(reopened):
    actions.close(reopened.sandbox, reopened.proposal, reopened.sandbox.app.bot)
    reopened.settle()
    reopened.decline(POLLING, POLLING_REFUSED)
    reopened.settle()

    assert "**#1** (open, reopened)" in line(reopened, branch=BRANCH)
    assert REOPENED_BOX in reopened.proposal.body


@pytest.mark.parametrize(
    "point", ["draft.stored", "commit.done", "ref.created", "pr.created", "job.before_done"]
)
def test_a_kill_leaves_one_pull_request_with_one_changed_line(sqlite_db, point):
    power = Power()
    loop = Loop(
        sqlite_db,
        files={PATH: "# Learnings\n\n- **#1** (not-planned) \u2014 No anchors.\n"},
        reached=power,
    )
    actions.close(loop.sandbox, loop.open_issue(ANCHORS), loop.owner, reason="not_planned")
    loop.settle()
    actions.reopen(loop.sandbox, loop.repo.issues[1], loop.owner)
    settle_through_a_kill(loop, power, point)

    assert len(loop.proposals) == 1
    assert loop.diff_lines(loop.proposal, "+") == ["- **#1** (open, reopened) \u2014 No anchors."]
    assert (
        len(loop.repo.git.commits_between(loop.repo.git.head("main"), loop.repo.git.head(BRANCH)))
        == 1
    )


# --- the last look

BASE = (
    "# Learnings\n\n- **#1** (not-planned) \u2014 No anchors.\n- **#2** (merged) \u2014 No"
    " polling.\n"
)
WANTED = Amendment(number=1, kind="reopened", by=1, thread=1, life="waiting", drafted_at=NOON)


@pytest.mark.parametrize(
    "target",
    [
        BASE.replace("(not-planned)", "(open, reopened)").replace("No polling", "Polling"),
        BASE.replace("(not-planned) \u2014 No anchors", "(open, reopened) \u2014 Anchors"),
        BASE.replace("(not-planned)", "(superseded)"),
        BASE.replace("- **#1** (not-planned) \u2014 No anchors.\n", ""),
    ],
    ids=["another line", "more of the line", "otherwise than proposed", "the line is gone"],
)
def test_nothing_but_the_amendment_passes_the_last_look(target):
    assert (
        why_unsound(BASE, None, [WANTED], BASE.replace("(not-planned)", "(open, reopened)")) is None
    )
    assert why_unsound(BASE, None, [WANTED], target) is not None


def test_an_amendment_that_comes_again_knows_its_line_on_the_branch():
    gone = replace(WANTED, life="withdrawn", written="as amended")

    assert revise_amendments([gone], thread=1, found=[WANTED]) == [
        replace(WANTED, written="as amended")
    ]


def test_a_refused_amendment_does_not_pass_the_last_look():
    target = BASE.replace("(not-planned)", "(open, reopened)")

    assert why_unsound(BASE, None, [replace(WANTED, life="refused")], target) is not None


# --- what names an entry that is not there


@pytest.mark.parametrize(
    ("line", "shown"), [(None, False), ("- **#1** (not-planned) \u2014 Anchors hide values.", True)]
)
def test_a_persons_wording_stays_when_the_entry_that_it_was_about_is_refused(line, shown):
    refused = ProposedEntry(
        draft=Draft(number=6, kind="issue", state="merged", takeaway="Anchors."),
        quote=None,
        life="refused",
        drafted_at=NOON,
    )
    superseded = replace(WANTED, kind="superseded", by=6, life="proposed", line=line)

    assert (effective(BASE, BASE, [refused], [superseded]) == [superseded]) is shown
