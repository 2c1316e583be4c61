"""How repositories stand, read in few queries; nothing is written."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.line_codec import entry_of
from bot.adapters.store.repositories import SqlStore
from bot.adapters.store.schema import (
    comments,
    installations,
    jobs,
    model_calls,
    proposal_amendments,
    proposal_entries,
    proposals,
    repositories,
    threads,
    verdicts,
)
from bot.core.proposal.life import WANTED, Life
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.repository_settings import settings_in_force
from bot.core.status.repository_status import (
    Particulars,
    ShownAnswer,
    ShownComment,
    ShownJob,
    ShownVerdict,
    Standing,
)

MOST_SHOWN: Final = 50
# How many by state, of one repository and of each.
Tally = Mapping[Any, int]
Tallies = Mapping[int, Tally]


class Standings:
    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, repo_ids: Sequence[int]) -> list[Standing]:
        """Those of them that the bot has read, by name."""
        found = (
            sa.select(
                repositories,
                installations.c.suspended,
                installations.c.paused_until,
                installations.c.why,
                installations.c.permissions,
                proposals.c.number,
            )
            .outerjoin(installations, installations.c.id == repositories.c.installation_id)
            .outerjoin(proposals, proposals.c.repo_id == repositories.c.id)
            .where(repositories.c.id.in_(repo_ids))
            .order_by(sa.func.lower(repositories.c.full_name))
        )
        with self._db.reading(together=True) as tx:
            rows = tx.execute(found).all()
            changes = _counted(
                tx, proposal_amendments.c.repo_id, proposal_amendments.c.state, repo_ids
            )
            entries = _counted(tx, proposal_entries.c.repo_id, proposal_entries.c.state, repo_ids)
            said = _counted(tx, comments.c.repo_id, comments.c.state, repo_ids)
            buried = _counted(tx, jobs.c.repo_id, jobs.c.state, repo_ids, jobs.c.state == "buried")
        counts = (entries, changes, said, buried)
        return [_standing(row, *(each.get(row.id, {}) for each in counts)) for row in rows]

    def suspended(self, installation_ids: Sequence[int]) -> list[str]:
        """The accounts of those of them that are suspended."""
        query = sa.select(installations.c.account).where(
            installations.c.id.in_(installation_ids), installations.c.suspended
        )
        with self._db.reading() as tx:
            return sorted(tx.execute(query).scalars())

    def particulars(self, repo_id: int) -> Particulars:
        changes = [each for each in SqlStore(self._db).amendments(repo_id) if each.life in WANTED]
        with self._db.reading(together=True) as tx:
            return Particulars(
                entries=_entries(tx, repo_id),
                changes=changes[:MOST_SHOWN],
                verdicts=_verdicts(tx, repo_id),
                comments=_comments(tx, repo_id),
                jobs=_jobs(tx, repo_id),
                **_answers(tx, repo_id),
            )


def _counted(
    tx: sa.Connection,
    repo: sa.Column[Any],
    state: sa.Column[Any],
    repo_ids: Sequence[int],
    *conditions: sa.ColumnElement[bool],
) -> Tallies:
    query = (
        sa.select(repo, state, sa.func.count())
        .where(repo.in_(repo_ids), *conditions)
        .group_by(repo, state)
    )
    found: dict[int, dict[Any, int]] = {}
    for repo_id, name, count in tx.execute(query):
        found.setdefault(repo_id, {})[name] = count
    return found


def _standing(row: Any, entries: Tally, changes: Tally, said: Tally, buried: Tally) -> Standing:
    return Standing(
        id=row.id,
        full_name=row.full_name,
        installation_id=row.installation_id,
        settings=settings_in_force(row.settings),
        settings_mistake=row.settings_mistake,
        suspended=bool(row.suspended),
        paused_until=row.paused_until,
        paused_because=row.why or "",
        permissions=row.permissions,
        pull_request=row.number,
        entries=entries,
        changes=changes,
        comments=sum(count for state, count in said.items() if state != "silent"),
        buried=sum(buried.values()),
    )


def _entries(tx: sa.Connection, repo_id: int) -> Mapping[Life, Sequence[ProposedEntry]]:
    """Of each life so many: the first in line, and of what is settled the latest."""
    table = proposal_entries
    in_line = (table.c.drafted_at, table.c.number)
    lives: Mapping[Life, Sequence[Any]] = {
        "proposed": in_line,
        "waiting": in_line,
        "held": in_line,
        "merged": [column.desc() for column in in_line],
        "refused": [column.desc() for column in in_line],
    }
    return {life: _entries_of(tx, repo_id, life, order) for life, order in lives.items()}


def _entries_of(
    tx: sa.Connection, repo_id: int, life: Life, order: Sequence[Any]
) -> list[ProposedEntry]:
    table = proposal_entries
    query = sa.select(table).where(table.c.repo_id == repo_id, table.c.state == life)
    return [entry_of(row) for row in tx.execute(query.order_by(*order).limit(MOST_SHOWN))]


def _verdicts(tx: sa.Connection, repo_id: int) -> list[ShownVerdict]:
    same = sa.and_(threads.c.repo_id == verdicts.c.repo_id, threads.c.number == verdicts.c.number)
    columns = [verdicts.c[name] for name in ("number", "admit", "reason_class", "why")]
    query = sa.select(*columns, verdicts.c.judged_at.label("at"), threads.c.title).outerjoin(
        threads, same
    )
    query = (
        query.where(verdicts.c.repo_id == repo_id).order_by(verdicts.c.id.desc()).limit(MOST_SHOWN)
    )
    return [ShownVerdict(**row) for row in tx.execute(query).mappings()]


def _comments(tx: sa.Connection, repo_id: int) -> list[ShownComment]:
    query = (
        sa.select(comments)
        .where(comments.c.repo_id == repo_id)
        .order_by(comments.c.at.desc())
        .limit(MOST_SHOWN)
    )
    return [
        ShownComment(
            number=row.number,
            entries=(row.entry, *row.further),
            state=row.state,
            outcome=row.outcome,
            text=row.text,
            at=row.at,
        )
        for row in tx.execute(query)
    ]


def _answers(tx: sa.Connection, repo_id: int) -> dict[str, Any]:
    ours = model_calls.c.repo_id == repo_id
    counts = sa.select(sa.func.count(), sa.func.count(model_calls.c.discarded)).where(ours)
    query = sa.select(model_calls.c.model, model_calls.c.discarded.label("why"), model_calls.c.at)
    query = query.where(ours, model_calls.c.discarded.is_not(None))
    query = query.order_by(model_calls.c.at.desc(), model_calls.c.key).limit(MOST_SHOWN)
    answers, thrown_away = tx.execute(counts).one()
    discarded = [ShownAnswer(**row) for row in tx.execute(query).mappings()]
    return {"answers": answers, "thrown_away": thrown_away, "discarded": discarded}


def _jobs(tx: sa.Connection, repo_id: int) -> list[ShownJob]:
    """What was given up first, then in the order in which it is due."""
    columns = [jobs.c[name] for name in ("kind", "number", "delivery", "state", "attempts", "why")]
    moment = sa.func.coalesce(jobs.c.settled_at, jobs.c.due_at, type_=jobs.c.due_at.type).label(
        "at"
    )
    ours = (jobs.c.repo_id == repo_id, jobs.c.state.in_(["waiting", "started", "buried"]))
    query = sa.select(*columns, moment).where(*ours)
    # By name they come as they should: buried, started, waiting.
    query = query.order_by(jobs.c.state, jobs.c.due_at).limit(MOST_SHOWN)
    return [ShownJob(**row) for row in tx.execute(query).mappings()]
