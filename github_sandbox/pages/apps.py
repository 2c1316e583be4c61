"""Making an App from a manifest.
https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest"""

import json
import secrets
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from github_sandbox.pages.visit import Visit
from github_sandbox.sandbox import Sandbox


def routes(sandbox: Sandbox, templates: Environment) -> list[Route]:
    async def show(request: Request) -> Response:
        """Comes from the site that wants an App: another one, so it shows and asks, and does
        nothing."""
        fields = await request.form()
        manifest = json.loads(str(fields.get("manifest", "{}")))
        html = templates.get_template("new_app.html").render(
            visit=Visit(sandbox, request),
            manifest=manifest,
            state=request.query_params.get("state", ""),
        )
        back = urlsplit(str(manifest.get("redirect_url", "")))
        policy = (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
            f" {back.scheme}://{back.netloc}"
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    async def create(request: Request) -> Response:
        fields = await request.form()
        manifest = json.loads(str(fields["manifest"]))
        code = secrets.token_hex(20)
        sandbox.manifests[code] = manifest
        answer = urlencode({"code": code, "state": str(fields["state"])})
        return RedirectResponse(f"{manifest['redirect_url']}?{answer}", status_code=302)

    return [
        Route("/settings/apps/new", show, methods=["POST"]),
        Route("/organizations/{login}/settings/apps/new", show, methods=["POST"]),
        Route("/settings/apps/create", create, methods=["POST"]),
    ]
