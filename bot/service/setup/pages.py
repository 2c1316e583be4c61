"""Three pages: choose where, hand over to GitHub, keep what GitHub gives. No script, no account,
one token."""

import json
import secrets
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx
import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.core.app_manifest import EVENT_REASONS, PERMISSION_REASONS, PERMISSIONS, manifest
from bot.core.settings import Settings
from bot.service.health import Health
from bot.service.setup.credentials import keep_credentials
from bot.service.web import address_of

HOMEPAGE: Final = "https://github.com/"
# A name that leads nowhere, by RFC 6761: GitHub's attempts fail, and its log is where we read them.
NOWHERE: Final = "https://precedent.invalid"
GITHUB_COM: Final = ("https://github.com", "https://api.github.com")
TIMEOUT_SECONDS: Final = 30
# In the page itself: after the last page this server is gone, and could not be asked for a style.
STYLE: Final = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")

log = structlog.get_logger(__name__)


class Mistaken(Exception):
    """Something about the request is not as it should be; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """``organisation`` is empty for a personal account, ``public_url`` where GitHub cannot reach
    us."""

    name: str
    github: str
    api: str
    organisation: str
    public_url: str

    @property
    def new_app_url(self) -> str:
        owner = f"organizations/{quote(self.organisation, safe='')}/" if self.organisation else ""
        return f"{self.github}/{owner}settings/apps/new"


class Setup:
    """`done` is set when GitHub has given the credentials: the bot itself can start; `pulls` as was
    chosen."""

    def __init__(
        self,
        settings: Settings,
        *,
        env_file: Path,
        transport: httpx.BaseTransport | None = None,
        token: str | None = None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self.done = threading.Event()
        self.pulls = False
        self._settings, self._env_file, self._transport = settings, env_file, transport
        self._choices: dict[str, Choice] = {}
        self._templates = Environment(
            loader=PackageLoader("bot.service.setup"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )

    def app(self, health: Health) -> Starlette:
        pages: Mapping[str, Callable[[Request], Response]] = {
            "/setup": self._choose,
            "/setup/github": self._hand_over,
            "/setup/created": self._created,
        }
        routes = [Route(path, self._guarded(page)) for path, page in pages.items()]
        return Starlette(
            routes=[
                *routes,
                *health.routes(),
                Route("/", lambda _: RedirectResponse("/setup")),
            ]
        )

    def _guarded(self, page: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            if self.done.is_set():
                return self._page(
                    "mistaken.html", status=410, why="The App is made. This page is closed."
                )
            try:
                return page(request)
            except Mistaken as error:
                return self._page("mistaken.html", status=400, why=str(error))

        return respond

    # --- 1: where

    def _choose(self, request: Request) -> Response:
        self._check_token(request)
        return self._page(
            "choose.html",
            token=self.token,
            github=self._settings.web_url,
            public_url=self._settings.public_url
            or ("" if _is_local(request) else address_of(request)),
            permissions=[
                (name, PERMISSIONS[name], why) for name, why in PERMISSION_REASONS.items()
            ],
            events=EVENT_REASONS,
        )

    # --- 2: what is handed to GitHub

    def _hand_over(self, request: Request) -> Response:
        self._check_token(request)
        choice = self._read_choice(request)
        state = secrets.token_urlsafe(24)
        self._choices[state] = choice
        asked = manifest(
            name=choice.name,
            public_url=choice.public_url or NOWHERE,
            homepage=choice.public_url or HOMEPAGE,
            setup_url=f"{address_of(request)}/setup/created",
            dashboard=choice.public_url or address_of(request),
        )
        return self._page(
            "hand_over.html",
            github=choice.github,
            choice=choice,
            state=state,
            manifest=json.dumps(asked, indent=2),
        )

    def _read_choice(self, request: Request) -> Choice:
        given = {name: value.strip() for name, value in request.query_params.items()}
        name, github, organisation = (
            given.get("name", ""),
            given.get("github", "").rstrip("/"),
            given.get("organisation", ""),
        )
        public_url = "" if "pull" in given else given.get("public_url", "").rstrip("/")
        if not 0 < len(name) <= 34:
            raise Mistaken("Give the App a name of at most 34 characters.")
        if not _is_address(github):
            raise Mistaken("The address of GitHub begins with https://.")
        if not public_url and "pull" not in given:
            raise Mistaken("Say at which address GitHub reaches the bot, or that it cannot.")
        if public_url and not _is_address(public_url):
            raise Mistaken("The public address begins with https://.")
        return Choice(
            name=name,
            github=github,
            api=self._api_of(github),
            organisation=organisation,
            public_url=public_url,
        )

    def _api_of(self, github: str) -> str:
        if github == self._settings.web_url:
            return self._settings.api_url
        return GITHUB_COM[1] if github == GITHUB_COM[0] else f"{github}/api/v3"

    # --- 3: what GitHub gives

    def _created(self, request: Request) -> Response:
        choice = self._choices.pop(request.query_params.get("state", ""), None)
        if choice is None:
            raise Mistaken(
                "This answer belongs to no question of ours. Begin again at the address in the log."
            )
        made = self._convert(choice, request.query_params.get("code", ""))
        credentials = self._credentials(choice, made)
        self.pulls = not choice.public_url
        try:
            keep_credentials(self._env_file, credentials)
            kept = True
        except OSError as error:
            log.warning("credentials_not_written", why=str(error))
            kept = False
        log.info("app_made", slug=made["slug"], kept=kept)
        answer = self._page(
            "created.html",
            app=made,
            install_url=f"{choice.github}/apps/{made['slug']}/installations/new",
            env_file=self._env_file,
            credentials={} if kept else credentials,
            pull=self.pulls,
        )
        # Shown once, then over; with nothing kept a person has to carry it, and the process ends by
        # hand.
        answer.background = BackgroundTask(self.done.set)
        return answer

    def _convert(self, choice: Choice, code: str) -> dict[str, Any]:
        """https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest"""
        try:
            with httpx.Client(transport=self._transport, timeout=TIMEOUT_SECONDS) as client:
                answer = client.post(
                    f"{choice.api}/app-manifests/{quote(code, safe='')}/conversions"
                )
        except httpx.HTTPError as error:
            raise Mistaken(
                f"{choice.api} does not answer. Begin again at the address in the log."
            ) from error
        if answer.status_code != 201:
            raise Mistaken(
                "GitHub does not know this code any more: it is good for one hour,"
                " once. Begin again."
            )
        made: dict[str, Any] = answer.json()
        return made

    def _credentials(self, choice: Choice, made: Mapping[str, Any]) -> dict[str, str]:
        client_id, client_secret = made.get("client_id") or "", made.get("client_secret") or ""
        signs_in = client_id and client_secret and not self._settings.session_secret
        given = {
            "GITHUB_APP_ID": str(made["id"]),
            "GITHUB_PRIVATE_KEY": made["pem"],
            "GITHUB_WEBHOOK_SECRET": made["webhook_secret"],
            "GITHUB_CLIENT_ID": client_id,
            "GITHUB_CLIENT_SECRET": client_secret,
            "SESSION_SECRET": secrets.token_hex(32) if signs_in else "",
            "PUBLIC_URL": choice.public_url,
            "GITHUB_API_URL": "" if choice.api == GITHUB_COM[1] else choice.api,
        }
        return {name: value for name, value in given.items() if value}

    # --- every page

    def _check_token(self, request: Request) -> None:
        if not compare_digest(request.query_params.get("token", "").encode(), self.token.encode()):
            raise Mistaken(
                "Open the address that `precedent serve` has printed: it carries the token."
            )

    def _page(
        self, template: str, *, status: int = 200, github: str = "", **context: Any
    ) -> HTMLResponse:
        html = self._templates.get_template(template).render(github=github, style=STYLE, **context)
        headers = {
            "Content-Security-Policy": f"default-src 'none'; style-src {_hash_source(STYLE)};"
            " img-src data:; "
            f"base-uri 'none'; frame-ancestors 'none'; form-action 'self' {_origin(github)}".rstrip(),  # noqa: E501
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return HTMLResponse(html, status_code=status, headers=headers)


def _hash_source(style: str) -> str:
    """https://www.w3.org/TR/CSP3/#grammardef-hash-source"""
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def _is_local(request: Request) -> bool:
    """GitHub takes no address that only this machine knows."""
    return request.url.hostname in ("localhost", "127.0.0.1", "::1")


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return (
        parts.scheme in ("https", "http")
        and bool(parts.hostname)
        and not any(char in text for char in " ;,'\"<>")
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
