"""A kill at a named point of a whole loop."""

import pytest

from bot.ports.world import CrashPoint
from tests.support.inline import Killed
from tests.support.loop import Loop


class Power:
    """Fails once, the first time a point is reached."""

    def __init__(self, point: str | None = None) -> None:
        self.point = point

    def __call__(self, point: CrashPoint) -> None:
        if point == self.point:
            self.point = None
            raise Killed


def settle_through_a_kill(loop: Loop, power: Power, point: str) -> None:
    power.point = point
    loop.deliver_new()
    with pytest.raises(Killed):
        loop.run_jobs()
    loop.settle()
