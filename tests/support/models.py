"""A model to ask, over a stand-in for its vendor."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import anthropic

from bot.adapters.model import Claude, MemoryLedger, Model, Models, Prices
from bot.adapters.model.asking import Vendor
from bot.ports import CallLedger

NOW: Final = datetime(2025, 5, 1, 12, tzinfo=UTC)
PRICES: Final = Prices({"claude-": (Decimal(3), Decimal(15)), "model-": (Decimal(1), Decimal(2))})


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
