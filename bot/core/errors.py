"""What can go wrong, named by what the worker should do about it."""

from datetime import datetime
from typing import Literal

Illness = Literal[
    "away",
    "broken_disk",
    "conflict",
    "crowded",
    "damaged",
    "full",
    "locked",
    "read_only",
    "refused",
]


class BotError(Exception):
    """Base of every error this project raises on purpose."""


class BadDelivery(BotError):
    """A request to the webhook endpoint that GitHub did not send."""

    def __init__(self, why: str, *, status: int = 401) -> None:
        super().__init__(why)
        self.status = status


class BadSettings(BotError):
    """The settings cannot be used; the message is one line that says what to set."""


class TryLater(BotError):
    """The work is sound but cannot be done now."""

    def __init__(self, why: str, *, not_before: datetime | None = None) -> None:
        super().__init__(why)
        self.not_before = not_before


class Outage(TryLater):
    """Somebody we depend on answers nothing of use. Unlike a limit it is no wait that was
    planned, even where it is known when to ask again."""


class DatabaseIll(Outage):
    """The database cannot do now what it is asked. ``illness`` says of what kind the trouble is."""

    def __init__(self, why: str, *, illness: Illness) -> None:
        super().__init__(why)
        self.illness = illness


class GiveUp(BotError):
    """No retry can help: the repository is gone, the installation suspended."""


class Gone(GiveUp):
    """What the work was about is no longer there: nothing is left to do, and nobody has to put
    anything right."""


class Forbidden(GiveUp):
    """The App may not; somebody who grants it the permission can change that."""


class SecretFound(GiveUp):
    """GitHub takes no text in which it sees a secret. The message does not repeat it."""


class Declined(BotError):
    """A person asked for what we will not do; the message is the reply to that person."""
