"""Requests as the App and as its installations: tokens, timeouts, refusals turned into our errors."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import githubkit
import httpx
import jwt
from githubkit.exception import RequestError, RequestFailed

from bot.errors import TryLater
from bot.github.errors import OUTAGE_PAUSE, Refusal, error_for
from bot.ports import Clock

TIMEOUT = httpx.Timeout(30, connect=10)
PER_PAGE = 100
# At most this many pages of any list are read: 3,000 remarks are enough to judge a thread by.
MAX_PAGES = 30
JWT_LIFETIME = timedelta(minutes=9)
CLOCK_SKEW = timedelta(seconds=60)
TOKEN_MARGIN = timedelta(minutes=5)
# What a token may do: the least that reading threads, one branch, one pull request and one comment need.
PERMISSIONS: Mapping[str, str] = {
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}


@dataclass(frozen=True)
class Token:
    text: str
    expires_at: datetime


class KeptTransport(httpx.BaseTransport):
    """Outlives githubkit's clients, which it opens and closes around every request: connections are reused."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.handle_request(request)

    def close(self) -> None:
        """Stay open."""


class GitHubApp:
    """One App on one GitHub. Safe to share between threads."""

    def __init__(
        self, *, app_id: str, private_key: str, api_url: str, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        # githubkit's own retries repeat writes and sleep for up to an hour; its cache never evicts; its redirects
        # turn a POST into a GET. The job decides about all three.
        self._client = githubkit.GitHub(
            base_url=api_url,
            transport=KeptTransport(transport or httpx.HTTPTransport(retries=1)),
            timeout=TIMEOUT,
            auto_retry=False,
            http_cache=False,
            follow_redirects=False,
            user_agent="precedent",
        )
        self._app_id, self._private_key, self._clock = app_id, private_key, clock
        self._tokens: dict[tuple[int, int], Token] = {}
        self._lock = threading.Lock()

    @cached_property
    def own_login(self) -> str:
        """The account that the App's comments are by."""
        return f"{self.as_app('GET', '/app')['slug']}[bot]"

    def as_app(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        return _json(self._send(method, path, body=body, token=self._app_token()))

    def request(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, installation_id: int, repo_id: int
    ) -> Any:
        """The JSON of the answer, None where it is empty. Raises TryLater or GiveUp (Missing, Conflict among them)."""
        token = self._installation_token(installation_id, repo_id)
        return _json(self._send(method, path, body=body, token=token))

    def pages(self, path: str, *, installation_id: int, repo_id: int) -> Iterator[Any]:
        """Every member of a list, oldest page first, up to MAX_PAGES pages."""
        place: str | None = f"{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}"
        for _ in range(MAX_PAGES):
            token = self._installation_token(installation_id, repo_id)
            answer = self._send("GET", place or path, body=None, token=token)
            yield from answer.json()
            place = answer.links.get("next", {}).get("url")
            if place is None:
                return

    def _installation_token(self, installation_id: int, repo_id: int) -> str:
        # One lock for all: a burst of jobs mints one token, not one each.
        with self._lock:
            kept = self._tokens.get((installation_id, repo_id))
            if kept is None or kept.expires_at - TOKEN_MARGIN <= self._clock():
                kept = self._mint(installation_id, repo_id)
                self._tokens[installation_id, repo_id] = kept
            return kept.text

    def _mint(self, installation_id: int, repo_id: int) -> Token:
        scope = {"repository_ids": [repo_id], "permissions": PERMISSIONS}
        answer = self.as_app("POST", f"/app/installations/{installation_id}/access_tokens", scope)
        return Token(answer["token"], datetime.fromisoformat(answer["expires_at"]))

    def _app_token(self) -> str:
        """https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app"""
        now = self._clock()
        claims = {"iat": now - CLOCK_SKEW, "exp": now + JWT_LIFETIME, "iss": self._app_id}
        return jwt.encode(claims, self._private_key, algorithm="RS256")

    def _forget(self, token: str) -> None:
        with self._lock:
            self._tokens = {key: kept for key, kept in self._tokens.items() if kept.text != token}

    def _send(
        self, method: str, path: str, *, body: Mapping[str, object] | None, token: str, redirects_left: int = 3
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        try:
            answer = self._client.request(method, path, json=body, headers=headers).raw_response
        except RequestFailed as error:
            answer = error.response.raw_response
        except RequestError as error:
            raise TryLater(f"{method} {path}: {error!r}", not_before=self._clock() + OUTAGE_PAUSE) from error
        if answer.is_success:
            return answer
        if answer.status_code == 401:
            self._forget(token)
        target = answer.request.url.join(answer.headers.get("location", ""))
        # A renamed repository: read where it went. A write is never sent on, nor the token to another host.
        if answer.is_redirect and method == "GET" and target.host == answer.request.url.host and redirects_left:
            return self._send("GET", str(target), body=None, token=token, redirects_left=redirects_left - 1)
        raise error_for(_refusal(answer, method=method, path=path), now=self._clock())


def _json(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None


def _refusal(answer: httpx.Response, *, method: str, path: str) -> Refusal:
    return Refusal(
        method=method,
        path=path,
        status=answer.status_code,
        message=_message(answer),
        headers=answer.headers,
    )


def _message(answer: httpx.Response) -> str:
    """GitHub's own words, with the messages of its list of errors."""
    try:
        body = answer.json()
    except ValueError:
        return answer.reason_phrase
    if not isinstance(body, dict):
        return answer.reason_phrase
    details = [str(e.get("message") or e.get("code") or "") for e in body.get("errors") or () if isinstance(e, dict)]
    return "; ".join([str(body.get("message", "")), *filter(None, details)])
