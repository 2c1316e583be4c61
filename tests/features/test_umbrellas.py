"""Issues with issues under them: in at the webhook, out at the lines that say so."""

import pytest

from bot.adapters.store.database import Database
from github_sandbox import actions
from github_sandbox.faults import Fault
from github_sandbox.state import Account, Issue
from tests.support.loop import BRANCH, PATH, Loop

ALIASES = "We won't support aliases, because they hide the value from whoever reviews the change."
INCLUDES = "We won't support includes, because a file that is not in the diff decides what runs."
RULE = (
    "We decided as a rule that every value stands where it is used, because reviewers see"
    " one file at a time."
)


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


def under(loop: Loop, parent: Issue, *children: Issue) -> None:
    for child in children:
        actions.add_sub_issue(loop.sandbox, parent, loop.owner, child.id)


def decline(loop: Loop, issue: Issue, said: str) -> None:
    actions.comment(loop.sandbox, issue, loop.owner, said)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")


def complete(loop: Loop, issue: Issue, said: str = "") -> None:
    if said:
        actions.comment(loop.sandbox, issue, loop.owner, said)
    actions.close(loop.sandbox, issue, loop.owner, reason="completed")


def open_by(loop: Loop, by: Account, title: str, body: str = "") -> Issue:
    return actions.open_issue(loop.sandbox, loop.repo, by, title=title, body=body)


def family(loop: Loop) -> tuple[Issue, Issue, Issue, Issue]:
    parent = loop.open_issue("Configuration without surprises")
    children = [loop.open_issue(f"Support {what}") for what in ("aliases", "includes", "comments")]
    under(loop, parent, *children)
    return parent, children[0], children[1], children[2]


def lines(loop: Loop, branch: str = BRANCH) -> dict[int, str]:
    """The line of each thread, as indented as it is."""
    written = (loop.repo.git.read(branch, PATH) or "").split("\n")
    return {int(line.split("#")[1].split("*")[0]): line for line in written if "**#" in line}


def merge_proposal(loop: Loop) -> None:
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()


def test_a_child_names_its_parent(loop: Loop) -> None:
    parent, child, *_ = family(loop)
    decline(loop, child, ALIASES)
    loop.settle()

    assert lines(loop)[child.number].endswith(f"Parent: #{parent.number}.")


def test_an_umbrella_names_the_children_that_have_lines(loop: Loop) -> None:
    parent, aliases, includes, comments = family(loop)
    decline(loop, aliases, ALIASES)
    merge_proposal(loop)
    decline(loop, includes, INCLUDES)
    loop.settle()
    complete(loop, comments)
    complete(loop, parent, RULE)
    loop.settle()

    line = lines(loop)[parent.number]
    assert line.startswith(f"- **#{parent.number}** (merged, umbrella) — ")
    assert line.endswith(f" Children: #{aliases.number}, #{includes.number}.")
    assert sorted(lines(loop)) == [parent.number, aliases.number, includes.number]


def test_a_child_of_an_approved_umbrella_stands_under_it(loop: Loop) -> None:
    parent, aliases, includes, _ = family(loop)
    decline(loop, aliases, ALIASES)
    complete(loop, parent, RULE)
    merge_proposal(loop)
    decline(loop, includes, INCLUDES)
    loop.settle()

    written = list(lines(loop).items())
    assert [number for number, line in written if line.startswith("  - ")] == [includes.number]
    assert written[[number for number, _ in written].index(includes.number) - 1][0] == parent.number
    assert len(loop.diff_lines(loop.proposal, "+")) == 1
    assert loop.diff_lines(loop.proposal, "-") == []


def test_a_refused_child_leaves_its_umbrella_as_it_was(loop: Loop) -> None:
    parent, _, includes, _ = family(loop)
    complete(loop, parent, RULE)
    merge_proposal(loop)
    before = loop.file()
    decline(loop, includes, INCLUDES)
    loop.settle()
    body = (loop.proposal.body or "").replace("[x]", "[ ]")
    actions.edit(loop.sandbox, loop.proposal, loop.owner, body=body)
    loop.settle()

    assert loop.file(branch=BRANCH) == before


def test_a_task_list_is_a_family_too(loop: Loop) -> None:
    child = loop.open_issue("Support aliases")
    tasks = f"- [x] #{child.number}\n- [ ] something without a number"
    parent = open_by(loop, loop.owner, "Configuration without surprises", tasks)
    decline(loop, child, ALIASES)
    loop.settle()
    complete(loop, parent, RULE)
    loop.settle()

    assert lines(loop)[child.number].endswith(f"Parent: #{parent.number}.")
    assert lines(loop)[parent.number].endswith(f"Children: #{child.number}.")


def test_anybodys_task_list_makes_no_family(loop: Loop) -> None:
    child = loop.open_issue("Support aliases")
    open_by(loop, loop.stranger, "All that I want", f"- [ ] #{child.number}")
    decline(loop, child, ALIASES)
    loop.settle()

    assert "Parent" not in lines(loop)[child.number]


def test_a_checklist_that_is_done_is_no_entry(loop: Loop) -> None:
    parent, *_ = family(loop)
    complete(loop, parent, "All done, thanks everybody! Closing because every box is ticked.")
    loop.settle()

    assert loop.proposals == []


def test_an_umbrella_may_be_refused_like_anything_else(loop: Loop) -> None:
    parent, *_ = family(loop)
    decline(loop, parent, ALIASES)
    loop.settle()

    assert lines(loop)[parent.number].startswith(
        f"- **#{parent.number}** (not-planned, umbrella) — "
    )


def test_a_parent_in_another_repository_is_not_named(loop: Loop) -> None:
    other = loop.sandbox.add_repository("acme/other")
    elsewhere = actions.open_issue(loop.sandbox, other, loop.owner, title="All of it")
    child = loop.open_issue("Support aliases")
    under(loop, elsewhere, child)
    decline(loop, child, ALIASES)
    loop.settle()

    assert "Parent" not in lines(loop)[child.number]


def test_without_sub_issues_a_child_is_an_entry_like_any_other(loop: Loop) -> None:
    _, child, *_ = family(loop)
    child.parent = None
    for path in ("/sub_issues$", "/parent$"):
        loop.sandbox.bad_days.add(Fault(path=path, status=404, message="Not Found", times=9))
    decline(loop, child, ALIASES)
    loop.settle()

    assert "Parent" not in lines(loop)[child.number]
