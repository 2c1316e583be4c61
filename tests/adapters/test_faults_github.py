"""GitHub's bad days, through the front door. Which fault each test is about: docs/faults.md."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.github_pace import SqlPace
from bot.adapters.store.jobs import Jobs
from github_sandbox import actions, faults
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import (
    ANCHORS,
    ANCHORS_AGAIN,
    ANCHORS_AGAIN_BODY,
    ANCHORS_REFUSED,
    POLLING,
    POLLING_REFUSED,
)

ENTRY = (
    "# Learnings\n\n- **#90** (not-planned) — Anchors are refused: an alias hides the"
    " value. [tags: config]\n"
)


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


def buried(loop: Loop) -> list[str | None]:
    return [record.why for record in Jobs(loop.db).buried()]


def settle_through(loop: Loop, *, minutes: int = 10) -> None:
    """Run on, minute by minute: whatever was postponed is tried again."""
    loop.settle()
    for _ in range(minutes):
        loop.settle_later(minutes=1)


def asked_since(loop: Loop, count: int) -> list[faults.Asked]:
    return loop.sandbox.bad_days.asked[count:]


def prior_decision(db: Database) -> Loop:
    """A repository in which a new issue asks for what was refused."""
    loop = Loop(db, files={PATH: ENTRY.replace("#90", "#1"), "README.md": ""})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.push({PATH: ENTRY.replace("#90", "#1") + "\n"})
    loop.settle()
    return loop


# --- the answer is lost after the effect

WRITES_OF_A_PROPOSAL = [
    ("POST", r"/git/trees$"),
    ("POST", r"/git/commits$"),
    ("POST", r"/git/refs$"),
    ("POST", r"/pulls$"),
]


@pytest.mark.parametrize(("method", "path"), WRITES_OF_A_PROPOSAL)
@pytest.mark.parametrize("fault", [faults.lost_answer, faults.hang])
def test_a_proposal_whose_answer_was_lost_is_made_once(loop, method, path, fault):
    loop.sandbox.bad_days.add(fault(method=method, path=path))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert len(loop.proposals) == 1
    assert loop.file(branch=BRANCH).count("**#1**") == 1
    assert (
        len(loop.repo.git.commits_between(loop.repo.git.head("main"), loop.repo.git.head(BRANCH)))
        == 1
    )


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", r"/git/refs/heads/"), ("PATCH", r"/pulls/\d+$")]
)
def test_an_addition_whose_answer_was_lost_is_made_once(loop, method, path):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.sandbox.bad_days.add(faults.lost_answer(method=method, path=path))
    loop.decline(POLLING, POLLING_REFUSED)
    settle_through(loop)

    assert [loop.file(branch=BRANCH).count(f"**#{number}**") for number in (1, 3)] == [1, 1]
    assert (
        len(loop.repo.git.commits_between(loop.repo.git.head("main"), loop.repo.git.head(BRANCH)))
        == 2
    )
    assert "`#3`" in loop.proposal.body


def test_a_comment_whose_answer_was_lost_is_made_once(sqlite_db):
    loop = prior_decision(sqlite_db)
    loop.sandbox.bad_days.add(faults.lost_answer(method="POST", path=r"/comments$"))
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    settle_through(loop)

    assert len(loop.bot_comments(issue)) == 1
    assert buried(loop) == []


def test_a_comment_whose_answer_was_lost_and_that_is_not_listed_for_minutes_is_made_once(sqlite_db):
    loop = prior_decision(sqlite_db)
    loop.sandbox.bad_days.add(faults.lost_answer(method="POST", path=r"/comments$"))
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    loop.sandbox.bad_days.add(faults.stale(path=r"/issues/\d+/comments$", times=4))
    settle_through(loop, minutes=30)

    assert len(loop.bot_comments(issue)) == 1
    assert buried(loop) == []


def test_a_comment_that_was_not_made_is_made_after_all(sqlite_db):
    loop = prior_decision(sqlite_db)
    loop.sandbox.bad_days.add(faults.Fault(method="POST", path=r"/comments$"))
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    loop.settle_later(minutes=1)

    assert len(loop.bot_comments(issue)) == 1


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_comment_that_was_changed_without_an_answer_is_changed_once(sqlite_db, method):
    loop = prior_decision(sqlite_db)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    loop.sandbox.bad_days.add(faults.lost_answer(method=method, path=r"/issues/comments/\d+$"))
    loop.clock.advance(minutes=1)
    actions.edit(
        loop.sandbox,
        issue,
        loop.stranger,
        title="The progress bar flickers",
        body="On a narrow terminal.",
    )
    settle_through(loop)

    assert len(loop.bot_comments(issue)) <= 1
    assert buried(loop) == []


def test_a_branch_that_is_not_shown_yet_is_not_made_twice(loop):
    loop.sandbox.bad_days.add(faults.lost_answer(method="POST", path=r"/git/refs$"))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.sandbox.bad_days.add(faults.stale(path=r"/git/ref/heads/precedent", times=2))
    settle_through(loop)

    assert len(loop.proposals) == 1
    assert loop.file(branch=BRANCH).count("**#1**") == 1


def test_a_pull_request_that_the_list_does_not_show_yet_is_not_made_twice(loop):
    loop.sandbox.bad_days.add(faults.lost_answer(method="POST", path=r"/pulls$"))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.sandbox.bad_days.add(faults.stale(path=r"/pulls$", times=2))
    settle_through(loop)

    assert len(loop.proposals) == 1
    assert buried(loop) == []


# --- outages


@pytest.mark.parametrize("fault", [faults.Fault(method="GET"), faults.hang(method="GET")])
def test_an_outage_of_reads_only_delays(loop, fault):
    loop.sandbox.bad_days.add(fault)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert len(loop.proposals) == 1


def test_an_answer_that_takes_twenty_seconds_is_waited_for(loop):
    began = loop.clock()
    loop.sandbox.wait = lambda span: loop.clock.advance(seconds=span.total_seconds())
    loop.sandbox.bad_days.add(faults.slow(seconds=20, path="/repos/", times=3))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.clock() - began >= timedelta(minutes=1)
    assert len(loop.proposals) == 1


def test_an_outage_of_three_hours_only_delays(loop):
    loop.sandbox.bad_days.add(faults.Fault(times=100_000))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    for _ in range(18):
        loop.settle_later(minutes=10)
    loop.sandbox.bad_days.clear()
    settle_through(loop, minutes=180)

    assert buried(loop) == []
    assert len(loop.proposals) == 1


# --- limits


def second_repository(loop: Loop):
    """Of another installation."""
    return loop.sandbox.add_repository("zenith/compiler", files={"README.md": "# Compiler\n"})


@pytest.mark.parametrize(
    ("fault", "silent_for"),
    [
        (lambda loop, **where: faults.secondary_limit(seconds=300, **where), timedelta(minutes=5)),
        (lambda loop, **where: faults.secondary_limit(**where), timedelta(minutes=1)),
        (
            lambda loop, **where: faults.primary_limit(
                reset_at=loop.clock() + timedelta(minutes=40), **where
            ),
            timedelta(minutes=40),
        ),
    ],
    ids=["retry-after", "message alone", "primary"],
)
def test_a_limit_silences_the_whole_installation_until_it_ends(loop, fault, silent_for):
    ours = loop.sandbox.installation_of(loop.repo)
    loop.sandbox.bad_days.add(fault(loop, method="POST", path="/pulls$", installation_id=ours.id))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    silent = len(loop.sandbox.bad_days.asked)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle_later(seconds=silent_for.total_seconds() - 10)

    assert asked_since(loop, silent) == []
    settle_through(loop)
    assert len(loop.proposals) == 1
    assert "**#2**" in loop.file(branch=BRANCH)


def test_a_limit_of_one_installation_does_not_stop_another(loop):
    ours, other = loop.sandbox.installation_of(loop.repo), second_repository(loop)
    loop.sandbox.bad_days.add(faults.secondary_limit(seconds=600, installation_id=ours.id))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    silent = len(loop.sandbox.bad_days.asked)
    issue = actions.open_issue(loop.sandbox, other, loop.stranger, title=POLLING, body="Faster.")
    actions.comment(loop.sandbox, issue, loop.owner, POLLING_REFUSED)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()

    assert [asked for asked in asked_since(loop, silent) if asked.installation_id == ours.id] == []
    assert other.git.read(BRANCH, PATH) is not None


def test_writes_to_an_installation_are_a_second_apart(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    written = [
        asked.at
        for asked in loop.sandbox.bad_days.asked
        if asked.method != "GET" and not asked.path.startswith("/app")
    ]

    assert len(written) > 4
    assert min(later - earlier for earlier, later in pairwise(written)) >= timedelta(seconds=1)


# --- tokens


def test_a_token_that_is_not_known_everywhere_yet_is_tried_again(loop):
    loop.sandbox.bad_days.add(faults.bad_credentials(path="/repos/", times=2))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert len(loop.proposals) == 1


def test_a_revoked_token_is_replaced(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.sandbox.tokens.clear()
    loop.clock.advance(minutes=1)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "**#3**" in loop.file(branch=BRANCH)


def test_credentials_that_stay_refused_silence_the_installation(loop):
    loop.sandbox.bad_days.add(faults.bad_credentials(path="^/(repos|installation)/", times=1000))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    silent = len(loop.sandbox.bad_days.asked)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle_later(seconds=30)

    assert asked_since(loop, silent) == []


def test_one_address_that_refuses_credentials_silences_nobody(loop):
    loop.sandbox.bad_days.add(faults.bad_credentials(path=r"/issues/1$", times=1000))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.decline(POLLING, POLLING_REFUSED)
    settle_through(loop, minutes=3)

    assert (
        SqlPace(loop.db).paused_until(loop.sandbox.installation_of(loop.repo).id, now=loop.clock())
        is None
    )
    assert "**#2**" in loop.file(branch=BRANCH)


def test_a_key_that_is_refused_silences_the_installation(loop):
    loop.settle()
    loop.sandbox.bad_days.add(faults.bad_credentials(path="^/app", times=1000))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert (
        SqlPace(loop.db).paused_until(loop.sandbox.installation_of(loop.repo).id, now=loop.clock())
        is not None
    )


@pytest.mark.parametrize(
    ("status", "message"), [(404, "Not Found"), (410, "This issue was deleted")]
)
def test_a_thread_that_is_gone_ends_quietly(loop, logged, status, message):
    loop.settle()
    loop.sandbox.bad_days.add(
        faults.Fault(status=status, message=message, path=r"/issues/1", times=1000)
    )
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert buried(loop) == []
    ended = [each for each in logged if each["event"] == "job_ended"]
    assert [(each["log_level"], f"{status} {message}" in each["why"]) for each in ended] == [
        ("info", True)
    ] * len(ended)
    assert ended
    assert [
        each for each in logged if each["log_level"] in ("warning", "error") or "exc_info" in each
    ] == []
    assert {job.why for job in Jobs(loop.db).all() if job.why} == {each["why"] for each in ended}


@pytest.mark.parametrize(
    ("fault", "level"),
    [
        (faults.secondary_limit(seconds=90, times=2), "info"),
        (faults.secondary_limit(times=2), "info"),
        (faults.Fault(times=2), "warning"),
    ],
    ids=["limit with an end", "limit", "outage"],
)
def test_a_limit_is_a_planned_wait_and_an_outage_is_not(loop, logged, fault, level):
    loop.settle()
    loop.sandbox.bad_days.add(fault)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    postponed = [each for each in logged if each["event"] == "job_postponed"]
    assert {(each["log_level"], "exc_info" in each) for each in postponed} == {(level, False)}


MOMENTS = [
    (422, "Validation Failed; was submitted too quickly"),
    (
        403,
        (
            "You have exceeded a secondary rate limit and have been temporarily blocked"
            " from content creation."
        ),
    ),
    (429, "Too Many Requests"),
    (503, "Service Unavailable"),
    (403, "Access to this repository has been disabled while it is being migrated."),
]


@pytest.mark.parametrize(("status", "message"), MOMENTS)
def test_a_refusal_of_the_moment_only_delays(loop, status, message):
    loop.sandbox.bad_days.add(
        faults.Fault(status=status, message=message, method="POST", path="/pulls$", times=3)
    )
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop, minutes=40)

    assert buried(loop) == []
    assert len(loop.proposals) == 1


def test_a_long_token_works(loop):
    loop.sandbox.long_tokens = True
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert len(loop.proposals) == 1
    assert {len(text) for text in loop.sandbox.tokens} == {520}


def test_one_token_serves_a_burst_of_jobs(loop):
    for number in range(5):
        loop.decline(f"{ANCHORS} {number}", ANCHORS_REFUSED)
    loop.settle()
    of_the_repository = [
        sorted(token.permissions) for token in loop.sandbox.tokens.values() if token.repositories
    ]

    # What an installation may not have granted yet is asked for apart.
    assert sorted(of_the_repository) == [
        ["checks", "metadata"],
        ["contents", "issues", "metadata", "pull_requests"],
    ]


# --- what the App may not do


def test_a_missing_permission_is_named_and_not_asked_for_again(loop):
    loop.sandbox.bad_days.add(faults.not_accessible(method="POST", path="/pulls$", times=100))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert ["Resource not accessible" in (why or "") for why in buried(loop)] == [True]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.branch_rule, "Repository rule violations"),
        (faults.push_protection, "push protection"),
    ],
)
def test_a_branch_that_may_not_be_written_is_left_alone(loop, fault, said):
    loop.sandbox.bad_days.add(fault(method="POST", path="/git/refs$", times=100))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert [said in (why or "") for why in buried(loop)] == [True]
    assert loop.proposals == []


def test_what_push_protection_refuses_stays_away_and_the_next_entry_is_proposed(loop):
    loop.sandbox.bad_days.add(faults.push_protection(method="POST", path="/git/refs$"))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)
    assert loop.proposals == []

    loop.decline(POLLING, POLLING_REFUSED)
    settle_through(loop)
    assert [loop.file(branch=BRANCH).count(f"**#{number}**") for number in (1, 2)] == [0, 1]


def test_of_two_entries_only_the_one_with_the_secret_stays_away(loop):
    # An outage lets both wait for the same write; they are refused together, then the first one
    # alone.
    loop.sandbox.bad_days.add(faults.Fault(method="POST", path="/git/trees$"))
    loop.sandbox.bad_days.add(faults.push_protection(method="POST", path="/git/refs$", times=2))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.decline(POLLING, POLLING_REFUSED)
    settle_through(loop)

    assert [loop.file(branch=BRANCH).count(f"**#{number}**") for number in (1, 2)] == [0, 1]


def test_an_archived_repository_is_left_alone(loop):
    issue = loop.open_issue(ANCHORS)
    actions.comment(loop.sandbox, issue, loop.owner, ANCHORS_REFUSED)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    actions.archive_repository(loop.sandbox, loop.repo, loop.owner)
    settle_through(loop)

    assert ["archived" in (why or "") for why in buried(loop)] == [True]


def test_a_locked_issue_gets_no_comment_and_no_second_attempt(sqlite_db):
    loop = prior_decision(sqlite_db)
    loop.sandbox.bad_days.add(faults.locked(method="POST", path="/comments$", times=100))
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    settle_through(loop)

    assert loop.bot_comments(issue) == []
    assert (
        len(
            [
                asked
                for asked in loop.sandbox.bad_days.asked
                if asked.path.endswith("/comments") and asked.method == "POST"
            ]
        )
        == 1
    )


def test_an_issue_that_was_deleted_is_passed_over(loop):
    deleted = faults.Fault(
        status=410, message="This issue was deleted", path=r"/issues/1$", times=100
    )
    loop.sandbox.bad_days.add(deleted)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.decline(POLLING, POLLING_REFUSED)
    settle_through(loop)

    assert "**#1**" not in loop.file(branch=BRANCH)
    assert "**#2**" in loop.file(branch=BRANCH)


def test_a_repository_that_is_still_empty_is_left_alone(loop):
    empty = faults.Fault(
        status=409, message="Git Repository is empty.", path="/git/", times=100_000
    )
    loop.sandbox.bad_days.add(empty)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)
    written = [
        asked
        for asked in loop.sandbox.bad_days.asked
        if asked.method != "GET" and "/git/" in asked.path
    ]

    assert written == []
    assert loop.proposals == []


def test_a_branch_without_commits_as_yet_becomes_a_pull_request_later(loop):
    loop.sandbox.bad_days.add(faults.no_commits_between(method="POST", path="/pulls$", times=2))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert len(loop.proposals) == 1
    assert buried(loop) == []


# --- names


def test_a_renamed_repository_is_written_under_its_new_name(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.deliver_new()
    actions.rename_repository(loop.sandbox, loop.repo, loop.owner, "motor")
    loop.settle()

    assert len(loop.proposals) == 1
    assert {asked.status for asked in loop.sandbox.bad_days.asked if asked.method == "POST"} == {
        201
    }


def test_an_issue_that_moved_to_another_repository_is_not_followed(loop):
    other = second_repository(loop)
    moved = f"{loop.sandbox.site.api}/repositories/{other.id}/issues/1"
    fault = faults.Fault(
        status=301, headers={"Location": moved}, path="/repos/acme/engine/issues/1$", times=100
    )
    loop.sandbox.bad_days.add(fault)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert loop.proposals == []
    assert [
        asked
        for asked in loop.sandbox.bad_days.asked
        if str(other.id) in asked.path and asked.method != "GET"
    ] == []


def test_a_renamed_default_branch_is_read_anew(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.repo.git.set_ref("refs/heads/trunk", loop.repo.git.head("main"))
    loop.repo.default_branch = "trunk"
    loop.proposal.pull.base = "trunk"
    loop.push({PATH: "# Learnings\n\nBy hand.\n"}, branch="trunk")
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "By hand." in loop.file(branch=BRANCH)


# --- what a repository has switched off


def test_a_repository_that_github_disabled_is_left_alone(loop):
    disabled = faults.Fault(
        status=403, message="Repository access blocked", path="/repos/", times=100_000
    )
    loop.sandbox.bad_days.add(disabled)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    settle_through(loop)

    assert {asked.method for asked in loop.sandbox.bad_days.asked if "/repos/" in asked.path} == {
        "GET"
    }
    assert ["access blocked" in (why or "") for why in buried(loop)] == [True] * len(buried(loop))
    assert loop.proposals == []


def test_a_repository_without_issues_keeps_its_proposal(loop):
    """Somebody switched the issues off: each is answered with 410, pull requests are not."""
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    off = faults.Fault(
        status=410,
        message="Issues are disabled for this repo",
        path=r"/issues(/\d+)?$",
        times=100_000,
    )
    loop.sandbox.bad_days.add(off)
    loop.decline(POLLING, POLLING_REFUSED)
    settle_through(loop)

    assert len(loop.proposals) == 1
    assert "**#3**" not in loop.file(branch=BRANCH)
    assert "**#1**" in loop.file(branch=BRANCH)


def test_an_issue_that_became_a_discussion_gets_no_comment_and_no_second_attempt(sqlite_db):
    """GitHub locks what it converts, and sends nothing else."""
    loop = prior_decision(sqlite_db)
    converted = "This issue has been converted to a discussion and is locked."
    loop.sandbox.bad_days.add(
        faults.Fault(status=403, message=converted, method="POST", path="/comments$", times=100)
    )
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    settle_through(loop)
    asked = [
        each
        for each in loop.sandbox.bad_days.asked
        if each.method == "POST" and each.path.endswith("/comments")
    ]

    assert loop.bot_comments(issue) == []
    assert len(asked) == 1


def test_where_commits_must_be_signed_all_of_ours_are(loop):
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    git = loop.repo.git

    assert (
        set(git.commits_between(git.head("main"), git.head(BRANCH))) <= loop.repo.verified_commits
    )


def test_a_rule_for_code_owners_does_not_keep_us_from_proposing(sqlite_db):
    loop = Loop(sqlite_db, files={"README.md": "", ".github/CODEOWNERS": "docs/ @acme/owners\n"})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert [change.path for change in loop.changes(loop.proposal)] == [PATH]
