"""What the bot knows of each repository between jobs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, Final, assert_never

import sqlalchemy as sa

from bot.adapters.store import schema
from bot.adapters.store.database import Database, Transaction
from bot.adapters.store.line_codec import (
    amendment_as_json,
    amendment_of,
    entry_as_json,
    entry_of,
    quote_as_json,
    quote_from_json,
)
from bot.core.jobs import Job, ShowPriorArt
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.branch import Proposal, Written
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.proposal.review import Proposed
from bot.core.repository_settings import (
    BadRepositorySettings,
    RepositorySettings,
    parse_repository_settings,
    settings_in_force,
)
from bot.core.threads import Thread, ThreadCopy
from bot.core.verdicts import KeptVerdict, Verdict
from bot.ports.store import PostedComment, Recollection

# What of a thread is kept to search by. Later words of a long description tell it apart no better.
TITLE_CHARS: Final = 500
TEXT_CHARS: Final = 8_000
# Databases take only so many values in one question.
NUMBERS_AT_ONCE: Final = 1_000
# Whoever closes their own changes in favour of one that is open must not make a day's work of its
# merge.
AWAITING_AT_MOST: Final = 20


class SqlStore:
    """``Store`` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- the default branch

    def recollection(self, repo_id: int) -> Recollection | None:
        row = self._one(schema.repositories, id=repo_id)
        if row is None:
            return None
        return Recollection(
            settings=settings_in_force(row.settings),
            document=row.document,
            mistake=row.settings_mistake,
        )

    def keep_settings(self, job: Job, text: str | None, *, at: datetime) -> RepositorySettings:
        """The settings in force: text that cannot be read leaves the last good one, and its mistake
        on record."""
        known: dict[str, Any] = {
            "installation_id": job.installation_id,
            "full_name": job.repo,
            "settings_mistake": None,
            "read_at": at,
        }
        try:
            parse_repository_settings(text or "")
            known["settings"] = text
        except BadRepositorySettings as error:
            known["settings_mistake"] = str(error)
        row = self._database.insert(schema.repositories).values(
            {"id": job.repo_id, "known_since": at, **known}
        )
        keep = row.on_conflict_do_update(index_elements=["id"], set_=known)
        with self._database.writing() as tx:
            in_force = tx.execute(keep.returning(schema.repositories.c.settings)).scalar_one()
        return settings_in_force(in_force)

    def keep_document(self, repo_id: int, document: str | None) -> None:
        table = schema.repositories
        with self._database.writing() as tx:
            tx.execute(sa.update(table).where(table.c.id == repo_id).values(document=document))

    def threads(self, repo_id: int, numbers: Collection[int]) -> Mapping[int, ThreadCopy]:
        with self._database.reading(together=True) as tx:
            return {copy.number: copy for copy in _copies(tx, repo_id, numbers)}

    def keep_thread(self, repo_id: int, copy: ThreadCopy) -> None:
        """What has not changed makes no new version."""
        kept = replace(copy, title=copy.title[:TITLE_CHARS], text=copy.text[:TEXT_CHARS])
        values = asdict(kept)
        key, repositories = (
            {"repo_id": repo_id, "number": values.pop("number")},
            schema.repositories,
        )
        # Until we commit nobody else can take the next version: who has seen a version has seen all
        # before it.
        grown = sa.update(repositories).where(repositories.c.id == repo_id)
        grown = grown.values(threads_version=repositories.c.threads_version + 1)
        with self._database.writing() as tx:
            if kept not in _copies(tx, repo_id, [kept.number]):
                values["version"] = tx.execute(
                    grown.returning(repositories.c.threads_version)
                ).scalar_one()
                upsert(self._database, tx, schema.threads, key, values)

    # --- capture

    def keep_verdict(
        self,
        repo_id: int,
        thread: Thread,
        verdict: Verdict,
        *,
        input_hash: str,
        version: str,
        at: datetime,
    ) -> None:
        row = {
            "repo_id": repo_id,
            "number": thread.number,
            "author": thread.author,
            "input_hash": input_hash,
            "version": version,
            "admit": verdict.admit,
            "reason_class": verdict.reason_class,
            "why": verdict.why,
            "awaits": verdict.awaits,
            "judged_at": at,
            "confidence": verdict.confidence,
            "rationale": [quote_as_json(quote) for quote in verdict.rationale],
        }
        with self._database.writing() as tx:
            tx.execute(self._database.insert(schema.verdicts).values(row).on_conflict_do_nothing())

    def judged_of(self, repo_id: int, author: str, *, since: datetime) -> Sequence[int]:
        table = schema.verdicts
        judged = (
            sa.select(table.c.number)
            .where(table.c.repo_id == repo_id, table.c.author == author, table.c.judged_at >= since)
            .group_by(table.c.number)
            .order_by(sa.func.min(table.c.id))
        )
        with self._database.reading() as tx:
            return tx.execute(judged).scalars().all()

    def awaiting(self, repo_id: int, number: int, *, or_among: Sequence[int]) -> Sequence[int]:
        table = schema.verdicts
        judged = (
            sa.select(table.c.number)
            .where(
                table.c.repo_id == repo_id,
                sa.or_(table.c.awaits == number, table.c.number.in_(or_among)),
            )
            .group_by(table.c.number)
            .order_by(sa.func.max(table.c.judged_at).desc())
            .limit(AWAITING_AT_MOST)
        )
        with self._database.reading() as tx:
            return tx.execute(judged).scalars().all()

    def verdict(self, repo_id: int, number: int) -> KeptVerdict | None:
        table = schema.verdicts
        newest = (
            sa.select(table)
            .filter_by(repo_id=repo_id, number=number)
            .order_by(table.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as tx:
            row = tx.execute(newest).one_or_none()
        if row is None:
            return None
        return KeptVerdict(
            admit=row.admit,
            reason_class=row.reason_class,
            why=row.why,
            version=row.version,
            judged_at=row.judged_at,
            rationale=tuple(quote_from_json(quote) for quote in row.rationale or ()),
        )

    # --- the pull request

    def proposed_entries(self, repo_id: int) -> Sequence[ProposedEntry]:
        rows = self._all(schema.proposal_entries, repo_id=repo_id)
        entries = [entry_of(row) for row in rows]
        return sorted(entries, key=lambda entry: (entry.drafted_at, entry.number))

    def amendments(self, repo_id: int) -> Sequence[Amendment]:
        rows = self._all(schema.proposal_amendments, repo_id=repo_id)
        amendments = [amendment_of(row) for row in rows]
        return sorted(amendments, key=lambda each: (each.drafted_at, each.key))

    def proposed_lines(self, repo_id: int) -> Sequence[Proposed]:
        return [*self.proposed_entries(repo_id), *self.amendments(repo_id)]

    def keep_lines(self, repo_id: int, lines: Sequence[Proposed]) -> None:
        if not lines:
            return
        with self._database.writing() as tx:
            write_lines(self._database, tx, repo_id, lines)

    def proposal(self, repo_id: int) -> Proposal:
        row = self._one(schema.proposals, repo_id=repo_id)
        if row is None:
            return Proposal()
        return Proposal(
            number=row.number,
            settled=row.settled,
            written=_written(row.head, row.document, row.base, row.path),
            under_way=_written(row.next_head, row.next_document, row.next_base, row.next_path),
        )

    def keep_proposal(self, repo_id: int, proposal: Proposal) -> None:
        values = {
            "number": proposal.number,
            "settled": proposal.settled,
            **_columns("", proposal.written),
            **_columns("next_", proposal.under_way),
        }
        self._keep(schema.proposals, {"repo_id": repo_id}, values)

    # --- comments

    def posted_comment(self, repo_id: int, number: int) -> PostedComment | None:
        row = self._one(schema.comments, repo_id=repo_id, number=number)
        if row is None:
            return None
        return PostedComment(
            number=row.number,
            entry=row.entry,
            state=row.state,
            text=row.text,
            at=row.at,
            author=row.author,
            version=row.version,
            outcome=row.outcome,
            comment_id=row.comment_id,
            further=tuple(row.further),
        )

    def keep_comment(self, repo_id: int, comment: PostedComment) -> None:
        values = asdict(comment)
        self._keep(schema.comments, {"repo_id": repo_id, "number": values.pop("number")}, values)

    def told_since(self, repo_id: int, moment: datetime) -> Sequence[str]:
        table = schema.comments
        told = sa.select(table.c.author).where(
            table.c.repo_id == repo_id, table.c.at >= moment, table.c.state != "silent"
        )
        with self._database.reading() as tx:
            return tx.execute(told).scalars().all()

    def opened_since(self, repo_id: int, moment: datetime) -> Sequence[int]:
        jobs = schema.jobs
        opened = sa.select(jobs.c.number).where(
            jobs.c.repo_id == repo_id,
            jobs.c.kind == ShowPriorArt.kind,
            jobs.c.created_at >= moment,
            # An edit starts one too.
            jobs.c.again.is_(False),
        )
        with self._database.reading() as tx:
            return tx.execute(opened.distinct()).scalars().all()

    # --- rows

    def _one(self, table: sa.Table, **key: int) -> Any:
        with self._database.reading() as tx:
            return tx.execute(sa.select(table).filter_by(**key)).one_or_none()

    def _all(self, table: sa.Table, **key: int) -> Sequence[Any]:
        with self._database.reading() as tx:
            return tx.execute(sa.select(table).filter_by(**key)).all()

    def _keep(self, table: sa.Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        with self._database.writing() as tx:
            upsert(self._database, tx, table, key, values)


def path_in(tx: Transaction, repo_id: int) -> str:
    """Where the learnings file lives: what the repository said, else the default."""
    table = schema.repositories
    text = tx.execute(sa.select(table.c.settings).where(table.c.id == repo_id)).scalar()
    return settings_in_force(text).path


def write_lines(db: Database, tx: sa.Connection, repo_id: int, lines: Sequence[Proposed]) -> None:
    for line in lines:
        key: dict[str, Any]
        values: dict[str, Any] = {
            "state": line.life,
            "line": line.line,
            "drafted_at": line.drafted_at,
            "proposed_at": line.proposed_at,
        }
        match line:
            case ProposedEntry():
                key = {"repo_id": repo_id, "number": line.number}
                values |= {"draft": entry_as_json(line)}
                upsert(db, tx, schema.proposal_entries, key, values)
            case Amendment():
                key = {"repo_id": repo_id, "number": line.number, "kind": line.kind, "by": line.by}
                values |= {"amendment": amendment_as_json(line), "written": line.written}
                upsert(db, tx, schema.proposal_amendments, key, values)
            case _:
                assert_never(line)


def upsert(
    db: Database,
    tx: sa.Connection,
    table: sa.Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
) -> None:
    row = db.insert(table).values({**key, **values})
    tx.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def _copies(tx: Transaction, repo_id: int, numbers: Collection[int]) -> Iterator[ThreadCopy]:
    columns = [schema.threads.c[field.name] for field in fields(ThreadCopy)]
    wanted = sa.select(*columns).where(schema.threads.c.repo_id == repo_id)
    asked = list(numbers)
    for start in range(0, len(asked), NUMBERS_AT_ONCE):
        some = schema.threads.c.number.in_(asked[start : start + NUMBERS_AT_ONCE])
        yield from (ThreadCopy(**row) for row in tx.execute(wanted.where(some)).mappings())


def _written(
    head: str | None, document: str | None, base: str | None, path: str | None
) -> Written | None:
    if head is None or document is None or base is None:
        return None
    return Written(head=head, document=document, base=base, path=path)


def _columns(prefix: str, written: Written | None) -> dict[str, str | None]:
    values = asdict(written) if written else dict.fromkeys(("head", "document", "base", "path"))
    return {f"{prefix}{name}": value for name, value in values.items()}
