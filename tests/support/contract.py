"""Real processes on loopback, over one database."""

import http.client
import json
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import JobRecord, Jobs
from bot.adapters.store.schema import deliveries
from bot.core.errors import TryLater
from bot.core.events import sign
from tests.support.contract_process import EFFECT_POINTS, SECRET, Role, Setup, run
from tests.support.contract_world import World
from tests.support.moments import NOON

FORKS = multiprocessing.get_context("forkserver")


class Contract:
    """One database, one world outside, any number of processes."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.world = World(folder / "world.db")
        self.port = _free_port()
        self._setup = Setup(
            role="serve",
            database_url=database_url,
            world=folder / "world.db",
            log=folder / "log",
            port=self.port,
        )
        self._log = folder / "log"
        self._url = database_url
        self._processes: list[ForkServerProcess] = []

    # --- processes

    def start(self, role: Role = "serve", **changed: Any) -> ForkServerProcess:
        process = FORKS.Process(target=run, args=(replace(self._setup, role=role, **changed),))
        process.start()
        self._processes.append(process)
        if role != "worker" and changed.get("crash_at") is None:
            self.wait_until_open()
        return process

    def wait_until_open(self) -> None:
        self.wait(lambda: _opens(self.port), "the web side to listen")

    def kill(self, process: ForkServerProcess) -> None:
        process.kill()
        process.join()

    def stop_all(self) -> None:
        for process in self._processes:
            if process.is_alive():
                assert process.pid is not None
                os.kill(process.pid, signal.SIGCONT)
                self.kill(process)

    # --- what is sent and what became of it

    def deliver(
        self,
        number: int,
        *,
        guid: str | None = None,
        action: str = "reopened",
        port: int | None = None,
    ) -> int:
        """The status of the answer; 0 when the server died first."""
        body = payload(number, action)
        headers = signed_headers(body, guid=guid or str(uuid4()))
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=15)
        try:
            connection.request("POST", "/webhook", body=body, headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def ready(self) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        connection.request("GET", "/readyz")
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def known(self, guids: Sequence[str]) -> set[str]:
        with _opened(self._url) as db:
            return Deliveries(db, lambda: NOON).known(guids)

    def jobs(self) -> list[JobRecord]:
        with _opened(self._url) as db:
            return Jobs(db).all()

    def outcomes(self) -> dict[str, str | None]:
        """What became of every delivery that was kept."""
        with _opened(self._url) as db, db.reading() as tx:
            return {
                guid: outcome
                for guid, outcome in tx.execute(sa.select(deliveries.c.guid, deliveries.c.outcome))
            }

    def can_write(self) -> bool:
        db = Database(self._url, busy_seconds=0.5)
        try:
            with db.writing() as tx:
                tx.execute(sa.text("UPDATE deliveries SET why = why WHERE seq = 0"))
        except TryLater:
            return False
        finally:
            db.close()
        return True

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def wait(self, holds: Callable[[], bool], what: str, *, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"waited in vain for {what}:\n{self.log()[-3000:]}"
            time.sleep(0.05)

    def wait_until_done(self, *numbers: int) -> None:
        """Every effect of these issues is there, and their jobs are settled."""
        wanted = {f"{number}:{point}" for number in numbers for point in EFFECT_POINTS}
        self.wait(lambda: wanted <= set(self.world.effects()), f"the effects of {numbers}")
        self.wait(
            lambda: all(record.state == "done" for record in self.jobs()), "the jobs to be settled"
        )


def signed_headers(body: bytes, *, guid: str) -> dict[str, str]:
    return {
        "X-Hub-Signature-256": sign(body, secret=SECRET),
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": "issues",
        "Content-Type": "application/json",
    }


def payload(number: int, action: str = "reopened") -> bytes:
    """A reopening starts exactly one job, so effects can be counted."""
    return json.dumps(
        {
            "action": action,
            "installation": {"id": 1 + number % 7},
            "repository": {"id": 1, "full_name": "ada/engine", "default_branch": "main"},
            "sender": {"login": "ada", "type": "User"},
            "issue": {"id": 1000 + number, "number": number, "updated_at": "2026-05-04T10:00:00Z"},
        }
    ).encode()


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    db = Database(url)
    yield db
    db.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _opens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
