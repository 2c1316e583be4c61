"""What every test may ask for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import uuid4

import anthropic
import httpx2
import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from bot.adapters.store.database import Database
from bot.adapters.store.migrate import migrate
from github_sandbox import Sandbox
from tests.support.messages_api import MessagesApi, failure
from tests.support.moments import NOON
from tests.support.outgoing import Door
from tests.support.postgres import CARELESS, find_server, running_postgres

# The same examples in every run, so that a red run is about the change; others with
# `--hypothesis-profile search`.
settings.register_profile("tests", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile("tests")
# No constants of the modules that happen to be imported: they differ with the order of the tests.
providers._get_local_constants = Constants

LEFT_OUT = "no PostgreSQL: set TEST_DATABASE_URL or install it"


def pytest_report_header() -> str:
    """Says which databases are tested, so that a green run cannot be mistaken for more than it
    is."""
    if os.environ.get("TEST_DATABASE_URL"):
        return "databases: SQLite, PostgreSQL at TEST_DATABASE_URL"
    return (
        "databases: SQLite, PostgreSQL of our own"
        if find_server()
        else f"databases: SQLite ONLY - {LEFT_OUT}"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL in which tests may create databases."""
    given, programs = os.environ.get("TEST_DATABASE_URL"), find_server()
    if given:
        yield given
    elif programs is None:
        pytest.skip(LEFT_OUT)
    else:
        with running_postgres(programs, settings=CARELESS) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bot.db'}"
    else:
        yield request.getfixturevalue("postgres_url")


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with _database(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy: every test wants one, and every migration takes its
    time."""
    path = tmp_path_factory.mktemp("migrated") / "bot.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    with _database(postgres) as url:
        _migrate(url)
        yield str(sa.make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database, once on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_db")
        return
    template = request.getfixturevalue("migrated_postgres")
    with (
        _database(request.getfixturevalue("postgres"), template=template) as url,
        closing(Database(url)) as database,
    ):
        yield database


@pytest.fixture
def sqlite_db(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for tests of which the engine is not the subject."""
    with closing(Database(f"sqlite:///{shutil.copy(migrated_file, tmp_path)}")) as database:
        sa.event.listen(
            database.engine, "connect", lambda each, _: each.execute("PRAGMA synchronous=OFF")
        )
        yield database


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """What was logged so far."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    """Watches every sandbox that is made while the tests run."""
    door, made = Door(), Sandbox.__init__

    @wraps(made)
    def watched(sandbox: Sandbox, *args: Any, **options: Any) -> None:
        made(sandbox, *args, **options)
        door.watch(sandbox)

    Sandbox.__init__ = watched  # type: ignore[method-assign]
    yield door
    Sandbox.__init__ = made  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def nothing_harmful_leaves(door: Door) -> Iterator[None]:
    """After every test: nothing the bot sent mentions, closes or links back to anything."""
    yield
    assert door.find_harm() == []


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesApi]:
    with MessagesApi(lambda _: failure(500)) as running:
        yield running


@pytest.fixture(scope="module")
def client(api: MessagesApi) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(
        api_key="k", base_url=api.url, http_client=httpx2.Client(trust_env=False)
    ) as client:
        yield client


def _migrate(url: str) -> None:
    with closing(Database(url)) as database:
        migrate(database, now=NOON)


@contextmanager
def _database(server: str, *, template: str = "template1") -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as tx:
        tx.exec_driver_sql(statement)
