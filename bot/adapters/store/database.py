"""Connections: one engine per process, transactions that read and transactions that write."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.adapters.store.disk import disk_lasts
from bot.adapters.store.illness import CURED_BY_ANOTHER_CONNECTION, illness_of
from bot.core.errors import BadSettings, DatabaseIll, TryLater

BUSY_SECONDS: Final = 4
# DBOS asks for connections several times a second and keeps one for good.
CROWDED_SECONDS: Final = 3
CROWDED_PAUSE_SECONDS: Final = 0.02
Transaction = sa.Connection


class Database:
    """Hands out transactions. Writers of one process queue up here: SQLite itself would make them
    sleep and poll."""

    def __init__(
        self, url: str, *, busy_seconds: float = BUSY_SECONDS, tidies: bool = True
    ) -> None:
        """`tidies` is whether it may move SQLite's log into the file, which one process should do
        for all."""
        self.url = url
        self.engine = create_engine(url, busy_seconds, tidies=tidies)
        self._writers = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, *, together: bool = False) -> Iterator[Transaction]:
        """One statement by itself. To several that are read `together` SQLite shows the same state;
        PostgreSQL shows each what is committed by then."""
        with _translated(), self._connect() as tx:
            tx.execution_options(together=together)
            yield tx

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Commits at the end; anything raised inside leaves no trace."""
        with (
            _translated(),
            self._writers if self.is_sqlite else nullcontext(),
            self._connect() as tx,
        ):
            tx.execution_options(writes=True)
            with tx.begin():
                yield tx

    def _connect(self) -> sa.Connection:
        """Where the server gives no further connection, one of ours that others use now will come
        free."""
        until = time.monotonic() + CROWDED_SECONDS
        while True:
            try:
                return self.engine.connect()
            except sa.exc.OperationalError as error:
                if illness_of(error) != "crowded" or time.monotonic() > until:
                    raise
            time.sleep(CROWDED_PAUSE_SECONDS)

    def engine_for_dbos(self) -> sa.Engine:
        """DBOS reads before it writes in its own way: on SQLite it needs the driver's transactions,
        not ours."""
        if not self.is_sqlite:
            return self.engine
        engine = sa.create_engine(
            self.url, connect_args={"timeout": 30, "check_same_thread": False}, hide_parameters=True
        )

        @sa.event.listens_for(engine, "connect")
        def connected(connection: sqlite3.Connection, _: object) -> None:
            prepare_sqlite(connection)
            connection.isolation_level = "IMMEDIATE"
            leave_log(connection)

        return engine

    def insert(self, table: sa.Table) -> Any:
        """An insert with `on_conflict_do_nothing`, which the two dialects spell alike but do not
        share."""
        return sqlite_insert(table) if self.is_sqlite else postgresql_insert(table)

    def is_durable(self) -> bool | None:
        """Will it be there after the next deploy? None where that cannot be told."""
        return disk_lasts(Path(self.engine.url.database or "")) if self.is_sqlite else True

    def is_reachable(self) -> bool:
        try:
            with self.reading() as tx:
                tx.execute(sa.select(1))
        except TryLater:
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    """An illness of the database is told as one; other errors are ours."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        illness = illness_of(error)
        if illness is None:
            raise
        said = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        first_line = str(said).partition("\n")[0]
        raise DatabaseIll(
            f"the database cannot be used ({illness}): {first_line}", illness=illness
        ) from error


def open_database(url: str, *, tidies: bool = True) -> Database:
    """A database that can be read and written, or BadSettings with one line that says what to
    do."""
    db = Database(url, tidies=tidies)
    try:
        with db.writing() as tx:
            sound = not db.is_sqlite or tx.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
    except DatabaseIll as error:
        if error.illness != "damaged":
            where = db.engine.url.render_as_string(hide_password=True)
            raise BadSettings(
                f"set DATABASE_URL to a database that can be written: {where}: {error}"
            ) from error
        sound = False
    if not sound:
        raise BadSettings(
            f"{db.engine.url.database} is damaged: put a backup in its place with"
            " `precedent restore"
            " PATH`"
        )
    return db


def create_engine(url: str, busy_seconds: float, *, tidies: bool) -> sa.Engine:
    is_sqlite = url.startswith("sqlite")
    engine = (
        _sqlite_engine(url, busy_seconds, tidies=tidies) if is_sqlite else _postgresql_engine(url)
    )
    sa.event.listen(engine, "handle_error", _give_up_connection)
    return engine


def _give_up_connection(context: sa.engine.ExceptionContext) -> None:
    error = context.sqlalchemy_exception
    if error is not None and illness_of(error) in CURED_BY_ANOTHER_CONNECTION:
        context.is_disconnect = True


def _postgresql_engine(url: str) -> sa.Engine:
    # A dead server must cost a caller less than GitHub's 10 seconds.
    return sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=10,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 4},
        # Bodies and what strangers wrote: no error may tell them to the log.
        hide_parameters=True,
    )


def _sqlite_engine(url: str, busy_seconds: float, *, tidies: bool) -> sa.Engine:
    engine = sa.create_engine(
        url,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        prepare_sqlite(connection)
        connection.isolation_level = None
        if not tidies:
            leave_log(connection)

    @sa.event.listens_for(engine, "begin")
    def began(tx: sa.Connection) -> None:
        # A transaction that begins by reading and then writes may fail at once as busy: writers say
        # so first. One statement that reads is a transaction without being told.
        options = tx.get_execution_options()
        if options.get("writes"):
            tx.exec_driver_sql("BEGIN IMMEDIATE")
        elif options.get("together", True):
            tx.exec_driver_sql("BEGIN")

    return engine


def prepare_sqlite(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    if sqlite3.sqlite_version_info < (3, 42):
        # DBOS asks for unixepoch('subsec'), which older libraries answer with NULL.
        connection.create_function("unixepoch", -1, _unixepoch)


def leave_log(connection: sqlite3.Connection) -> None:
    """To those who tidy up for all: one process, whose connections queue up for writing.

    SQLite before 3.51.3 can damage a file when two connections tidy up its log at once.
    """
    connection.execute("PRAGMA wal_autocheckpoint=0")


def _unixepoch(*arguments: object) -> float:
    return time.time() if arguments and arguments[-1] == "subsec" else int(time.time())
