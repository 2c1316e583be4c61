"""What the bot knows of each repository between jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.jobs import Job
from bot.ports import PostedComment, Recollection, ThreadCopy
from bot.proposals import Proposal, ProposedEntry, Written, as_json, from_json
from bot.repository_settings import BadRepositorySettings, RepositorySettings, parse_repository_settings
from bot.store import schema
from bot.store.database import Database
from bot.verdicts import Verdict


class SqlStore:
    """``Store`` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- the default branch

    def path(self, repo_id: int) -> str:
        """Where the learnings file lives: what the repository said, else the default."""
        table = schema.repositories
        with self._database.reading() as tx:
            text = tx.execute(sa.select(table.c.settings).where(table.c.id == repo_id)).scalar()
        return parse_repository_settings(text or "").path

    def recollection(self, repo_id: int) -> Recollection | None:
        row = self._one(schema.repositories, id=repo_id)
        if row is None:
            return None
        settings = parse_repository_settings(row.settings) if row.settings else RepositorySettings()
        return Recollection(settings=settings, document=row.document)

    def keep_settings(self, job: Job, text: str | None, *, at: datetime) -> RepositorySettings:
        """The settings in force: text that cannot be read leaves the last good one, and its mistake on record."""
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
        self._keep(schema.repositories, {"id": job.repo_id}, known)
        kept = self.recollection(job.repo_id)
        assert kept is not None
        return kept.settings

    def keep_document(self, repo_id: int, document: str | None) -> None:
        table = schema.repositories
        with self._database.writing() as tx:
            tx.execute(sa.update(table).where(table.c.id == repo_id).values(document=document))

    def threads(self, repo_id: int) -> Mapping[int, ThreadCopy]:
        return {
            row.number: ThreadCopy(number=row.number, title=row.title, text=row.text, closed_at=row.closed_at)
            for row in self._all(schema.threads, repo_id=repo_id)
        }

    def keep_thread(self, repo_id: int, copy: ThreadCopy) -> None:
        values = asdict(copy)
        self._keep(schema.threads, {"repo_id": repo_id, "number": values.pop("number")}, values)

    # --- capture

    def keep_verdict(
        self, repo_id: int, number: int, verdict: Verdict, *, input_hash: str, version: str, at: datetime
    ) -> None:
        row = {
            "repo_id": repo_id,
            "number": number,
            "input_hash": input_hash,
            "version": version,
            "admit": verdict.admit,
            "reason_class": verdict.reason_class,
            "why": verdict.why,
            "judged_at": at,
        }
        with self._database.writing() as tx:
            tx.execute(self._database.insert(schema.verdicts).values(row).on_conflict_do_nothing())

    # --- the pull request

    def proposed_entries(self, repo_id: int) -> Sequence[ProposedEntry]:
        rows = self._all(schema.proposal_entries, repo_id=repo_id)
        entries = [
            from_json(row.draft, life=row.state, line=row.line, drafted_at=row.drafted_at, proposed_at=row.proposed_at)
            for row in rows
        ]
        return sorted(entries, key=lambda entry: (entry.drafted_at, entry.number))

    def keep_entries(self, repo_id: int, entries: Sequence[ProposedEntry]) -> None:
        with self._database.writing() as tx:
            for entry in entries:
                values = {
                    "state": entry.life,
                    "draft": as_json(entry),
                    "line": entry.line,
                    "drafted_at": entry.drafted_at,
                    "proposed_at": entry.proposed_at,
                }
                self._upsert(tx, schema.proposal_entries, {"repo_id": repo_id, "number": entry.number}, values)

    def proposal(self, repo_id: int) -> Proposal:
        row = self._one(schema.proposals, repo_id=repo_id)
        if row is None:
            return Proposal()
        return Proposal(
            number=row.number,
            settled=row.settled,
            written=_written(row.head, row.document, row.base),
            under_way=_written(row.next_head, row.next_document, row.next_base),
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
            jobs.c.repo_id == repo_id, jobs.c.kind == "show_prior_art", jobs.c.created_at >= moment
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
            self._upsert(tx, table, key, values)

    def _upsert(self, tx: sa.Connection, table: sa.Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        row = self._database.insert(table).values({**key, **values})
        tx.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def _written(head: str | None, document: str | None, base: str | None) -> Written | None:
    if head is None or document is None or base is None:
        return None
    return Written(head=head, document=document, base=base)


def _columns(prefix: str, written: Written | None) -> dict[str, str | None]:
    values = asdict(written) if written else dict.fromkeys(("head", "document", "base"))
    return {f"{prefix}{name}": value for name, value in values.items()}
