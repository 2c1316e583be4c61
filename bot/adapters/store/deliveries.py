"""Keeping deliveries: the promise behind every 202, and what became of each of them."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa
import structlog

from bot.adapters.store.database import Database
from bot.adapters.store.illness import is_about_values
from bot.adapters.store.schema import deliveries, jobs, sweeps
from bot.core.errors import TryLater
from bot.core.events import Delivery
from bot.ports.world import Clock, Reached

log = structlog.get_logger(__name__)

Outcome = Literal["planned", "ignored", "repeated", "malformed", "unplanned"]

# Nothing came of it: a body that cannot be read, or a mistake of ours. A person has to look.
PUT_ASIDE: Final[tuple[Outcome, ...]] = ("malformed", "unplanned")
HOOK_LOG: Final = "hook"
UNDISPATCHED: Final = {"outcome": None, "why": None, "tries": 0, "due_at": None, "settled_at": None}
LONGEST_QUEUE: Final = 2000
LARGEST_BATCH: Final = 256


@dataclass(frozen=True, kw_only=True)
class KeptDelivery:
    """``outcome`` is None until dispatched; ``body`` is None once retention has emptied it.

    ``tries`` are the plannings that a mistake of ours ended, ``due_at`` is when the next one may
    begin.
    """

    seq: int
    guid: str
    event: str
    received_at: datetime
    outcome: Outcome | None
    why: str | None
    body: bytes | None
    tries: int
    due_at: datetime | None
    settled_at: datetime | None


class Deliveries:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def keep(self, batch: Sequence[Delivery]) -> set[str]:
        """Commit the batch or raise; the guids that were new. Two of one guid are one."""
        now = self._clock()
        rows = [
            {"guid": each.guid, "event": each.event, "body": each.body, "received_at": now}
            for each in batch
        ]
        keep = self._db.insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.guid)
        with self._db.writing() as tx:
            return set(tx.execute(keep, rows).scalars())

    def find(self, guid: str) -> KeptDelivery | None:
        with self._db.reading() as tx:
            row = (
                tx.execute(sa.select(deliveries).where(deliveries.c.guid == guid))
                .mappings()
                .one_or_none()
            )
        return KeptDelivery(**row) if row else None

    def newest(self, count: int, *, put_aside: bool = False) -> list[KeptDelivery]:
        """Without bodies."""
        columns = [column for column in deliveries.c if column.name != "body"]
        query = (
            sa.select(*columns, sa.null().label("body"))
            .order_by(deliveries.c.seq.desc())
            .limit(count)
        )
        with self._db.reading() as tx:
            return [
                KeptDelivery(**row)
                for row in tx.execute(query.where(*_put_aside_only(put_aside))).mappings()
            ]

    def between(self, since: datetime, until: datetime, *, put_aside: bool = False) -> list[str]:
        """The guids of what came from `since` on and before `until`, the oldest first."""
        came = (deliveries.c.received_at >= since, deliveries.c.received_at < until)
        query = (
            sa.select(deliveries.c.guid)
            .where(*came, *_put_aside_only(put_aside))
            .order_by(deliveries.c.seq)
        )
        with self._db.reading() as tx:
            return list(tx.execute(query).scalars())

    def malformed_since(self, moment: datetime) -> int:
        """How many were put aside since then, whenever they came."""
        query = sa.select(sa.func.count()).where(
            *_put_aside_only(True), deliveries.c.settled_at >= moment
        )
        with self._db.reading() as tx:
            return tx.execute(query).scalar_one()

    def known(self, guids: Sequence[str]) -> set[str]:
        """Which of these we hold already."""
        with self._db.reading() as tx:
            return set(
                tx.execute(
                    sa.select(deliveries.c.guid).where(deliveries.c.guid.in_(guids))
                ).scalars()
            )

    def holds_since(self) -> datetime | None:
        with self._db.reading() as tx:
            return tx.execute(sa.select(sa.func.min(deliveries.c.received_at))).scalar()

    def complete_until(self) -> datetime | None:
        with self._db.reading() as tx:
            return tx.execute(
                sa.select(sweeps.c.complete_until).where(sweeps.c.log == HOOK_LOG)
            ).scalar()

    def keep_complete_until(self, moment: datetime) -> None:
        row = self._db.insert(sweeps).values(log=HOOK_LOG, complete_until=moment)
        with self._db.writing() as tx:
            tx.execute(
                row.on_conflict_do_update(index_elements=["log"], set_={"complete_until": moment})
            )

    def dispatch_again(self, guid: str) -> bool:
        """For one without jobs, such as one that could not be read by the last release. False when
        that cannot be."""
        again = sa.update(deliveries).where(*_dispatchable_again(guid)).values(**UNDISPATCHED)
        with self._db.writing() as tx:
            return tx.execute(again.returning(deliveries.c.seq)).first() is not None

    def may_be_dispatched_again(self, guid: str) -> bool:
        with self._db.reading() as tx:
            return (
                tx.execute(sa.select(deliveries.c.seq).where(*_dispatchable_again(guid))).first()
                is not None
            )

    def oldest_undispatched(self) -> datetime | None:
        """Of the first in line: to look for the oldest of all would be to look at all of a
        backlog."""
        query = sa.select(deliveries.c.received_at).where(deliveries.c.outcome.is_(None))
        with self._db.reading() as tx:
            return tx.execute(query.order_by(deliveries.c.seq).limit(1)).scalar()

    def empty_bodies(self, *, before: datetime) -> int:
        """Forget what was said, keep that it came: a guid must stay known. The number emptied."""
        old = (
            deliveries.c.received_at < before,
            deliveries.c.outcome.is_not(None),
            deliveries.c.body.is_not(None),
        )
        with self._db.writing() as tx:
            return len(
                tx.execute(
                    sa.update(deliveries).where(*old).values(body=None).returning(deliveries.c.seq)
                ).all()
            )


def _put_aside_only(put_aside: bool) -> tuple[sa.ColumnElement[bool], ...]:
    return (deliveries.c.outcome.in_(PUT_ASIDE),) if put_aside else ()


def _dispatchable_again(guid: str) -> tuple[sa.ColumnElement[bool], ...]:
    jobs_of_it = sa.select(jobs.c.id).where(jobs.c.delivery == guid).exists()
    return (
        deliveries.c.guid == guid,
        deliveries.c.outcome.is_not(None),
        deliveries.c.body.is_not(None),
        ~jobs_of_it,
    )


@dataclass(frozen=True)
class _Waiting:
    delivery: Delivery
    loop: asyncio.AbstractEventLoop
    kept: asyncio.Future[bool]


class Inbox:
    """Group commit: one transaction for all that queued while the last one ran. Nobody waits for
    company."""

    def __init__(
        self, store: Deliveries, *, reached: Reached, kept: Callable[[], None] = lambda: None
    ) -> None:
        """`kept` is called after each commit: it wakes a dispatcher in the same process."""
        self._store = store
        self._reached = reached
        self._kept = kept
        self._told: set[type] = set()
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(LONGEST_QUEUE)
        self._writer = threading.Thread(target=self._write, name="inbox", daemon=True)
        self._writer.start()

    async def keep(self, delivery: Delivery) -> bool:
        """Returns once it is committed: True when new, False when we had it. Raises when it is not
        certain."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(delivery, loop, loop.create_future())
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise TryLater(f"{LONGEST_QUEUE} deliveries are waiting to be kept") from None
        return await waiting.kept

    def close(self) -> None:
        """Finish what is queued."""
        self._queue.put(None)
        self._writer.join()

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < LARGEST_BATCH:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._keep(batch)
                    return
                batch.append(following)
            self._keep(batch)

    def _keep(self, batch: list[_Waiting]) -> None:
        try:
            self._reached("ingest.before_commit")
            new = self._store.keep([each.delivery for each in batch])
            self._reached("ingest.after_commit")
        except Exception as error:  # noqa: BLE001 - whatever went wrong, somebody is waiting for the answer
            # One delivery the database will not take must not refuse its neighbours; a database
            # that is away, locked or full takes none of them, and asking it again for each would
            # outlast their patience.
            if len(batch) > 1 and is_about_values(error):
                for each in batch:
                    self._keep([each])
            else:
                refusal = self._refusal(error)
                for each in batch:
                    _answer(each, refusal)
            return
        self._kept()
        for each in batch:
            # The second of two equal guids in one batch is not new.
            _answer(each, each.delivery.guid in new)
            new.discard(each.delivery.guid)

    def _refusal(self, error: Exception) -> TryLater:
        """To come again, whatever went wrong: an error that no table of ours knows may pass as
        well. Its traceback is logged once per kind."""
        if isinstance(error, TryLater):
            return error
        kind = type(getattr(error, "orig", error))
        if kind not in self._told:
            self._told.add(kind)
            log.error("keeping_failed", exc_info=error)
        return TryLater(f"it could not be kept: {kind.__name__}")


def _answer(waiting: _Waiting, answer: bool | Exception) -> None:
    def settle() -> None:
        if waiting.kept.done():  # the request was cancelled meanwhile
            return
        if isinstance(answer, Exception):
            waiting.kept.set_exception(answer)
        else:
            waiting.kept.set_result(answer)

    waiting.loop.call_soon_threadsafe(settle)
