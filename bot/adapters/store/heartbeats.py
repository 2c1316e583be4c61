"""Can a delivery be kept now? Found out by writing one row in the way deliveries are written."""

import os
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import heartbeats
from bot.core.errors import DatabaseIll
from bot.core.status.readiness import Unwritable

# More than most deliveries: on a disk that is nearly full a smaller row would still find room.
BALLAST_BYTES: Final = 65_536


class Heartbeats:
    def __init__(self, db: Database) -> None:
        self._db = db

    def beat(self, *, now: datetime) -> Unwritable | None:
        """Write the row anew; why that is impossible. The new one is written before the old one
        leaves it room."""
        row = (
            sa.insert(heartbeats)
            .values(at=now, ballast=os.urandom(BALLAST_BYTES))
            .returning(heartbeats.c.seq)
        )
        try:
            with self._db.writing() as tx:
                newest = tx.execute(row).scalar_one()
                tx.execute(sa.delete(heartbeats).where(heartbeats.c.seq < newest))
        except DatabaseIll as error:
            return Unwritable(cause=error.illness, why=str(error))
        return None
