"""How a worker is asked how it is, and the command by which a container asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from bot.adapters.store.database import Database
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics
from bot.app import Outside, build_health
from bot.core.settings import Settings
from bot.service.health import create_health_app
from bot.service.processes import FRESH, LEASE_SECONDS, port_is_free, readiness_of
from bot.tools.cli.run import health
from tests.support.loop import StandingClock
from tests.support.moments import NOON

SETTINGS = Settings(app_id=1)
WORKER = Worker(id="w1", fingerprint=SETTINGS.fingerprint, started_at=NOON)


class Alive(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"alive")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Alive)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_worker_answers_for_itself(sqlite_db: Database):
    Workers(sqlite_db, lease_seconds=LEASE_SECONDS).beat(WORKER)
    told = build_health(SETTINGS, sqlite_db, metrics=Metrics(), outside=Outside(), worker_id="w1")
    http = TestClient(create_health_app(told), client=("127.0.0.1", 50000))

    assert http.get("/healthz").text == "alive"
    assert (http.get("/readyz").status_code, http.get("/readyz").json()["workers"]) == (200, 1)
    assert "precedent_workers_alive 1.0" in http.get("/metrics").text
    assert http.post("/webhook").status_code == 404


def test_a_worker_that_is_not_heard_of_is_not_ready(sqlite_db: Database):
    told = build_health(SETTINGS, sqlite_db, metrics=Metrics(), outside=Outside(), worker_id="w1")

    assert TestClient(create_health_app(told)).get("/readyz").status_code == 503


def test_however_often_it_is_asked_it_looks_every_five_seconds(sqlite_db: Database):
    clock, metrics = StandingClock(), Metrics()
    ask = readiness_of(sqlite_db, SETTINGS, clock, metrics=metrics)
    written = set()
    for _ in range(12):
        ask()
        with sqlite_db.reading() as tx:
            written.add(tx.exec_driver_sql("SELECT seq, count(*) FROM heartbeats").one())
        clock.advance(seconds=FRESH / timedelta(seconds=1) / 4)

    assert written == {(1, 1), (2, 1), (3, 1)}


def test_the_first_of_several_workers_gets_the_port():
    with listening() as port:
        assert not port_is_free("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)


@pytest.mark.parametrize("variable", ["PORT", "WORKER_PORT"])
def test_whichever_runs_in_a_container_is_found(variable: str, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with listening() as port:
        environment = {"PORT": "1", "WORKER_PORT": "1", variable: str(port)}
        answer = CliRunner().invoke(health, env=environment)

    assert (answer.exit_code, answer.output) == (0, f"alive at port {port}\n")


def test_where_nothing_answers_the_container_is_ill(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(health, env={"PORT": "1", "WORKER_PORT": "off"})

    assert (answer.exit_code, answer.output) == (1, "Error: nothing answers at port 1\n")
