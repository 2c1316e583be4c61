"""How fast an installation is written to, and whether it may be asked at all: known to every
worker."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import contributions, installations
from bot.core.status.readiness import Pause

# https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
BETWEEN_WRITES: Final = timedelta(seconds=1)
# A quarter of what GitHub allows: the people and the other bots of an installation write as well.
# So long it is taken for granted that an installation is not paused: requests that leave meanwhile
# are like those that were under way when a pause began.
FREE_FOR: Final = timedelta(seconds=1)
BUDGET: Final = ((20, timedelta(minutes=1)), (150, timedelta(hours=1)))

SHORTEST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
# More is an hour anyway, and in the end no timedelta.
MOST_DOUBLINGS: Final = 6


class SqlPace:
    """``Pace`` over the database. The App itself is installation 0."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._found_free: dict[int, datetime] = {}

    def paused_until(self, installation_id: int, *, now: datetime) -> datetime | None:
        """None when requests may leave. Suspended is paused for an hour, and again and again."""
        found_free = self._found_free.get(installation_id)
        if found_free is not None and timedelta() <= now - found_free < FREE_FOR:
            return None
        until = self._read_pause(installation_id, now=now)
        if until is None:
            self._found_free[installation_id] = now
        return until

    def _read_pause(self, installation_id: int, *, now: datetime) -> datetime | None:
        query = sa.select(installations.c.paused_until, installations.c.suspended)
        with self._db.reading() as tx:
            row = tx.execute(query.where(installations.c.id == installation_id)).one_or_none()
        if row is None:
            return None
        if row.suspended:
            return now + LONGEST_PAUSE
        return row.paused_until if row.paused_until and row.paused_until > now else None

    def pauses(self, *, now: datetime) -> list[Pause]:
        """The longest first."""
        query = sa.select(
            installations.c.account, installations.c.paused_until, installations.c.why
        )
        paused = query.where(installations.c.paused_until > now).order_by(
            installations.c.paused_until.desc()
        )
        with self._db.reading() as tx:
            return [
                Pause(account=row.account, until=row.paused_until, why=row.why or "")
                for row in tx.execute(paused)
            ]

    def pause(
        self, installation_id: int, *, until: datetime | None, why: str, now: datetime
    ) -> datetime:
        """Let no request leave before the moment returned: `until`, or where nobody said, a minute,
        then two, four."""
        with self._db.writing() as tx:
            found = self._row(tx, installation_id)
            ended = found["paused_until"]
            in_a_row = found["pauses"] if ended and now - ended < LONGEST_PAUSE else 0
            if ended and ended > now:
                # The requests that were under way when the pause began are answered like the one
                # that began it.
                until = max(ended, until or ended)
            else:
                until = until or now + min(
                    SHORTEST_PAUSE * 2 ** min(in_a_row, MOST_DOUBLINGS), LONGEST_PAUSE
                )
                in_a_row += 1
            self._update(tx, installation_id, paused_until=until, pauses=in_a_row, why=why[:500])
        self._found_free.pop(installation_id, None)
        return until

    def suspend(self, installation_id: int) -> None:
        with self._db.writing() as tx:
            self._row(tx, installation_id)
            self._update(tx, installation_id, suspended=True)
        self._found_free.pop(installation_id, None)

    def reserve_write(
        self, installation_id: int, *, contributes: bool, now: datetime, within: timedelta
    ) -> datetime:
        """When the next write may leave; reserved only where that is `within` so long from now.

        `contributes`: it makes something that people are told of.
        """
        with self._db.writing() as tx:
            free_at = self._row(tx, installation_id)["next_write_at"] or now
            # Further ahead than writes can queue up, it was written by a clock that went wrong.
            at = free_at if now < free_at <= now + timedelta(minutes=1) else now
            if contributes:
                at = max([at, *self._budget_allows(tx, installation_id)])
            if at - now <= within:
                self._update(tx, installation_id, next_write_at=at + BETWEEN_WRITES)
                if contributes:
                    tx.execute(
                        sa.insert(contributions).values(installation_id=installation_id, at=at)
                    )
                    tx.execute(
                        sa.delete(contributions).where(contributions.c.at < at - BUDGET[-1][1])
                    )
        return at

    def _budget_allows(self, tx: sa.Connection, installation_id: int) -> list[datetime]:
        """For each limit that has been reached, when it allows one more."""
        made = (
            sa.select(contributions.c.at)
            .where(contributions.c.installation_id == installation_id)
            .order_by(contributions.c.at.desc())
            .limit(max(count for count, _ in BUDGET))
        )
        newest = tx.execute(made).scalars().all()
        return [newest[count - 1] + span for count, span in BUDGET if len(newest) >= count]

    def _row(self, tx: sa.Connection, installation_id: int) -> sa.RowMapping:
        """Locked until the transaction ends."""
        row = self._db.insert(installations).values(id=installation_id)
        found_or_made = row.on_conflict_do_update(
            index_elements=["id"], set_={"id": installation_id}
        ).returning(installations)
        return tx.execute(found_or_made).mappings().one()

    def _update(self, tx: sa.Connection, installation_id: int, **values: Any) -> None:
        tx.execute(
            sa.update(installations).where(installations.c.id == installation_id).values(**values)
        )
