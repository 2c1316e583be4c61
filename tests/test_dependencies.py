"""Declared is what is imported: every library that a package names stands in `pyproject.toml`,
where whoever installs that package gets it."""

import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.support.imports import ROOT, libraries

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"bot", "github_sandbox", "tests", "bench"}
# Package -> the extras that it is installed with.
INSTALLED_WITH = {
    "bot": "openai",
    "migrations": "",
    "github_sandbox": "demo",
    "tests": "demo openai test",
    "bench": "demo openai test bench",
}
# Top name -> distributions. Asked once: it reads the metadata of all that is installed.
INSTALLED = packages_distributions()
# What `tests` need not have installed, so that no metadata tells its distribution.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}
# Declared though nothing imports it.
NAMED_OTHERWISE = {
    "hishel",  # pinned for githubkit
    "psycopg",  # the scheme of a database's address
    "python-multipart",  # starlette asks for it when a form arrives
}


def test_declarations_and_imports_are_found():
    assert "starlette" in declared("")
    assert "starlette" in imported("bot")


@pytest.mark.parametrize("package", INSTALLED_WITH)
def test_whatever_is_imported_is_declared(package):
    declared_here = declared(INSTALLED_WITH[package])
    missing = [top for top, names in imported(package).items() if not names & declared_here]

    assert missing == []


def test_whatever_is_declared_is_imported():
    shipped = [
        names for package in ("bot", "github_sandbox") for names in imported(package).values()
    ]

    assert declared("demo").difference(*shipped) == NAMED_OTHERWISE


def test_the_bot_needs_nothing_that_only_the_sandbox_needs():
    assert [top for top, names in imported("bot").items() if names & declared_by("demo")] == []


@cache
def imported(package: str) -> Mapping[str, frozenset[str]]:
    """Top name of an import -> the distributions it may come from. Read from the source: a lazy
    import counts."""
    tops = set().union(*(libraries(path) for path in (ROOT / package).rglob("*.py")))
    return {top: distributions_of(top) for top in sorted(tops - OURS - sys.stdlib_module_names)}


def distributions_of(top: str) -> frozenset[str]:
    named = DISTRIBUTIONS.get(top, top)
    return frozenset(map(normal, INSTALLED.get(top, [named])))


def declared(extras: str) -> set[str]:
    always = {normal(each) for each in PYPROJECT["project"]["dependencies"]}
    return always.union(*map(declared_by, extras.split()))


def declared_by(extra: str) -> set[str]:
    return {normal(each) for each in PYPROJECT["project"]["optional-dependencies"][extra]}


def normal(requirement: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    name = re.match(r"[\w.-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()
