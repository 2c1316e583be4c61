"""What names a thread shows in that thread's timeline; read by githubkit's models."""

from typing import Any

import pytest

from github_sandbox import actions
from github_sandbox.state import Issue
from tests.support.sandbox_client import NAME, World, new_world


@pytest.fixture
def world() -> World:
    return new_world()


def open_issue(world: World, title: str, body: str = "") -> Issue:
    return actions.open_issue(world.sandbox, world.repo, world.stranger, title=title, body=body)


def timeline(world: World, number: int) -> list[Any]:
    return list(world.client().rest.issues.list_events_for_timeline(*NAME, number).parsed_data)


def sources(world: World, number: int) -> list[int]:
    return [
        each.source.issue.number
        for each in timeline(world, number)
        if each.event == "cross-referenced"
    ]


@pytest.mark.parametrize(
    "text", ["Like #1.", "acme/lantern#1", "http://github.test/acme/lantern/issues/1"]
)
def test_a_description_refers_in_each_way_there_is(world: World, text: str) -> None:
    open_issue(world, "First")
    open_issue(world, "Second", text)

    assert sources(world, 1) == [2]


def test_a_thread_refers_once_however_often_its_remarks_do(world: World) -> None:
    open_issue(world, "First")
    second = open_issue(world, "Second")
    for said in ("I mean #1.", "Yes, #1."):
        actions.comment(world.sandbox, second, world.owner, said)

    assert sources(world, 1) == [2]


def test_a_pull_request_that_refers_is_told_from_an_issue(world: World) -> None:
    open_issue(world, "First")
    actions.propose_edit(
        world.sandbox,
        world.repo,
        world.contributor,
        files={"a": "b"},
        title="T",
        body="Replaces #1.",
    )
    (event,) = timeline(world, 1)

    assert event.source.issue.pull_request
    assert event.source.issue.repository.full_name == "acme/lantern"


@pytest.mark.parametrize(
    "text", ["`#1`", "```\n#1\n```", "<!-- #1 -->", "other/place#1", "x#1", "#99"]
)
def test_what_is_no_reference_leaves_no_trace(world: World, text: str) -> None:
    open_issue(world, "First")
    open_issue(world, "Second", text)

    assert timeline(world, 1) == []


def test_a_thread_does_not_refer_to_itself(world: World) -> None:
    actions.comment(world.sandbox, open_issue(world, "First"), world.owner, "As said in #1.")

    assert sources(world, 1) == []


def test_references_are_in_the_timeline_and_not_among_the_events(world: World) -> None:
    open_issue(world, "First")
    open_issue(world, "Second", "#1")

    assert world.client().rest.issues.list_events(*NAME, 1).parsed_data == []
