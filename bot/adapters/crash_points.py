"""Named points at which tests kill the process, to see that nothing is lost and nothing happens
twice."""

import os
import signal
from typing import Final, get_args

from bot.core.errors import BadSettings
from bot.ports.world import CrashPoint, Reached

CRASH_POINTS: Final[frozenset[str]] = frozenset(get_args(CrashPoint))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash_at(name: str | None) -> Reached:
    """The function to call at every named point; it dies at `name` as if by kill -9."""
    if name is None:
        return lambda _: None
    if name not in CRASH_POINTS:
        raise BadSettings(
            f"set CRASH_AT to one of {', '.join(sorted(CRASH_POINTS))}, not {name[:40]!r}"
        )

    def reached(point: CrashPoint) -> None:
        if point == name:
            die()

    return reached
