"""The web page of the sandbox: plain HTML rendered here, no script, three people to act as."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from github_sandbox.errors import Refused
from github_sandbox.pages import apps, authorize, forms, views
from github_sandbox.pages.markdown import diff_lines, render_markdown
from github_sandbox.pages.visit import COOKIE, Visit
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import REACTIONS

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
View = Callable[[Visit], tuple[str, dict[str, Any]]]
Act = Callable[[Visit, FormData], str]


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    templates = _templates()
    shown = [_page(sandbox, templates, path, view) for path, view in views.PAGES]
    acted = [_form(sandbox, templates, path, act) for path, act in forms.FORMS]
    made = apps.routes(sandbox, templates)
    static = Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return [
        static,
        Route("/act-as", _act_as, methods=["POST"]),
        Route("/avatars/{login}.svg", _avatar),
        *made,
        *authorize.routes(sandbox, templates),
        *acted,
        *shown,
    ]


def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("github_sandbox.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["markdown"] = render_markdown
    templates.filters["diff_lines"] = diff_lines
    templates.filters["date"] = lambda at: f"{at:%-d %b %Y}"
    templates.filters["day"] = lambda at: f"{at:%-d %b %Y, %H:%M}"
    templates.globals["REACTIONS"] = REACTIONS
    return templates


def _page(sandbox: Sandbox, templates: Environment, path: str, view: View) -> Route:
    def render(visit: Visit) -> Response:
        with sandbox.turn():
            try:
                name, context = view(visit)
                status = 200
            except Refused as refusal:
                name, context, status = "refused.html", {"refusal": refusal}, refusal.status
            html = templates.get_template(name).render(visit=visit, **context)
            return HTMLResponse(html, status_code=status, headers=HEADERS)

    async def respond(request: Request) -> Response:
        return await run_in_threadpool(render, Visit(sandbox, request))

    return Route(path, respond)


def _form(sandbox: Sandbox, templates: Environment, path: str, act: Act) -> Route:
    def perform(visit: Visit, fields: FormData) -> Response:
        try:
            with sandbox.turn():
                return RedirectResponse(act(visit, fields), status_code=303)
        except Refused as refusal:
            html = templates.get_template("refused.html").render(visit=visit, refusal=refusal)
            return HTMLResponse(html, status_code=refusal.status, headers=HEADERS)

    async def respond(request: Request) -> Response:
        if not _from_here(request):
            return Response("This form was sent from another site.", status_code=403)
        return await run_in_threadpool(perform, Visit(sandbox, request), await request.form())

    return Route(path, respond, methods=["POST"])


def _from_here(request: Request) -> bool:
    """Another site open in the same browser must not act here; clients without an Origin are not
    browsers."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _act_as(request: Request) -> Response:
    if not _from_here(request):
        return Response(status_code=403)
    fields = await request.form()
    back = str(fields.get("back", "/"))
    # Only a path of this site: two slashes, or a backslash, would lead to another.
    safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = RedirectResponse(safe, status_code=303)
    response.set_cookie(COOKIE, str(fields.get("login", "")), samesite="strict", httponly=True)
    return response


async def _avatar(request: Request) -> Response:
    login = request.path_params["login"]
    hue = sum(ord(char) * 37 for char in login) % 360
    letter = "".join(char for char in login if char.isalnum())[:1].upper()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" fill="hsl({hue} 45% 45%)"/>'
        '<text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="20"'
        ' fill="#fff">'
        f"{letter}</text></svg>"
    )
    return Response(svg, media_type="image/svg+xml", headers={"X-Content-Type-Options": "nosniff"})
