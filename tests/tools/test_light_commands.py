"""Commands that people and hooks call often import only what they need."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What takes longer to import than these commands take to run.
HEAVY = {
    "alembic",
    "anthropic",
    "dbos",
    "githubkit",
    "httpx",
    "mcp",
    "numpy",
    "pydantic",
    "sqlalchemy",
    "starlette",
    "structlog",
    "uvicorn",
    "yaml",
}


def imported_by(*arguments: str, cwd: Path) -> set[str]:
    """Top names of all modules that a process imports.
    https://docs.python.org/3/using/cmdline.html#cmdoption-X"""
    command = [sys.executable, "-X", "importtime", "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=True)
    lines = (line.rpartition("|")[2].strip() for line in done.stderr.splitlines())
    return {line.split(".")[0] for line in lines}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository without settings of its own."""
    (tmp_path / "learnings.md").write_text(
        (ROOT / "docs" / "learnings.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["lint", "--help"], ["lint", "learnings.md"]]
)
def test_nothing_heavy_is_imported(arguments: list[str], checkout: Path):
    imported = imported_by(*arguments, cwd=checkout)

    assert "click" in imported
    assert imported & HEAVY == set()


def test_what_is_heavy_is_seen(checkout: Path):
    (checkout / ".github").mkdir()
    (checkout / ".github" / "learnings.yml").write_text("tags: [ci]\n")

    assert imported_by("lint", "learnings.md", cwd=checkout) & HEAVY == {"pydantic", "yaml"}
