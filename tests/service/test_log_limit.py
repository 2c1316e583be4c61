"""A flood of one kind of line does not drown the log, nor fill the disk."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.adapters.telemetry import SparingHandler
from bot.core.log_limit import LogLimit


@pytest.fixture
def log() -> Iterator["Log"]:
    log = Log(lines=2)
    yield log
    log.handler.close()


class Log:
    """A handler that takes so many lines of a kind, and what it has written."""

    def __init__(self, *, lines: int) -> None:
        self.handler = SparingHandler(LogLimit(lines))
        self.written = io.StringIO()
        self.handler.setStream(self.written)

    def say(self, event: object, *, at: float, line: int = 1) -> None:
        record = logging.LogRecord(
            "asyncio", logging.ERROR, "base_events.py", line, event, (), None
        )
        record.created = at
        self.handler.handle(record)

    @property
    def lines(self) -> list[str]:
        return self.written.getvalue().splitlines()


def test_only_so_many_lines_of_a_kind_are_written(log: Log):
    for number in range(500):
        log.say(f"socket.accept() out of system resource: <socket {number}>", at=1000)

    assert len(log.lines) == 2


def test_another_kind_is_written_beside_a_flood(log: Log):
    for _ in range(500):
        log.say("out of system resource", at=1000)
    log.say("something else", at=1000, line=2)

    assert log.lines[-1] == "something else"


def test_events_of_ours_are_told_apart_by_their_name(log: Log):
    for number in range(500):
        log.say({"event": "delivery_not_kept", "delivery": str(number)}, at=1000)
    log.say({"event": "job_buried"}, at=1000)

    assert log.lines[-1] == "{'event': 'job_buried'}"


def test_after_a_minute_the_count_is_told_and_lines_are_written_again(log: Log):
    for _ in range(5):
        log.say({"event": "delivery_not_kept"}, at=1000)
    log.say({"event": "worker_started"}, at=1060)
    log.say({"event": "delivery_not_kept"}, at=1060)

    assert log.lines[2:] == [
        "3 more lines of delivery_not_kept within a minute were left out",
        "{'event': 'worker_started'}",
        "{'event': 'delivery_not_kept'}",
    ]


def test_a_log_that_ends_within_the_minute_tells_its_count(log: Log):
    for _ in range(5):
        log.say({"event": "delivery_not_kept"}, at=1000)
    log.handler.close()

    assert log.lines[-1] == "3 more lines of delivery_not_kept within a minute were left out"
