"""Connections that do not get on with it: closed after a while, and at once when others need the
place."""

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.service.connections import (
    BACKLOG,
    MOST_CONNECTIONS,
    OTHER_FILES,
    connections_allowed,
    patient_protocol,
)

ASKED = b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n"
LONG = timedelta(minutes=1)
SHORT = timedelta(milliseconds=100)


@contextmanager
def serving(*, most: int = 100, longest_headers: timedelta = LONG) -> Iterator[int]:
    """The port."""

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse((await request.body()).decode() or "well")

    config = uvicorn.Config(
        Starlette(routes=[Route("/", echo, methods=["GET", "POST"])]),
        log_config=None,
        http=patient_protocol(most=most, longest_headers=longest_headers),  # type: ignore[arg-type]
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        yield connection


def is_closed(connection: socket.socket) -> bool:
    """Waits until the server says something or hangs up."""
    with suppress(ConnectionResetError):
        return connection.recv(4096) == b""
    return True


def is_served(connection: socket.socket) -> bool:
    connection.sendall(ASKED)
    answer = b""
    while not answer.endswith(b"well"):
        answer += (more := connection.recv(4096))
        if not more:
            return False
    return True


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo", ASKED[:-1]])
def test_headers_that_do_not_end_are_not_waited_for(sent: bytes):
    with serving(longest_headers=SHORT) as port, connected(port, sent) as connection:
        assert is_closed(connection)


def test_the_second_request_of_a_connection_has_a_deadline_too():
    with serving(longest_headers=SHORT) as port, connected(port) as connection:
        served = is_served(connection)
        connection.sendall(b"GET ")

        assert (served, is_closed(connection)) == (True, True)


def test_headers_that_come_in_time_are_answered_however_long_the_body_takes():
    with serving(longest_headers=SHORT) as port:
        head = b"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: 2\r\n\r\n"
        with connected(port, head) as connection:
            time.sleep(3 * SHORT.total_seconds())
            connection.sendall(b"ok")

            assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_beyond_the_limit_who_has_waited_longest_makes_place():
    with (
        serving(most=2) as port,
        connected(port) as first,
        connected(port, b"GET") as second,
        connected(port) as third,
    ):
        assert (is_closed(first), is_served(third)) == (True, True)
        second.sendall(ASKED[3:])

        assert second.recv(4096).startswith(b"HTTP/1.1 200")


def test_any_number_of_idlers_keeps_nobody_out():
    with serving(most=5) as port:
        idlers = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        with connected(port) as connection:
            served = is_served(connection)
        for each in idlers:
            each.close()

        assert served


def test_the_limit_leaves_descriptors_to_accept_with():
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = connections_allowed()
    raised, _ = resource.getrlimit(resource.RLIMIT_NOFILE)

    assert raised >= soft
    assert allowed == MOST_CONNECTIONS or allowed + BACKLOG + OTHER_FILES <= raised
