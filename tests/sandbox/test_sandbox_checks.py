"""Check runs of the sandbox, read by githubkit's models."""

from typing import Any

import pytest

from github_sandbox import actions
from github_sandbox.errors import Refused
from tests.support.sandbox_client import NAME, World, new_world, refused

PATH = "docs/learnings.md"
ANNOTATION = {
    "path": PATH,
    "start_line": 5,
    "end_line": 5,
    "annotation_level": "warning",
    "message": "Decided otherwise in #1.",
}
OUTPUT = {"title": "One prior decision", "summary": "See #1.", "annotations": [ANNOTATION]}


@pytest.fixture
def world() -> World:
    return new_world()


def head(world: World) -> str:
    found = world.repo.git.head("main")
    assert found
    return found


def start(world: World, name: str = "precedent", **more: Any) -> Any:
    return (
        world.client()
        .rest.checks.create(*NAME, name=name, head_sha=head(world), **more)
        .parsed_data
    )


def names(world: World, **asked: Any) -> list[str]:
    return [
        run.name
        for run in world.client()
        .rest.checks.list_for_ref(*NAME, "main", **asked)
        .parsed_data.check_runs
    ]


def test_a_check_is_started_and_concluded(world: World) -> None:
    run = start(world, status="in_progress")
    world.clock.pass_time(minutes=1)
    ended = (
        world.client()
        .rest.checks.update(*NAME, run.id, conclusion="neutral", output=OUTPUT)
        .parsed_data
    )
    read = world.client().rest.checks.get(*NAME, run.id).parsed_data

    assert (run.status, run.conclusion, run.completed_at) == ("in_progress", None, None)
    assert (read.status, read.conclusion, read.completed_at) == (
        "completed",
        "neutral",
        world.clock(),
    )
    assert (read.output.title, read.output.annotations_count) == ("One prior decision", 1)
    assert ended.id == run.id


def test_annotations_add_up(world: World) -> None:
    run = start(world, output=OUTPUT)
    checks = world.client().rest.checks
    checks.update(
        *NAME,
        run.id,
        output=OUTPUT | {"annotations": [ANNOTATION | {"start_line": 6, "end_line": 6}]},
    )
    listed = checks.list_annotations(*NAME, run.id).parsed_data

    assert [(each.path, each.start_line, each.annotation_level) for each in listed] == [
        (PATH, 5, "warning"),
        (PATH, 6, "warning"),
    ]


def test_no_more_than_fifty_annotations_are_taken_at_once(world: World) -> None:
    # By hand: githubkit's own model refuses it as well.
    asked = {
        "name": "precedent",
        "head_sha": head(world),
        "output": OUTPUT | {"annotations": [ANNOTATION] * 51},
    }
    with refused(422, "50 annotations"):
        world.client().request("POST", "/repos/acme/lantern/check-runs", json=asked)


def test_of_each_name_the_latest_is_listed(world: World) -> None:
    first, again, other = start(world), start(world), start(world, name="lint")
    checks = world.client().rest.checks
    latest = checks.list_for_ref(*NAME, head(world)).parsed_data
    everything = checks.list_for_ref(*NAME, head(world), filter_="all").parsed_data

    assert [run.id for run in latest.check_runs] == [other.id, again.id]
    assert [run.id for run in everything.check_runs] == [other.id, again.id, first.id]


def test_checks_are_listed_by_name_and_status(world: World) -> None:
    start(world)
    start(world, name="lint", conclusion="success")

    assert names(world) == ["lint", "precedent"]
    assert names(world, check_name="precedent") == ["precedent"]
    assert names(world, status="completed") == ["lint"]


def test_a_check_names_the_pull_request_of_its_commit(world: World) -> None:
    issue = actions.propose_edit(
        world.sandbox, world.repo, world.contributor, files={PATH: "x\n"}, title="Edit"
    )
    assert issue.pull
    made = (
        world.client()
        .rest.checks.create(*NAME, name="precedent", head_sha=issue.pull.head_sha)
        .parsed_data
    )

    assert [pull.number for pull in made.pull_requests] == [issue.number]


def test_a_check_needs_a_commit(world: World) -> None:
    with refused(422, "No commit found"):
        world.client().rest.checks.create(*NAME, name="precedent", head_sha="0" * 40)


def test_a_completed_check_needs_a_conclusion(world: World) -> None:
    with refused(422, "conclusion"):
        world.client().request(
            "PATCH",
            f"/repos/acme/lantern/check-runs/{start(world).id}",
            json={"status": "completed"},
        )


def test_checks_need_their_permission(world: World) -> None:
    del world.installation.permissions["checks"]
    with refused(403, "Resource not accessible by integration"):
        start(world)


def test_only_what_is_completed_is_asked_for_again(world: World) -> None:
    running, checks = start(world), world.client().rest.checks
    with refused(422, "not rerequestable"):
        checks.rerequest_run(*NAME, running.id)
    checks.update(*NAME, running.id, conclusion="failure")
    assert checks.rerequest_run(*NAME, running.id).status_code == 201
    assert world.sandbox.webhooks[-1].action == "rerequested"


def test_a_stranger_cannot_ask_for_a_check_again(world: World) -> None:
    run = start(world, conclusion="failure")
    with pytest.raises(Refused):
        actions.rerequest(world.sandbox, world.repo, world.repo.check_runs[run.id], world.stranger)


def test_what_is_no_check_is_not_found(world: World) -> None:
    with refused(404, "Not Found"):
        world.client().rest.checks.get(*NAME, 1)
