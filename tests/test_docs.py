"""Where two places must change together, one of these notices."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from starlette.routing import Mount, Route

from bot.cli import COMMANDS
from bot.repository_settings import RepositorySettings
from bot.sandbox import Sandbox, asgi_of
from bot.store.database import Database
from tests.loop import Loop

ROOT = Path(__file__).parents[1]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_read() -> set[str]:
    """Every environment variable that `bot/config.py` names."""
    return set(re.findall(r'"((?:[A-Z]+_)+[A-Z]+|PORT)"', text_of("bot/config.py")))


def rendered_settings() -> set[str]:
    blueprint = yaml.safe_load(text_of("render.yaml"))
    holders = [*blueprint["services"], *blueprint["envVarGroups"]]
    return {variable["key"] for holder in holders for variable in holder["envVars"] if "key" in variable}


def test_every_setting_is_in_the_docs():
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", text_of("docs/settings.md")))

    assert documented == settings_read()


def test_render_sets_only_what_is_read():
    assert rendered_settings() <= settings_read()


def test_render_asks_for_every_setting_without_which_nothing_works():
    assert {"DATABASE_URL", "GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"} <= rendered_settings()


def test_render_migrates_before_it_deploys_and_checks_health():
    web = yaml.safe_load(text_of("render.yaml"))["services"][0]

    assert (web["preDeployCommand"], web["healthCheckPath"]) == ("precedent migrate", "/healthz")


@pytest.mark.parametrize("key", list(RepositorySettings.model_fields))
def test_every_key_of_a_repository_is_in_the_docs(key):
    assert f"| `{key}` |" in text_of("docs/settings.md")


def test_the_changelog_starts_with_the_version_of_the_package():
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]

    assert re.findall(r"^## \[([\d.]+)\]", text_of("CHANGELOG.md"), re.MULTILINE)[0] == version


def test_locks_name_no_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in text_of(name), name


def test_links_between_documents_lead_somewhere():
    broken = [
        (page.name, target)
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_readme_shows_only_commands_that_exist():
    shown = set(re.findall(r"(?:^|`|/)precedent ([a-z]+)", text_of("README.md"), re.MULTILINE))

    assert shown <= set(COMMANDS)


def test_the_container_is_not_root_and_keeps_its_database():
    dockerfile = text_of("Dockerfile")

    assert "USER 10001" in dockerfile
    assert "HEALTHCHECK" in dockerfile
    assert "sqlite:////data/precedent.db" in dockerfile


def test_the_design_names_every_room():
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("__")}
    table = text_of("docs/design.md").split("## Rooms and arrows")[1].split("## From a delivery")[0]

    assert rooms - set(re.findall(r"`([a-z_]+)/?`", table)) == set()


def routes_of(app) -> list[tuple[str, str]]:
    found = []
    for route in app.routes:
        if isinstance(route, Mount):
            found += [(route.path + path, method) for path, method in routes_of(route)]
        elif isinstance(route, Route):
            found += [(route.path, method) for method in route.methods or ()]
    return found


def test_no_two_routes_answer_one_request(sqlite_db: Database):
    for app in (Loop(sqlite_db).http.app, asgi_of(Sandbox())):
        assert [route for route, count in Counter(routes_of(app)).items() if count > 1] == []
