"""Pull mode: without a public address, what GitHub sends is read from its log of deliveries every
few seconds."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.core.errors import BotError, TryLater
from bot.features.sweep_deliveries import read_log
from bot.ports.github import OwnApp
from bot.ports.store import Intake
from bot.ports.world import Clock

EVERY: Final = timedelta(seconds=3)
OVERLAP: Final = timedelta(minutes=2)
AFTER_FAILURE: Final = timedelta(seconds=30)

log = structlog.get_logger(__name__)


class PullLoop:
    """A thread beside the worker's. `kept` wakes a dispatcher in the same process."""

    def __init__(
        self, app: OwnApp, intake: Intake, *, clock: Clock, kept: Callable[[], None]
    ) -> None:
        self._app, self._intake, self._clock, self._kept = app, intake, clock, kept
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pull", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def turn(self) -> timedelta:
        """Read once; how long to wait until the next time."""
        now = self._clock()
        try:
            found = read_log(
                self._app, self._intake, now=now, overlap=OVERLAP, reached=lambda _: None
            )
        except BotError as error:
            log.warning("log_of_deliveries_not_read", why=str(error))
            later = error.not_before if isinstance(error, TryLater) else None
            return max(AFTER_FAILURE, later - now) if later else AFTER_FAILURE
        if found:
            log.info("deliveries_pulled", found=found)
            self._kept()
        return EVERY

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self.turn().total_seconds())
