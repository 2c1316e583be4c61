"""What people told us by slash commands, each comment once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.line_codec import entry_as_json, entry_from_json
from bot.adapters.store.repositories import write_lines
from bot.adapters.store.schema import commands
from bot.core.proposal.entry import ProposedEntry
from bot.ports import KeptCommand

NOT_UNDONE: Final = sa.not_(commands.c.undone)
DECIDING: Final = ("add", "skip", "reconsider")


class SqlCommands:
    """``Commands`` over the database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, repo_id: int, comment_id: int) -> KeptCommand | None:
        return self._newest(commands.c.repo_id == repo_id, commands.c.comment_id == comment_id)

    def keep(self, repo_id: int, command: KeptCommand) -> None:
        row = {
            "repo_id": repo_id,
            "comment_id": command.comment_id,
            "said_on": command.said_on,
            "number": command.number,
            "verb": command.verb or "",
            "author": command.author,
            "at": command.at,
            "obeyed": command.obeyed,
            "reply": command.reply,
            "changed": command.changed,
            "before": [_entry_as_json(entry) for entry in command.before],
            "after": [_entry_as_json(entry) for entry in command.after],
            "undoes": command.undoes,
        }
        insert = self._db.insert(commands).values(row).on_conflict_do_nothing()
        with self._db.writing() as tx:
            if tx.execute(insert.returning(commands.c.comment_id)).first() is None:
                return
            write_lines(self._db, tx, repo_id, command.after)
            undone = (commands.c.repo_id == repo_id, commands.c.comment_id == command.undoes)
            tx.execute(sa.update(commands).where(*undone).values(undone=True))

    def last(self, repo_id: int, number: int) -> KeptCommand | None:
        there = sa.or_(commands.c.number == number, commands.c.said_on == number)
        return self._newest(commands.c.repo_id == repo_id, there, commands.c.changed, NOT_UNDONE)

    def standing(self, repo_id: int, number: int) -> KeptCommand | None:
        deciding = (commands.c.number == number, commands.c.verb.in_(DECIDING), commands.c.obeyed)
        return self._newest(commands.c.repo_id == repo_id, *deciding, NOT_UNDONE)

    def _newest(self, *conditions: sa.ColumnElement[bool]) -> KeptCommand | None:
        # GitHub numbers comments in the order in which they are written.
        query = (
            sa.select(commands).where(*conditions).order_by(commands.c.comment_id.desc()).limit(1)
        )
        with self._db.reading() as tx:
            row = tx.execute(query).one_or_none()
        return _read(row) if row else None


def _read(row: Any) -> KeptCommand:
    return KeptCommand(
        comment_id=row.comment_id,
        said_on=row.said_on,
        number=row.number,
        verb=row.verb or None,
        author=row.author,
        at=row.at,
        obeyed=row.obeyed,
        changed=row.changed,
        reply=row.reply,
        before=_entries(row.before),
        after=_entries(row.after),
        undoes=row.undoes,
    )


def _entry_as_json(entry: ProposedEntry) -> dict[str, Any]:
    return {
        **entry_as_json(entry),
        "life": entry.life,
        "line": entry.line,
        "drafted_at": entry.drafted_at.isoformat(),
        "proposed_at": entry.proposed_at and entry.proposed_at.isoformat(),
    }


def _entries(kept: Sequence[Mapping[str, Any]]) -> tuple[ProposedEntry, ...]:
    return tuple(
        entry_from_json(
            each,
            life=each["life"],
            line=each["line"],
            drafted_at=datetime.fromisoformat(each["drafted_at"]),
            proposed_at=datetime.fromisoformat(each["proposed_at"])
            if each["proposed_at"]
            else None,
        )
        for each in kept
    )
