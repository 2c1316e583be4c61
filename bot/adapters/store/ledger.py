"""The ledger: what each job decided and did, entered once however often the job ran."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import effects
from bot.ports.world import Clock


@dataclass(frozen=True, kw_only=True)
class Effect:
    """``what`` is an event name in the past tense, ``about`` its fields as JSON: never content."""

    job: str
    what: str
    about: str
    at: datetime


class Effects:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def enter(self, job_id: str, what: str, about: Mapping[str, object]) -> None:
        """A second time is the first time: the key is all of it."""
        row = {
            "job": job_id,
            "what": what,
            "about": json.dumps(about, sort_keys=True),
            "at": self._clock(),
        }
        with self._db.writing() as tx:
            tx.execute(self._db.insert(effects).values(row).on_conflict_do_nothing())

    def of_job(self, job_id: str) -> list[Effect]:
        query = (
            sa.select(effects).where(effects.c.job == job_id).order_by(effects.c.at, effects.c.what)
        )
        with self._db.reading() as tx:
            return [Effect(**row) for row in tx.execute(query).mappings()]

    def forget(self, *, before: datetime) -> None:
        with self._db.writing() as tx:
            tx.execute(sa.delete(effects).where(effects.c.at < before))
