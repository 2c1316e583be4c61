"""Who is alive: every worker renews its own row, by the database's clock."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import workers


@dataclass(frozen=True, kw_only=True)
class Worker:
    id: str
    fingerprint: str
    started_at: datetime


class Workers:
    def __init__(self, db: Database, *, lease_seconds: float) -> None:
        self._db = db
        self._lease_seconds = lease_seconds

    def beat(self, worker: Worker) -> None:
        lease = {"alive_until": self._now() + self._lease_seconds}
        row = {
            "id": worker.id,
            "host": _host(),
            "pid": os.getpid(),
            "fingerprint": worker.fingerprint,
            "started_at": worker.started_at,
            **lease,
        }
        upsert = (
            self._db.insert(workers)
            .values(row)
            .on_conflict_do_update(index_elements=["id"], set_=lease)
        )
        with self._db.writing() as tx:
            tx.execute(upsert)

    def living(self) -> list[Worker]:
        query = sa.select(workers.c.id, workers.c.fingerprint, workers.c.started_at)
        with self._db.reading() as tx:
            return [
                Worker(**row)
                for row in tx.execute(query.where(workers.c.alive_until > self._now())).mappings()
            ]

    def lost(self, *, within_seconds: float) -> list[str]:
        """The machines of those whose lease ended in this time: who stops in order takes the lease
        away."""
        ended = workers.c.alive_until.between(self._now() - within_seconds, self._now())
        with self._db.reading() as tx:
            # The name of a machine may be followed by what tells its containers apart.
            return [
                host.partition(" ")[0]
                for host in tx.execute(sa.select(workers.c.host).where(ended)).scalars()
            ]

    def leave(self, worker_id: str) -> None:
        with self._db.writing() as tx:
            tx.execute(sa.delete(workers).where(workers.c.id == worker_id))

    def bury_neighbours(self) -> None:
        """Forget workers of this machine whose process is gone: their jobs need not wait for the
        lease to end."""
        here = sa.select(workers.c.id, workers.c.pid).where(workers.c.host == _host())
        with self._db.writing() as tx:
            gone = [
                worker_id
                for worker_id, pid in tx.execute(here)
                if pid == os.getpid() or not _runs(pid)
            ]
            tx.execute(sa.delete(workers).where(workers.c.id.in_(gone)))

    def forget_dead(self, *, after_seconds: float = 86400) -> None:
        with self._db.writing() as tx:
            tx.execute(
                sa.delete(workers).where(workers.c.alive_until < self._now() - after_seconds)
            )

    def _now(self) -> sa.ColumnElement[float]:
        if self._db.is_sqlite:
            return sa.literal_column("(julianday('now') - 2440587.5) * 86400.0", sa.Float)
        return sa.literal_column("extract(epoch from clock_timestamp())::float8", sa.Float)


def _host() -> str:
    """Where process numbers mean the same: containers may share a host's name but count from 1
    each."""
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
