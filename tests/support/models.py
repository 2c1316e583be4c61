"""A model to ask, over a stand-in for its vendor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import anthropic

from bot.adapters.model import Claude, MemoryLedger, Model, Models, Prices
from bot.adapters.model.asking import Answered, Vendor
from bot.adapters.model.prices import Usage
from bot.core.asking.question import Question, Shape
from bot.ports.model import CallLedger

NOW: Final = datetime(2025, 5, 1, 12, tzinfo=UTC)
PRICES: Final = Prices({"claude-": (Decimal(3), Decimal(15)), "model-": (Decimal(1), Decimal(2))})


@dataclass
class Told:
    """A vendor that says the same to everybody, or raises it."""

    answer: str | Exception = '{"ready": true}'
    name: str = "Claude"
    models: list[str] = field(default_factory=list)

    def send(self, question: Question[Shape]) -> Answered:
        self.models.append(question.model)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Answered(self.answer, Usage(fresh=40, written=5))


def model_over(
    vendor: Vendor | anthropic.Anthropic,
    models: Models,
    *,
    ledger: CallLedger | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
) -> Model:
    """Over Claude where only its client is given."""
    return Model(
        Claude(vendor) if isinstance(vendor, anthropic.Anthropic) else vendor,
        models,
        prices=PRICES,
        ledger=ledger or MemoryLedger(),
        clock=clock,
    )
