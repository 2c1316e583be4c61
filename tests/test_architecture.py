"""The rooms and the arrows between them. If a test here fails, move the code, not the test."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.architecture import FILES, PURE, ROOT, room_of

PURE_LIBRARIES = {"Stemmer", "merge3", "numpy", "pydantic", "yaml"}
IMPURE_STDLIB = {"logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "time", "urllib"}

# Each outside library has one home.
HOMES = {
    "alembic": {"store"},
    "anthropic": {"claude"},
    "click": {"cli"},
    "dbos": {"durable"},
    "dulwich": {"sandbox"},
    "githubkit": {"github"},
    "mcp": {"agent_server"},
    "sqlalchemy": {"durable", "store"},
    "starlette": {"app", "dashboard", "health", "processes", "sandbox", "setup", "web"},
    "uvicorn": {"connections", "demo", "processes", "sandbox"},
}

# From the outermost room inwards: a room imports only itself and what stands after it.
LAYERS = [
    {"__main__"},
    {"cli"},
    {"agent_server", "demo", "doctor", "evals", "learnings_file"},
    {"in_person"},
    {"app"},
    {"dashboard", "health", "housekeeping", "processes", "pull", "setup", "supervisor", "web", "worker"},
    {"bodies", "claude", "connections", "durable", "engine", "github", "store", "telemetry"},
    {"handlers"},
    {"crash", "ports"},
    PURE,
]
ALONE = {"sandbox"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("bot.")} - {room_of(path)}


def libraries_imported(path: Path) -> set[str]:
    tops = {name.split(".")[0] for name in imports(path)}
    return tops - {"bot"}


def ident(path: Path) -> str:
    return str(path.relative_to(ROOT))


def layer_of(room: str) -> int:
    return next(depth for depth, rooms in enumerate(LAYERS) if room in rooms)


def rooms(*names: str) -> list[Path]:
    return [path for path in FILES if room_of(path) in names]


def test_every_file_has_a_room():
    known = {room for layer in [*LAYERS, ALONE, {"__init__"}] for room in layer}

    assert [ident(path) for path in FILES if room_of(path) not in known] == []


def test_pure_modules_import_only_pure_things():
    allowed = (sys.stdlib_module_names - IMPURE_STDLIB) | PURE_LIBRARIES
    impure = {ident(path): libraries_imported(path) - allowed | rooms_imported(path) - PURE for path in rooms(*PURE)}

    assert {path: what for path, what in impure.items() if what} == {}


def test_arrows_point_inwards():
    outwards = {
        ident(path): {room for room in rooms_imported(path) - ALONE if layer_of(room) < layer_of(room_of(path))}
        for path in FILES
        if room_of(path) not in ALONE | {"__init__"}
    }

    assert {path: what for path, what in outwards.items() if what} == {}


def test_handlers_know_ports_and_pure_modules_alone():
    beyond = {ident(path): rooms_imported(path) - PURE - {"ports"} for path in rooms("handlers")}

    assert {path: what for path, what in beyond.items() if what} == {}


def test_handlers_do_not_call_handlers():
    called = {
        ident(path): set(imports(path)) & {f"bot.handlers.{other.stem}" for other in rooms("handlers")}
        for path in rooms("handlers")
        if path.stem != "__init__"
    }

    # The rooms that are shared are no handlers: they read and decide for those that are.
    shared = {"bot.handlers.evidence", "bot.handlers.obedience", "bot.handlers.recollection"}
    assert {what for names in called.values() for what in names} <= shared


def test_each_library_has_one_home():
    astray = {
        ident(path): {top for top in libraries_imported(path) if room_of(path) not in HOMES.get(top, {room_of(path)})}
        for path in FILES
    }

    assert {path: what for path, what in astray.items() if what} == {}


def test_the_sandbox_is_a_github_and_knows_nothing_of_the_bot():
    assert [ident(path) for path in rooms("sandbox") if rooms_imported(path)] == []


def test_only_what_plays_with_it_knows_the_sandbox():
    knows = {room_of(path) for path in FILES if "sandbox" in rooms_imported(path)}

    assert knows == {"cli", "demo"}


def test_only_the_web_side_is_asynchronous():
    coloured = {
        room_of(path)
        for path in FILES
        if any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert coloured <= {"agent_server", "bodies", "dashboard", "health", "sandbox", "store", "web"}


def test_every_module_says_what_it_is_for():
    mute = [ident(path) for path in FILES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]

    assert mute == []
