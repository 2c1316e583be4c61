"""The stage: a sandbox GitHub in this process, the bot as a process of its own that may be
killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import uvicorn

from bot.adapters.store.database import open_database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import Jobs
from github_sandbox import Sandbox, asgi_of

HOST: Final = "127.0.0.1"
WEBHOOK_SECRET: Final = "the-demo-signs-with-this"  # noqa: S105 - opens nothing but a demo
SESSION_SECRET: Final = "the-demo-remembers-people-by-this"  # noqa: S105 - the same
PATIENCE: Final = timedelta(seconds=60)
POLL_SECONDS: Final = 0.1
LINES_SHOWN: Final = 5


class NotSettled(Exception):
    """The bot did not finish in time, or could not be started; the message says what it was
    doing."""


class StageClock:
    """The machine's clock, moved: a repository's history may be told as if it had taken months."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.shift

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Inside, it is that moment and a little later."""
        self.shift = moment - datetime.now(UTC)
        try:
            yield
        finally:
            self.shift = timedelta()


class Stage:
    """Use as a context manager: leaving it stops both."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder, self.port, self.bot_port = folder, port, free_port()
        self.clock = StageClock()
        self.sandbox = Sandbox(
            clock=self.clock,
            webhook_secret=WEBHOOK_SECRET,
            webhook_url=f"http://{HOST}:{self.bot_port}/webhook",
            url=f"http://{HOST}:{port}",
        )
        self.sandbox.app.callback_urls = [f"{self.dashboard}/signed-in"]
        self.log = folder / "bot.log"
        self._bot: subprocess.Popen[bytes] | None = None
        self._server = uvicorn.Server(
            uvicorn.Config(
                asgi_of(self.sandbox),
                host=HOST,
                port=port,
                log_level="warning",
                access_log=False,
                date_header=False,
            )
        )
        self._thread = threading.Thread(target=self._server.run, name="sandbox", daemon=True)

    def __enter__(self) -> "Stage":
        self._thread.start()
        self.wait_until(
            lambda: self._server.started or not self._thread.is_alive(),
            what="the sandbox GitHub starts",
        )
        if not self._server.started:
            raise NotSettled(f"port {self.port} is taken: choose another with --port")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_bot()
        self._server.should_exit = True
        self._thread.join()
        self.sandbox.close()

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'precedent.db'}"

    @property
    def dashboard(self) -> str:
        return f"http://{HOST}:{self.bot_port}"

    # --- the bot

    def start_bot(self, *, crash_at: str | None = None) -> None:
        """Returns when it answers. `crash_at` names the point at which it shall kill itself as by
        kill -9."""
        key = self.folder / "private-key.pem"
        key.write_text(self.sandbox.private_key)
        environment = {
            **{name: value for name, value in os.environ.items() if name in KEPT_VARIABLES},
            "DATABASE_URL": self.database_url,
            "GITHUB_APP_ID": str(self.sandbox.app.id),
            "GITHUB_PRIVATE_KEY_PATH": str(key),
            "GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "GITHUB_API_URL": self.sandbox.site.api,
            "GITHUB_CLIENT_ID": self.sandbox.app.client_id,
            "GITHUB_CLIENT_SECRET": self.sandbox.app.client_secret,
            "SESSION_SECRET": SESSION_SECRET,
            "LOG_FORMAT": "json",
            **({"CRASH_AT": crash_at} if crash_at else {}),
        }
        command = [
            sys.executable,
            "-m",
            "bot",
            "serve",
            "--host",
            HOST,
            "--port",
            str(self.bot_port),
        ]
        with self.log.open("ab") as log:
            self._bot = subprocess.Popen(  # noqa: S603 - ourselves
                command, env=environment, stdout=log, stderr=log, cwd=self.folder
            )
        self.wait_until(self._answers, what="the bot starts")

    def stop_bot(self) -> None:
        if self._bot and self._bot.poll() is None:
            self._bot.terminate()
            self._bot.wait()

    def wait_for_death(self) -> None:
        """Returns when the bot has killed itself."""
        bot = self._bot
        assert bot is not None
        self.wait_until(lambda: bot.poll() is not None, what="the bot dies")
        if bot.returncode != -signal.SIGKILL:
            raise NotSettled(f"the bot ended by itself with {bot.returncode}{self._last_words()}")

    def _answers(self) -> bool:
        assert self._bot is not None
        if self._bot.poll() is not None:
            raise NotSettled(f"the bot ended with {self._bot.returncode}{self._last_words()}")
        try:
            return httpx.get(f"http://{HOST}:{self.bot_port}/healthz", timeout=1).is_success
        except httpx.HTTPError:
            return False

    # --- waiting

    def settle(self, *, patience: timedelta = PATIENCE) -> None:
        """Returns when every webhook is delivered and every job that is due done."""
        db = open_database(self.database_url)
        deliveries, jobs = Deliveries(db, self.clock), Jobs(db)

        def is_settled() -> bool:
            # What waits for longer than we do is meant to: reactions are read after an hour.
            idle = not jobs.busy(until=self.clock() + patience)
            return idle and deliveries.oldest_undispatched() is None and self.all_sent()

        try:
            self.wait_until(is_settled, what="the bot finishes its work", patience=patience)
        finally:
            db.close()

    def all_sent(self) -> bool:
        return all(webhook.status is not None for webhook in list(self.sandbox.webhooks))

    def wait_until(
        self, holds: Callable[[], bool], *, what: str, patience: timedelta = PATIENCE
    ) -> None:
        deadline = time.monotonic() + patience.total_seconds()
        while not holds():
            if time.monotonic() > deadline:
                raise NotSettled(
                    f"waited {int(patience.total_seconds())} s in vain until"
                    f" {what}{self._last_words()}"
                )
            time.sleep(POLL_SECONDS)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "".join(
            f"\n  {line}" for line in ["; the bot's log ends with:", *lines[-LINES_SHOWN:]]
        )


# A key or another database in the caller's environment is not the demo's.
KEPT_VARIABLES: Final = frozenset(
    {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH"}
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
