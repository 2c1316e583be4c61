"""The worker beside a web side: a process of its own, started again when it dies, and ended with
its parent."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

SHORTEST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=1)
LOOK_SECONDS: Final = 0.2

log = structlog.get_logger(__name__)


class Supervisor:
    """Holds the writing end of the worker's input: a byte says that something is new, the end that
    we are gone.

    So the worker notices whatever happens to us, kill -9 included. `died` is called each time it
    ends unasked.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        died: Callable[[], None] = lambda: None,
        shortest_pause: timedelta = SHORTEST_PAUSE,
    ) -> None:
        self._command, self._died, self._shortest_pause = command, died, shortest_pause
        self._stopping = threading.Event()
        # For whoever uses the input, whose number another file may bear as soon as it is closed.
        self._changing = threading.Lock()
        self._process = _start(self._command)
        self._thread = threading.Thread(target=self._keep_alive, name="supervisor", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Tell the worker that something is new. Never waits: one that is busy or dead looks by
        itself later."""
        with self._changing, suppress(OSError, ValueError):
            assert self._process.stdin is not None
            os.write(self._process.stdin.fileno(), b".")

    def stop(self, *, within: timedelta) -> None:
        """Returns when the worker is gone, by force if need be."""
        self._stopping.set()
        self._thread.join()
        self._process.terminate()
        try:
            self._process.wait(within.total_seconds())
        except subprocess.TimeoutExpired:
            log.warning("worker_killed", after_seconds=within.total_seconds())
            self._process.kill()
            self._process.wait()
        _close_input(self._process)

    def _keep_alive(self) -> None:
        pause, began = self._shortest_pause, time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS):
            if self._process.poll() is None:
                continue
            self._died()
            lived = timedelta(seconds=time.monotonic() - began)
            pause = self._shortest_pause if lived > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            log.error(
                "worker_died",
                status=self._process.returncode,
                again_in_seconds=pause.total_seconds(),
            )
            if not self._stopping.wait(pause.total_seconds()):
                began = time.monotonic()
                self._start_again()

    def _start_again(self) -> None:
        try:
            process = _start(self._command)
        except OSError as error:
            log.error("worker_not_started", why=str(error))
            return
        with self._changing:
            _close_input(self._process)
            self._process = process


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", *command],
        stdin=subprocess.PIPE,
        # Found where we were found, and not in whatever folder we are called.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        # Ctrl-C is for us: the worker is asked to stop when the web side has.
        process_group=0,
    )
    assert process.stdin is not None
    os.set_blocking(process.stdin.fileno(), False)
    return process


def _close_input(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
