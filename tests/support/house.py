"""Figures of the house: how far a newcomer has to look, and what one declined issue costs.

python -m tests.support.house
"""

import ast
import logging
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
import structlog

from bot.adapters.store.database import Database
from bot.adapters.store.migrate import migrate
from tests.support.imports import ROOT, among, circles, depths, folders, graph, modules, syntax
from tests.support.loop import Loop
from tests.support.moments import NOON
from tests.support.tales import ANCHORS, ANCHORS_REFUSED


def main() -> None:
    for name, figure in [*figures_of_files(), *figures_of_a_declined_issue()]:
        print(f"{name:<60} {figure}")  # noqa: T201 - a command


# --- files


def figures_of_files() -> Iterator[tuple[str, object]]:
    top = [path for path in (ROOT / "bot").iterdir() if path.name != "__pycache__"]
    # Before the move the GitHub on this machine stood in `bot/sandbox`; it never counted as the
    # bot.
    bot = {
        name: path
        for name, path in modules().items()
        if name.startswith("bot.") and not name.startswith("github_sandbox")
    }
    names = Counter(path.name for path in bot.values() if path.name != "__init__.py")
    depth = depths(graph())
    yield "files at the top of bot/", sum(path.suffix == ".py" for path in top)
    yield "folders at the top of bot/", sum(path.is_dir() for path in top)
    yield "floors: longest chain of imports at the top of bot/", max(depths(among("bot")).values())
    yield "longest chain of imports between modules", max(depth.values())
    yield "the module at its head", max(depth, key=lambda name: depth[name])
    yield "file names used twice in bot/", sum(count > 1 for count in names.values())
    yield "class names in bot/", len(set(classes(bot.values())))
    yield "modules in circles", sum(map(len, circles(graph())))
    yield (
        "circles between what is in one folder",
        sum(len(circles(among(name))) for name in folders()),
    )


def classes(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        yield from (node.name for node in ast.walk(syntax(path)) if isinstance(node, ast.ClassDef))


# --- one declined issue, until its pull request stands


def figures_of_a_declined_issue() -> Iterator[tuple[str, object]]:
    """From the issue to its pull request, the jobs run in the caller's thread: what DBOS itself
    asks is not in it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(f"sqlite:///{folder}/bot.db")) as db,
    ):
        migrate(db, now=NOON)
        loop = Loop(db)
        asked, statements = len(loop.sandbox.bad_days.asked), counted_statements(db)
        loop.decline(ANCHORS, ANCHORS_REFUSED)
        loop.settle()
        assert loop.proposal.pull
        yield "GitHub requests of one declined issue", len(loop.sandbox.bad_days.asked) - asked
        yield "SQL statements of one declined issue", statements.total()


def counted_statements(db: Database) -> Counter[str]:
    """Every statement handed to the driver from now on, `BEGIN` among them, by its first word."""
    counts: Counter[str] = Counter()

    @sa.event.listens_for(db.engine, "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counts[statement.split(maxsplit=1)[0]] += 1

    return counts


if __name__ == "__main__":
    main()
