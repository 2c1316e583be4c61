"""Logs and metrics: what an operator sees."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.config import LogFormat, LogLevel
from bot.log_limit import LogLimit
from bot.readiness import Observed

LEVELS: Final = logging.getLevelNamesMapping()
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def configure_logs(*, level: LogLevel, form: LogFormat) -> None:
    """Ours and those of libraries, one line each, to standard error; of one kind only so many a minute."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level.upper()]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = SparingHandler(LogLimit())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level.upper()])
    # Their information is our noise; their warnings are kept.
    for noisy in ("httpx", "httpx2", "httpcore", "alembic", "sqlalchemy", "uvicorn.access", "dbos"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, LEVELS[level.upper()]))


class SparingHandler(logging.StreamHandler[TextIO]):
    """Leaves out what is above the limit and says, with the first line after the minute, how much that was."""

    def __init__(self, limit: LogLimit) -> None:
        super().__init__()
        self._limit = limit

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(self._limit.turn(record.created))
        if self._limit.admits(_kind_of(record)):
            super().emit(record)

    def close(self) -> None:
        self._tell(self._limit.end(time.time()))
        super().close()

    def _tell(self, left_out: Mapping[str, int]) -> None:
        for kind, count in left_out.items():
            said = f"{count} more lines of {kind} within a minute were left out"
            super().emit(logging.LogRecord(__name__, logging.WARNING, __file__, 0, said, (), None))


def _kind_of(record: logging.LogRecord) -> str:
    """Our events have names; of a library it is the place that speaks, since its words vary."""
    if isinstance(record.msg, dict):
        return str(record.msg.get("event"))
    return f"{record.name} ({record.filename}:{record.lineno})"


def _rendering(form: LogFormat) -> list[Any]:
    if form == "console":
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


class Metrics:
    """One registry per process, handed to whoever counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry, "namespace": "precedent"}
        self.kept = Counter("deliveries", "Deliveries answered with 202.", ["new"], **own)
        self.refused = Counter("refused", "Requests to /webhook that were not kept.", ["status"], **own)
        self.keeping_seconds = Histogram(
            "keeping_seconds", "From the whole body to its commit.", buckets=SECONDS, **own
        )
        self.attempts = Counter("attempts", "Attempts of jobs by how they ended.", ["kind", "outcome"], **own)
        self.attempt_seconds = Histogram("attempt_seconds", "Time of one attempt.", ["kind"], buckets=SECONDS, **own)
        self.rescued = Counter("rescued", "Jobs taken over from a dead worker.", **own)
        self.oldest_undispatched_seconds = Gauge("oldest_undispatched_seconds", "Age of what waits longest.", **own)
        self.jobs = Gauge("jobs", "Jobs by state.", ["state"], **own)
        self.workers_alive = Gauge("workers_alive", "Workers whose lease runs.", **own)

    def observe(self, observed: Observed, *, now: datetime) -> None:
        """What is asked for rather than counted."""
        waits_since = observed.oldest_undispatched
        self.oldest_undispatched_seconds.set((now - waits_since).total_seconds() if waits_since else 0)
        self.workers_alive.set(len(observed.workers))
        for state in ("waiting", "started", "done", "buried"):
            self.jobs.labels(state).set(observed.jobs.get(state, 0))
