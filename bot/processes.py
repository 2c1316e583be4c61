"""What runs: the web side, or the worker, until the system says stop."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import NoReturn

import structlog
import uvicorn
from starlette.applications import Starlette

from bot.config import Settings
from bot.connections import BACKLOG, connections_allowed, patient_protocol
from bot.ports import Clock
from bot.readiness import Observed, Readiness, judge_readiness
from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.jobs import Jobs
from bot.store.workers import Workers
from bot.worker import LEASE_SECONDS, LONGEST_STOP, WorkerLoop

log = structlog.get_logger(__name__)

# Of the 25 seconds between SIGTERM and the end: the web side first, then what the worker has in hand.
LONGEST_REQUEST = timedelta(seconds=4)
# A little more than a worker takes to stop.
LONGEST_WORKER_STOP = LONGEST_STOP + timedelta(seconds=2)
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def server_config(app: Starlette, *, host: str, port: int, proxies: str) -> uvicorn.Config:
    """Only `proxies`, separated by commas, may say in X-Forwarded-* who asks and by which scheme."""
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


def work(loop: WorkerLoop, *, parent: int | None = None) -> None:
    """Returns after SIGTERM or SIGINT, when what was in hand has ended or its time is up.

    `parent` is a file descriptor: what comes through it says that something is new, its end that we are alone.
    """
    stop = threading.Event()
    with_stop_signals(stop.set)
    if parent is not None:
        threading.Thread(target=_follow, args=(parent, loop.engine.something_new.set, stop.set), daemon=True).start()
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
    """End now, with success: an attempt that would not end must not keep the process, its job is rescued elsewhere."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def readiness_of(db: Database, settings: Settings, clock: Clock) -> Callable[[], Readiness]:
    deliveries, jobs, workers = Deliveries(db, clock), Jobs(db), Workers(db, lease_seconds=LEASE_SECONDS)

    def observe() -> Observed:
        if not db.is_reachable():
            return Observed(reachable=False)
        return Observed(
            reachable=True,
            durable=db.is_durable(),
            oldest_undispatched=deliveries.oldest_undispatched(),
            workers=[worker.fingerprint for worker in workers.living()],
            jobs=jobs.counts(),
        )

    return lambda: judge_readiness(observe(), fingerprint=settings.fingerprint, now=clock())
