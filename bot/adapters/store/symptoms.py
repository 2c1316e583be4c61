"""What one process met and the others should tell of: kept while it lasts."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
import structlog

from bot.adapters.store.database import Database
from bot.adapters.store.schema import symptoms
from bot.core.errors import TryLater
from bot.core.status.readiness import Symptom

log = structlog.get_logger(__name__)


class SqlSymptoms:
    """``Symptoms`` over the database. It is asked at every request to GitHub and writes only what
    is new to it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._last: dict[Symptom, str | None] = {}

    def note(self, name: Symptom, why: str, *, at: datetime) -> None:
        if self._last.get(name) == why:
            return
        row = self._db.insert(symptoms).values(name=name, why=why[:500], at=at)
        self._enter(
            name,
            why,
            row.on_conflict_do_update(index_elements=["name"], set_={"why": why[:500], "at": at}),
        )

    def clear(self, name: Symptom) -> None:
        if self._last.get(name, "not known yet") is None:
            return
        self._enter(name, None, sa.delete(symptoms).where(symptoms.c.name == name))

    def _enter(self, name: Symptom, why: str | None, change: sa.Executable) -> None:
        """A database that is away must not undo what has been answered: it is tried again at the
        next answer."""
        try:
            with self._db.writing() as tx:
                tx.execute(change)
        except TryLater as error:
            log.warning("symptom_not_kept", name=name, why=str(error))
        else:
            self._last[name] = why

    def lasting(self) -> Mapping[Symptom, str]:
        """Why, by name."""
        with self._db.reading() as tx:
            return {
                name: why for name, why in tx.execute(sa.select(symptoms.c.name, symptoms.c.why))
            }
