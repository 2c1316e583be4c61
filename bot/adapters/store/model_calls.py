"""What was asked of a model, what it answered, what it cost."""

from datetime import datetime
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.schema import model_calls, repositories
from bot.ports.model import ModelCall

MICRO: Final = Decimal("0.000001")


class SqlLedger:
    """``CallLedger`` over the database: shared by all workers. Every call is entered for one
    repository."""

    def __init__(self, db: Database, *, repo_id: int) -> None:
        self._db, self._repo_id = db, repo_id

    def find_answer(self, key: str) -> str | None:
        with self._db.reading() as tx:
            return tx.execute(
                sa.select(model_calls.c.answer).where(model_calls.c.key == key)
            ).scalar()

    def keep_call(self, call: ModelCall) -> None:
        row = {
            "key": call.key,
            "model": call.model,
            "answer": call.answer,
            "cost_micro_usd": int(call.cost_usd / MICRO),
            "at": call.at,
            "repo_id": self._repo_id,
        }
        with self._db.writing() as tx:
            tx.execute(self._db.insert(model_calls).values(row).on_conflict_do_nothing())

    def spent_since(self, moment: datetime) -> Decimal:
        return self._sum(model_calls.c.at >= moment)

    def spent_here_since(self, moment: datetime) -> Decimal:
        return self._sum(model_calls.c.at >= moment, model_calls.c.repo_id == self._repo_id)

    @property
    def shared(self) -> bool:
        others = sa.select(repositories.c.id).where(repositories.c.id != self._repo_id).limit(1)
        with self._db.reading() as tx:
            return tx.execute(others).first() is not None

    def _sum(self, *where: sa.ColumnElement[bool]) -> Decimal:
        spent = sa.select(sa.func.sum(model_calls.c.cost_micro_usd)).where(*where)
        with self._db.reading() as tx:
            return Decimal(tx.execute(spent).scalar() or 0) * MICRO
