"""What people told us by slash commands, each comment once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, assert_never

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.line_codec import (
    amendment_as_json,
    amendment_from_json,
    entry_as_json,
    entry_from_json,
)
from bot.adapters.store.repositories import write_lines
from bot.adapters.store.schema import commands
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.proposal.review import Proposed
from bot.ports.store import KeptCommand

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
            "before": [_line_as_json(entry) for entry in command.before],
            "after": [_line_as_json(entry) for entry in command.after],
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
        before=_lines(row.before),
        after=_lines(row.after),
        undoes=row.undoes,
    )


def _line_as_json(line: Proposed) -> dict[str, Any]:
    columns = {
        "life": line.life,
        "line": line.line,
        "drafted_at": line.drafted_at.isoformat(),
        "proposed_at": line.proposed_at and line.proposed_at.isoformat(),
    }
    match line:
        case ProposedEntry():
            return {**entry_as_json(line), **columns}
        case Amendment():
            names = ("number", "kind", "by", "written")
            own = {name: getattr(line, name) for name in names}
            return {"amendment": amendment_as_json(line), **own, **columns}
        case _:
            assert_never(line)


def _lines(kept: Sequence[Mapping[str, Any]]) -> tuple[Proposed, ...]:
    return tuple(_line_from_json(each) for each in kept)


def _line_from_json(kept: Mapping[str, Any]) -> Proposed:
    columns = {
        "life": kept["life"],
        "line": kept["line"],
        "drafted_at": datetime.fromisoformat(kept["drafted_at"]),
        "proposed_at": kept["proposed_at"] and datetime.fromisoformat(kept["proposed_at"]),
    }
    if "amendment" not in kept:
        return entry_from_json(kept, **columns)
    own = {name: kept[name] for name in ("number", "kind", "by", "written")}
    return amendment_from_json(kept["amendment"], **own, **columns)
