"""What a database driver's error means: by SQLSTATE on PostgreSQL, by result code on SQLite."""

import sqlite3
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from bot.core.errors import Illness, TryLater

# By whole code, else by the class in its first two characters.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL: Final[Mapping[str, Illness]] = {
    "08": "away",
    "25006": "read_only",
    "28": "refused",
    "3D000": "refused",
    "40": "conflict",
    "53": "crowded",
    "53100": "full",
    "55006": "locked",
    "55P03": "locked",
    "57": "away",
    "57014": "locked",
    "58": "broken_disk",
    "XX001": "damaged",
    "XX002": "damaged",
}
# By primary result code. https://sqlite.org/rescode.html
SQLITE: Final[Mapping[int, Illness]] = {
    sqlite3.SQLITE_PERM: "refused",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_NOMEM: "crowded",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_INTERRUPT: "locked",
    sqlite3.SQLITE_IOERR: "broken_disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_NOLFS: "full",
    sqlite3.SQLITE_AUTH: "refused",
    sqlite3.SQLITE_NOTADB: "damaged",
}
# A value that does not fit its column, or the rules of its table.
ABOUT_VALUES_POSTGRESQL: Final = ("22", "23", "54")
ABOUT_VALUES_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_RANGE,
    }
)
# Another connection may reach another server: after a failover this one still leads to the old
# primary.
CURED_BY_ANOTHER_CONNECTION: Final[frozenset[Illness]] = frozenset({"away", "read_only"})


def illness_of(error: BaseException) -> Illness | None:
    """None for what is no illness of the database, but a mistake in what it was asked.

    Where SQLite has rolled back by itself, ending the transaction fails as well: what was raised
    first tells why.
    """
    raised: BaseException | None = error
    while isinstance(raised, sa.exc.SQLAlchemyError):
        if illness := _own_illness_of(raised):
            return illness
        raised = _before(raised)
    return None


def _before(error: BaseException) -> BaseException | None:
    """What was being handled when it was raised, past the driver's own error that it wraps."""
    before = error.__context__
    while before is not None and not isinstance(before, sa.exc.SQLAlchemyError):
        before = before.__context__
    return before


def _own_illness_of(error: sa.exc.SQLAlchemyError) -> Illness | None:
    if isinstance(error, sa.exc.TimeoutError):  # of the pool: every connection is taken
        return "crowded"
    if not isinstance(error, sa.exc.DBAPIError):
        return None
    match _code(error.orig):
        case str(sqlstate):
            return POSTGRESQL.get(sqlstate) or POSTGRESQL.get(sqlstate[:2])
        case int(result):
            return SQLITE.get(result)
        case _:
            return _without_code(error)


def is_about_values(error: Exception) -> bool:
    """Whether the error is about what was to be written, or a mistake of ours with it: the same
    statement with other values may well succeed."""
    if isinstance(error, TryLater):
        return False
    if not isinstance(error, sa.exc.DBAPIError):
        return True
    match _code(error.orig):
        case str(sqlstate):
            return sqlstate.startswith(ABOUT_VALUES_POSTGRESQL)
        case int(result):
            return result in ABOUT_VALUES_SQLITE
        case _:
            return _without_code(error) is None


def _code(raised: BaseException | None) -> str | int | None:
    if isinstance(raised, sqlite3.Error):
        # None where the Python module refused what never reached the library.
        code: int | None = getattr(raised, "sqlite_errorcode", None)
        return None if code is None else code & 0xFF
    sqlstate: str | None = getattr(raised, "sqlstate", None)
    return sqlstate


def _without_code(error: sa.exc.DBAPIError) -> Illness | None:
    """The driver gave up by itself: it was refused a connection, or lost it, or cannot send such a
    value."""
    if isinstance(error.orig, sqlite3.Error) or not isinstance(
        error, (sa.exc.OperationalError, sa.exc.InterfaceError)
    ):
        return None
    # While connecting libpq passes on the words of the server, but not its code.
    words = str(error.orig)
    return "crowded" if "too many" in words or "connection slots" in words else "away"
