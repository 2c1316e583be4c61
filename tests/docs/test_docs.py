"""Where two places must change together, one of these notices."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml
from starlette.routing import Mount, Route

from bot.adapters.store.database import Database
from bot.adapters.telemetry import Metrics
from bot.core.commands import VERBS
from bot.core.learnings.lint import Rule
from bot.core.repository_settings import RepositorySettings
from bot.core.status.readiness import AilmentName
from github_sandbox import Sandbox, asgi_of
from tests.support.loop import Loop
from tests.support.render_blueprint import variables_of

ROOT = Path(__file__).parents[2]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_read() -> set[str]:
    """Every environment variable that `bot/core/settings.py` names."""
    return set(re.findall(r'"((?:[A-Z]+_)+[A-Z]+|PORT)"', text_of("bot/core/settings.py")))


def test_every_setting_is_in_the_docs():
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", text_of("docs/settings.md")))

    assert documented == settings_read()


def test_render_sets_only_what_is_read():
    blueprint = yaml.safe_load(text_of("render.yaml"))
    rendered = set().union(
        *(variables_of(blueprint, service["name"]) for service in blueprint["services"])
    )

    assert rendered <= settings_read()


def test_every_metric_is_in_the_docs_and_no_other():
    collectors = Metrics().registry.collect()
    measured = {
        f"{each.name}_total" if each.type == "counter" else each.name for each in collectors
    }
    documented = set(re.findall(r"`(precedent_[a-z_]+)", text_of("docs/promise.md")))

    assert documented == measured


def test_every_ailment_is_in_the_docs():
    documented = set(
        re.findall(r"^\| `((?!precedent)[a-z_]+)` \|", text_of("docs/promise.md"), re.MULTILINE)
    )

    assert documented == set(get_args(AilmentName))


@pytest.mark.parametrize("key", list(RepositorySettings.model_fields))
def test_every_key_of_a_repository_is_in_the_docs(key):
    assert f"| `{key}` |" in text_of("docs/settings.md")


def test_every_command_people_say_is_in_the_docs_and_no_other():
    documented = set(
        re.findall(r"^\| `/learnings (\w+)", text_of("docs/commands.md"), re.MULTILINE)
    )

    assert documented == set(VERBS)


def test_every_rule_of_the_lint_is_in_the_docs_and_no_other():
    table = (
        text_of("docs/learnings-file.md").partition("| rules | severity |")[2].partition("\n\n")[0]
    )

    assert set(re.findall(r"`([a-z-]+)`", table)) == set(get_args(Rule))


def test_the_changelog_starts_with_the_version_of_the_package():
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]

    assert re.findall(r"^## \[([\d.]+)\]", text_of("CHANGELOG.md"), re.MULTILINE)[0] == version


# Ours is not on any index, and what is there under this name is somebody else's.
INSTALLERS = re.compile(
    r"(?:\bpip3? (?:install|download)|\bpipx (?:install|run)|\buvx|\buv (?:add|run|pip install"
    r"|tool (?:install|run))"
    r"|\b(?:poetry|pdm|rye) add|additional_dependencies:).*"
)
FROM_AN_INDEX = re.compile(r"""(?<![\w./@-])precedent(?:\[[^]]*\])?(?=$|[\s"',\]`)]|[=<>!~]=?)""")
TEXTS = {"", ".md", ".yml", ".yaml", ".toml", ".py", ".html", ".txt", ".sh", ".lock", ".cfg"}


def bare_installs(text: str) -> list[str]:
    return [found[0] for found in INSTALLERS.finditer(text) if FROM_AN_INDEX.search(found[0])]


def texts_of_the_project() -> list[Path]:
    shown = {".ci", ".github", ".pre-commit-hooks.yaml", ".pre-commit-config.yaml"}
    rooms = [path for path in ROOT.iterdir() if not path.name.startswith(".") or path.name in shown]
    return [
        path
        for room in rooms
        for path in (room.rglob("*") if room.is_dir() else [room])
        if path.is_file() and path.suffix in TEXTS and path != Path(__file__)
    ]


@pytest.mark.parametrize(
    "command",
    [
        "pip install precedent",
        "pip install --upgrade precedent==0.1.0",
        "pipx install 'precedent[claude]>=0.1'",
        "uvx precedent lint docs/learnings.md",
        "uv tool install precedent",
        "additional_dependencies: [precedent]",
    ],
)
def test_an_install_from_an_index_is_seen(command):
    assert bare_installs(f"      - run: {command}\n") == [command]


@pytest.mark.parametrize(
    "command",
    [
        "pip install git+https://github.com/OWNER/precedent@v0.1.0",
        "pip install .",
        "pip install ./precedent",
    ],
)
def test_an_install_from_the_repository_is_none_from_an_index(command):
    assert bare_installs(command) == []


def test_nobody_is_told_to_install_a_strangers_package():
    told = {
        str(path.relative_to(ROOT)): bare_installs(path.read_text("utf-8"))
        for path in texts_of_the_project()
    }

    assert {path: found for path, found in told.items() if found} == {}


def test_locks_name_no_address():
    locks = sorted(path.name for path in ROOT.glob("*.lock"))

    assert locks == ["requirements-demo.lock", "requirements-dev.lock", "requirements.lock"]
    assert [name for name in locks if "://" in text_of(name)] == []


def test_links_between_documents_lead_somewhere():
    broken = [
        (page.name, target)
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


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
