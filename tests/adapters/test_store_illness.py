"""What drivers raise, and what it is called."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.illness import illness_of, is_about_values
from bot.adapters.store.migrate import migrate
from bot.core.errors import DatabaseIll, Illness
from bot.core.events import Delivery
from tests.support.moments import NOON

DELIVERY = Delivery(guid="g1", event="ping", body=b"{}")


def by_driver(error: Exception) -> sa.exc.DBAPIError:
    """As SQLAlchemy hands on what a driver raised."""
    dbapi = sqlite3 if isinstance(error, sqlite3.Error) else psycopg
    raised = sa.exc.DBAPIError.instance(
        "SELECT 1", {}, error, dbapi.Error, connection_invalidated=False
    )
    assert isinstance(raised, sa.exc.DBAPIError)
    return raised


def by_sqlite(
    code: int, *, error: type[sqlite3.Error] = sqlite3.OperationalError
) -> sa.exc.DBAPIError:
    given = error("as in the library")
    given.sqlite_errorcode = code
    return by_driver(given)


@pytest.mark.parametrize(
    ("sqlstate", "illness"),
    [
        ("08006", "away"),
        ("25006", "read_only"),
        ("28P01", "refused"),
        ("3D000", "refused"),
        ("40001", "conflict"),
        ("40P01", "conflict"),
        ("53100", "full"),
        ("53200", "crowded"),
        ("53300", "crowded"),
        ("55P03", "locked"),
        ("57014", "locked"),
        ("57P01", "away"),
        ("57P03", "away"),
        ("58030", "broken_disk"),
        ("XX001", "damaged"),
        ("22001", None),
        ("23505", None),
        ("42P01", None),
        ("25P02", None),
    ],
)
def test_postgresql_is_read_by_its_sqlstate(sqlstate: str, illness: Illness | None):
    assert illness_of(by_driver(psycopg.errors.lookup(sqlstate)("in any language"))) == illness


@pytest.mark.parametrize(
    ("code", "illness"),
    [
        (sqlite3.SQLITE_BUSY, "locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked"),
        (sqlite3.SQLITE_READONLY, "read_only"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "read_only"),
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_IOERR_FSYNC, "broken_disk"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_CANTOPEN, "away"),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CONSTRAINT, None),
    ],
)
@pytest.mark.parametrize("error", [sqlite3.OperationalError, sqlite3.DatabaseError])
def test_sqlite_is_read_by_its_result_code(
    code: int, illness: Illness | None, error: type[sqlite3.Error]
):
    assert illness_of(by_sqlite(code, error=error)) == illness


@pytest.mark.parametrize(
    ("error", "illness"),
    [
        (psycopg.OperationalError("server closed the connection unexpectedly"), "away"),
        (psycopg.OperationalError('FATAL:  too many connections for role "bot"'), "crowded"),
        (psycopg.OperationalError("FATAL:  remaining connection slots are reserved"), "crowded"),
        (psycopg.InterfaceError("the connection is closed"), "away"),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), None),
        (psycopg.ProgrammingError("cannot adapt type 'dict'"), None),
        (sqlite3.InterfaceError("Error binding parameter 0 - probably unsupported type"), None),
        (sqlite3.ProgrammingError("Error binding parameter 1: type 'list' is not supported"), None),
    ],
    ids=str,
)
def test_what_has_no_code_is_the_line_to_the_server_or_a_value(
    error: Exception, illness: Illness | None
):
    raised = by_driver(error)

    assert (illness_of(raised), is_about_values(raised)) == (illness, illness is None)


def test_a_pool_without_a_connection_left_is_crowded():
    assert illness_of(sa.exc.TimeoutError()) == "crowded"


@pytest.mark.parametrize("sqlstate", ["22001", "23505", "54000"])
def test_a_value_that_postgresql_refuses_is_known_as_one(sqlstate: str):
    assert is_about_values(by_driver(psycopg.errors.lookup(sqlstate)()))


@pytest.mark.parametrize("sqlstate", ["42P01", "25006", "40001", "57P01"])
def test_any_other_refusal_of_postgresql_is_not_about_values(sqlstate: str):
    assert not is_about_values(by_driver(psycopg.errors.lookup(sqlstate)()))


# --- as real drivers raise them


def keep(db: Database) -> set[str]:
    return Deliveries(db, lambda: NOON).keep([DELIVERY])


def illness_when_keeping(db: Database) -> Illness:
    with pytest.raises(DatabaseIll) as ill:
        keep(db)
    return ill.value.illness


def on_every_connection(db: Database, statement: str) -> None:
    """Also on the one that the pool holds already."""
    sa.event.listen(db.engine, "checkout", lambda connection, *_: connection.execute(statement))


def test_a_full_file_is_known(sqlite_db: Database):
    on_every_connection(sqlite_db, "PRAGMA max_page_count=1")
    big = [Delivery(guid="g1", event="ping", body=bytes(1_000_000))]

    with pytest.raises(DatabaseIll) as ill:
        Deliveries(sqlite_db, lambda: NOON).keep(big)
    assert ill.value.illness == "full"


def test_a_file_that_may_not_be_written_is_known(sqlite_db: Database):
    on_every_connection(sqlite_db, "PRAGMA query_only=ON")

    assert illness_when_keeping(sqlite_db) == "read_only"


def test_a_locked_file_is_known(sqlite_db: Database):
    with closing(Database(sqlite_db.url, busy_seconds=0)) as other, sqlite_db.writing():
        assert illness_when_keeping(other) == "locked"


def test_a_file_that_is_no_database_is_known(tmp_path: Path):
    path = tmp_path / "bot.db"
    path.write_bytes(b"not a database" * 1000)

    with closing(Database(f"sqlite:///{path}")) as db:
        assert illness_when_keeping(db) == "damaged"


@pytest.fixture
def on_postgresql(postgres_url: str) -> Iterator[Database]:
    with closing(Database(postgres_url)) as db:
        migrate(db, now=NOON)
        yield db


def test_a_connection_that_leads_to_a_standby_is_given_up_for_another(on_postgresql: Database):
    with on_postgresql.engine.begin() as tx:
        tx.exec_driver_sql("SET default_transaction_read_only = on")

    assert (illness_when_keeping(on_postgresql), keep(on_postgresql)) == ("read_only", {"g1"})


def test_a_role_without_a_connection_left_is_known(on_postgresql: Database, postgres_url: str):
    with on_postgresql.engine.begin() as tx:
        tx.exec_driver_sql("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    poor = sa.make_url(postgres_url).set(username="crowded").render_as_string()

    try:
        with closing(Database(poor)) as db:
            assert illness_when_keeping(db) == "crowded"
    finally:
        with on_postgresql.engine.begin() as tx:
            tx.exec_driver_sql("DROP ROLE crowded")
