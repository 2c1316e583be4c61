"""What is polled: asked for by its ETag, so that an unchanged answer is not counted. The sandbox
counts."""

from datetime import timedelta

import httpx
import pytest

from bot.adapters.github import GitHubOwnApp
from bot.adapters.github.known_answers import KnownAnswers, Place
from bot.adapters.store.database import Database
from github_sandbox import InProcess, actions
from github_sandbox.quota import NO_INSTALLATION
from github_sandbox.state import Comment
from tests.support.site import Site


@pytest.fixture
def site(sqlite_db: Database) -> Site:
    return Site(sqlite_db)


@pytest.fixture
def comment(site) -> Comment:
    actions.comment(site.sandbox, site.issue, site.owner, "Hello")
    (said,) = site.issue.comments
    return said


def used(site: Site, caller: int) -> int:
    return site.sandbox.quotas.used(caller, now=site.clock())


def log_of(site: Site) -> list[str]:
    since = site.clock() - timedelta(days=1)
    return [attempt.guid for attempt in GitHubOwnApp(site.app).attempts(since=since)]


def send_webhook(site: Site) -> None:
    with site.sandbox.losing_webhooks():
        actions.comment(site.sandbox, site.issue, site.owner, "Again")


def test_reactions_polled_again_cost_nothing(site, comment):
    actions.react(site.sandbox, comment, site.owner, "+1")
    first = site.repo.reactions(comment.id)
    before = used(site, site.installation.id)

    assert site.repo.reactions(comment.id) == first
    assert [reaction.content for reaction in first] == ["+1"]
    assert used(site, site.installation.id) == before > 0


def test_a_new_reaction_is_seen(site, comment):
    assert site.repo.reactions(comment.id) == []
    actions.react(site.sandbox, comment, site.owner, "-1")

    assert [reaction.content for reaction in site.repo.reactions(comment.id)] == ["-1"]


def test_reactions_of_a_comment_that_is_gone_are_none_though_they_were_known(site, comment):
    site.repo.reactions(comment.id)
    actions.delete_comment(site.sandbox, comment, site.owner)

    assert site.repo.reactions(comment.id) is None


def test_reactions_are_read_with_the_next_token_as_well(site, comment):
    actions.react(site.sandbox, comment, site.owner, "+1")
    first = site.repo.reactions(comment.id)
    site.clock.advance(minutes=56)

    assert site.repo.reactions(comment.id) == first
    assert used(site, site.installation.id) == 2


def test_the_log_of_deliveries_polled_again_costs_nothing(site):
    send_webhook(site)
    first = log_of(site)
    before = used(site, NO_INSTALLATION)
    site.clock.advance(minutes=5)

    assert log_of(site) == first
    assert len(first) == 1
    assert used(site, NO_INSTALLATION) == before == 1


def test_a_new_delivery_is_seen(site):
    send_webhook(site)
    first = log_of(site)
    send_webhook(site)

    assert log_of(site)[1:] == first


def test_the_app_is_known_by_a_new_token_when_the_old_one_ends(site):
    site.app.as_app("GET", "/app")
    site.clock.advance(minutes=10)

    assert site.app.as_app("GET", "/app")["slug"] == "precedent"


def test_what_the_app_was_refused_with_is_not_shown_again(site):
    shown = []

    class Listening(InProcess):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            shown.append(request.headers["authorization"])
            return super().handle_request(request)

    app = site.client(Listening(site.sandbox), site.sandbox.site.api)
    site.sandbox.auth_clock = lambda: site.clock() - timedelta(days=1)
    with pytest.raises(Exception, match="401"):
        app.as_app("GET", "/app")
    site.sandbox.auth_clock = site.clock
    site.clock.advance(minutes=2)
    app.as_app("GET", "/app")

    assert len(set(shown)) == 2


# --- what is kept


def answer(etag: str | None, status: int = 200) -> httpx.Response:
    headers = {"etag": etag} if etag else {}
    return httpx.Response(
        status, headers=headers, json=[1], request=httpx.Request("GET", "http://github.test/x")
    )


def test_the_answer_asked_for_longest_ago_is_forgotten():
    known = KnownAnswers(most=2)
    for path in ("/a", "/b"):
        known.keep(Place(1, path), answer('"x"'))
    known.find(Place(1, "/a"))
    known.keep(Place(1, "/c"), answer('"x"'))

    assert [known.find(Place(1, path)) is not None for path in ("/a", "/b", "/c")] == [
        True,
        False,
        True,
    ]


def test_what_one_installation_was_told_is_not_known_to_another():
    known = KnownAnswers()
    known.keep(Place(1, "/a"), answer('"x"'))

    assert known.find(Place(2, "/a")) is None


@pytest.mark.parametrize(
    "unusable", [answer(None), answer('"x"', status=404)], ids=["no ETag", "a refusal"]
)
def test_what_cannot_be_asked_by_is_not_kept(unusable):
    known = KnownAnswers()
    known.keep(Place(1, "/a"), unusable)

    assert known.find(Place(1, "/a")) is None
