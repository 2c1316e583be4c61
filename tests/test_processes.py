"""The web side in this process, and the signals that stop it."""

import signal
import threading

from starlette.applications import Starlette

from bot.processes import STOP_SIGNALS, serve_web


def test_after_pages_that_are_done_a_stop_is_heard_again():
    before = [signal.getsignal(each) for each in STOP_SIGNALS]
    done = threading.Event()
    done.set()

    serve_web(Starlette(), host="127.0.0.1", port=0, until=done)

    assert [signal.getsignal(each) for each in STOP_SIGNALS] == before
