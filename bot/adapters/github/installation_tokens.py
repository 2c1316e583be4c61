"""Installation tokens: minted once for all who ask at the same time, kept until they near their
end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.ports.world import Clock

MARGIN: Final = timedelta(minutes=5)
# So long a new token may be unknown to some of GitHub's machines.
FRESH: Final = timedelta(seconds=6)


@dataclass(frozen=True, kw_only=True)
class Token:
    text: str
    minted_at: datetime
    expires_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return now - self.minted_at < FRESH


@dataclass(frozen=True)
class Scope:
    """One repository of an installation; ``repo_id`` 0 means the installation itself, to be looked
    at only."""

    installation_id: int
    repo_id: int
    for_checks: bool = False


class Tokens:
    def __init__(self, mint: Callable[[Scope], Token], clock: Clock) -> None:
        self._mint, self._clock = mint, clock
        self._kept: dict[Scope, Token] = {}
        self._minting: dict[Scope, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, scope: Scope) -> Token:
        # One lock per scope: whoever waits for a token of one installation does not hold up the
        # others.
        with self._lock:
            minting = self._minting.setdefault(scope, threading.Lock())
        with minting:
            kept = self._kept.get(scope)
            if kept is None or kept.expires_at - MARGIN <= self._clock():
                kept = self._kept[scope] = self._mint(scope)
            return kept

    def drop(self, scope: Scope, token: Token) -> None:
        """It was refused. A newer one that somebody else has minted meanwhile stays."""
        with self._lock:
            if self._kept.get(scope) is token:
                del self._kept[scope]
