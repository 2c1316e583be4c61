"""Logs and metrics: what an operator sees."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TextIO, get_args

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.core.log_limit import LogLimit
from bot.core.settings import LogFormat, LogLevel
from bot.core.status.readiness import AilmentName, Readiness

LEVELS: Final = logging.getLevelNamesMapping()
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def configure_logs(*, level: LogLevel, form: LogFormat) -> None:
    """Ours and those of libraries, one line each, to standard error; of one kind only so many a
    minute."""
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
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level.upper()])
    # Their information is our noise; their warnings are kept.
    for noisy in ("httpx", "httpx2", "httpcore", "alembic", "sqlalchemy", "uvicorn.access", "dbos"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, LEVELS[level.upper()]))


class SparingHandler(logging.StreamHandler[TextIO]):
    """Leaves out what is above the limit and says, with the first line after the minute, how much
    that was."""

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
        self.refused = Counter(
            "refused", "Requests to /webhook that were not kept.", ["status"], **own
        )
        self.keeping_seconds = Histogram(
            "keeping_seconds", "From the whole body to its commit.", buckets=SECONDS, **own
        )
        self.dispatched = Counter(
            "dispatched", "Deliveries by what became of them; failed ones wait.", ["outcome"], **own
        )
        self.attempts = Counter(
            "attempts", "Attempts of jobs by how they ended.", ["kind", "outcome"], **own
        )
        self.attempt_seconds = Histogram(
            "attempt_seconds", "Time of one attempt.", ["kind"], buckets=SECONDS, **own
        )
        self.rescued = Counter("rescued", "Jobs taken over from a dead worker.", **own)
        self.heartbeat_failures = Counter(
            "heartbeat_failures", "Looks that found nothing can be written.", **own
        )
        self.oldest_undispatched_seconds = Gauge(
            "oldest_undispatched_seconds", "Age of the first in line.", **own
        )
        self.oldest_due_seconds = Gauge(
            "oldest_due_seconds", "For how long a job has been due.", **own
        )
        self.jobs = Gauge("jobs", "Jobs by state.", ["state"], **own)
        self.workers_alive = Gauge("workers_alive", "Workers whose lease runs.", **own)
        self.malformed = Gauge(
            "malformed_deliveries", "Those of the last hour that could not be read.", **own
        )
        self.paused = Gauge(
            "paused_installations", "Installations that GitHub asked us not to bother.", **own
        )
        self.spent = Gauge("model_spent_usd", "What Claude has cost today, by estimate.", **own)
        self.ailments = Gauge(
            "ailment", "1 while it lasts; /readyz names the cure.", ["name"], **own
        )

    def observe(self, readiness: Readiness, *, now: datetime) -> None:
        """What is asked for rather than counted."""
        observed = readiness.observed
        self.oldest_undispatched_seconds.set(_age(observed.oldest_undispatched, now))
        self.oldest_due_seconds.set(_age(observed.oldest_due, now))
        self.workers_alive.set(len(observed.workers))
        for state in ("waiting", "started", "done", "buried"):
            self.jobs.labels(state).set(observed.jobs.get(state, 0))
        self.malformed.set(observed.malformed)
        self.paused.set(len(observed.pauses))
        self.spent.set(float(observed.spent_usd))
        found = {ailment.name for ailment in (*readiness.problems, *readiness.warnings)}
        for name in get_args(AilmentName):
            self.ailments.labels(name).set(name in found)


def _age(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0
