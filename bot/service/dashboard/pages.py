"""The pages and the way in. No script, nothing written; a page is read in a thread of its own
few."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.adapters.github import GitHubPeople, NotRegistered, SignInRefused
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.sessions import Sessions
from bot.adapters.store.status_queries import Standings
from bot.core.app_manifest import SIGNED_IN
from bot.core.errors import TryLater
from bot.core.settings import Settings
from bot.core.status.readiness import REMEMBERED
from bot.core.status.repository_status import (
    Person,
    Standing,
    change_of,
    find_troubles,
    find_unreadable,
    takeaway_of,
)
from bot.ports.world import Clock
from bot.service.dashboard.cookies import SIGN_IN_LIFE, Cookies
from bot.service.web import address_of

# So few that neither deliveries nor the pool of connections notice.
THREADS: Final = 4
SESSION_COOKIE: Final = "precedent_session"
SIGN_IN_COOKIE: Final = "precedent_sign_in"
# GitHub is asked anew after that: rights come and go.
SESSION_LIFE: Final = timedelta(hours=1)
LONGEST_COOKIE: Final = 4096
STYLE: Final = (Path(__file__).parent / "dashboard.css").read_bytes()
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:;"
    " form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

log = structlog.get_logger(__name__)
Page = Callable[[Request], Response]


def closed_dashboard(missing: Sequence[str]) -> list[Route]:
    """Nobody can sign in: the front page says which settings would change that, and nothing
    else."""
    look = Look(web_url="")
    return [Route("/", lambda _: look.page("closed.html", missing=missing)), look.style_route]


class Look:
    """Templates, with the filters they use."""

    def __init__(self, *, web_url: str) -> None:
        self._templates = Environment(
            loader=PackageLoader("bot.service.dashboard"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            day=_day, moment=_moment, words=_words, takeaway=takeaway_of, change=change_of
        )
        style = hashlib.sha256(STYLE).hexdigest()[:8]
        self._templates.globals.update(github=web_url, style=f"/dashboard.css?{style}")

    def page(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        html = self._templates.get_template(template).render({"session": None, **context})
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    @property
    def style_route(self) -> Route:
        cached = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return Route(
            "/dashboard.css", lambda _: Response(STYLE, media_type="text/css", headers=cached)
        )


class Dashboard:
    """What somebody sees is what GitHub said, within the last hour, that they may write to."""

    def __init__(  # noqa: PLR0913 - all keyword-only; it shows what many parts know
        self,
        *,
        people: GitHubPeople,
        cookies: Cookies,
        sessions: Sessions,
        standings: Standings,
        deliveries: Deliveries,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._people, self._cookies = people, cookies
        self._sessions, self._standings, self._clock = sessions, standings, clock
        self._deliveries = deliveries
        self._public_url = settings.public_url
        self._look = Look(web_url=settings.web_url)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dashboard")

    def routes(self) -> list[Route]:
        return [
            Route("/", self._in_thread(self._overview)),
            Route("/repositories/{id}", self._in_thread(self._repository)),
            Route("/sign-in", self._in_thread(self._sign_in)),
            Route(SIGNED_IN, self._in_thread(self._signed_in)),
            Route("/sign-out", self._in_thread(self._sign_out), methods=["POST"]),
            self._look.style_route,
        ]

    def _in_thread(self, page: Page) -> Any:
        async def respond(request: Request) -> Response:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._told, page, request
            )

        return respond

    def _told(self, page: Page, request: Request) -> Response:
        try:
            return page(request)
        except TryLater as error:
            log.warning("page_not_shown", path=request.url.path, why=str(error))
            return self._refuse(
                "Not now", "Something this page needs does not answer. Try again in a moment.", 503
            )

    # --- what there is to see

    def _overview(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return self._look.page("welcome.html", to=0)
        now = self._clock()
        found = self._standings.known(sorted(session.repositories))
        return self._look.page(
            "overview.html",
            session=session,
            unreadable=[*find_unreadable(self._deliveries.malformed_since(now - REMEMBERED))]
            if found
            else [],
            repositories=[(standing, [*find_troubles(standing, now=now)]) for standing in found],
            unread=len(session.repositories) - len(found),
            suspended=self._standings.suspended(sorted(session.suspended)),
        )

    def _repository(self, request: Request) -> Response:
        session, repo_id = self._session(request), _number(request.path_params["id"])
        if session is None:
            return self._look.page("welcome.html", status=401, to=repo_id)
        found = self._standings.known([repo_id]) if repo_id in session.repositories else []
        if not found:
            why = (
                "There is no such repository, or you may not write to it. Signing in again"
                " asks GitHub anew."
            )
            return self._refuse("Nothing here", why, 404, session=session)
        return self._show(found[0], session)

    def _show(self, standing: Standing, session: Person) -> Response:
        now = self._clock()
        return self._look.page(
            "repository.html",
            session=session,
            repo=standing,
            troubles=[*find_troubles(standing, now=now)],
            shown=self._standings.particulars(standing.id),
            now=now,
        )

    # --- the way in and out

    def _sign_in(self, request: Request) -> Response:
        to = _number(request.query_params.get("to", ""))
        sign_in, cookie = self._cookies.begin(to=to, now=self._clock())
        address = self._people.address(
            state=sign_in.state,
            challenge=sign_in.challenge,
            redirect_uri=self._return_address(request),
        )
        answer = RedirectResponse(address, status_code=303, headers=HEADERS)
        self._set_cookie(
            answer, SIGN_IN_COOKIE, cookie, request, seconds=SIGN_IN_LIFE.total_seconds()
        )
        return answer

    def _signed_in(self, request: Request) -> Response:
        given, now = request.query_params, self._clock()
        kept = self._read_cookie(request, SIGN_IN_COOKIE)
        sign_in = self._cookies.find_sign_in(kept, state=given.get("state", ""), now=now)
        if sign_in is None:
            return self._refuse(
                "Not signed in", "This answer belongs to no sign-in of this browser.", 400
            )
        try:
            person = self._people.person(
                given, verifier=sign_in.verifier, redirect_uri=self._return_address(request)
            )
        except SignInRefused as error:
            return self._refuse("Not signed in", str(error), 403)
        except NotRegistered as error:
            log.error("sign_in_not_registered", why=str(error))
            why = (
                "GitHub does not accept this bot's own sign-in settings: whoever runs it"
                " finds the reason in its"
                " log."
            )
            return self._refuse("Not signed in", why, 502)
        answer = RedirectResponse(
            f"/repositories/{sign_in.to}" if sign_in.to else "/", 303, headers=HEADERS
        )
        self._close_session(request)
        session = self._cookies.new_session()
        self._sessions.open(self._cookies.name_of(session), person, until=now + SESSION_LIFE)
        self._set_cookie(
            answer, SESSION_COOKIE, session, request, seconds=SESSION_LIFE.total_seconds()
        )
        self._set_cookie(answer, SIGN_IN_COOKIE, "", request, seconds=0)
        log.info("signed_in", login=person.login, repositories=len(person.repositories))
        return answer

    def _sign_out(self, request: Request) -> Response:
        if not _from_here(request):
            return self._refuse("Not signed out", "This was asked for by another site.", 403)
        self._close_session(request)
        answer = RedirectResponse("/", status_code=303, headers=HEADERS)
        self._set_cookie(answer, SESSION_COOKIE, "", request, seconds=0)
        return answer

    def _close_session(self, request: Request) -> None:
        cookie = self._read_cookie(request, SESSION_COOKIE)
        if cookie:
            self._sessions.close(self._cookies.name_of(cookie))

    def _return_address(self, request: Request) -> str:
        """GitHub compares it with what the App has registered."""
        return f"{self._public_url or address_of(request)}{SIGNED_IN}"

    def _session(self, request: Request) -> Person | None:
        cookie = self._read_cookie(request, SESSION_COOKIE)
        return (
            self._sessions.find(self._cookies.name_of(cookie), now=self._clock())
            if cookie
            else None
        )

    def _set_cookie(
        self, answer: Response, name: str, value: str, request: Request, *, seconds: float
    ) -> None:
        """0 seconds takes it away."""
        secure, name = self._is_secure(request), self._cookie_name(request, name)
        answer.set_cookie(
            name, value, max_age=int(seconds), httponly=True, samesite="lax", secure=secure
        )

    def _read_cookie(self, request: Request, name: str) -> str:
        return request.cookies.get(self._cookie_name(request, name), "")[:LONGEST_COOKIE]

    def _cookie_name(self, request: Request, name: str) -> str:
        """With a prefix that keeps other hosts of the same domain from setting it; browsers want
        HTTPS for that."""
        return f"__Host-{name}" if self._is_secure(request) else name

    def _is_secure(self, request: Request) -> bool:
        return self._return_address(request).startswith("https://")

    def _refuse(
        self, title: str, why: str, status: int, *, session: Person | None = None
    ) -> Response:
        return self._look.page("refused.html", status=status, title=title, why=why, session=session)


def _from_here(request: Request) -> bool:
    """Another site open in the same browser must not act here; clients without an Origin are not
    browsers."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _number(text: str) -> int:
    """GitHub's ids; 0 is nobody's."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 17 else 0


def _day(moment: datetime) -> str:
    return f"{moment:%-d %b %Y}"


def _moment(moment: datetime) -> str:
    return f"{moment:%-d %b %Y, %H:%M} UTC"


def _words(name: str) -> str:
    """Names of states, kinds and classes, as read by people."""
    return name.replace("_", " ")
