"""Odd files, odd branches, odd moments: what the rolling pull request makes of them. Which fault:
docs/faults.md."""

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs
from bot.core.learnings import HEADER
from bot.ports.world import CrashPoint
from github_sandbox import actions
from github_sandbox.git import DIRECTORY, Signature
from github_sandbox.state import Repository
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.moments import NOON
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

ONE_LIST = "# Learnings\n\n- **#90** (merged) \u2014 Queues are bounded. [tags: queue]\n"
OWN_TITLE = "docs: what we decided about configuration"
LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
WORLD = Signature(name="Olive", email="olive@example.org", at=NOON)


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


@pytest.fixture
def under_way(loop: Loop) -> Loop:
    """One entry is proposed."""
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


def commit(repo: Repository, path: str, *, mode: int, sha: str) -> None:
    head = repo.git.head("main")
    assert head is not None
    tree = repo.git.add_tree({path: (mode, sha)}, base=head)
    new = repo.git.add_commit(tree, message="Add", parents=[head], author=WORLD, committer=WORLD)
    repo.git.set_ref("refs/heads/main", new)


def buried(loop: Loop) -> list[str]:
    return [record.why or "" for record in Jobs(loop.db).buried()]


def edit_branch(loop: Loop, old: str, new: str) -> None:
    text = loop.file(branch=BRANCH).replace(old, new)
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=text)


def our_line(loop: Loop, number: int) -> str:
    return next(line for line in loop.file(branch=BRANCH).split("\n") if f"**#{number}**" in line)


# --- the file


def test_a_missing_file_comes_with_its_header_in_the_same_pull_request(under_way):
    assert under_way.file(branch=BRANCH).startswith(HEADER)
    assert [change.path for change in under_way.changes(under_way.proposal)] == [PATH]


@pytest.mark.parametrize(
    ("mode", "content", "said"),
    [
        (0o120000, b"../README.md", "symbolic link"),
        (0o100644, LFS_POINTER, "Git LFS"),
        (0o100644, b"# Learnings\n\0", "NUL"),
        (0o100644, b"# Learnings\n\nna\xefve\n", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_the_reason(loop, mode, content, said):
    commit(loop.repo, PATH, mode=mode, sha=loop.repo.git.add_blob(content))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.repo.git.head(BRANCH) is None
    assert any(said in why for why in buried(loop))


def test_a_submodule_in_the_place_of_the_file_is_refused(loop):
    commit(loop.repo, PATH, mode=0o160000, sha=loop.repo.git.head("main"))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.repo.git.head(BRANCH) is None
    assert any("submodule" in why for why in buried(loop))


def test_a_directory_in_the_place_of_the_file_is_refused(loop):
    inside = loop.repo.git.add_tree({"README.md": (0o100644, loop.repo.git.add_blob(b"x"))})
    commit(loop.repo, PATH, mode=DIRECTORY, sha=inside)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.repo.git.head(BRANCH) is None
    assert any("directory" in why for why in buried(loop))


def test_a_folder_that_is_a_link_is_not_written_through(loop):
    commit(loop.repo, "docs", mode=0o120000, sha=loop.repo.git.add_blob(b"elsewhere"))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert loop.repo.git.head(BRANCH) is None
    assert any("symbolic link" in why for why in buried(loop))


@pytest.mark.parametrize(
    "text",
    [
        ONE_LIST,
        ONE_LIST.replace("\n", "\r\n"),
        "\ufeff" + ONE_LIST,
        ONE_LIST.removesuffix("\n"),
        "\ufeff" + ONE_LIST.removesuffix("\n").replace("\n", "\r\n"),
        ONE_LIST.replace("- **#90**", "*\t**#90**"),
    ],
    ids=["plain", "CRLF", "BOM", "no final newline", "all of them", "tab"],
)
def test_one_entry_is_one_line_more_and_not_a_byte_less(sqlite_db, text):
    loop = Loop(sqlite_db, files={PATH: text, "README.md": ""})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    proposed = loop.file(branch=BRANCH)
    end = "\r\n" if "\r\n" in text else "\n"
    assert proposed.startswith(text)
    assert proposed.endswith(end) == text.endswith(end)
    assert len(proposed.removeprefix(text).strip().split("\n")) == 1


def test_a_file_of_two_megabytes_gains_one_line(sqlite_db):
    text = ONE_LIST + "".join(
        f"- **#{number}** (merged) \u2014 {'word ' * 100}\n" for number in range(100, 4100)
    )
    loop = Loop(sqlite_db, files={PATH: text, "README.md": ""})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    assert len(text) > 2_000_000
    assert loop.file(branch=BRANCH) == text + our_line(loop, 1) + "\n"


def test_the_mode_of_the_file_stays(loop):
    commit(loop.repo, PATH, mode=0o100755, sha=loop.repo.git.add_blob(ONE_LIST.encode()))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    head = loop.repo.git.head(BRANCH)
    assert {
        entry.mode
        for entry in loop.repo.git.walk_tree(head, recursive=True)
        if entry.path == PATH.encode()
    } == {0o100755}


# --- the branch


def test_a_branch_deleted_while_it_was_proposed_is_a_no(under_way):
    actions.delete_branch(under_way.sandbox, under_way.repo, under_way.owner, branch=BRANCH)
    under_way.settle()
    assert under_way.repo.git.head(BRANCH) is None
    under_way.decline(POLLING, POLLING_REFUSED)
    under_way.settle()

    assert "**#1**" not in under_way.file(branch=BRANCH)
    assert "**#3**" in under_way.file(branch=BRANCH)


def test_a_pull_request_sent_to_another_branch_is_rebuilt_for_it(under_way):
    loop = under_way
    head = loop.repo.git.head("main")
    loop.push({PATH: ONE_LIST})
    loop.settle()
    actions.create_branch(loop.sandbox, loop.repo, loop.owner, branch="next", at=head)
    loop.proposal.pull.base = "next"
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    proposed = loop.file(branch=BRANCH)
    assert [head in proposed for head in ("**#1**", "**#3**", "**#90**")] == [True, True, False]


def test_history_rewritten_on_main_does_not_come_back_through_the_branch(sqlite_db):
    loop = Loop(sqlite_db, files={"README.md": ""})
    first = loop.repo.git.head("main")
    loop.push({PATH: ONE_LIST})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    actions.move_branch(loop.sandbox, loop.repo, loop.owner, branch="main", to=first, force=True)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "**#90**" not in loop.file(branch=BRANCH)
    assert "**#1**" in loop.file(branch=BRANCH)


# --- people


def test_a_persons_paragraph_stays_through_three_rebuilds(under_way):
    loop = under_way
    edit_branch(loop, "\n## Unsorted", "\nAsk Olive first.\n\n## Unsorted")
    for count in range(3):
        loop.push(
            {
                PATH: HEADER
                + f"\n## Part {count}\n\n- **#9{count}** (merged) \u2014 Queues are bounded.\n"
            }
        )
        loop.settle()

    assert "Ask Olive first." in loop.file(branch=BRANCH)
    assert "## Part 2" in loop.file(branch=BRANCH)
    assert "## Part 1" not in loop.file(branch=BRANCH)


def test_a_line_put_back_is_proposed_after_all(under_way):
    loop = under_way
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    line = our_line(loop, 1)
    edit_branch(loop, f"{line}\n", "")
    loop.settle()
    assert "- [x] **`#1`**" not in loop.proposal.body
    edit_branch(loop, "## Unsorted\n\n", f"## Unsorted\n\n{line}\n")
    loop.settle()

    assert line in loop.file(branch=BRANCH)
    assert "`#1`" in loop.proposal.body


def test_a_pull_request_opened_again_is_a_yes_after_all(under_way):
    loop = under_way
    pull = loop.proposal
    actions.close(loop.sandbox, pull, loop.owner)
    loop.settle()
    actions.reopen(loop.sandbox, pull, loop.owner)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert loop.proposals == [pull]
    assert "**#1**" in loop.file(branch=BRANCH)
    assert "**#3**" in loop.file(branch=BRANCH)


def test_a_pull_request_of_which_nothing_is_left_is_closed(under_way):
    loop = under_way
    pull = loop.proposal
    actions.edit(loop.sandbox, pull, loop.owner, body=pull.body.replace("- [x]", "- [ ]"))
    loop.settle()
    assert not pull.open
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "**#1**" not in loop.file(branch=BRANCH)
    assert loop.diff_lines(loop.proposal, "-") == []


def test_a_pull_request_with_a_persons_own_change_stays_open_without_entries(under_way):
    loop = under_way
    edit_branch(loop, "\n## Unsorted", "\nAsk Olive first.\n\n## Unsorted")
    loop.settle()
    actions.edit(
        loop.sandbox, loop.proposal, loop.owner, body=loop.proposal.body.replace("- [x]", "- [ ]")
    )
    loop.settle()

    assert loop.proposal.open
    assert "**#1**" not in loop.file(branch=BRANCH)


def test_a_persons_title_stays(under_way):
    loop = under_way
    actions.edit(loop.sandbox, loop.proposal, loop.owner, title=OWN_TITLE)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert loop.proposal.title == OWN_TITLE


def test_what_a_person_writes_around_the_list_stays(under_way):
    loop = under_way
    body = f"For Monday.\r\n\r\n{loop.proposal.body}\r\n\r\nSee the minutes."
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert loop.proposal.body.startswith("For Monday.\n\n<!-- precedent:proposal -->")
    assert loop.proposal.body.endswith("See the minutes.")
    assert "`#3`" in loop.proposal.body


def test_a_body_of_a_persons_own_stays(under_way):
    loop = under_way
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body="All mine.")
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert loop.proposal.body == "All mine."


def test_a_box_unticked_while_we_write_is_not_ticked_again(sqlite_db):
    def untick(point: CrashPoint) -> None:
        if point == "ref.created" and loop.proposals and "[ ]" not in loop.proposal.body:
            body = loop.proposal.body.replace("- [x] **`#1`**", "- [ ] **`#1`**")
            actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)

    loop = Loop(sqlite_db, reached=untick)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert "**#1**" not in loop.file(branch=BRANCH)
    assert "**#3**" in loop.file(branch=BRANCH)


def test_a_person_who_pushes_first_is_read_and_kept(sqlite_db):
    def push_first(point: CrashPoint) -> None:
        if (
            point == "commit.done"
            and loop.proposals
            and "Ask Olive" not in loop.file(branch=BRANCH)
        ):
            edit_branch(loop, "\n## Unsorted", "\nAsk Olive first.\n\n## Unsorted")

    loop = Loop(sqlite_db, reached=push_first)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    loop.settle_later(minutes=10)

    proposed = loop.file(branch=BRANCH)
    assert [words in proposed for words in ("Ask Olive first.", "**#1**", "**#3**")] == [
        True,
        True,
        True,
    ]
    assert buried(loop) == []


def test_two_entries_that_a_person_made_one_are_one_line(under_way):
    loop = under_way
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    first, second = our_line(loop, 1), our_line(loop, 3)
    both = "- **#1 / #3** (not-planned) \u2014 Neither anchors nor polling."
    edit_branch(loop, f"{first}\n{second}", both)
    loop.push({PATH: ONE_LIST})
    loop.settle()

    assert loop.file(branch=BRANCH).count(both) == 1
    assert loop.proposal.body.count("Neither anchors nor polling.") == 1


def test_unticking_two_entries_in_one_line_refuses_both(under_way):
    loop = under_way
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    edit_branch(
        loop,
        f"{our_line(loop, 1)}\n{our_line(loop, 3)}",
        "- **#1 / #3** (not-planned) \u2014 Neither of them.",
    )
    loop.settle()
    body = loop.proposal.body.replace("- [x] **`#1 / #3`**", "- [ ] **`#1 / #3`**")
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.settle()

    assert "Neither of them." not in (loop.repo.git.read(BRANCH, PATH) or "")


# --- many


def test_twenty_closings_in_an_hour_are_one_pull_request(loop):
    for count in range(20):
        loop.decline(f"{ANCHORS}, part {count}", ANCHORS_REFUSED)
        loop.settle_later(minutes=3)

    assert len(loop.proposals) == 1


def test_no_more_entries_a_day_than_are_allowed_and_the_rest_tomorrow(loop):
    for count in range(14):
        loop.decline(f"{ANCHORS}, part {count}", ANCHORS_REFUSED)
    loop.settle()
    assert loop.file(branch=BRANCH).count("(not-planned)") == 10
    loop.clock.advance(hours=25)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert loop.file(branch=BRANCH).count("- **#") == 15


def test_the_rest_comes_the_next_day_by_itself(loop):
    for count in range(14):
        loop.decline(f"{ANCHORS}, part {count}", ANCHORS_REFUSED)
    loop.settle()
    assert "<details><summary>4 more wait for tomorrow</summary>" in loop.proposal.body
    loop.settle_later(hours=23)
    assert loop.file(branch=BRANCH).count("- **#") == 10
    loop.settle_later(hours=2)

    assert loop.file(branch=BRANCH).count("- **#") == 14
    assert "wait for tomorrow" not in loop.proposal.body


def test_two_repositories_are_proposed_to_each_its_own(loop):
    other = loop.sandbox.add_repository("zenith/compiler", files={"README.md": "# Compiler\n"})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    issue = actions.open_issue(loop.sandbox, other, loop.stranger, title=POLLING, body="Faster.")
    actions.comment(loop.sandbox, issue, loop.owner, POLLING_REFUSED)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()

    assert "support anchors" in loop.file(branch=BRANCH)
    assert "support anchors" not in other.git.read(BRANCH, PATH)
    assert "busy loop" in other.git.read(BRANCH, PATH)
