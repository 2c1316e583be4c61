"""Values from payloads and answers in addresses of the API: escaped in one place, and none leads
elsewhere."""

import ast
from pathlib import Path

import httpx
import pytest

from bot.adapters.github.addresses import address, of_branch, of_repository
from bot.adapters.github.refusals import Missing
from bot.core.jobs import ShowPriorArt
from tests.support.loop import Loop

ROOT = Path(__file__).parents[2]


def test_parts_are_escaped_wherever_they_stand():
    assert (
        address("/commits/{}?name={}", "a/b?c", "d&e=f#g")
        == "/commits/a%2Fb%3Fc?name=d%26e%3Df%23g"
    )


def test_the_slashes_of_a_branch_stay():
    assert of_branch("/git/ref/heads/{}", "feature/a#1") == "/git/ref/heads/feature/a%231"


def test_what_is_ordinary_reads_as_it_is():
    assert (
        of_repository("acme/engine.js_2") + address("/issues/{}", 12)
        == "/repos/acme/engine.js_2/issues/12"
    )


@pytest.mark.parametrize("part", ["", ".", "..", "a\0b", "a\nb", "\ud800"])
def test_nothing_is_at_what_cannot_be_a_part(part):
    with pytest.raises(Missing):
        address("/users/{}", part)
    with pytest.raises(Missing):
        of_branch("/git/ref/heads/{}", f"a/{part}")


@pytest.mark.parametrize("name", ["../../app/installations", "..", "", "a/", "/b", "a/.."])
def test_nothing_is_at_what_cannot_be_a_repository(name):
    with pytest.raises(Missing):
        of_repository(name)


@pytest.mark.parametrize(
    "name", ["acme/engine/../../../app", "acme/engine?x=", "acme/engine#", "acme/../../app"]
)
def test_no_name_of_a_repository_leads_out_of_the_repositories(name):
    assert httpx.URL(f"https://api.example{of_repository(name)}/issues").raw_path.count(b"/") == 4


def test_a_job_of_a_repository_that_cannot_be_asks_nothing_and_pauses_nobody(sqlite_db):
    """Such jobs may have been planned by an earlier release."""
    loop = Loop(sqlite_db)
    loop.settle()
    before = len(loop.sandbox.bad_days.asked)
    loop.engine.add(
        ShowPriorArt(
            delivery="d",
            cause="c",
            installation_id=loop.sandbox.installation_of(loop.repo).id,
            repo_id=loop.repo.id,
            repo="../../app/installations",
            number=1,
        )
    )
    loop.settle()

    assert [asked.path for asked in loop.sandbox.bad_days.asked[before:]] == []
    assert loop.engine.jobs.counts().get("waiting", 0) == 0


def test_every_address_is_made_in_the_one_place():
    """A text that begins with a slash and has values put into it is an address of somebody's own
    making."""
    by_hand = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "bot" / "github").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        and isinstance(first := node.values[0], ast.Constant)
        and str(first.value).startswith("/")
    ]

    assert by_hand == []
