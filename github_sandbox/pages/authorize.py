"""Where somebody who signs in to the App says yes, and where the App gets a token for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from github_sandbox.oauth import MISMATCH, OAuthRefused
from github_sandbox.pages.visit import Visit
from github_sandbox.sandbox import PEOPLE, Sandbox

AUTHORIZE = "/login/oauth/authorize"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the App asks for, in the names of GitHub's parameters."""

    client_id: str
    redirect_uri: str
    state: str
    code_challenge: str
    code_challenge_method: str

    def back(self, **answer: str) -> str:
        return f"{self.redirect_uri}?{urlencode(answer | ({'state': self.state} if self.state else {}))}"  # noqa: E501


def routes(sandbox: Sandbox, templates: Environment) -> list[Route]:
    desk = Desk(sandbox, templates)
    return [
        Route(AUTHORIZE, desk.show),
        Route(AUTHORIZE, desk.decide, methods=["POST"]),
        Route("/login/oauth/access_token", desk.give_token, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Desk:
    sandbox: Sandbox
    templates: Environment

    async def show(self, request: Request) -> Response:
        wish = _wish(self.sandbox, request.query_params)
        why = self._why_unusable(wish)
        if why:
            return self._page(request, None, why=why)
        if not self._is_registered(wish):
            return RedirectResponse(_mismatch(self.sandbox, wish), status_code=302)
        return self._page(request, wish)

    async def decide(self, request: Request) -> Response:
        fields = await _fields(request)
        wish = _wish(self.sandbox, fields)
        if self._why_unusable(wish) or not self._is_registered(wish) or not _from_here(request):
            return Response("This form was sent from another site.", status_code=403)
        if fields.get("login") not in PEOPLE:
            said = "The user has denied your application access."
            return RedirectResponse(
                wish.back(error="access_denied", error_description=said), status_code=302
            )
        code = self.sandbox.sign_ins.new_code(
            self.sandbox.user(fields["login"]),
            redirect_uri=wish.redirect_uri,
            challenge=wish.code_challenge,
            now=self.sandbox.auth_clock(),
        )
        return RedirectResponse(wish.back(code=code), status_code=302)

    async def give_token(self, request: Request) -> Response:
        fields = await _fields(request) | dict(request.query_params)
        answer: Mapping[str, str | int]
        try:
            answer = self.sandbox.sign_ins.answer(
                self.sandbox.app, fields, now=self.sandbox.auth_clock()
            )
        except OAuthRefused as refusal:
            answer = refusal.fields
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse(answer)
        return Response(urlencode(answer), media_type="application/x-www-form-urlencoded")

    def _why_unusable(self, wish: Wish) -> str | None:
        if wish.client_id != self.sandbox.app.client_id or not self.sandbox.app.callback_urls:
            return "No App of this client_id signs people in here."
        if wish.code_challenge and wish.code_challenge_method != "S256":
            return "code_challenge_method must be S256."
        return None

    def _is_registered(self, wish: Wish) -> bool:
        return wish.redirect_uri in self.sandbox.app.callback_urls

    def _page(self, request: Request, wish: Wish | None, *, why: str = "") -> Response:
        html = self.templates.get_template("authorize.html").render(
            visit=Visit(self.sandbox, request), app=self.sandbox.app, wish=wish, why=why
        )
        # The form ends elsewhere: a browser asks whether it may before it follows.
        there = _origin(wish.redirect_uri) if wish else ""
        policy = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
            " frame-ancestors 'none'; "
            f"form-action 'self' {there}"
        )
        headers = {"Content-Security-Policy": policy.rstrip()}
        return HTMLResponse(html, status_code=200 if wish else 404, headers=headers)


async def _fields(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


def _wish(sandbox: Sandbox, fields: Mapping[str, str]) -> Wish:
    """Where the App does not say, it means the first of its addresses."""
    wish = Wish(**{name: fields.get(name, "") for name in Wish.__dataclass_fields__})
    if wish.redirect_uri or not sandbox.app.callback_urls:
        return wish
    return Wish(**{**wish.__dict__, "redirect_uri": sandbox.app.callback_urls[0]})


def _mismatch(sandbox: Sandbox, wish: Wish) -> str:
    """https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors"""
    known = Wish(**{**wish.__dict__, "redirect_uri": sandbox.app.callback_urls[0]})
    return known.back(error="redirect_uri_mismatch", error_description=MISMATCH)


def _from_here(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
