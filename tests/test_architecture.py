"""The folders and the arrows between them. If a test here fails, move the code, not the test."""

import ast
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support import imports
from tests.support.imports import ROOT, among, circles, folders, graph, libraries, modules, syntax

# Each room of `bot/` and the rooms it may import from. Features and adapters never see each other.
ARROWS = {
    "__main__": "tools",
    "tools": "app service adapters ports core",
    "app": "service features adapters ports core",
    "service": "features adapters ports core",
    "features": "ports core",
    "adapters": "ports core",
    "ports": "core",
    "core": "",
}

# Of the standard library the core has what does no I/O, reads no clock and no environment, and
# draws no lots.
IMPURE = {
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}
CORE_LIBRARIES = {"Stemmer", "detect_secrets", "merge3", "numpy", "pydantic", "regex", "yaml"}

# Each outside library and the rooms that may know it.
HOMES = {
    "alembic": "bot.adapters.store",
    "anthropic": "bot.adapters.model",
    "openai": "bot.adapters.model",
    "click": "bot.tools.cli",
    "dbos": "bot.adapters.dbos",
    "dulwich": "github_sandbox",
    "githubkit": "bot.adapters.github",
    "mcp": "bot.tools.mcp",
    "sqlalchemy": "bot.adapters.store bot.adapters.dbos",
    "starlette": "bot.app bot.service github_sandbox",
    "uvicorn": "bot.service bot.tools.demo github_sandbox",
}
ASYNCHRONOUS = "bot.adapters.store bot.service bot.tools.mcp github_sandbox"

MOST_NAMES_USED_TWICE = 8


def is_in(name: str, rooms: str) -> bool:
    return any(f"{name}.".startswith(f"{room}.") for room in rooms.split())


def inside(room: str) -> dict[str, Path]:
    return {name: path for name, path in modules().items() if is_in(name, room)}


def ours(name: str) -> frozenset[str]:
    return graph()[name]


def faulty(found: dict[str, Iterable[str]]) -> dict[str, list[str]]:
    return {name: sorted(what) for name, what in found.items() if what}


def test_every_room_has_its_arrows():
    assert {child.removeprefix("bot.") for child in among("bot")} == set(ARROWS)


@pytest.mark.parametrize("room", ARROWS)
def test_an_arrow_goes_down_only(room):
    allowed = [f"bot.{each}" for each in [room, *ARROWS[room].split()]]
    beyond = {
        name: {
            other
            for other in ours(name)
            if is_in(other, "bot") and not is_in(other, " ".join(allowed))
        }
        - {"bot"}
        for name in inside(f"bot.{room}")
    }

    assert faulty(beyond) == {}


@pytest.mark.parametrize("folder", folders())
def test_no_circle_between_what_is_in_one_folder(folder):
    assert circles(among(folder)) == []


def test_no_circle_between_modules():
    assert circles(graph()) == []


def test_the_core_imports_only_what_does_nothing():
    allowed = (sys.stdlib_module_names - IMPURE) | CORE_LIBRARIES

    assert (
        faulty({name: libraries(path) - allowed for name, path in inside("bot.core").items()}) == {}
    )


def test_each_library_has_its_home():
    astray = {
        name: {library for library in libraries(path) if not is_in(name, HOMES.get(library, name))}
        for name, path in modules().items()
    }

    assert faulty(astray) == {}


def test_features_share_what_is_in_shared_and_know_nothing_else_of_one_another():
    known = {
        feature: others - {"bot.features.shared"}
        for feature, others in among("bot.features").items()
        if feature != "bot.features.handlers"
    }

    assert faulty(known) == {}


def test_the_sandbox_is_a_github_and_knows_nothing_of_the_bot():
    assert (
        faulty(
            {
                name: {other for other in ours(name) if is_in(other, "bot")}
                for name in inside("github_sandbox")
            }
        )
        == {}
    )


def test_only_what_plays_with_it_knows_the_sandbox():
    knowing = [
        name
        for name in inside("bot")
        if any(is_in(other, "github_sandbox") for other in ours(name))
    ]

    assert [name for name in knowing if not is_in(name, "bot.tools.cli bot.tools.demo")] == []


def test_only_the_web_side_is_asynchronous():
    coloured = [
        name
        for name, path in modules().items()
        if any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(syntax(path)))
    ]

    assert [name for name in coloured if not is_in(name, ASYNCHRONOUS)] == []


def test_every_module_says_what_it_is_for():
    assert [name for name, path in modules().items() if not ast.get_docstring(syntax(path))] == []


def test_a_file_is_found_by_its_name():
    names = Counter(path.name for path in inside("bot").values() if path.name != "__init__.py")
    used_twice = sorted(name for name, count in names.items() if count > 1)

    assert len(used_twice) <= MOST_NAMES_USED_TWICE, used_twice


def test_no_test_module_imports_another():
    importing = {
        str(path.relative_to(ROOT)): {name for name in imports.imported(path) if _is_a_test(name)}
        for path in sorted((ROOT / "tests").rglob("*.py"))
    }

    assert faulty(importing) == {}


def _is_a_test(name: str) -> bool:
    return name.startswith("tests.") and any(
        part == "conftest" or part.startswith("test_") for part in name.split(".")
    )
