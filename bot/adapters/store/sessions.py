"""Who is signed in to the dashboard, and what they may see there."""

from datetime import datetime

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import sessions
from bot.core.status.repository_status import Person


class Sessions:
    """By a name that tells nothing of the cookie: whoever reads the database cannot sign in with
    it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, name: str, person: Person, *, until: datetime) -> None:
        row = {
            "id": name,
            "login": person.login,
            "repositories": sorted(person.repositories),
            "suspended": sorted(person.suspended),
            "expires_at": until,
        }
        with self._db.writing() as tx:
            tx.execute(sa.insert(sessions).values(row))

    def find(self, name: str, *, now: datetime) -> Person | None:
        query = sa.select(sessions).where(sessions.c.id == name, sessions.c.expires_at > now)
        with self._db.reading() as tx:
            row = tx.execute(query).one_or_none()
        if row is None:
            return None
        return Person(
            login=row.login,
            repositories=frozenset(row.repositories),
            suspended=frozenset(row.suspended),
        )

    def close(self, name: str) -> None:
        with self._db.writing() as tx:
            tx.execute(sa.delete(sessions).where(sessions.c.id == name))

    def forget(self, *, before: datetime) -> None:
        with self._db.writing() as tx:
            tx.execute(sa.delete(sessions).where(sessions.c.expires_at < before))
