"""What was asked of a model, what it answered, what it cost."""

from datetime import datetime
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from bot.ports import ModelCall
from bot.store.database import Database
from bot.store.schema import model_calls

MICRO: Final = Decimal("0.000001")


class SqlLedger:
    """``CallLedger`` over the database: shared by all workers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find_answer(self, key: str) -> str | None:
        with self._db.reading() as tx:
            return tx.execute(sa.select(model_calls.c.answer).where(model_calls.c.key == key)).scalar()

    def keep_call(self, call: ModelCall) -> None:
        row = {
            "key": call.key,
            "model": call.model,
            "answer": call.answer,
            "cost_micro_usd": int(call.cost_usd / MICRO),
            "at": call.at,
        }
        with self._db.writing() as tx:
            tx.execute(self._db.insert(model_calls).values(row).on_conflict_do_nothing())

    def spent_since(self, moment: datetime) -> Decimal:
        spent = sa.select(sa.func.sum(model_calls.c.cost_micro_usd)).where(model_calls.c.at >= moment)
        with self._db.reading() as tx:
            return Decimal(tx.execute(spent).scalar() or 0) * MICRO
