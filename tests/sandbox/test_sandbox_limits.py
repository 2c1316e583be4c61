"""What GitHub says of a caller's rate limit, and what it does not count."""

from datetime import timedelta

import pytest
from githubkit import TokenAuthStrategy
from githubkit.exception import RequestFailed

from github_sandbox import actions
from tests.support.sandbox_client import World, new_world, refused

REPO = "/repos/acme/lantern"


@pytest.fixture
def world() -> World:
    return new_world()


def used(world: World) -> int:
    return world.sandbox.quotas.used(world.installation.id, now=world.clock())


def not_modified(world: World, path: str, etag: str, **more: object) -> bool:
    try:
        answer = world.client(**more).request("GET", path, headers={"If-None-Match": etag})
    except RequestFailed as unusual:
        return unusual.response.status_code == 304
    return answer.status_code == 304


def as_token(world: World) -> TokenAuthStrategy:
    made = (
        world.app_client()
        .rest.apps.create_installation_access_token(world.installation.id)
        .parsed_data
    )
    return TokenAuthStrategy(made.token)


def test_every_answer_says_what_is_left(world: World) -> None:
    client = world.client()
    answers = [client.request("GET", REPO) for _ in range(2)]
    ends_at = world.clock() + timedelta(hours=1)

    assert [answer.headers["x-ratelimit-used"] for answer in answers] == ["1", "2"]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["4999", "4998"]
    assert answers[0].headers["x-ratelimit-limit"] == "5000"
    assert answers[0].headers["x-ratelimit-resource"] == "core"
    assert answers[0].headers["x-ratelimit-reset"] == str(int(ends_at.timestamp()))


def test_a_refusal_is_counted_and_says_what_is_left(world: World) -> None:
    with pytest.raises(RequestFailed) as refusal:
        world.client().request("GET", f"{REPO}/issues/99")

    assert refusal.value.response.headers["x-ratelimit-used"] == "1"


def test_installations_have_limits_of_their_own(world: World) -> None:
    other = world.sandbox.add_repository("zenith/compiler")
    installation = world.sandbox.installation_of(other)
    assert installation
    world.client().request("GET", REPO)

    assert used(world) == 1
    assert world.sandbox.quotas.used(installation.id, now=world.clock()) == 0


def test_who_has_used_up_the_hour_is_refused_until_it_ends(world: World) -> None:
    client, world.sandbox.quotas.per_hour = world.client(), 1
    client.request("GET", REPO)
    with refused(403, "API rate limit exceeded"):
        client.request("GET", REPO)

    world.clock.pass_time(hours=1)
    assert client.request("GET", REPO).status_code == 200


def test_what_has_not_changed_is_not_sent_again_and_not_counted(world: World) -> None:
    auth = as_token(world)
    etag = world.client(auth).request("GET", REPO).headers["etag"]

    assert not_modified(world, REPO, etag, auth=auth)
    assert used(world) == 1


def test_what_has_changed_is_sent_again(world: World) -> None:
    auth, issues = as_token(world), f"{REPO}/issues"
    etag = world.client(auth).request("GET", issues).headers["etag"]
    actions.open_issue(world.sandbox, world.repo, world.stranger, title="New")

    assert not not_modified(world, issues, etag, auth=auth)
    assert used(world) == 2


def test_another_token_is_sent_the_same_again(world: World) -> None:
    etag = world.client(as_token(world)).request("GET", REPO).headers["etag"]

    assert not not_modified(world, REPO, etag, auth=as_token(world))
