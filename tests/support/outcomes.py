"""What became of comments, as kept."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.adapters.store.database import Database
from bot.tools.cli import precedent
from tests.support.loop import Loop, with_merged_decisions


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return with_merged_decisions(sqlite_db)


def report(loop: Loop, *arguments: str) -> Result:
    return CliRunner().invoke(precedent, ["report", *arguments], env={"DATABASE_URL": loop.db.url})


def reported(loop: Loop, part: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(report(loop, "--json").output)[part]
    return found


def outcomes(loop: Loop) -> dict[str, int]:
    return {each["outcome"]: each["count"] for each in reported(loop, "comments")}
