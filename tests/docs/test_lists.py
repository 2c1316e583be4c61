"""What can be said to the bot, and what it can say, is in the docs: all of it, nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.commands import VERBS
from bot.core.repository_settings import RepositorySettings
from bot.tools.cli import COMMANDS
from tests.support.imports import syntax

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINT = sorted((ROOT / "bot" / "core" / "learnings" / "lint").glob("*.py"))


def section(page: str, title: str) -> str:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(table: str) -> list[str]:
    return re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)


def test_every_slash_command_is_in_the_docs_and_no_other():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `/learnings (\w+)", page, re.MULTILINE)) == set(VERBS)


def test_no_page_names_a_slash_command_that_does_not_exist():
    for page in PAGES:
        named = set(re.findall(r"/learnings ([a-z]+)", page.read_text(encoding="utf-8")))
        assert named <= set(VERBS), page.name


def test_every_rule_of_the_lint_is_in_the_docs_and_no_other():
    cells = first_cells(section("learnings-file.md", "What the lint says"))
    documented = {rule for cell in cells for rule in re.findall(r"`([a-z-]+)`", cell)}

    assert documented == set(rules_of_the_lint())


def rules_of_the_lint() -> Iterator[str]:
    """Every constant that is passed as `rule`, by name or in its place."""
    places = {
        node.name: [argument.arg for argument in node.args.args].index("rule")
        for path in LINT
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef) and "rule" in [each.arg for each in node.args.args]
    }
    for node in (node for path in LINT for node in ast.walk(syntax(path))):
        if not isinstance(node, ast.Call):
            continue
        place = places.get(ast.unparse(node.func))
        named = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
        in_place = node.args[place : place + 1] if place is not None else []
        yield from (
            leaf.value
            for value in [*named, *in_place]
            for leaf in ast.walk(value)
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
        )


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_is_in_the_docs(command):
    assert any(
        re.search(rf"\bprecedent {command}\b", page.read_text(encoding="utf-8")) for page in PAGES
    )


def test_no_page_shows_a_command_that_does_not_exist():
    shown = {
        (page.name, command)
        for page in PAGES
        for command in re.findall(
            r"(?:^|`|/)precedent ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert {each for each in shown if each[1] not in COMMANDS} == set()


def test_no_key_of_a_repository_is_documented_that_does_not_exist():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))

    assert documented == set(RepositorySettings.model_fields)
