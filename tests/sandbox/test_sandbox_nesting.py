"""Sub-issues of the sandbox, read by githubkit's models."""

from typing import Any

import pytest

from github_sandbox import actions
from github_sandbox.state import Issue
from tests.support.sandbox_client import NAME, World, new_world, refused


@pytest.fixture
def world() -> World:
    return new_world()


@pytest.fixture
def parent(world: World) -> Issue:
    return open_issue(world, "All of it")


@pytest.fixture
def child(world: World) -> Issue:
    return open_issue(world, "A part")


def open_issue(world: World, title: str) -> Issue:
    return actions.open_issue(world.sandbox, world.repo, world.owner, title=title)


def add(world: World, parent: Issue, child: Issue, **more: Any) -> Any:
    issues = world.client().rest.issues
    return issues.add_sub_issue(*NAME, parent.number, sub_issue_id=child.id, **more).parsed_data


def listed(world: World, parent: Issue) -> list[str]:
    return [
        each.title
        for each in world.client().rest.issues.list_sub_issues(*NAME, parent.number).parsed_data
    ]


def test_an_issue_is_put_under_another(world: World, parent: Issue, child: Issue) -> None:
    made = add(world, parent, child)
    above = world.client().rest.issues.get_parent(*NAME, child.number).parsed_data

    assert (made.number, made.sub_issues_summary.total) == (parent.number, 1)
    assert listed(world, parent) == ["A part"]
    assert above.number == parent.number


def test_the_parent_counts_what_is_closed(world: World, parent: Issue, child: Issue) -> None:
    add(world, parent, child)
    add(world, parent, open_issue(world, "Another part"))
    actions.close(world.sandbox, child, world.owner)
    summary = world.client().rest.issues.get(*NAME, parent.number).parsed_data.sub_issues_summary

    assert summary
    assert (summary.total, summary.completed, summary.percent_completed) == (2, 1, 50)


def test_an_issue_is_taken_out_again(world: World, parent: Issue, child: Issue) -> None:
    add(world, parent, child)
    world.client().rest.issues.remove_sub_issue(*NAME, parent.number, sub_issue_id=child.id)

    assert listed(world, parent) == []
    with refused(404, "Not Found"):
        world.client().rest.issues.get_parent(*NAME, child.number)


def test_an_issue_has_one_parent_unless_it_is_replaced(
    world: World, parent: Issue, child: Issue
) -> None:
    add(world, parent, child)
    other = open_issue(world, "Something else")
    with refused(422, "one parent"):
        add(world, other, child)
    add(world, other, child, replace_parent=True)

    assert (listed(world, parent), listed(world, other)) == ([], ["A part"])


def test_nothing_is_under_itself(world: World, parent: Issue, child: Issue) -> None:
    add(world, parent, child)
    with refused(422, "one above it"):
        add(world, child, parent)


def test_another_owners_issue_is_not_there(world: World, parent: Issue) -> None:
    other = world.sandbox.add_repository("zenith/compiler")
    strange = actions.open_issue(world.sandbox, other, world.owner, title="Elsewhere")
    with refused(404, "Not Found"):
        add(world, parent, strange)


def test_what_is_not_under_it_is_not_taken_out(world: World, parent: Issue, child: Issue) -> None:
    with refused(404, "Not Found"):
        world.client().rest.issues.remove_sub_issue(*NAME, parent.number, sub_issue_id=child.id)
