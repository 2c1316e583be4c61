"""What runs: the web side, or the worker, until the system says stop."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import Final, NoReturn

import structlog
import uvicorn
from starlette.applications import Starlette

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.github_pace import SqlPace
from bot.adapters.store.heartbeats import Heartbeats
from bot.adapters.store.jobs import Jobs
from bot.adapters.store.model_calls import SqlLedger
from bot.adapters.store.symptoms import SqlSymptoms
from bot.adapters.store.workers import Workers
from bot.adapters.telemetry import Metrics
from bot.core.errors import DatabaseIll
from bot.core.settings import Settings
from bot.core.status.readiness import (
    REMEMBERED,
    Observed,
    Part,
    Readiness,
    Unwritable,
    judge_readiness,
)
from bot.ports.world import Clock
from bot.service.connections import BACKLOG, connections_allowed, patient_protocol
from bot.service.worker import LEASE_SECONDS, LONGEST_STOP, WorkerLoop

log = structlog.get_logger(__name__)

# Of the 25 seconds between SIGTERM and the end: the web side first, then what the worker has in
# hand.
LONGEST_REQUEST = timedelta(seconds=4)
FRESH: Final = timedelta(seconds=5)
# A little more than a worker takes to stop.
LONGEST_WORKER_STOP = LONGEST_STOP + timedelta(seconds=2)
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def server_config(app: Starlette, *, host: str, port: int, proxies: str) -> uvicorn.Config:
    """Only `proxies`, separated by commas, may say in X-Forwarded-* who asks and by which
    scheme."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=patient_protocol(most=connections_allowed()),  # type: ignore[arg-type] # what makes one, as it is called
        ws="none",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=int(LONGEST_REQUEST.total_seconds()),
    )


def serve_web(
    app: Starlette,
    *,
    host: str,
    port: int,
    proxies: str = Settings.trusted_proxies,
    until: threading.Event | None = None,
) -> None:
    """Returns after SIGTERM or SIGINT, or when `until` happens, once open requests are answered."""
    before = {each: signal.getsignal(each) for each in STOP_SIGNALS}
    # uvicorn repeats the signal when it is done; there is more to do then.
    with_stop_signals(lambda: None)
    server = uvicorn.Server(server_config(app, host=host, port=port, proxies=proxies))
    if until:
        threading.Thread(target=_stop_when, args=(until, server), daemon=True).start()
    server.run()
    if until and until.is_set():
        # Nobody asked the process to stop: whoever does from here on must be heard.
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop_when(happened: threading.Event, server: uvicorn.Server) -> None:
    happened.wait()
    server.should_exit = True


def port_is_free(host: str, port: int) -> bool:
    """Several workers may share a machine: all but the first work without being asked how they
    are."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        log.warning(
            "health_not_served",
            port=port,
            why=f"{error.strerror}: set WORKER_PORT or --port to another, or off",
        )
        return False
    return True


def work(loop: WorkerLoop, *, parent: int | None = None) -> None:
    """Returns after SIGTERM or SIGINT, when what was in hand has ended or its time is up.

    `parent` is a file descriptor: what comes through it says that something is new, its end that we
    are alone.
    """
    stop = threading.Event()
    with_stop_signals(stop.set)
    if parent is not None:
        threading.Thread(
            target=_follow, args=(parent, loop.engine.something_new.set, stop.set), daemon=True
        ).start()
    loop.start()
    stop.wait()
    loop.stop()


def _follow(parent: int, something_new: Callable[[], None], alone: Callable[[], None]) -> None:
    while os.read(parent, 4096):
        something_new()
    log.info("parent_gone")
    alone()


def with_stop_signals(stop: Callable[[], None]) -> None:
    def stopped(_: int, __: FrameType | None) -> None:
        stop()

    for each in STOP_SIGNALS:
        signal.signal(each, stopped)


def leave() -> NoReturn:
    """End now, with success: an attempt that would not end must not keep the process, its job is
    rescued elsewhere."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


class Looks:
    """Looks at most every five seconds, whoever asks: /readyz is public, and a look writes.

    While one looks, the others are told what was seen before.
    """

    def __init__(self, observe: Callable[[], Observed], clock: Clock) -> None:
        self._observe, self._clock = observe, clock
        self._looking = threading.Lock()
        self._last: tuple[datetime, Observed] | None = None

    def __call__(self) -> Observed:
        if self._looking.acquire(blocking=self._last is None):
            try:
                if self._last is None or not self._clock() - FRESH < self._last[0] <= self._clock():
                    self._last = self._clock(), self._observe()
            finally:
                self._looking.release()
        assert self._last is not None, "nobody has looked"
        return self._last[1]


def readiness_of(
    db: Database,
    settings: Settings,
    clock: Clock,
    *,
    metrics: Metrics,
    worker_id: str | None = None,
) -> Callable[[], Readiness]:
    """Of the worker with this id, or of a web side."""
    part: Part = "web" if worker_id is None else "worker"
    observe = Looks(
        partial(observe_health, db, settings, clock, metrics=metrics, worker_id=worker_id), clock
    )
    return lambda: judge_readiness(
        observe(), part=part, fingerprint=settings.fingerprint, now=clock()
    )


def observe_health(
    db: Database,
    settings: Settings,
    clock: Clock,
    *,
    metrics: Metrics,
    worker_id: str | None = None,
) -> Observed:
    """What cannot be written may still be read: then the rest is seen as well."""
    now = clock()
    unwritable = Heartbeats(db).beat(now=now)
    if unwritable:
        metrics.heartbeat_failures.inc()
    try:
        seen = _read_health(db, settings, now, worker_id=worker_id)
    except DatabaseIll as error:
        unreadable = Unwritable(cause=error.illness, why=str(error))
        return Observed(unwritable=unwritable or unreadable, has_app=settings.is_set_up)
    return replace(seen, unwritable=unwritable)


def _read_health(
    db: Database, settings: Settings, now: datetime, *, worker_id: str | None
) -> Observed:
    deliveries, jobs, workers = (
        Deliveries(db, lambda: now),
        Jobs(db),
        Workers(db, lease_seconds=LEASE_SECONDS),
    )
    living = workers.living()
    return Observed(
        has_app=settings.is_set_up,
        holds_lease=worker_id is None or any(worker.id == worker_id for worker in living),
        durable=db.is_durable(),
        oldest_undispatched=deliveries.oldest_undispatched(),
        oldest_due=jobs.oldest_due(now=now),
        workers=[worker.fingerprint for worker in living],
        lost=workers.lost(within_seconds=REMEMBERED.total_seconds()),
        jobs=jobs.counts(),
        malformed=deliveries.malformed_since(now - REMEMBERED),
        pauses=SqlPace(db).pauses(now=now),
        symptoms=SqlSymptoms(db).lasting(),
        spent_usd=SqlLedger(db, repo_id=0).spent_since(
            now.replace(hour=0, minute=0, second=0, microsecond=0)
        ),
        budget_usd=settings.daily_budget_usd,
    )
