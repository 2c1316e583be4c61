"""A driver of which one call fails, the n-th, as it does on SQLite and on PostgreSQL."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy as sa

from bot.adapters.store.database import Database

T = TypeVar("T")
Fault = Callable[[Any], None]


class FailingDriver:
    """Counts connecting, executing, committing and rolling back; ``failed`` once the fault has come
    up."""

    def __init__(self, db: Database) -> None:
        self._calls = 0
        self._failing: int | None = None
        self._late = False
        self._fault: Fault = lambda _: None
        self.failed = False
        sa.event.listen(db.engine, "do_connect", self._connect)
        db.engine.dispose()

    def fail_at(self, call: int, fault: Fault, *, late: bool = False) -> None:
        """`late`: what was asked for is done, and the answer lost."""
        self._calls, self._failing, self._fault, self._late, self.failed = (
            0,
            call,
            fault,
            late,
            False,
        )

    def recover(self) -> None:
        self._failing = None

    def watch(self, connection: Any, ask: Callable[..., T], *given: Any) -> T:
        self._calls += 1
        fails = self._calls == self._failing
        if fails and not self._late:
            self._fail(connection)
        answer = ask(*given)
        if fails:
            if isinstance(answer, (sqlite3.Connection, psycopg.Connection)):
                answer.close()
            self._fail(connection)
        return answer

    def _fail(self, connection: Any) -> None:
        self.failed = True
        self._fault(connection)

    def _connect(self, dialect: sa.Dialect, _: object, cargs: Any, cparams: Any) -> Any:
        if dialect.name == "sqlite":
            return self.watch(
                None, lambda: sqlite3.connect(*cargs, factory=_sqlite(self), **cparams)
            )
        return self.watch(None, lambda: _postgresql(self).connect(*cargs, **cparams))


def _sqlite(driver: FailingDriver) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, *given: Any) -> Any:
            return driver.watch(self.connection, super().execute, *given)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def commit(self) -> None:
            driver.watch(self, super().commit)

        def rollback(self) -> None:
            driver.watch(self, super().rollback)

    return Connection


def _postgresql(driver: FailingDriver) -> type[psycopg.Connection[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, *given: Any, **options: Any) -> Any:
            return driver.watch(
                self.connection, lambda: super(Cursor, self).execute(*given, **options)
            )

    class Connection(psycopg.Connection[Any]):
        def __init__(self, *given: Any, **options: Any) -> None:
            super().__init__(*given, **options)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            driver.watch(self, super().commit)

        def rollback(self) -> None:
            driver.watch(self, super().rollback)

    return Connection


def by_sqlite(code: int, *, rolled_back: bool = False) -> Fault:
    """After some errors SQLite has rolled the transaction back by itself.
    https://sqlite.org/lang_transaction.html"""

    def fault(connection: sqlite3.Connection | None) -> None:
        if rolled_back and connection is not None:
            sqlite3.Connection.rollback(connection)
        error = sqlite3.OperationalError("as the library says")
        error.sqlite_errorcode = code
        raise error

    return fault


def by_postgresql(sqlstate: str) -> Fault:
    """Raised by the server itself, so that the transaction is as it leaves it."""

    def fault(connection: psycopg.Connection[Any] | None) -> None:
        if connection is None:
            raise psycopg.OperationalError(
                "connection failed: FATAL:  too many connections for role"
            )
        psycopg.Cursor(connection).execute(
            f"DO $$ BEGIN RAISE 'no' USING ERRCODE = '{sqlstate}'; END $$"
        )

    return fault


def killed(connection: psycopg.Connection[Any] | None) -> None:
    if connection is None:
        raise psycopg.OperationalError("connection failed: Connection refused")
    psycopg.Cursor(connection).execute("SELECT pg_terminate_backend(pg_backend_pid())")


FAULTS: Final[Mapping[str, Mapping[str, Fault]]] = {
    "sqlite": {
        "locked": by_sqlite(sqlite3.SQLITE_BUSY),
        "full": by_sqlite(sqlite3.SQLITE_FULL, rolled_back=True),
        "disk": by_sqlite(sqlite3.SQLITE_IOERR_WRITE, rolled_back=True),
        "read only": by_sqlite(sqlite3.SQLITE_READONLY),
        "damaged": by_sqlite(sqlite3.SQLITE_CORRUPT),
    },
    "postgresql": {
        "killed": killed,
        "conflict": by_postgresql("40001"),
        "read only": by_postgresql("25006"),
        "unknown": by_postgresql("XX000"),
    },
}
