"""The client against the sandbox and against servers that answer less than GitHub does."""

import threading
from datetime import timedelta

import httpx
import pytest

from bot.adapters.github.refusals import Missing
from bot.adapters.store.database import Database
from bot.core.errors import GiveUp, TryLater
from github_sandbox import actions
from tests.support.site import Site

MARKER = "<!-- precedent -->"


@pytest.fixture
def site(sqlite_db: Database) -> Site:
    return Site(sqlite_db)


class Scripted(httpx.BaseTransport):
    """Answers from a table of paths; mints tokens."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers, self.asked = answers, []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        path = request.url.path
        if path.endswith("/access_tokens"):
            return httpx.Response(201, json={"token": "ghs_short"}, request=request)
        found = self.answers.get(path)
        return httpx.Response(200 if found is not None else 404, json=found, request=request)


# --- names


def test_a_write_to_a_renamed_repository_goes_to_its_new_name_once(site):
    actions.rename_repository(site.sandbox, site.repository, site.owner, "motor")
    site.repo.comment(1, "Hello")

    assert [comment.body for comment in site.issue.comments] == ["Hello"]
    assert site.repo.full_name == "acme/motor"


def test_a_name_that_leads_to_another_repository_is_not_written(site):
    other = site.sandbox.add_repository("acme/other")
    site.sandbox.former_names["acme/engine"] = other.id
    site.repository.name = "gone"

    with pytest.raises(Missing):
        site.repo.comment(1, "Hello")
    assert other.issues == {}


# --- refusals


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (
            403,
            {"text": "<html><p>You have exceeded a secondary <b>rate limit</b>.</p></html>"},
            TryLater,
        ),
        (
            403,
            {"json": {"message": "No", "documentation_url": "https://x/#secondary-rate-limits"}},
            TryLater,
        ),
        (
            422,
            {"json": {"message": "Validation Failed", "errors": ["was submitted too quickly"]}},
            TryLater,
        ),
        (422, {"json": {"message": "Validation Failed", "errors": "odd"}}, GiveUp),
        (403, {"json": ["odd"]}, GiveUp),
    ],
)
def test_a_refusal_is_known_by_whatever_it_says(site, status, answer, error):
    class Refusing(Scripted):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            minted = super().handle_request(request)
            return (
                minted
                if minted.status_code == 201
                else httpx.Response(status, request=request, **answer)
            )

    with pytest.raises(error):
        site.repo_of(site.client(Refusing({}), "http://127.0.0.1:9999")).edit_comment(1, "Hello")


# --- tokens


def test_many_threads_mint_one_token(site):
    threads = [threading.Thread(target=lambda: site.repo.summary(1)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    minted = [
        asked for asked in site.sandbox.bad_days.asked if asked.path.endswith("/access_tokens")
    ]

    assert len(minted) == 1


def test_a_token_reaches_one_repository_and_has_the_least_permissions(site):
    site.repo.summary(1)
    [token] = site.sandbox.tokens.values()

    assert token.repositories == {site.repository.id}
    assert set(token.permissions) == {"contents", "issues", "metadata", "pull_requests"}


def test_a_token_near_its_end_is_replaced(site):
    site.repo.summary(1)
    site.clock.advance(minutes=56)
    site.repo.summary(1)

    assert len(site.sandbox.tokens) == 2


# --- lists


def test_three_thousand_comments_take_thirty_calls(site):
    for number in range(3200):
        actions.comment(site.sandbox, site.issue, site.owner, str(number))
    before = len(site.sandbox.bad_days.asked)

    assert site.repo.own_comment(1, MARKER) is None
    lists = [
        asked for asked in site.sandbox.bad_days.asked[before:] if asked.path.endswith("/comments")
    ]
    assert len(lists) == 30


def test_of_a_longer_thread_the_start_and_the_end_are_read(site, logged):
    for number in range(3200):
        actions.comment(site.sandbox, site.issue, site.owner, str(number))
    thread = site.repo.thread(1)
    said = [int(remark.text) for remark in thread.remarks if remark.kind == "comment"]

    assert (said[:1000], said[1000:]) == ([*range(1000)], [*range(1200, 3200)])
    assert [each["pages_left_out"] for each in logged if each["event"] == "list_cut_short"] == [2]
    assert sum(asked.path.endswith("/comments") for asked in site.sandbox.bad_days.asked) == 30


# --- servers that are less than GitHub


BARE_ISSUE = {"number": 1, "title": "One", "state": "closed", "created_at": "2026-05-04T12:00:00Z"}


@pytest.mark.parametrize("prefix", ["", "/api/v3", "/some/where"])
def test_any_base_address_will_do(site, prefix):
    transport = Scripted({f"{prefix}/repos/acme/engine/issues/1": BARE_ISSUE})
    repo = site.repo_of(site.client(transport, f"http://127.0.0.1:9999{prefix}"))

    found = repo.summary(1)
    assert found is not None
    assert found.title == "One"


def test_an_issue_without_optional_members_is_a_thread(site):
    transport = Scripted(
        {"/repos/acme/engine/issues/1": BARE_ISSUE, "/repos/acme/engine/issues/1/comments": []}
    )
    thread = site.repo_of(site.client(transport, "http://127.0.0.1:9999")).thread(1)

    assert (thread.closed_as, thread.closed_by, thread.labels) == ("closed", None, [])


def test_who_closed_it_is_read_from_the_events_where_the_issue_does_not_say(site):
    events = [{"event": "closed", "actor": {"login": "olive"}}]
    answers = {
        "/repos/acme/engine/issues/1": BARE_ISSUE,
        "/repos/acme/engine/issues/1/comments": [],
        "/repos/acme/engine/issues/1/events": events,
        "/repos/acme/engine/collaborators/olive/permission": {"permission": "admin"},
    }
    thread = site.repo_of(site.client(Scripted(answers), "http://127.0.0.1:9999")).thread(1)

    assert thread.closed_by == "olive"


@pytest.mark.parametrize("count", [30, 100, 250])
def test_a_list_without_pages_is_read_once(site, count):
    comments = [
        {"id": number, "body": f"{MARKER} {number}", "user": None} for number in range(count)
    ]
    transport = Scripted({"/repos/acme/engine/issues/1/comments": comments})
    app = site.client(transport, "http://127.0.0.1:9999")

    assert (
        len(list(app.pages("/repos/acme/engine/issues/1/comments", installation_id=1, repo_id=2)))
        == count
    )


def test_a_token_never_goes_to_the_host_that_a_list_points_to(site):
    class Elsewhere(Scripted):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if request.url.path == "/list" and "page=2" not in str(request.url):
                answer.headers["Link"] = '<https://evil.example/list?page=2>; rel="next"'
            return answer

    transport = Elsewhere({"/list": [1]})
    list(
        site.client(transport, "http://127.0.0.1:9999").pages("/list", installation_id=1, repo_id=2)
    )

    assert [url for url in transport.asked if "evil" in url] == []


def test_a_wait_is_short(site):
    began = site.clock()
    for number in range(3):
        site.repo.comment(1, str(number))

    assert site.clock() - began == timedelta(seconds=2)
