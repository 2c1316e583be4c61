"""Requests as the App and as its installations: credentials, pace, refusals turned into our
errors."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

import githubkit
import httpx
import jwt
import structlog
from githubkit.exception import RequestError, RequestFailed

from bot.adapters.github.addresses import address
from bot.adapters.github.installation_tokens import Scope, Token, Tokens
from bot.adapters.github.known_answers import KnownAnswers, Place
from bot.adapters.github.refusals import (
    OUTAGE_PAUSE,
    Refusal,
    Unanswered,
    Unauthorized,
    error_for,
    limit_ends_at,
    remedy_for,
)
from bot.core.app_manifest import CHECK_PERMISSIONS, WORK_PERMISSIONS
from bot.core.errors import BotError, TryLater
from bot.core.status.readiness import LARGEST_SKEW
from bot.ports.pace import Pace, Wait
from bot.ports.store import Symptoms
from bot.ports.world import Clock

TIMEOUT: Final = httpx.Timeout(30, connect=10)
PER_PAGE: Final = 100
# At most this many pages of any list are read: 3,000 remarks are enough to judge a thread by.
MAX_PAGES: Final = 30
JWT_LIFETIME: Final = timedelta(minutes=9)
JWT_MARGIN: Final = timedelta(minutes=2)
CLOCK_SKEW: Final = timedelta(seconds=60)
TOKEN_LIFETIME: Final = timedelta(hours=1)
# When to ask again with a token that some of GitHub's machines may not know yet.
FRESH_RETRIES: Final = (timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=4))
# A write that would have to wait for longer than this is left to a later attempt of its job.
LONGEST_WAIT: Final = timedelta(seconds=5)
# So long after a write without an answer its effect is looked for twice.
LONGEST_LAG: Final = timedelta(minutes=10)
APP: Final = 0
ZERO: Final = timedelta(0)
TAG: Final = re.compile(r"<[^<>]{0,1000}>")
LONGEST_PAGE: Final = 4_000
# What every token of an installation, and the App itself, may read: where that is refused too, all
# is.
OPEN_TO_INSTALLATIONS: Final = "/installation/repositories?per_page=1"
OPEN_TO_THE_APP: Final = "/app"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request. ``account`` is the installation it counts against, 0 for the App itself.

    What is ``polled`` is asked for with what is known of it already.
    """

    method: str
    path: str
    account: int
    body: Mapping[str, object] | None = None
    polled: bool = False

    @property
    def contributes(self) -> bool:
        """Does it make something that people are told of?"""
        return self.method in ("POST", "PATCH") and "/git/" not in self.path


class KeptTransport(httpx.BaseTransport):
    """Outlives githubkit's clients, which it opens and closes around every request: connections are
    reused."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.handle_request(request)

    def close(self) -> None:
        """Stay open."""


class GitHubApp:
    """One App on one GitHub. Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - all keyword-only; the adapter stands between many parts
        self,
        *,
        app_id: str,
        private_key: str,
        api_url: str,
        clock: Clock,
        pace: Pace,
        wait: Wait,
        symptoms: Symptoms,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        # githubkit's own retries repeat writes and sleep for up to an hour; its cache never evicts;
        # its redirects turn a POST into a GET. The job decides about all three.
        self._client = githubkit.GitHub(
            base_url=api_url,
            transport=KeptTransport(transport or httpx.HTTPTransport(retries=1)),
            timeout=TIMEOUT,
            auto_retry=False,
            http_cache=False,
            follow_redirects=False,
            user_agent="precedent",
        )
        self.app_id = app_id
        self._private_key, self._clock, self._pace, self._wait = private_key, clock, pace, wait
        self._symptoms = symptoms
        self._prefix = urlsplit(api_url).path.rstrip("/")
        self._tokens = Tokens(self._mint, clock)
        self._known = KnownAnswers()
        self._kept_jwt: Token | None = None
        self._unanswered: Mapping[str, datetime] = {}

    @cached_property
    def own_login(self) -> str:
        """The account that the App's comments are by."""
        return f"{self.as_app('GET', '/app')['slug']}[bot]"

    def as_app(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """The JSON of the answer, None where it is empty. Raises TryLater or GiveUp (Missing,
        Conflict among them)."""
        return _json(self._ask_as_app(Ask(method=method, path=path, body=body, account=APP)))

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        installation_id: int,
        repo_id: int,
        for_checks: bool = False,
    ) -> Any:
        """The same as an installation; Moved where the repository has another name now."""
        ask = Ask(method=method, path=path, body=body, account=installation_id)
        try:
            return _json(self._ask(ask, Scope(installation_id, repo_id, for_checks=for_checks)))
        except Unanswered:
            if method == "POST":
                self._unanswered = {**self._recently_unanswered(), path: self._clock()}
            raise

    def may_have_happened(self, path: str) -> bool:
        """Was something sent there a short while ago, and no answer came?"""
        return path in self._recently_unanswered()

    def _recently_unanswered(self) -> Mapping[str, datetime]:
        now = self._clock()
        return {path: at for path, at in self._unanswered.items() if now - at < LONGEST_LAG}

    def pages(
        self,
        path: str,
        *,
        installation_id: int,
        repo_id: int,
        most: int = MAX_PAGES,
        polled: bool = False,
        both_ends: bool = False,
    ) -> Iterator[Any]:
        """Every member of a list, oldest page first, up to `most` pages: the first ones or, of
        `both_ends`, a third of them from the start and the others from the end."""
        scope = Scope(installation_id, repo_id)
        first = f"{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}"
        place, before = first, None
        for number in range(1, most + 1):
            answer = self._ask(
                Ask(method="GET", path=place, account=installation_id, polled=polled), scope
            )
            members = _members(_json(answer))
            if members == before:  # a server that does not know pages
                return
            yield from members
            following = self._next_page(answer)
            if both_ends and number == most // 3:
                following = _nearer_end(answer, first, number, most=most) or following
            # Not every server says where a list goes on: a full page may have a successor.
            if following is None and len(members) == PER_PAGE and "link" not in answer.headers:
                following = f"{first}&page={number + 1}"
            if following is None:
                return
            place, before = following, members

    def app_pages(self, path: str) -> Iterator[Any]:
        """The same as the App, page by page: lists of the App go on from a cursor. The first page
        is polled."""
        first = f"{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}"
        place: str | None = first
        while place:
            answer = self._ask_as_app(
                Ask(method="GET", path=place, account=APP, polled=place == first)
            )
            yield _json(answer)
            place = self._next_page(answer)

    def _next_page(self, answer: httpx.Response) -> str | None:
        """Only the path is taken from the address: a token never goes to another host."""
        following = answer.links.get("next", {}).get("url")
        if following is None:
            return None
        parts = urlsplit(following)
        return f"{parts.path.removeprefix(self._prefix)}?{parts.query}"

    # --- one request

    def _ask_as_app(self, ask: Ask) -> httpx.Response:
        self._check_pause(APP)
        return self._send_as_app(ask)

    def _send_as_app(self, ask: Ask) -> httpx.Response:
        """Whether GitHub takes what our key signs is told to all who watch the bot."""
        try:
            token = self._app_token()
            answer = self._send(ask, token=token)
        except Unauthorized as error:
            self._symptoms.note("credentials", str(error), at=self._clock())
            raise
        if answer.status_code == 401:
            self._kept_jwt = None
            self._symptoms.note("credentials", str(_refusal(answer, ask)), at=self._clock())
        else:
            self._symptoms.clear("credentials")
        return self._judged(ask, answer, token=token, open_to_all=OPEN_TO_THE_APP)

    def _ask(self, ask: Ask, scope: Scope) -> httpx.Response:
        self._check_pause(ask.account)
        if ask.method != "GET":
            self._await_turn(ask)
        token = self._tokens.get(scope)
        answer = self._send(ask, token=token.text)
        if answer.status_code == 401 and not token.is_fresh(self._clock()):
            # Revoked, or expired by another clock than ours: one new token.
            self._tokens.drop(scope, token)
            token = self._tokens.get(scope)
            answer = self._send(ask, token=token.text)
        for pause in FRESH_RETRIES:
            if not (self._is_unknown_yet(ask, answer) and token.is_fresh(self._clock())):
                break
            self._wait(pause)
            answer = self._send(ask, token=token.text)
        if answer.status_code == 401:
            self._tokens.drop(scope, token)
        return self._judged(ask, answer, token=token.text, open_to_all=OPEN_TO_INSTALLATIONS)

    def _is_unknown_yet(self, ask: Ask, answer: httpx.Response) -> bool:
        return not answer.is_success and remedy_for(_refusal(answer, ask)) in (
            "unauthorized",
            "forbidden",
        )

    def _check_pause(self, account: int) -> None:
        until = self._pace.paused_until(account, now=self._clock())
        if until:
            raise TryLater(f"installation {account} is paused", not_before=until)

    def _await_turn(self, ask: Ask) -> None:
        now = self._clock()
        leave_at = self._pace.reserve_write(
            ask.account, contributes=ask.contributes, now=now, within=LONGEST_WAIT
        )
        if leave_at - now > LONGEST_WAIT:
            raise TryLater(
                f"installation {ask.account} has been written to enough for now",
                not_before=leave_at,
            )
        if leave_at > now:
            self._wait(leave_at - now)

    def _send(self, ask: Ask, *, token: str) -> httpx.Response:
        """304 is the answer that is known: GitHub does not count it."""
        if not ask.polled:
            return self._exchange(ask, {"Authorization": f"Bearer {token}"})
        place = Place(ask.account, ask.path)
        known = self._known.find(place)
        condition = {"If-None-Match": known.headers["etag"]} if known else {}
        answer = self._exchange(ask, {"Authorization": f"Bearer {token}"} | condition)
        if known and answer.status_code == 304:
            return known
        self._known.keep(place, answer)
        return answer

    def _exchange(self, ask: Ask, headers: Mapping[str, str]) -> httpx.Response:
        headers = {**headers, "X-GitHub-Api-Version": "2022-11-28"}
        try:
            answer = self._client.request(
                ask.method, ask.path, json=ask.body, headers=headers
            ).raw_response
        except RequestFailed as error:
            answer = error.response.raw_response
        except RequestError as error:
            raise Unanswered(
                f"{ask.method} {ask.path}: {error!r}", not_before=self._clock() + OUTAGE_PAUSE
            ) from error
        self._compare_clocks(answer.headers.get("date", ""))
        return answer

    def _compare_clocks(self, date: str) -> None:
        """What is signed at a wrong time is refused like what is signed with a wrong key: tell
        which of them it is."""
        now = self._clock()
        try:
            ahead = now - parsedate_to_datetime(date)
        except (ValueError, TypeError):  # no date, or one without a time zone
            return
        if abs(ahead) > LARGEST_SKEW:
            minutes = round(abs(ahead).total_seconds() / 60)
            self._symptoms.note(
                "clock",
                f"{minutes} minutes {'ahead of' if ahead > ZERO else 'behind'} GitHub's",
                at=now,
            )
        else:
            self._symptoms.clear("clock")

    def _judged(
        self, ask: Ask, answer: httpx.Response, *, token: str, open_to_all: str
    ) -> httpx.Response:
        if answer.is_success:
            return answer
        refusal = _refusal(answer, ask)
        if remedy_for(refusal) == "unauthorized" and ask.path != open_to_all:
            # One address that refuses is no state of an account.
            second = Ask(method="GET", path=open_to_all, account=ask.account)
            if self._send(second, token=token).status_code != 401:
                log.warning("address_refused", installation=ask.account, why=str(refusal))
                raise error_for(refusal, now=self._clock())
        raise self._error(refusal, ask.account)

    def _error(self, refusal: Refusal, account: int) -> BotError:
        """What holds for the whole installation is written down for all who work for it."""
        now, remedy = self._clock(), remedy_for(refusal)
        if remedy == "suspended":
            log.error("installation_suspended", installation=account)
            self._pace.suspend(account)
        if remedy not in ("limit", "unauthorized"):
            return error_for(refusal, now=now)
        until = self._pace.pause(
            account, until=limit_ends_at(refusal.headers, now=now), why=str(refusal), now=now
        )
        log.error(
            "installation_paused", installation=account, until=until.isoformat(), why=str(refusal)
        )
        error = Unauthorized if remedy == "unauthorized" else TryLater
        return error(str(refusal), not_before=until)

    # --- credentials

    def _mint(self, scope: Scope) -> Token:
        permissions = CHECK_PERMISSIONS if scope.for_checks else WORK_PERMISSIONS
        asked = (
            {"repository_ids": [scope.repo_id], "permissions": permissions}
            if scope.repo_id
            else None
        )
        path = address("/app/installations/{}/access_tokens", scope.installation_id)
        ask = Ask(method="POST", path=path, body=asked, account=scope.installation_id)
        answer = _json(self._send_as_app(ask))
        now = self._clock()
        expires_at = answer.get("expires_at")
        return Token(
            text=answer["token"],
            minted_at=now,
            expires_at=datetime.fromisoformat(expires_at) if expires_at else now + TOKEN_LIFETIME,
        )

    def _app_token(self) -> str:
        """Kept for a while: an ETag is good for the token it was given to.
        https://github.com/github/docs/issues/34689"""
        now, kept = self._clock(), self._kept_jwt
        if kept is None or not kept.minted_at <= now < kept.expires_at - JWT_MARGIN:
            expires_at = now + JWT_LIFETIME
            kept = self._kept_jwt = Token(
                text=self._sign(now, expires_at), minted_at=now, expires_at=expires_at
            )
        return kept.text

    def _sign(self, now: datetime, expires_at: datetime) -> str:
        """https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app"""
        claims = {"iat": now - CLOCK_SKEW, "exp": expires_at, "iss": self.app_id}
        try:
            return jwt.encode(claims, self._private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise Unauthorized("the private key cannot be read") from error


def _nearer_end(answer: httpx.Response, first: str, number: int, *, most: int) -> str | None:
    """From where the rest of `most` pages reaches the end of the list; None where it does
    anyway."""
    last = httpx.URL(answer.links.get("last", {}).get("url", "")).params.get("page", "")
    left_out = int(last) - most if last.isdecimal() else 0
    if left_out <= 0:
        return None
    log.warning("list_cut_short", path=answer.request.url.path, pages_left_out=left_out)
    return f"{first}&page={number + left_out + 1}"


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError as error:
        raise TryLater(
            f"{answer.request.method} {answer.request.url.path}: an answer that is no JSON"
        ) from error


def _members(page: Any) -> Any:
    """Some lists are a member of an object, beside their total."""
    return (
        next((value for value in page.values() if isinstance(value, list)), [])
        if isinstance(page, dict)
        else page
    )


def _refusal(answer: httpx.Response, ask: Ask) -> Refusal:
    return Refusal(
        method=ask.method,
        path=ask.path,
        status=answer.status_code,
        message=_message(answer),
        headers=answer.headers,
        about=_about(answer),
    )


def _about(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("documentation_url") or "") if isinstance(body, dict) else ""


def _message(answer: httpx.Response) -> str:
    """GitHub's own words, with the messages of its list of errors."""
    try:
        body = answer.json()
    except ValueError:
        # A page: GitHub's own limits on the way to the API say so in HTML.
        return f"{answer.reason_phrase} {' '.join(TAG.sub(' ', answer.text[:LONGEST_PAGE]).split())}".rstrip()  # noqa: E501
    if not isinstance(body, dict):
        return answer.reason_phrase
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    # Some of them are plain strings.
    details = [
        str((e.get("message") or e.get("code") or "") if isinstance(e, dict) else e) for e in listed
    ]
    return "; ".join([str(body.get("message", "")), *filter(None, details)])
