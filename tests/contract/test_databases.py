"""The database down, locked, full, gone at COMMIT: 503, never a false 202, and well again by
itself."""

import resource
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.contract import Contract


class Proxy:
    """Stands between us and PostgreSQL, and can cut the line: always, or just after COMMIT has gone
    through."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.mode = "pass"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nobody gets through, and who was through is thrown out."""
        self.mode = "cut"
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                if self.mode == "cut":
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open += [client, server]
                for ends in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, towards_server: bool) -> None:
        with suppress(OSError), closing(source), closing(target):
            while chunk := source.recv(65536):
                if not towards_server and self.mode == "lose the answer":
                    break
                if towards_server and self.mode == "cut at COMMIT" and b"COMMIT" in chunk:
                    self.mode = "lose the answer"
                target.sendall(chunk)
            source.shutdown(socket.SHUT_RDWR)
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(postgres: str) -> Iterator[Proxy]:
    url = sa.make_url(postgres)
    proxy = Proxy((str(url.host), url.port or 5432))
    yield proxy
    proxy.close()


@pytest.fixture
def behind_proxy(proxy: Proxy, postgres_url: str, tmp_path: Path) -> Iterator[Contract]:
    """The web side speaks through the proxy; the test looks past it."""
    through = sa.make_url(postgres_url).set(port=proxy.port).render_as_string(hide_password=False)
    contract = Contract(postgres_url, tmp_path)
    contract.start("web", database_url=through)
    # Its first look at its own health writes, and is none of what the tests are about.
    contract.ready()
    yield contract
    contract.stop_all()


def test_a_connection_lost_at_commit_is_not_acknowledged(behind_proxy: Contract, proxy: Proxy):
    proxy.mode = "cut at COMMIT"
    answer = behind_proxy.deliver(1, guid="g1")

    # The commit did happen: nobody on this side could know.
    assert (answer, behind_proxy.known(["g1"])) == (503, {"g1"})


def test_the_redelivery_after_a_connection_lost_at_commit_is_known(
    behind_proxy: Contract, proxy: Proxy
):
    proxy.mode = "cut at COMMIT"
    behind_proxy.deliver(1, guid="g1")
    proxy.mode = "pass"
    behind_proxy.deliver(1, guid="g1")
    behind_proxy.start("worker")
    behind_proxy.wait_until_done(1)

    assert len(behind_proxy.jobs()) == 1


def test_without_a_database_deliveries_are_refused_in_time(behind_proxy: Contract, proxy: Proxy):
    proxy.cut()
    began = time.monotonic()
    answer = behind_proxy.deliver(1)

    assert answer == 503
    assert time.monotonic() - began < 5


def test_without_a_database_it_is_not_ready(behind_proxy: Contract, proxy: Proxy):
    proxy.cut()

    behind_proxy.wait(
        lambda: not behind_proxy.ready()["ready"], "the next look, within five seconds", seconds=10
    )


def test_when_the_database_is_back_deliveries_are_kept_again(behind_proxy: Contract, proxy: Proxy):
    proxy.cut()
    behind_proxy.deliver(1)
    proxy.mode = "pass"

    assert behind_proxy.deliver(1) == 202


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Contract]:
    contract = Contract(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path)
    yield contract
    contract.stop_all()


def test_a_locked_file_is_a_refusal_and_then_well_again(on_sqlite: Contract, tmp_path: Path):
    on_sqlite.start("web")
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        locked = on_sqlite.deliver(1)
        other.execute("ROLLBACK")

    assert [locked, on_sqlite.deliver(1)] == [503, 202]


def test_a_full_disk_is_a_refusal_and_then_well_again(on_sqlite: Contract, tmp_path: Path):
    serving = on_sqlite.start("serve")
    on_sqlite.deliver(1)
    on_sqlite.wait_until_done(1)
    assert serving.pid is not None
    # A process that may not make its files larger meets what a full disk is.
    before = resource.prlimit(serving.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    full = on_sqlite.deliver(2)
    resource.prlimit(serving.pid, resource.RLIMIT_FSIZE, before)
    again = on_sqlite.deliver(3)
    on_sqlite.wait_until_done(3)

    with closing(sqlite3.connect(tmp_path / "bot.db")) as file:
        integrity = file.execute("PRAGMA integrity_check").fetchone()
    assert (full, again, integrity) == (503, 202, ("ok",))
