"""The HTTP side, in process."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries, Inbox
from bot.adapters.telemetry import Metrics
from bot.core.errors import TryLater
from bot.core.events import MAX_BODY_BYTES, sign
from bot.core.status.readiness import Observed, Pause, Readiness, Unwritable, judge_readiness
from bot.service.bodies import Room
from bot.service.health import Health
from bot.service.web import REMEMBERED_REFUSALS, Refusals, Web, create_app
from tests.support.moments import NOON

FULL = Unwritable(cause="full", why="database or disk is full")
SECRET = "correct horse battery staple"
BODY = b'{"zen": "Approachable is better than simple."}'


def headers(body: bytes = BODY, *, guid: str = "g1", secret: str = SECRET) -> dict[str, str]:
    return {
        "x-hub-signature-256": sign(body, secret=secret),
        "x-github-delivery": guid,
        "x-github-event": "ping",
        "content-type": "application/json",
    }


class Server:
    """The web side over a database, without a socket."""

    def __init__(self, db: Database, **changed: Any) -> None:
        self.now = NOON
        self.observed = Observed(workers=["f"])
        self.deliveries = changed.pop("deliveries", Deliveries(db, self.clock))
        metrics = Metrics()
        self.web = Web(
            inbox=Inbox(self.deliveries, reached=lambda _: None),
            secrets=[SECRET],
            refusals=Refusals(self.clock),
            metrics=metrics,
            health=Health(
                readiness=self.readiness,
                metrics=metrics,
                clock=self.clock,
                metrics_token=changed.pop("metrics_token", None),
            ),
            **changed,
        )
        self.app = create_app(self.web)
        self.http = TestClient(self.app, client=("127.0.0.1", 50000))

    def clock(self) -> datetime:
        return self.now

    def readiness(self) -> Readiness:
        return judge_readiness(self.observed, part="web", fingerprint="f", now=self.now)

    def post(self, body: bytes = BODY, **changed: str) -> Any:
        return self.http.post("/webhook", content=body, headers={**headers(body), **changed})


@pytest.fixture
def server(sqlite_db: Database) -> Iterator[Server]:
    server = Server(sqlite_db)
    yield server
    server.web.inbox.close()


def test_a_signed_delivery_is_acknowledged_and_kept(server: Server):
    answer = server.post()

    kept = server.deliveries.find("g1")
    assert (answer.status_code, kept and kept.body) == (202, BODY)


def test_a_redelivery_is_acknowledged_as_known(server: Server):
    server.post()

    assert server.post().json() == {"delivery": "g1", "new": False}


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[" * 100_000, b"1" * 5_000, b"\xef\xbb\xbf{}", b"{}{}", b'{"a": NaN}']
)
def test_what_is_signed_is_kept_whatever_it_is(server: Server, body: bytes):
    answer = server.post(body)

    kept = server.deliveries.find("g1")
    assert (answer.status_code, kept and kept.body) == (202, body)


def test_an_unsigned_request_is_refused_and_not_kept(server: Server):
    answer = server.http.post("/webhook", content=BODY, headers=headers(secret="another"))

    assert (answer.status_code, server.deliveries.newest(1)) == (401, [])


def test_a_body_announced_as_too_large_is_refused_unread(server: Server):
    assert server.post(**{"content-length": str(MAX_BODY_BYTES + 1)}).status_code == 413


def test_a_body_that_grows_too_large_is_refused_on_the_way(server: Server):
    unannounced = (b"x" * (1 << 20) for _ in range(2 * MAX_BODY_BYTES >> 20))

    assert server.http.post("/webhook", content=unannounced, headers=headers()).status_code == 413


def test_a_compressed_body_is_not_unpacked(server: Server):
    bomb = b"\x1f\x8b" + b"\0" * 1000
    answer = server.post(bomb, **{"content-encoding": "gzip"})

    kept = server.deliveries.find("g1")
    assert (answer.status_code, kept and kept.body) == (202, bomb)


def refused_unread(server: Server, **changed: str | None) -> int:
    """The status of an answer that did not wait for the body."""
    given = {name: value for name, value in {**headers(), **changed}.items() if value is not None}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/webhook",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "query_string": b"",
        "client": None,
    }
    answers: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("the body was asked for")

    async def send(message: Any) -> None:
        answers.append(message)

    asyncio.run(server.app(scope, receive, send))
    return int(answers[0]["status"])


@pytest.mark.parametrize(
    "signature", [None, "", "sha1=" + "0" * 40, "sha256=" + "0" * 63, "sha256=" + "é" * 64]
)
def test_without_a_signature_no_body_is_read(server: Server, signature: str | None):
    assert refused_unread(server, **{"x-hub-signature-256": signature}) == 401


@pytest.mark.parametrize("name", ["x-github-event", "x-github-delivery"])
@pytest.mark.parametrize("value", [None, "", "x" * 201, "a\x01b"])
def test_without_event_or_guid_no_body_is_read(server: Server, name: str, value: str | None):
    assert refused_unread(server, **{name: value}) == 400


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 5000, "-1", "²"])
def test_a_length_beyond_the_limit_needs_no_body(server: Server, length: str):
    assert refused_unread(server, **{"content-length": length}) == 413


def test_who_may_come_again_is_told_when(sqlite_db: Database):
    server = Server(sqlite_db, room=Room(small_bytes=10))
    answer = server.post()
    server.web.inbox.close()

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_the_webhook_answers_to_post_only(server: Server):
    assert server.http.get("/webhook").status_code == 405


def test_a_slow_body_is_closed(sqlite_db: Database):
    server = Server(sqlite_db, slowest_body=timedelta(milliseconds=20))
    answer = asyncio.run(trickle(server.app, pause=10))
    server.web.inbox.close()

    assert (answer["status"], (b"connection", b"close") in answer["headers"]) == (408, True)


async def trickle(app: Callable[..., Any], *, pause: float) -> dict[str, Any]:
    """Post one byte, then nothing for `pause` seconds; the start of the answer."""
    answers: list[dict[str, Any]] = []
    pieces = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive() -> dict[str, Any]:
        for piece in pieces:
            return piece
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": b"}", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    given = [(name.encode(), value.encode()) for name, value in headers(b"{}").items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/webhook",
        "headers": given,
        "query_string": b"",
        "client": None,
    }
    await app(scope, receive, send)
    return answers[0]


class Failing(Deliveries):
    def __init__(self, db: Database, error: Exception) -> None:
        super().__init__(db, lambda: NOON)
        self.error = error

    def keep(self, batch: Any) -> set[str]:
        raise self.error


def test_what_could_not_be_committed_is_not_acknowledged(sqlite_db: Database):
    server = Server(sqlite_db, deliveries=Failing(sqlite_db, TryLater("disk full")))
    answer = server.post()
    server.web.inbox.close()

    assert answer.status_code == 503


def test_an_answer_of_503_names_no_detail_of_the_database(sqlite_db: Database):
    server = Server(
        sqlite_db, deliveries=Failing(sqlite_db, TryLater("password authentication failed"))
    )
    answer = server.post()
    server.web.inbox.close()

    assert answer.json() == {"error": "it could not be kept now"}


# --- refusals


def test_the_last_refusals_are_remembered_without_their_bodies(server: Server):
    server.http.post("/webhook", content=b"secret words", headers=headers())

    assert [(each.status, each.size, each.why) for each in server.web.refusals.last] == [
        (401, 12, "signature does not match")
    ]


def test_only_so_many_refusals_are_remembered(server: Server):
    for _ in range(REMEMBERED_REFUSALS + 5):
        server.http.post("/webhook", content=b"x", headers=headers())

    assert len(server.web.refusals.last) == REMEMBERED_REFUSALS


def refuse(refusals: Refusals, times: int) -> None:
    for _ in range(times):
        refusals.remember("signature does not match", status=401, size=1)


def test_more_than_fifty_refusals_within_an_hour_are_worth_a_warning(logged: list[Any]):
    refuse(Refusals(lambda: NOON), 51)

    assert [entry["event"] for entry in logged] == ["many_requests_refused"]


def test_fifty_refusals_are_not(logged: list[Any]):
    refuse(Refusals(lambda: NOON), 50)

    assert logged == []


def test_a_flood_is_warned_of_once_an_hour(logged: list[Any]):
    refuse(Refusals(lambda: NOON), 500)

    assert [entry["event"] for entry in logged] == ["many_requests_refused"]


# --- how it is doing


def test_alive_is_alive_even_without_a_database(server: Server):
    server.observed = Observed(unwritable=FULL)

    assert server.http.get("/healthz").status_code == 200


def test_ready_when_deliveries_can_be_kept(server: Server):
    assert server.http.get("/readyz").status_code == 200


def test_not_ready_where_nothing_can_be_written(server: Server):
    server.observed = Observed(unwritable=FULL)

    assert server.http.get("/readyz").status_code == 503


def test_what_is_wrong_is_said_with_its_cure_and_the_state(server: Server):
    server.observed = Observed(unwritable=FULL, workers=["f"])
    answer = server.http.get("/readyz").json()

    assert (answer["ready"], answer["state"]) == (False, "failing")
    assert "make room" in answer["problems"][0]


def watch(server: Server, *, turns: int) -> None:
    """Serve for as long as so many looks at the readiness take."""
    looks = iter(range(turns))
    observe, over = server.readiness, threading.Event()

    def counted() -> Readiness:
        if next(looks, None) is None:
            over.set()
        return observe()

    health = replace(server.web.health, readiness=counted, watch_every=timedelta(milliseconds=1))
    with TestClient(create_app(replace(server.web, health=health))):
        assert over.wait(10)


def told(logged: list[Any]) -> list[tuple[str, str]]:
    return [(entry["event"], entry["ailment"]) for entry in logged if "ailment" in entry]


def test_the_log_says_each_time_that_nothing_can_be_kept(server: Server, logged: list[Any]):
    server.observed = Observed(unwritable=FULL)
    watch(server, turns=3)

    assert told(logged).count(("not_ready", "full")) >= 3


def test_the_log_says_once_that_nobody_works(server: Server, logged: list[Any]):
    server.observed = Observed()
    watch(server, turns=5)

    assert told(logged) == [("readiness_warning", "no_worker")]


def test_metrics_are_open_to_this_machine(server: Server):
    server.post()

    assert 'precedent_deliveries_total{new="true"} 1.0' in server.http.get("/metrics").text


def test_metrics_tell_what_waits(server: Server):
    server.observed = Observed(
        workers=["f"],
        oldest_undispatched=NOON - timedelta(seconds=90),
        oldest_due=NOON - timedelta(seconds=30),
        jobs={"buried": 2},
        malformed=3,
        pauses=[Pause(account="acme", until=NOON + timedelta(minutes=1), why="slow down")],
        spent_usd=Decimal("1.25"),
    )
    text = server.http.get("/metrics").text

    assert "precedent_oldest_undispatched_seconds 90.0" in text
    assert 'precedent_jobs{state="buried"} 2.0' in text
    assert "precedent_oldest_due_seconds 30.0" in text
    assert "precedent_malformed_deliveries 3.0" in text
    assert "precedent_paused_installations 1.0" in text
    assert "precedent_model_spent_usd 1.25" in text
    assert 'precedent_ailment{name="paused"} 1.0' in text
    assert 'precedent_ailment{name="clock"} 0.0' in text


def test_metrics_are_closed_to_others(server: Server):
    assert TestClient(server.app, client=("203.0.113.9", 50000)).get("/metrics").status_code == 404


def test_with_a_token_metrics_need_the_token(sqlite_db: Database):
    server = Server(sqlite_db, metrics_token="a token for the scraper")
    without, given = (
        server.http.get("/metrics", headers=headers).status_code
        for headers in ({}, {"authorization": "Bearer a token for the scraper"})
    )
    server.web.inbox.close()

    assert (without, given) == (404, 200)
