"""What a call costs: tokens as the vendor counts them, times the prices that the operator set."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# Beside the price of a token that is read: of one read from the vendor's cache, of one put there.
FROM_CACHE: Final = Decimal("0.1")
INTO_CACHE: Final = Decimal("1.25")
# What a batch costs beside single questions.
BATCH: Final = Decimal("0.5")


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of one call or of several; those read are counted once, as fresh, from the cache, or
    into it."""

    fresh: int = 0
    from_cache: int = 0
    into_cache: int = 0
    written: int = 0

    @property
    def tokens(self) -> int:
        return self.read + self.written

    @property
    def read(self) -> int:
        return self.fresh + self.from_cache + self.into_cache

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            fresh=self.fresh + other.fresh,
            from_cache=self.from_cache + other.from_cache,
            into_cache=self.into_cache + other.into_cache,
            written=self.written + other.written,
        )


@dataclass(frozen=True)
class Prices:
    """USD per million tokens (read, written) by the beginning of a model's name; the longest that
    fits counts."""

    by_model: Mapping[str, tuple[Decimal, Decimal]]

    def find(self, model: str) -> tuple[Decimal, Decimal] | None:
        fitting = [name for name in self.by_model if model.startswith(name)]
        return self.by_model[max(fitting, key=len)] if fitting else None

    def cost(self, model: str, usage: Usage) -> Decimal:
        """An estimate for the limit, no invoice. Nothing for a model without a price: its tokens
        are limited."""
        read, written = self.find(model) or (Decimal(0), Decimal(0))
        tokens = usage.fresh + usage.from_cache * FROM_CACHE + usage.into_cache * INTO_CACHE
        return (tokens * read + usage.written * written) / 1_000_000
