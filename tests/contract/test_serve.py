"""The real `precedent serve`: two processes that come and go together, and what strangers can do to
them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.workers import Workers
from tests.support.contract import _free_port, payload, signed_headers
from tests.support.contract_process import SECRET
from tests.support.moments import NOON

FEW_DESCRIPTORS = 128


class Served:
    """The process that was started, and the one beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.log = folder / "log"
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in ("PATH", "HOME", "VIRTUAL_ENV")
            },
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "GITHUB_APP_ID": "1",
            "GITHUB_PRIVATE_KEY": key.decode(),
            "GITHUB_WEBHOOK_SECRET": SECRET,
            # Nobody listens there.
            "GITHUB_API_URL": "http://127.0.0.1:9",
        }
        serve = [
            sys.executable,
            "-m",
            "bot",
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        # Fewer than there will be connections: the bot has to ask for more.
        command = ["sh", "-c", f'ulimit -S -n {FEW_DESCRIPTORS}; exec "$@"', "sh", *serve]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, cwd=folder, stdout=log, stderr=log
            )
        self.wait(lambda: bool(self.living()), "a worker to be alive")

    @property
    def worker(self) -> psutil.Process | None:
        children = psutil.Process(self.process.pid).children()
        return children[0] if children else None

    def living(self) -> list[str]:
        if not (self.folder / "precedent.db").exists():
            return []
        db = Database(f"sqlite:///{self.folder / 'precedent.db'}", tidies=False)
        try:
            with suppress(Exception):  # the tables may still be on their way
                return [worker.id for worker in Workers(db, lease_seconds=30).living()]
            return []
        finally:
            db.close()

    def is_planned(self, guid: str) -> bool:
        db = Database(f"sqlite:///{self.folder / 'precedent.db'}", tidies=False)
        kept = Deliveries(db, lambda: NOON).find(guid)
        db.close()
        return kept is not None and kept.outcome is not None

    def deliver(self) -> str:
        guid, body = str(uuid4()), payload(1, "labeled")
        assert self.post(body, **signed_headers(body, guid=guid)) == 202
        return guid

    def post(self, body: bytes, **headers: str) -> int:
        """The status; 0 when the connection was closed while we were still sending."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/webhook", body=body, headers=headers)
            return connection.getresponse().status
        except ConnectionError:
            return 0
        finally:
            connection.close()

    def wait(self, holds: Callable[[], bool], what: str, *, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (
                f"waited in vain for {what}:\n{self.log.read_text()[-3000:]}"
            )
            time.sleep(0.2)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    if served.process.poll() is None:
        served.process.terminate()
    served.process.wait(timeout=40)


def test_what_the_one_takes_in_the_other_works_on(served: Served):
    guid = served.deliver()

    served.wait(lambda: served.is_planned(guid), "the delivery to be planned")


def test_a_worker_that_dies_is_started_again_while_deliveries_are_taken_in(served: Served):
    first = served.worker
    assert first is not None
    first.kill()
    guid = served.deliver()

    served.wait(lambda: served.is_planned(guid), "the delivery to be planned")
    assert served.worker != first


def test_a_worker_does_not_outlive_a_web_side_that_was_killed(served: Served):
    worker = served.worker
    assert worker is not None
    served.process.kill()

    served.wait(lambda: not worker.is_running(), "the worker to end")


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_stopping_ends_both_with_success(served: Served, asked: signal.Signals):
    worker = served.worker
    assert worker is not None
    served.process.send_signal(asked)

    assert served.process.wait(timeout=30) == 0
    assert (worker.is_running(), served.living()) == (False, [])


# --- strangers


def test_large_bodies_without_the_key_are_refused_and_leave_nothing_behind(served: Served):
    body = b" " * 25_000_000
    headers = {**signed_headers(body, guid="forged"), "X-Hub-Signature-256": "sha256=" + "0" * 64}
    idle, said = psutil.Process(served.process.pid).memory_info().rss, served.log.stat().st_size
    peaks = []

    def send(_: int) -> int:
        status = served.post(body, **headers)
        peaks.append(psutil.Process(served.process.pid).memory_info().rss)
        return status

    with ThreadPoolExecutor(20) as strangers:
        statuses = set(strangers.map(send, range(40)))
    guid = served.deliver()

    assert statuses <= {0, 401, 503}
    assert max(peaks) - idle < 150_000_000
    assert served.log.stat().st_size - said < 100_000
    served.wait(lambda: served.is_planned(guid), "the delivery to be planned")


def test_connections_that_never_finish_keep_nobody_out(served: Served):
    said = served.log.stat().st_size
    idlers = [
        socket.create_connection(("127.0.0.1", served.port)) for _ in range(3 * FEW_DESCRIPTORS)
    ]
    for each in idlers:
        each.sendall(b"POST /webhook HTTP/1.1\r\nHost: bot\r\nX-Slow: ")
    served.deliver()
    for each in idlers:
        each.close()

    assert served.log.stat().st_size - said < 100_000
