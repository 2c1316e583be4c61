"""Can a delivery be kept now? Found out by writing one row in the way deliveries are written."""

import os
import sqlite3
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.errors import TryLater
from bot.readiness import Cause, Unwritable
from bot.store.database import Database
from bot.store.schema import heartbeats

# More than most deliveries: on a disk that is nearly full a smaller row would still find room.
BALLAST_BYTES: Final = 65_536
# The low byte of https://sqlite.org/rescode.html
SQLITE_CAUSES: Final[dict[int, Cause]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_CAUSES: Final[dict[str, Cause]] = {
    "53100": "full",
    "55P03": "locked",
    "25006": "read_only",
    "XX001": "damaged",
    "XX002": "damaged",
}


class Heartbeats:
    def __init__(self, db: Database) -> None:
        self._db = db

    def beat(self, *, now: datetime) -> Unwritable | None:
        """Write the row anew; why that is impossible. The new one is written before the old one leaves it room."""
        row = sa.insert(heartbeats).values(at=now, ballast=os.urandom(BALLAST_BYTES)).returning(heartbeats.c.seq)
        try:
            with self._db.writing() as tx:
                newest = tx.execute(row).scalar_one()
                tx.execute(sa.delete(heartbeats).where(heartbeats.c.seq < newest))
        except (TryLater, sa.exc.DBAPIError) as error:
            return Unwritable(cause=cause_of(error), why=str(error).partition("\n")[0])
        return None


def cause_of(error: BaseException) -> Cause:
    """By the code of the database, never by its words, which are translated."""
    known = error if isinstance(error, sa.exc.DBAPIError) else error.__cause__
    original = known.orig if isinstance(known, sa.exc.DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return SQLITE_CAUSES.get(getattr(original, "sqlite_errorcode", 0) & 0xFF, "away")
    return POSTGRESQL_CAUSES.get(getattr(original, "sqlstate", None) or "", "away")
