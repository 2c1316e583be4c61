"""Is everything set up as it has to be, and if not, what is to be done?"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict

from bot.adapters.github import GitHubApp, Missing, NotRegistered, Unauthorized
from bot.adapters.store.database import open_database
from bot.adapters.store.migrate import require_newest
from bot.adapters.telemetry import Metrics
from bot.app import Outside, build_people, connect_model
from bot.core.app_manifest import EVENT_REASONS, SIGNED_IN, missing_permissions
from bot.core.asking.question import Question, Refused, Unusable
from bot.core.errors import BadSettings, BotError, DatabaseIll, TryLater
from bot.core.settings import Settings, read_settings
from bot.core.status.readiness import (
    UNWRITABLE,
    AilmentName,
    Unwritable,
    ailment_of,
    find_ailments,
    find_refusals,
)
from bot.ports.world import Clock
from bot.service.processes import observe_health
from bot.tools.github_once import MemorySymptoms, ask_in_person

if TYPE_CHECKING:
    from bot.adapters.model.asking import Vendor

SOUND_SQLITE: Final = (3, 51, 3)
OF_DATABASE: Final = frozenset[AilmentName]({*UNWRITABLE, "fleeting_disk"})
# What the worker met there is asked anew.
ASKED_OF_GITHUB: Final = frozenset[AilmentName]({"no_app", "clock", "credentials"})


PROBE: Final = "Say that you are ready."


class Ready(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    ready: bool


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at; sound when there is no ``problem``. ``remark`` is worth knowing and no
    reason to worry."""

    about: str
    problem: str | None = None
    cure: str = ""
    remark: str = ""


def examine(
    environment: Mapping[str, str],
    *,
    read_file: Callable[[str], str],
    outside: Outside,
    vendor: "Vendor | None" = None,
) -> Iterator[Finding]:
    """From the inside outwards: what depends on something broken is not looked at. Another `vendor`
    than the configured one is for tests."""
    try:
        settings = read_settings(environment, read_file=read_file)
    except BadSettings as error:
        yield Finding(about="settings", problem="they cannot be used", cure=str(error))
        return
    yield Finding(about="settings")
    yield from _database(settings, outside.clock)
    if settings.is_set_up:
        yield from _app(settings, outside)
    else:
        yield Finding(
            about="GitHub App",
            problem="there is none yet",
            cure=(
                "start `precedent serve` and open the address that it prints: the page"
                " makes the App"
            ),
        )
    if settings.has_model:
        yield from _model(settings, vendor or connect_model(settings))


def _database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The database, then what it tells of the processes at work."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite") and not file.exists():
        yield Finding(
            about="database",
            problem=f"there is no file {file} yet",
            cure=(
                "run `precedent migrate`; where it fails, set DATABASE_URL to a file in a"
                " folder that can be"
                " written"
            ),
        )
        return
    try:
        db = open_database(settings.database_url)
        require_newest(db)
    except BadSettings as error:
        ill = error.__cause__ if isinstance(error.__cause__, DatabaseIll) else None
        told = (
            ailment_of(Unwritable(cause=ill.illness, why=str(ill)))
            if ill and ill.illness != "away"
            else None
        )
        yield Finding(
            about="database",
            problem=told.what if told else "it cannot be used",
            cure=told.cure if told else str(error),
        )
        return
    now = clock()
    observed = observe_health(db, settings, clock, metrics=Metrics())
    db.close()
    found = [*find_ailments(observed, fingerprint=settings.fingerprint, now=now)]
    of_database = [ailment for ailment in found if ailment.name in OF_DATABASE]
    if not of_database:
        yield Finding(
            about="database",
            remark=_remark_on_sqlite() if settings.database_url.startswith("sqlite") else "",
        )
    for ailment in [
        *of_database,
        *(each for each in found if each.name not in OF_DATABASE | ASKED_OF_GITHUB),
    ]:
        about = "database" if ailment in of_database else ailment.name.replace("_", " ")
        yield Finding(about=about, problem=ailment.what, cure=ailment.cure)


def _remark_on_sqlite() -> str:
    # https://sqlite.org/wal.html#the_wal_reset_bug
    if sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return ""
    return (
        f"SQLite {sqlite3.sqlite_version} has a rare fault with several processes: run"
        " `serve` alone, or a"
        " newer one"
    )


def _app(settings: Settings, outside: Outside) -> Iterator[Finding]:
    symptoms = MemorySymptoms()
    github = ask_in_person(settings, outside, symptoms=symptoms)
    try:
        app = github.as_app("GET", "/app")
    except Unauthorized:
        yield from _refused(symptoms)
        return
    except BotError as error:
        yield Finding(
            about="GitHub App",
            problem=f"{settings.api_url} does not answer as a GitHub: {error}",
            cure=(
                "set GITHUB_API_URL (https://api.github.com, or https://HOST/api/v3), and"
                " let this machine reach"
                " it"
            ),
        )
        return
    page = f"{settings.web_url}/settings/apps/{app['slug']}"
    yield from _refused(symptoms)
    yield Finding(about="GitHub App")
    yield _permissions(app, page)
    yield _events(app, page)
    yield from _webhook(github, settings, page)
    yield _dashboard(settings, outside, app, page)
    yield from _installations(github, settings, app)


def _refused(symptoms: MemorySymptoms) -> Iterator[Finding]:
    """A clock that is wrong explains a refusal; then nothing is said of the key."""
    for ailment in find_refusals(symptoms.lasting):
        about = "clock" if ailment.name == "clock" else "GitHub App"
        yield Finding(about=about, problem=ailment.what, cure=ailment.cure)


def _permissions(app: Mapping[str, Any], page: str) -> Finding:
    missing = missing_permissions(app.get("permissions") or {})
    if not missing:
        return Finding(about="permissions")
    return Finding(
        about="permissions",
        problem=f"the App lacks {', '.join(missing)}",
        cure=f"grant it at {page}/permissions, then let each account accept the change",
    )


def _events(app: Mapping[str, Any], page: str) -> Finding:
    missing = [event for event in EVENT_REASONS if event not in (app.get("events") or ())]
    if not missing:
        return Finding(about="events")
    return Finding(
        about="events",
        problem=f"the App is not told of {', '.join(missing)}",
        cure=f"tick them under “Subscribe to events” at {page}/permissions",
    )


def _webhook(github: GitHubApp, settings: Settings, page: str) -> Iterator[Finding]:
    try:
        hook = github.as_app("GET", "/app/hook/config")
    except Missing:
        return
    expected = f"{settings.public_url}/webhook"
    if hook.get("content_type") != "json":
        yield Finding(
            about="webhook",
            problem="it is not sent as JSON",
            cure=f"choose application/json at {page}",
        )
    elif settings.public_url and hook.get("url") != expected:
        yield Finding(
            about="webhook",
            problem=f"GitHub sends to {hook.get('url')}, PUBLIC_URL says {expected}",
            cure=f"set the webhook URL at {page} to {expected}, or correct PUBLIC_URL",
        )
    else:
        yield Finding(about="webhook")


def _dashboard(settings: Settings, outside: Outside, app: Mapping[str, Any], page: str) -> Finding:
    about, missing = "dashboard", settings.missing_for_sign_in
    if settings.client_id is None and settings.client_secret is None:
        return Finding(
            about=about, remark=f"closed; set {', '.join(missing)} to look at it in a browser"
        )
    if missing:
        return Finding(
            about=about,
            problem=f"nobody can sign in without {' and '.join(missing)}",
            cure=(
                f"id and secret are made at {page}; for SESSION_SECRET take what `openssl"
                " rand -hex 32` prints"
            ),
        )
    if app.get("client_id") not in (None, settings.client_id):
        return Finding(
            about=about,
            problem="GITHUB_CLIENT_ID belongs to another App",
            cure=f"set it to {app['client_id']}, and GITHUB_CLIENT_SECRET to one made at {page}",
        )
    return _sign_in(settings, outside, page)


def _sign_in(settings: Settings, outside: Outside, page: str) -> Finding:
    people = build_people(settings, outside=outside)
    assert people is not None
    try:
        people.check_credentials()
    except NotRegistered:
        return Finding(
            about="dashboard",
            problem="GitHub does not accept GITHUB_CLIENT_SECRET",
            cure=f"make a new client secret at {page} and set it",
        )
    except TryLater as error:
        return Finding(
            about="dashboard", problem=str(error), cure=f"let this machine reach {settings.web_url}"
        )
    return Finding(
        about="dashboard",
        remark=f"the App's callback URL has to be {settings.public_url or f'http://localhost:{settings.port}'}{SIGNED_IN}",
    )


def _installations(
    github: GitHubApp, settings: Settings, app: Mapping[str, Any]
) -> Iterator[Finding]:
    found: Sequence[Mapping[str, Any]] = [
        each for page in github.app_pages("/app/installations") for each in page
    ]
    if not found:
        yield Finding(
            about="installations",
            problem="the App is installed nowhere",
            cure=f"install it: {settings.web_url}/apps/{app['slug']}/installations/new",
        )
    for each in found:
        yield _installation(each, settings)


def _installation(found: Mapping[str, Any], settings: Settings) -> Finding:
    account = (found.get("account") or {}).get("login", found["id"])
    about, page = (
        f"installation on {account}",
        f"{settings.web_url}/settings/installations/{found['id']}",
    )
    if found.get("suspended_at"):
        return Finding(about=about, problem="it is suspended", cure=f"unsuspend it at {page}")
    missing = missing_permissions(found.get("permissions") or {})
    if missing:
        return Finding(
            about=about,
            problem=f"it has not granted {', '.join(missing)}",
            cure=f"accept the new permissions at {page}",
        )
    return Finding(about=about)


def _model(settings: Settings, vendor: "Vendor") -> Iterator[Finding]:
    """One short question to each model shows the key, the name, and whether it keeps to a shape."""
    names = "OPENAI" if settings.provider == "openai" else "ANTHROPIC"
    asked = {settings.model: f"{names}_MODEL"}
    asked.setdefault(settings.judge_model, f"{names}_JUDGE_MODEL")
    for model, setting in asked.items():
        finding = _ask(model, vendor, names=names, setting=setting)
        yield finding
        if finding.problem:
            return


def _ask(model: str, vendor: "Vendor", *, names: str, setting: str) -> Finding:
    from bot.adapters.model.asking import KeyRefused, Limited, ModelUnknown  # noqa: PLC0415

    about, until_then = f"model {model}", "until then the rules draft"
    try:
        answered = vendor.send(Question(model, PROBE, "{}", Ready))
    except KeyRefused as error:
        unpaid = error.args == (402,)
        cure = (
            "pay its bill or raise its limit" if unpaid else f"set {names}_API_KEY to a valid key"
        )
        problem = "its budget is used up" if unpaid else "the key is refused"
        return Finding(about=about, problem=problem, cure=f"{cure}; {until_then}")
    except ModelUnknown:
        cure = f"set {setting} to one that exists, or leave it out"
        return Finding(about=about, problem=f"there is no model {model}", cure=cure)
    except Limited as limited:
        return Finding(about=about, remark=f"it is busy, and answers in {limited.wait}")
    except (TryLater, Unusable) as error:
        cure = (
            f"let this machine reach {names}_BASE_URL, take a model with structured output, and set"
            f" LLM_EFFORT=model where it knows no effort; {until_then}"
        )
        return Finding(about=about, problem=str(error), cure=cure)
    try:
        read = Question(model, PROBE, "{}", Ready).read(answered.text) if answered else None
    except Refused:
        read = None
    if answered is None or read is None:
        cure = f"set {setting} to a model, on a server, that keeps to a JSON schema; {until_then}"
        return Finding(about=about, problem="it does not answer in the shape asked for", cure=cure)
    return Finding(about=about, remark=f"{answered.usage.tokens} tokens")
