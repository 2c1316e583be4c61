"""The check run on pull requests that touch the learnings file or its settings, in at the
webhook."""

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs
from bot.adapters.store.repositories import SqlStore
from bot.core.jobs import CONFIG_PATH
from bot.core.learnings.check_run import CHECK_NAME
from github_sandbox import actions, faults
from github_sandbox.git import Signature
from github_sandbox.state import CheckRun, Issue
from tests.support.inline import Killed
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED

SOUND = "- **#1** (not-planned) — Anchors are refused: an alias hides the value. [tags: config]\n"
AGAIN = (
    "- **#1** (merged) — The cache is keyed by tenant, because two of them shared a name."
    " [tags: config]\n"
)
PINGS = (
    "- **#7** (merged) — Timeouts are set by @ann alone: nobody else sees the whole. [tags:"
    " config]\n"
)
FILE = f"# Learnings\n\n{SOUND}"


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db, files={PATH: FILE, "README.md": "# Engine\n"})


def propose(loop: Loop, text: str | None, *, path: str = PATH) -> Issue:
    pull = actions.propose_edit(
        loop.sandbox, loop.repo, loop.stranger, files={path: text}, title="Edit"
    )
    loop.settle()
    return pull


def runs(loop: Loop) -> list[CheckRun]:
    return [*loop.repo.check_runs.values()]


def check(loop: Loop) -> CheckRun:
    """The only one."""
    (only,) = runs(loop)
    return only


def said(run: CheckRun) -> list[tuple[int, str, str | None]]:
    return [(each.start_line, each.level, each.title) for each in run.annotations]


def buried(loop: Loop) -> list[str | None]:
    return [record.why for record in Jobs(loop.db).buried()]


def checks_asked(loop: Loop, method: str | None = None) -> list[faults.Asked]:
    return [
        each
        for each in loop.sandbox.bad_days.asked
        if "/check-runs" in each.path and method in (None, each.method)
    ]


# --- what it says


def test_a_sound_line_passes(loop):
    pull = propose(loop, FILE + "- **#3** (merged) — Reads go to the replica. [tags: config]\n")
    run = check(loop)

    assert (run.name, run.head_sha, run.status) == (CHECK_NAME, pull.pull.head_sha, "completed")
    assert (run.conclusion, run.title, run.annotations) == ("success", "Nothing to say", [])
    assert run.summary == "Nothing is wrong with what this changes."


def test_an_error_fails_at_its_line(loop):
    propose(loop, FILE + AGAIN)
    run = check(loop)

    assert (run.conclusion, run.title) == ("failure", "1 error")
    assert said(run) == [(4, "failure", "duplicate-number")]
    assert run.annotations[0].message == "number 1 has an entry in line 3 already"
    assert run.annotations[0].path == PATH


def test_hints_alone_are_neutral_and_come_with_the_better_line(loop):
    propose(loop, FILE + PINGS)
    run = check(loop)

    assert (run.conclusion, said(run)) == ("neutral", [(4, "notice", "mention")])
    assert run.annotations[0].message == "`@ann` is pinged wherever this line is quoted"
    assert run.annotations[0].raw_details == PINGS.replace("@ann", "`@ann`").strip()
    assert run.summary == (
        "What came with this pull request is marked at its lines. Only errors fail the check.\n\n"
        "`precedent lint --fix docs/learnings.md` puts right what needs no thought."
    )


def test_what_was_wrong_before_is_not_blamed_on_the_pull_request(sqlite_db):
    loop = Loop(sqlite_db, files={PATH: FILE + AGAIN})
    propose(
        loop,
        FILE
        + "\nA paragraph.\n\n"
        + AGAIN
        + "- **#3** (merged) — Reads go to the replica. [tags: config]\n",
    )
    run = check(loop)

    assert (run.conclusion, run.annotations) == ("success", [])
    assert run.summary == (
        "Nothing is wrong with what this changes.\n\n"
        "<details><summary>1 finding was there before, and nobody is asked to put it right"
        " here</summary>\n\n"
        "- `docs/learnings.md` line 7, duplicate-number: `#1` has an entry in line 3"
        " already\n\n</details>"
    )


def test_of_many_old_findings_the_first_are_listed(sqlite_db):
    loop = Loop(sqlite_db, files={PATH: FILE + AGAIN * 100})
    propose(
        loop, FILE + AGAIN * 100 + "- **#3** (merged) — Reads go to the replica. [tags: config]\n"
    )
    run = check(loop)

    assert run.conclusion == "success"
    assert run.summary.count("- `docs/learnings.md` line") == 30
    assert "\n- and " in run.summary
    assert len(run.summary) < 60_000


def test_what_the_base_gained_meanwhile_is_not_blamed_either(loop):
    pull = propose(loop, FILE + "- **#3** (merged) — Reads go to the replica. [tags: config]\n")
    loop.push({PATH: FILE + PINGS + AGAIN})
    actions.edit_pull_file(
        loop.sandbox,
        pull,
        loop.owner,
        path=PATH,
        text=FILE + "- **#4** (merged) — Two. [tags: a]\n",
    )
    loop.settle()

    assert [run.conclusion for run in runs(loop)] == ["success", "success"]


def test_a_pull_request_that_touches_neither_file_is_left_alone(loop):
    propose(loop, "# Motor\n", path="README.md")

    assert runs(loop) == []
    assert checks_asked(loop) == []


def test_a_closed_pull_request_is_left_alone(loop):
    pull = actions.propose_edit(
        loop.sandbox, loop.repo, loop.stranger, files={PATH: FILE + AGAIN}, title="Edit"
    )
    actions.close(loop.sandbox, pull, loop.owner)
    loop.settle()

    assert runs(loop) == []


def test_what_we_propose_ourselves_passes(sqlite_db):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    run = check(loop)

    assert (run.head_sha, run.conclusion) == (loop.repo.git.head(BRANCH), "success")


def test_a_file_that_is_taken_away_is_mentioned(loop):
    propose(loop, None)

    assert (check(loop).conclusion, check(loop).summary) == (
        "neutral",
        "This pull request takes `docs/learnings.md` away.",
    )


def test_a_file_that_is_renamed_is_taken_away(loop):
    files = {PATH: None, "docs/old.md": FILE}
    actions.propose_edit(loop.sandbox, loop.repo, loop.stranger, files=files, title="Move")
    loop.settle()

    assert check(loop).summary == "This pull request takes `docs/learnings.md` away."


def replace_file(loop: Loop, *, mode: int, content: bytes) -> None:
    """By a pull request with one commit."""
    git, head = loop.repo.git, loop.repo.git.head("main")
    sha = head if mode == 0o160000 else git.add_blob(content)
    tree = git.add_tree({PATH: (mode, sha)}, base=head)
    by = Signature(name="Sam", email="sam@example.org", at=loop.clock())
    commit = git.add_commit(tree, message="Edit", parents=[head], author=by, committer=by)
    actions.create_branch(loop.sandbox, loop.repo, loop.owner, branch="odd", at=commit)
    actions.open_pull(loop.sandbox, loop.repo, loop.owner, head="odd", base="main", title="Edit")
    loop.settle()


@pytest.mark.parametrize(
    ("mode", "content", "why"),
    [
        (
            0o100644,
            b"version https://git-lfs.github.com/spec/v1\n",
            "docs/learnings.md is a Git LFS pointer",
        ),
        (0o100644, b"# Learnings\n\xff\n", "docs/learnings.md is not UTF-8 (byte 12)"),
        (0o120000, b"../README.md", "docs/learnings.md is a symbolic link, not a file"),
        (0o160000, b"", "docs/learnings.md is a submodule, not a file"),
    ],
    ids=["LFS", "Latin-1", "link", "submodule"],
)
def test_a_file_that_is_no_text_fails_with_the_reason(loop, mode, content, why):
    replace_file(loop, mode=mode, content=content)

    assert (check(loop).conclusion, said(check(loop))) == ("failure", [(1, "failure", "no-text")])
    assert check(loop).annotations[0].message == why


def test_a_file_of_two_megabytes_is_not_checked(loop):
    propose(loop, FILE + "A line of prose that nobody reads.\n" * 60_000)

    assert (check(loop).conclusion, check(loop).title) == ("neutral", "Not checked")
    assert check(loop).summary == (
        "`docs/learnings.md` is too large to be checked here. Run `precedent lint"
        " docs/learnings.md`."
    )


def test_no_more_annotations_are_shown_than_anybody_reads(loop):
    propose(loop, FILE + AGAIN * 160)
    run = check(loop)

    assert len(run.annotations) == 150
    assert {each.level for each in run.annotations} == {"failure"}
    assert "more findings are left out" in run.summary
    assert [each.method for each in checks_asked(loop) if each.method != "GET"] == [
        "POST",
        "PATCH",
        "PATCH",
    ]


HOSTILE = (
    "- **#1** (closes #12 @everyone) — <img src=x onerror=1> See https://evil.example/x and"
    " fixes other/repo#3,"
    " password ghp_abcdefghijklmnopqrstuvwxyz0123456789. [tags: @team, #99, config,"
    " https://evil.example]\n"
)


def test_nothing_a_stranger_writes_acts_in_what_we_say(loop):
    propose(loop, FILE + HOSTILE + HOSTILE.replace("#1*", "#2*"))
    texts = [check(loop).summary, *(each.message for each in check(loop).annotations)]
    shown = "\n".join(texts)

    assert len(texts) > 8
    assert "ghp_abcdef" not in shown
    assert not any(
        f" {active}" in shown
        for active in ("@everyone", "@team", "#12", "#99", "other/repo#3", "https://")
    )


def test_a_denied_word_is_not_repeated(sqlite_db):
    loop = Loop(sqlite_db, files={PATH: FILE, CONFIG_PATH: "deny_words: [bluebird]\n"})
    propose(
        loop, FILE + "- **#3** (merged) — Project Bluebird is asked by @ann first. [tags: config]\n"
    )
    texts = [check(loop).summary, *(each.message for each in check(loop).annotations)]

    assert check(loop).conclusion == "failure"
    assert "a word that must not appear here" in texts
    assert "bluebird" not in "".join(texts).casefold()


# --- the settings


def test_a_mistake_in_the_settings_fails_at_its_line(loop):
    propose(loop, "comment: on\nproposse: true\n", path=CONFIG_PATH)
    run = check(loop)

    assert (run.conclusion, said(run)) == ("failure", [(2, "failure", "settings")])
    assert run.annotations[0].message.startswith("proposse: unknown key; known: path, propose,")
    assert run.summary == (
        "What came with this pull request is marked at its lines. Only errors fail the check.\n\n"
        "Until the settings can be read, the last ones that could be read stay in force."
    )


def test_settings_without_a_mistake_pass(loop):
    propose(loop, "comment: shadow\n", path=CONFIG_PATH)

    assert check(loop).conclusion == "success"


def test_settings_that_were_broken_before_are_not_blamed_on_the_pull_request(sqlite_db):
    loop = Loop(sqlite_db, files={PATH: FILE, CONFIG_PATH: "proposse: true\n"})
    propose(loop, "comment: off\nproposse: true\n", path=CONFIG_PATH)

    assert (check(loop).conclusion, check(loop).annotations) == ("success", [])
    assert "1 finding was there before" in check(loop).summary


def test_broken_settings_on_the_default_branch_are_noticed_once_and_the_last_good_ones_stay(loop):
    loop.push({CONFIG_PATH: "max_new_entries_per_day: 3\n"})
    loop.settle()
    assert runs(loop) == []

    loop.push({CONFIG_PATH: "max_new_entries_per_day: many\n"})
    loop.settle()
    for webhook in [*loop.sandbox.webhooks]:
        loop.sandbox.redeliver(webhook)
    loop.settle()
    run = check(loop)

    assert (run.head_sha, run.conclusion, said(run)) == (
        loop.repo.git.head("main"),
        "failure",
        [(1, "failure", "settings")],
    )
    assert SqlStore(loop.db).recollection(loop.repo.id).settings.max_new_entries_per_day == 3
    assert loop.repo.issues == {}


def test_settings_that_are_mended_need_no_word(loop):
    loop.push({CONFIG_PATH: "comment: sometimes\n"})
    loop.settle()
    loop.push({CONFIG_PATH: "comment: off\n"})
    loop.settle()

    assert check(loop).head_sha != loop.repo.git.head("main")


# --- once


def test_fifty_deliveries_of_one_push_make_one_check(loop):
    actions.propose_edit(
        loop.sandbox, loop.repo, loop.stranger, files={PATH: FILE + AGAIN}, title="Edit"
    )
    webhook = next(each for each in loop.sandbox.webhooks if each.event == "pull_request")
    for _ in range(50):
        loop.deliver(webhook)
    loop.settle()

    assert check(loop).conclusion == "failure"
    assert len(checks_asked(loop, "POST")) == 1


def test_a_pull_request_opened_again_keeps_its_check(loop):
    pull = propose(loop, FILE + AGAIN)
    actions.close(loop.sandbox, pull, loop.owner)
    actions.reopen(loop.sandbox, pull, loop.owner)
    loop.settle()

    assert [len(run.annotations) for run in runs(loop) if run.head_sha == pull.pull.head_sha] == [1]


def test_a_push_is_checked_on_its_own(loop):
    pull = propose(loop, FILE + AGAIN)
    actions.edit_pull_file(loop.sandbox, pull, loop.owner, path=PATH, text=FILE + PINGS)
    loop.settle()

    assert [run.conclusion for run in runs(loop)] == ["failure", "neutral"]
    assert runs(loop)[-1].head_sha == pull.pull.head_sha


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_check_that_is_killed_goes_on_where_it_was(sqlite_db, times):
    left = times

    def kill_once_more(point: str) -> None:
        nonlocal left
        left -= point == "check.created"
        if point == "check.created" and left == 0:
            raise Killed

    loop = Loop(sqlite_db, files={PATH: FILE}, reached=kill_once_more)
    with pytest.raises(Killed):
        propose(loop, FILE + AGAIN * 119)
    loop.settle()

    assert (check(loop).status, check(loop).conclusion, len(check(loop).annotations)) == (
        "completed",
        "failure",
        119,
    )


@pytest.mark.parametrize("fault", [faults.lost_answer, faults.hang])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_check_whose_answer_was_lost_is_made_once(loop, fault, method):
    loop.sandbox.bad_days.add(fault(method=method, path="/check-runs"))
    propose(loop, FILE + AGAIN * 60)
    for _ in range(5):
        loop.settle_later(minutes=1)

    assert (check(loop).conclusion, len(check(loop).annotations)) == ("failure", 60)


def test_a_check_is_run_again_when_somebody_asks(loop):
    propose(loop, FILE + AGAIN)
    loop.clock.advance(minutes=5)
    actions.rerequest(loop.sandbox, loop.repo, check(loop), loop.owner)
    loop.settle()

    assert check(loop).completed_at > check(loop).started_at
    assert len(check(loop).annotations) == 1
    assert check(loop).conclusion == "failure"


def test_nobody_else_s_check_of_the_same_name_is_touched(loop):
    pull = actions.propose_edit(
        loop.sandbox, loop.repo, loop.stranger, files={PATH: FILE + AGAIN}, title="Edit"
    )
    theirs = CheckRun(
        id=1, name=CHECK_NAME, head_sha=pull.pull.head_sha, started_at=loop.clock(), app_id=4711
    )
    loop.repo.check_runs[1] = theirs
    loop.settle()

    assert len(runs(loop)) == 2
    assert (theirs.conclusion, theirs.annotations) == (None, [])


# --- where it may not, or cannot


def test_without_the_permission_all_else_goes_on_and_nothing_is_asked_for_again(sqlite_db, logged):
    loop = Loop(sqlite_db)
    del loop.sandbox.installation_of(loop.repo).permissions["checks"]
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    for _ in range(5):
        loop.settle_later(hours=1)

    assert len(loop.proposals) == 1
    assert runs(loop) == []
    assert buried(loop) == []
    assert [
        "not granted" in each["why"] for each in logged if each["event"] == "check_not_made"
    ] == [True]


@pytest.mark.parametrize("status", [404, 501, 403, 422])
def test_a_server_without_check_runs_is_no_failure(loop, status):
    loop.sandbox.bad_days.add(
        faults.Fault(status=status, message="Not Found", path="/check-runs", times=1000)
    )
    propose(loop, FILE + AGAIN)
    for _ in range(5):
        loop.settle_later(hours=1)

    # A 403 just after minting may be the token's.
    assert len(checks_asked(loop)) == (4 if status == 403 else 1)
    assert buried(loop) == []


def test_a_server_that_answers_everything_with_nothing_is_no_failure(loop):
    loop.sandbox.bad_days.add(faults.Fault(status=200, message="", path="/check-runs", times=1000))
    propose(loop, FILE + AGAIN)
    for _ in range(5):
        loop.settle_later(hours=1)

    assert [asked.method for asked in checks_asked(loop)] == ["GET", "POST"]
    assert buried(loop) == []


@pytest.mark.parametrize(
    ("status", "path"), [(404, "/files$"), (501, "/files$"), (404, r"/pulls/\d+$")]
)
def test_a_server_that_says_less_of_pull_requests_is_no_failure(loop, status, path):
    loop.sandbox.bad_days.add(
        faults.Fault(status=status, message="Not Found", path=path, times=1000)
    )
    propose(loop, FILE + AGAIN)

    assert (runs(loop), buried(loop)) == ([], [])


def test_a_server_that_cannot_compare_commits_shows_what_the_base_has(loop):
    loop.sandbox.bad_days.add(
        faults.Fault(status=404, message="Not Found", path="/compare/", times=1000)
    )
    propose(loop, FILE + AGAIN)

    assert check(loop).conclusion == "failure"
