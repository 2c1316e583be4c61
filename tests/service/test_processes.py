"""The web side in this process, and the signals that stop it."""

import signal
import threading

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.service.processes import STOP_SIGNALS, serve_web, server_config
from bot.service.web import address_of


def test_after_pages_that_are_done_a_stop_is_heard_again():
    before = [signal.getsignal(each) for each in STOP_SIGNALS]
    done = threading.Event()
    done.set()

    serve_web(Starlette(), host="127.0.0.1", port=0, until=done)

    assert [signal.getsignal(each) for each in STOP_SIGNALS] == before


def address_seen(peer: str, *, proxies: str) -> str:
    """What a browser at `peer` that claims to come by HTTPS is told of where it is."""
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse(address_of(request)))])
    config = server_config(app, host="127.0.0.1", port=0, proxies=proxies)
    config.load()
    return (
        TestClient(config.loaded_app, client=(peer, 50000))
        .get("/", headers={"x-forwarded-proto": "https"})
        .text
    )


@pytest.mark.parametrize(
    ("peer", "proxies"), [("127.0.0.1", "127.0.0.1,::1"), ("10.1.2.3", "10.0.0.0/8")]
)
def test_a_configured_proxy_says_by_which_scheme_we_are_reached(peer: str, proxies: str):
    assert address_seen(peer, proxies=proxies) == "https://testserver"


def test_nobody_else_does():
    assert address_seen("203.0.113.9", proxies="127.0.0.1,10.0.0.0/8") == "http://testserver"
