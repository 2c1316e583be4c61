"""Jobs: which wait, which may start now, which are under way and with whom, how they ended."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Outcome
from bot.adapters.store.illness import is_about_values
from bot.adapters.store.job_rows import UnknownJob, job_of, row_of
from bot.adapters.store.repositories import path_in
from bot.adapters.store.schema import deliveries, installations, jobs
from bot.core.events import Delivery
from bot.core.jobs import EVEN_IF_SILENT, Bury, Job, Retry, after_unplanned, slot_of

State = Literal["waiting", "started", "done", "buried"]

# Any number, as long as nothing else in the database locks the same one.
DISPATCH_LOCK: Final = 7_046_029_254_386_353_131
# Of bodies that are planned at once; one that is larger is planned by itself.
PLANNED_BYTES: Final = 8 << 20
# They may quote what strangers sent.
LONGEST_REASON: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One start of a job by one worker. ``number`` counts every start, those that ended in a death
    included."""

    job: Job | UnknownJob
    run: str
    worker: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Started:
    """A job under way, as the rescuer saw it."""

    job_id: str
    run: str
    deaths: int


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    job: Job | UnknownJob
    state: State
    due_at: datetime
    attempts: int
    deaths: int
    run: str | None
    worker: str | None
    why: str | None
    settled_at: datetime | None


@dataclass(frozen=True)
class Planned:
    outcome: Outcome
    jobs: Sequence[Job] = ()
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class Dispatched:
    """What became of a delivery in one round. ``outcome`` is None when it waits ``until`` it is
    tried again.

    ``error`` is a mistake of ours that it met: never what the database did to it.
    """

    delivery: str
    event: str
    outcome: Outcome | None
    why: str | None = None
    until: datetime | None = None
    error: Exception | None = None


# Where the learnings file of a repository lives.
Paths = Callable[[int], str]
Plan = Callable[[Delivery, Paths], Planned]
# A delivery and what is to become of it, or the mistake of ours that it met.
Thought = tuple[sa.Row[Any], Planned | Exception]
HandOver = Callable[[sa.Connection, str, str], None]


class Jobs:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, job: Job, *, due_at: datetime, now: datetime) -> bool:
        """False when it is there already, or one like it waits and does for both."""
        with self._db.writing() as tx:
            return self._add(tx, job, due_at=due_at, now=now)

    def ask_for(self, job: Job, *, due_at: datetime, now: datetime) -> None:
        """Add it; when it coalesces and is settled, once more: whoever asks has something new for
        it to see."""
        with self._db.writing() as tx:
            if not self._add(tx, job, due_at=due_at, now=now) and slot_of(job) is not None:
                _revive(tx, job.id, due_at=due_at, why="asked for again", now=now)

    def plan(self, plan: Plan, *, now: datetime, limit: int = 500) -> list[Dispatched]:
        """Turn undispatched deliveries into jobs, both or neither.

        They are read and thought about before the transaction that writes: a large body would hold
        up those who keep deliveries meanwhile. Raises what the database raised, and then nothing
        has changed. A delivery that our own code cannot plan stands back for those behind it, and
        after some tries is put aside as unplanned.
        """
        rows = self._undispatched(now, limit=limit)
        if not rows:
            return []
        paths = cache(self._path)
        thoughts = [_think(plan, row, paths) for row in rows]
        with self._db.writing() as tx:
            if not self._leads(tx):
                return []
            seqs = [row.seq for row in rows]
            open_still = sa.select(deliveries.c.seq).where(
                deliveries.c.seq.in_(seqs), deliveries.c.outcome.is_(None)
            )
            mine = set(tx.execute(open_still).scalars())
            return self._settle_planned(tx, [each for each in thoughts if each[0].seq in mine], now)

    def _undispatched(self, now: datetime, *, limit: int) -> Sequence[sa.Row[Any]]:
        """The first in line, as many as may be held in memory at once."""
        table = deliveries.c
        waits = (table.outcome.is_(None), sa.or_(table.due_at.is_(None), table.due_at <= now))
        line = sa.select(table.seq, sa.func.length(table.body)).where(*waits)
        with self._db.reading() as tx:
            # What changes between the two is seen by `plan`, which asks again.
            seqs: list[int] = []
            room = PLANNED_BYTES
            for seq, size in tx.execute(line.order_by(table.seq).limit(limit)).all():
                room -= size or 0
                if seqs and room < 0:
                    break
                seqs.append(seq)
            if not seqs:
                return []
            return tx.execute(
                sa.select(deliveries).where(table.seq.in_(seqs)).order_by(table.seq)
            ).all()

    def _path(self, repo_id: int) -> str:
        with self._db.reading() as tx:
            return path_in(tx, repo_id)

    def _settle_planned(
        self, tx: sa.Connection, thoughts: Sequence[Thought], now: datetime
    ) -> list[Dispatched]:
        dispatched = self._add_planned(tx, thoughts, now=now)
        settled = [
            {
                "settled": row.seq,
                "outcome": each.outcome,
                "why": _shortened(each.why),
                "tries": row.tries + (each.error is not None),
                "due_at": each.until,
                "settled_at": None if each.outcome is None else now,
            }
            for (row, _), each in zip(thoughts, dispatched, strict=True)
        ]
        if settled:
            settle = sa.update(deliveries).where(deliveries.c.seq == sa.bindparam("settled"))
            tx.execute(settle, settled)
        return dispatched

    def _add_planned(
        self, tx: sa.Connection, thoughts: Sequence[Thought], *, now: datetime
    ) -> list[Dispatched]:
        """All at once; one by one where one of them has what cannot be kept."""
        wanted = [
            job for _, planned in thoughts if isinstance(planned, Planned) for job in planned.jobs
        ]
        savepoint: AbstractContextManager[object] = tx.begin_nested() if wanted else nullcontext()
        try:
            with savepoint:
                added = self._add_all(tx, wanted, due_at=now, now=now)
        except Exception as error:
            if not is_about_values(error):
                raise
            if len(thoughts) == 1:
                return [_failed(thoughts[0][0], error, now=now)]
            return [each for one in thoughts for each in self._add_planned(tx, [one], now=now)]
        return [_dispatched(row, planned, added, now=now) for row, planned in thoughts]

    def start_due(
        self, hand_over: HandOver, *, now: datetime, per_installation: int, limit: int = 100
    ) -> int:
        """Start what is due and allowed: one per lane, few per installation, the longest due
        first."""
        if not self._any(jobs.c.state == "waiting", jobs.c.due_at <= now):
            return 0
        with self._db.writing() as tx:
            if not self._leads(tx):
                return 0
            rows = tx.execute(_startable(now, per_installation).limit(limit)).all()
            started = [(job_id, f"{job_id}#{runs + 1}", runs + 1) for job_id, runs in rows]
            for job_id, run, _ in started:
                hand_over(tx, run, job_id)
            if started:
                start = sa.update(jobs).where(jobs.c.id == sa.bindparam("started"))
                tx.execute(
                    start.values(state="started", worker=None),
                    [{"started": of, "run": run, "runs": runs} for of, run, runs in started],
                )
        return len(rows)

    def claim(self, job_id: str, *, run: str, worker: str) -> Attempt | None:
        """Count the attempt before its work begins. None when this run is no longer the job's."""
        with self._db.writing() as tx:
            take = (
                sa.update(jobs)
                .where(jobs.c.id == job_id, jobs.c.run == run, jobs.c.state == "started")
                .values(worker=worker, attempts=jobs.c.attempts + 1)
                .returning(jobs)
            )
            row = tx.execute(take).mappings().one_or_none()
        return (
            Attempt(job=job_of(row), run=run, worker=worker, number=row["attempts"])
            if row
            else None
        )

    def holds(self, attempt: Attempt) -> bool:
        """False once another worker has taken the job over."""
        return self._any(*_mine(attempt))

    def finish(self, attempt: Attempt, *, now: datetime, why: str | None = None) -> bool:
        """`why` where it ended without being done."""
        return self._settle(attempt, state="done", why=why, settled_at=now)

    def postpone(self, attempt: Attempt, *, until: datetime, why: str, now: datetime) -> bool:
        with self._db.writing() as tx:
            return _wait_again(tx, *_mine(attempt), until=until, why=why, now=now)

    def bury(self, attempt: Attempt, *, why: str, now: datetime, forbidden: bool = False) -> bool:
        """`forbidden` where it may go on once the App is allowed what it was not."""
        return self._settle(attempt, state="buried", why=why, forbidden=forbidden, settled_at=now)

    def revive_forbidden(self, installation_id: int, *, now: datetime) -> None:
        """What was given up because the App might not: it may be allowed now."""
        forbidden = (
            jobs.c.installation_id == installation_id,
            jobs.c.state == "buried",
            jobs.c.forbidden,
        )
        with self._db.writing() as tx:
            for job_id in tx.execute(sa.select(jobs.c.id).where(*forbidden)).scalars().all():
                _set(tx, jobs.c.id == job_id, attempts=0)
                _wait_again(tx, jobs.c.id == job_id, until=now, why="allowed again", now=now)

    def started(self) -> list[Started]:
        query = sa.select(jobs.c.id, jobs.c.run, jobs.c.deaths).where(jobs.c.state == "started")
        with self._db.reading() as tx:
            return [
                Started(job_id=job_id, run=run, deaths=deaths)
                for job_id, run, deaths in tx.execute(query)
            ]

    def count_death(self, started: Started) -> bool:
        """The run goes on with whoever claims it next. False when somebody else has seen to it."""
        with self._db.writing() as tx:
            return _set(tx, *_still(started), deaths=started.deaths + 1, worker=None)

    def requeue(
        self, started: Started, *, until: datetime, why: str, now: datetime, died: bool = False
    ) -> bool:
        """Give the run up and wait for another one."""
        with self._db.writing() as tx:
            counted = _set(tx, *_still(started), deaths=started.deaths + died)
            return counted and _wait_again(
                tx, jobs.c.id == started.job_id, until=until, why=why, now=now
            )

    def bury_started(self, started: Started, *, why: str, now: datetime) -> bool:
        with self._db.writing() as tx:
            return _set(tx, *_still(started), state="buried", why=why, settled_at=now)

    def replay(self, job_id: str, *, now: datetime) -> bool:
        """Let a settled job wait again, as if it had never been tried. False when it is not settled
        or not known."""
        with self._db.writing() as tx:
            return _revive(tx, job_id, due_at=now, why="replayed", now=now)

    def of_delivery(self, guid: str) -> list[JobRecord]:
        return self._records(jobs.c.delivery == guid)

    def all(self) -> list[JobRecord]:
        return self._records(sa.true())

    def buried(self) -> list[JobRecord]:
        return self._records(jobs.c.state == "buried")

    def find(self, job_id: str) -> JobRecord | None:
        return next(iter(self._records(jobs.c.id == job_id)), None)

    def counts(self) -> dict[str, int]:
        with self._db.reading() as tx:
            return {
                state: n
                for state, n in tx.execute(
                    sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)
                )
            }

    def oldest_due(self, *, now: datetime) -> datetime | None:
        """Since when the first in line has waited to be started. Of silent installations none is
        expected to."""
        due = (
            jobs.c.state == "waiting",
            jobs.c.due_at <= now,
            jobs.c.installation_id.not_in(_silent(now)),
        )
        with self._db.reading() as tx:
            return tx.execute(
                sa.select(jobs.c.due_at).where(*due).order_by(jobs.c.due_at).limit(1)
            ).scalar()

    def busy(self, *, until: datetime) -> bool:
        """Whether a job is under way, or will be before that moment."""
        waiting = sa.and_(jobs.c.state == "waiting", jobs.c.due_at <= until)
        return self._any(sa.or_(jobs.c.state == "started", waiting))

    def forget_done(self, *, before: datetime) -> int:
        old = (jobs.c.state == "done", jobs.c.settled_at < before)
        with self._db.writing() as tx:
            return len(tx.execute(sa.delete(jobs).where(*old).returning(jobs.c.id)).all())

    def _add(self, tx: sa.Connection, job: Job, *, due_at: datetime, now: datetime) -> bool:
        return bool(self._add_all(tx, [job], due_at=due_at, now=now))

    def _add_all(
        self, tx: sa.Connection, wanted: Sequence[Job], *, due_at: datetime, now: datetime
    ) -> set[str]:
        """The ids of those that were not there. Two of one id are one."""
        if not wanted:
            return set()
        about = {"state": "waiting", "due_at": due_at, "created_at": now}
        rows = [{**row_of(job), **about} for job in wanted]
        add = self._db.insert(jobs).on_conflict_do_nothing().returning(jobs.c.id)
        return set(tx.execute(add, rows).scalars())

    def _settle(self, attempt: Attempt, **values: object) -> bool:
        with self._db.writing() as tx:
            return _set(tx, *_mine(attempt), **values)

    def _any(self, *conditions: sa.ColumnElement[bool]) -> bool:
        with self._db.reading() as tx:
            return (
                tx.execute(sa.select(sa.literal(1)).where(*conditions).limit(1)).first() is not None
            )

    def _records(self, *conditions: sa.ColumnElement[bool]) -> list[JobRecord]:
        with self._db.reading() as tx:
            rows = (
                tx.execute(sa.select(jobs).where(*conditions).order_by(jobs.c.created_at))
                .mappings()
                .all()
            )
        return [
            JobRecord(
                job=job_of(row),
                **{each.name: row[each.name] for each in fields(JobRecord) if each.name != "job"},
            )
            for row in rows
        ]

    def _leads(self, tx: sa.Connection) -> bool:
        """Only one process dispatches at a time, or two could each start a job of one lane."""
        if self._db.is_sqlite:  # its one writer leads
            return True
        return bool(
            tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(DISPATCH_LOCK))).scalar()
        )


def _think(plan: Plan, row: sa.Row[Any], paths: Paths) -> Thought:
    try:
        return row, plan(Delivery(guid=row.guid, event=row.event, body=row.body), paths)
    except Exception as error:
        if not is_about_values(error):
            raise
        return row, error


def _dispatched(
    row: sa.Row[Any], planned: Planned | Exception, added: set[str], *, now: datetime
) -> Dispatched:
    """Takes from `added` what is this delivery's: the first of two that start the same job has
    it."""
    if isinstance(planned, Exception):
        return _failed(row, planned, now=now)
    ids = {job.id for job in planned.jobs}
    outcome = "repeated" if ids and not ids & added else planned.outcome
    added -= ids
    return Dispatched(delivery=row.guid, event=row.event, outcome=outcome, why=planned.why)


def _failed(row: sa.Row[Any], error: Exception, *, now: datetime) -> Dispatched:
    """Whatever one delivery makes of us, those behind it must go on."""
    said = {"delivery": row.guid, "event": row.event, "why": repr(error), "error": error}
    match after_unplanned(error, tries=row.tries + 1, now=now):
        case Retry(at):
            return Dispatched(outcome=None, until=at, **said)
        case Bury():
            return Dispatched(outcome="unplanned", **said)


def _shortened(why: str | None) -> str | None:
    return None if why is None else why[:LONGEST_REASON]


def _mine(attempt: Attempt) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        jobs.c.id == attempt.job.id,
        jobs.c.state == "started",
        jobs.c.run == attempt.run,
        jobs.c.worker == attempt.worker,
        jobs.c.attempts == attempt.number,
    )


def _still(started: Started) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        jobs.c.id == started.job_id,
        jobs.c.state == "started",
        jobs.c.run == started.run,
        jobs.c.deaths == started.deaths,
    )


def _set(tx: sa.Connection, *conditions: sa.ColumnElement[bool], **values: Any) -> bool:
    if "why" in values:
        values["why"] = _shortened(values["why"])
    return (
        tx.execute(sa.update(jobs).where(*conditions).values(**values).returning(jobs.c.id)).first()
        is not None
    )


def _wait_again(
    tx: sa.Connection, *conditions: sa.ColumnElement[bool], until: datetime, why: str, now: datetime
) -> bool:
    try:
        with tx.begin_nested():
            return _set(
                tx,
                *conditions,
                state="waiting",
                due_at=until,
                why=why,
                run=None,
                worker=None,
                forbidden=False,
                settled_at=None,
            )
    except sa.exc.IntegrityError:
        # Another job waits in its slot already and will do the work of both.
        return _set(
            tx, *conditions, state="done", why=f"left to the one that waits: {why}", settled_at=now
        )


def _revive(tx: sa.Connection, job_id: str, *, due_at: datetime, why: str, now: datetime) -> bool:
    settled = (jobs.c.id == job_id, jobs.c.state.in_(("done", "buried")))
    fresh = _set(tx, *settled, attempts=0, deaths=0)
    return fresh and _wait_again(tx, jobs.c.id == job_id, until=due_at, why=why, now=now)


def _startable(now: datetime, per_installation: int) -> sa.Select[str, int]:
    """Due jobs that may start: the first of each lane that is free, as many per installation as it
    has room for."""
    started = (
        sa.select(jobs.c.lane, jobs.c.installation_id).where(jobs.c.state == "started").subquery()
    )
    busy_lanes = sa.select(started.c.lane).where(started.c.lane.is_not(None))
    in_lane = (
        sa.select(
            jobs.c.id, jobs.c.runs, jobs.c.installation_id, jobs.c.due_at, _rank(jobs, _lane(jobs))
        )
        .where(jobs.c.state == "waiting", jobs.c.due_at <= now)
        .where(sa.or_(jobs.c.lane.is_(None), jobs.c.lane.not_in(busy_lanes)))
        .where(sa.or_(jobs.c.kind.in_(EVEN_IF_SILENT), jobs.c.installation_id.not_in(_silent(now))))
        .subquery()
    )
    free = sa.select(in_lane).where(in_lane.c.rank == 1).subquery("free")
    fair = sa.select(
        free.c.id,
        free.c.runs,
        free.c.installation_id,
        free.c.due_at,
        _rank(free, free.c.installation_id),
    )
    ranked = fair.subquery("fair")
    under_way = (
        sa.select(sa.func.count())
        .select_from(started)
        .where(started.c.installation_id == ranked.c.installation_id)
        .scalar_subquery()
    )
    return (
        sa.select(ranked.c.id, ranked.c.runs)
        .where(ranked.c.rank + under_way <= per_installation)
        .order_by(ranked.c.due_at, ranked.c.id)
    )


def _silent(now: datetime) -> sa.Select[int]:
    """Installations of which nothing may be asked now: their jobs need not begin in order to find
    that out."""
    return sa.select(installations.c.id).where(
        sa.or_(installations.c.suspended, installations.c.paused_until > now)
    )


def _lane(table: sa.Table) -> sa.ColumnElement[str]:
    return sa.func.coalesce(table.c.lane, table.c.id)


def _rank(table: sa.FromClause, within: sa.ColumnElement[Any]) -> sa.Label[int]:
    return (
        sa.func.row_number()
        .over(partition_by=within, order_by=(table.c.due_at, table.c.id))
        .label("rank")
    )
