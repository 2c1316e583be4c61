"""The process beside the web side, with little programs in the place of the worker."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.service.supervisor import Supervisor

SOON = timedelta(seconds=5)
# Appends what it is told to the file, until nobody is there to tell it.
LISTENER = """
import os, pathlib, sys
said = pathlib.Path(sys.argv[1])
with said.open("ab", buffering=0) as file:
    file.write(b"began ")
    while heard := os.read(0, 1):
        file.write(heard)
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + LISTENER
SHORT_LIVED = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write('began ')"


class Beside:
    """A supervised program and what it has written."""

    def __init__(self, said: Path) -> None:
        self._said = said
        self._supervisors: list[Supervisor] = []

    def start(self, program: str, **options: Any) -> Supervisor:
        supervisor = Supervisor(
            ["-c", program, str(self._said)], shortest_pause=timedelta(), **options
        )
        self._supervisors.append(supervisor)
        return supervisor

    @property
    def said(self) -> str:
        return self._said.read_text() if self._said.exists() else ""

    def wait(self, holds: Callable[[str], bool]) -> str:
        deadline = time.monotonic() + 20
        while not holds(self.said):
            assert time.monotonic() < deadline, f"it only said {self.said!r}"
            time.sleep(0.02)
        return self.said


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Beside]:
    beside = Beside(tmp_path / "said")
    yield beside
    for each in beside._supervisors:
        each.stop(within=SOON)


def test_what_is_new_is_told(beside: Beside):
    supervisor = beside.start(LISTENER)
    beside.wait(lambda said: said == "began ")
    supervisor.wake()

    assert beside.wait(lambda said: said.endswith(".")) == "began ."


def test_one_that_died_is_started_again_and_can_be_told(beside: Beside):
    supervisor = beside.start(LISTENER)
    beside.wait(lambda said: said == "began ")
    supervisor._process.kill()
    beside.wait(lambda said: said == "began began ")
    supervisor.wake()

    assert beside.wait(lambda said: said.endswith(".")) == "began began ."


def test_a_death_is_told(beside: Beside, logged: list[Any]):
    deaths: list[None] = []
    beside.start(SHORT_LIVED, died=lambda: deaths.append(None))
    beside.wait(lambda said: said == "began began ")

    assert deaths
    assert logged[0]["event"] == "worker_died"


def test_telling_never_waits(beside: Beside):
    supervisor = beside.start("import time; time.sleep(60)")

    for _ in range(100_000):  # more than a pipe holds
        supervisor.wake()


def test_stopping_ends_it_for_good(beside: Beside):
    supervisor = beside.start(LISTENER)
    beside.wait(lambda said: said == "began ")
    supervisor.stop(within=SOON)

    assert (supervisor._process.returncode, beside.said) == (-15, "began ")


def test_one_that_will_not_stop_is_killed(beside: Beside):
    supervisor = beside.start(STUBBORN)
    beside.wait(lambda said: said == "began ")
    supervisor.stop(within=timedelta(milliseconds=100))

    assert supervisor._process.returncode == -9
