"""The first start: from nothing to an App whose credentials are kept."""

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from dotenv import dotenv_values
from starlette.testclient import TestClient

from bot.adapters.telemetry import Metrics
from bot.app import Outside, build_setup_health
from bot.core.app_manifest import (
    EVENT_REASONS,
    PERMISSION_REASONS,
    PERMISSIONS,
    missing_permissions,
)
from bot.core.settings import Settings, read_settings
from bot.service.setup import Setup
from bot.service.setup.credentials import keep_credentials
from github_sandbox import InProcess, Sandbox, asgi_of

TOKEN = "the-token-of-the-log"
CHOICE = {
    "token": TOKEN,
    "name": "Precedent of Acme",
    "public_url": "https://bot.example",
    "github": "http://github.test",
}


class Newcomer:
    """Somebody with a browser, a sandbox GitHub and an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.env_file = folder / ".env"
        self.sandbox = Sandbox()
        settings = Settings(api_url=self.sandbox.site.api, web_url=self.sandbox.site.web)
        self.setup = Setup(
            settings, env_file=self.env_file, transport=InProcess(self.sandbox), token=TOKEN
        )
        self.bot = TestClient(
            self.setup.app(build_setup_health(Metrics(), Outside())),
            base_url="http://localhost:3000",
        )
        self.github = TestClient(
            asgi_of(self.sandbox), base_url=self.sandbox.site.web, follow_redirects=False
        )

    def hand_over(self, **changed: str) -> tuple[str, dict[str, object]]:
        """Where the form on the second page goes, and the manifest in it."""
        page = self.bot.get("/setup/github", params=CHOICE | changed).text
        action = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page)[1])
        return action, json.loads(
            html.unescape(re.search(r'name="manifest" value="([^"]+)"', page)[1])
        )

    def confirm(self, **changed: str) -> dict[str, str]:
        """What GitHub sends the browser back with."""
        action, manifest = self.hand_over(**changed)
        state = parse_qs(urlsplit(action).query)["state"][0]
        answer = self.github.post(
            "/settings/apps/create", data={"manifest": json.dumps(manifest), "state": state}
        )
        return {
            name: values[0]
            for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()
        }


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def test_without_the_token_nothing_is_shown(newcomer):
    answer = newcomer.bot.get("/setup", params={"token": "guessed"})

    assert answer.status_code == 400
    assert TOKEN not in answer.text


def test_that_the_app_is_being_made_is_a_state_and_no_failure(newcomer):
    answer = newcomer.bot.get("/readyz")

    assert (answer.status_code, answer.json()["state"]) == (200, "setup")


def test_a_page_is_whole_without_a_second_answer(newcomer):
    page = newcomer.bot.get("/setup", params={"token": TOKEN})

    assert re.findall(r'(?:src=|<link[^>]*href=)"([^"]*)"', page.text) == ["data:,"]
    style = re.search(r"<style>(.*)</style>", page.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in page.headers["Content-Security-Policy"]


def test_every_permission_is_shown_with_its_reason(newcomer):
    page = html.unescape(newcomer.bot.get("/setup", params={"token": TOKEN}).text)

    assert all(
        f"{name}: {PERMISSIONS[name]}" in page and why in page
        for name, why in PERMISSION_REASONS.items()
    )


def test_the_manifest_asks_for_the_least(newcomer):
    _, manifest = newcomer.hand_over()

    assert manifest["default_permissions"] == dict(PERMISSIONS)
    assert set(manifest["default_permissions"]) == set(PERMISSION_REASONS)
    assert set(manifest["default_permissions"]).isdisjoint(
        {"administration", "workflows", "actions", "secrets"}
    )
    assert manifest["default_events"] == list(EVENT_REASONS)


def test_deliveries_go_to_the_public_address(newcomer):
    _, manifest = newcomer.hand_over()

    assert manifest["hook_attributes"] == {"url": "https://bot.example/webhook", "active": True}


def test_where_github_cannot_come_nobody_else_is_told(newcomer):
    _, manifest = newcomer.hand_over(pull="yes")

    assert manifest["hook_attributes"]["url"] == "https://precedent.invalid/webhook"


def test_an_organisation_may_own_the_app(newcomer):
    action, _ = newcomer.hand_over(organisation="acme")

    assert action.startswith("http://github.test/organizations/acme/settings/apps/new?state=")


def test_an_enterprise_server_is_asked_at_its_own_address(newcomer):
    action, _ = newcomer.hand_over(github="https://git.example")

    assert action.startswith("https://git.example/settings/apps/new?")


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "n" * 35},
        {"public_url": ""},
        {"public_url": "bot.example"},
        {"github": "javascript:alert(1)"},
    ],
)
def test_a_choice_that_cannot_work_is_refused(newcomer, changed):
    assert newcomer.bot.get("/setup/github", params=CHOICE | changed).status_code == 400


def test_the_credentials_are_kept_for_their_owner_alone(newcomer):
    page = newcomer.bot.get("/setup/created", params=newcomer.confirm())

    assert page.status_code == 200
    assert newcomer.env_file.stat().st_mode & 0o777 == 0o600
    assert newcomer.sandbox.webhook_secret not in page.text


def test_what_is_kept_starts_the_bot(newcomer):
    newcomer.bot.get("/setup/created", params=newcomer.confirm())
    written = {name: value or "" for name, value in dotenv_values(newcomer.env_file).items()}
    settings = read_settings(written, read_file=lambda path: Path(path).read_text())

    assert settings.is_set_up
    assert settings.private_key.strip() == newcomer.sandbox.private_key.strip()
    assert settings.webhook_secrets == (newcomer.sandbox.webhook_secret,)
    assert (settings.api_url, settings.public_url) == (
        newcomer.sandbox.site.api,
        "https://bot.example",
    )


def test_people_can_sign_in_once_the_app_is_made(newcomer):
    newcomer.bot.get("/setup/created", params=newcomer.confirm())
    written = {name: value or "" for name, value in dotenv_values(newcomer.env_file).items()}
    settings = read_settings(written, read_file=lambda path: Path(path).read_text())

    assert settings.missing_for_sign_in == []
    assert settings.client_secret == newcomer.sandbox.app.client_secret
    assert newcomer.sandbox.app.callback_urls == ["https://bot.example/signed-in"]


def test_where_github_cannot_come_people_sign_in_from_this_machine(newcomer):
    newcomer.bot.get("/setup/created", params=newcomer.confirm(pull="yes"))

    assert newcomer.sandbox.app.callback_urls == ["http://localhost:3000/signed-in"]


def test_a_session_secret_that_is_set_already_stays(newcomer):
    newcomer.setup._settings = replace(
        newcomer.setup._settings, session_secret="chosen-by-the-operator"
    )
    newcomer.bot.get("/setup/created", params=newcomer.confirm())

    assert "SESSION_SECRET" not in dotenv_values(newcomer.env_file)


def test_the_app_that_was_made_can_do_its_work(newcomer):
    newcomer.bot.get("/setup/created", params=newcomer.confirm())

    assert missing_permissions(newcomer.sandbox.app.permissions) == []


def test_credentials_that_cannot_be_written_are_shown_once(newcomer):
    newcomer.env_file.mkdir()
    answer = newcomer.confirm()
    first, second = (newcomer.bot.get("/setup/created", params=answer) for _ in range(2))

    assert newcomer.sandbox.webhook_secret in first.text
    assert newcomer.sandbox.webhook_secret not in second.text


def test_the_pages_are_closed_once_the_app_is_made(newcomer):
    newcomer.bot.get("/setup/created", params=newcomer.confirm())

    assert newcomer.setup.done.is_set()
    assert newcomer.bot.get("/setup", params={"token": TOKEN}).status_code == 410


def test_an_answer_to_no_question_is_refused(newcomer):
    answer = newcomer.confirm()
    refused = newcomer.bot.get("/setup/created", params=answer | {"state": "forged"})

    assert refused.status_code == 400
    assert not newcomer.env_file.exists()


def test_a_code_that_github_does_not_know_is_refused(newcomer):
    answer = newcomer.confirm()
    refused = newcomer.bot.get("/setup/created", params=answer | {"code": "../../app"})

    assert (refused.status_code, newcomer.setup.done.is_set()) == (400, False)


def test_other_settings_in_the_file_stay(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text("# Mine\nLOG_LEVEL=debug\nexport GITHUB_APP_ID=1\n")
    keep_credentials(env_file, {"GITHUB_APP_ID": "2", "GITHUB_PRIVATE_KEY": 'a\n"b"\n'})

    assert env_file.read_text().startswith("# Mine\nLOG_LEVEL=debug\n")
    kept = dotenv_values(env_file)
    assert (kept["LOG_LEVEL"], kept["GITHUB_APP_ID"], kept["GITHUB_PRIVATE_KEY"]) == (
        "debug",
        "2",
        'a\n"b"\n',
    )


def test_what_an_interrupted_set_up_left_open_is_closed_to_others(tmp_path):
    env_file, left = tmp_path / ".env", tmp_path / ".env.new"
    left.write_text("half a file")
    left.chmod(0o666)
    keep_credentials(env_file, {"GITHUB_APP_ID": "2"})

    assert env_file.stat().st_mode & 0o777 == 0o600
