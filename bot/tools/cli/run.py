"""The commands that run the bot: serve, web, worker, migrate."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.core.settings import Settings

ANYWHERE = "0.0.0.0"  # noqa: S104 - hosting services reach the container from outside

host = click.option("--host", default=ANYWHERE, show_default=True, help="Address to listen on.")
port = click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: PORT, or 3000]"
)


@click.command()
@host
@port
@click.option(
    "--pull",
    is_flag=True,
    help="Read deliveries from GitHub's log: for machines that GitHub cannot reach.",
)
def serve(host: str, port: int | None, pull: bool) -> None:
    """Take deliveries in, and work on them in a process beside.

    Applies missing migrations first. The embedded default: one machine, one SQLite file. Without a
    GitHub App it prints the address of a page that makes one, and starts when that is done.

    \b
    Example:
      precedent serve --port 3000
      precedent serve --pull
    """
    from bot.adapters.crash_points import die
    from bot.adapters.store.database import open_database
    from bot.adapters.store.migrate import migrate
    from bot.adapters.telemetry import Metrics
    from bot.app import Outside, build_web, utc_now
    from bot.service.processes import LONGEST_WORKER_STOP, leave, serve_web
    from bot.service.supervisor import Supervisor

    settings = read_environment()
    if not settings.is_set_up:
        settings, pulls = _set_up(settings, host=host, port=settings.port if port is None else port)
        pull = pull or pulls
    # The worker tidies up for both.
    db = open_database(settings.database_url, tidies=False)
    migrate(db, now=utc_now())
    command = ["-m", "bot", "worker", "--beside-web", *(["--pull"] if pull else [])]
    # To whoever set a point to die at, both are one.
    supervisor = Supervisor(command, died=die if settings.crash_at else lambda: None)
    app = build_web(settings, db, metrics=Metrics(), outside=Outside(), kept=supervisor.wake)
    serve_web(
        app,
        host=host,
        port=settings.port if port is None else port,
        proxies=settings.trusted_proxies,
    )
    supervisor.stop(within=LONGEST_WORKER_STOP)
    leave()


@click.command()
@host
@port
def web(host: str, port: int | None) -> None:
    """Take deliveries in, for a worker elsewhere.

    /readyz says so when nobody works on them. Run `precedent migrate` before.

    \b
    Example:
      DATABASE_URL=postgresql://bot@db/bot precedent web --port 3000
    """
    from bot.adapters.store.database import open_database
    from bot.adapters.store.migrate import require_newest
    from bot.adapters.telemetry import Metrics
    from bot.app import Outside, build_web
    from bot.service.processes import serve_web

    settings = read_environment()
    db = open_database(settings.database_url)
    require_newest(db)
    app = build_web(settings, db, metrics=Metrics(), outside=Outside())
    serve_web(
        app,
        host=host,
        port=settings.port if port is None else port,
        proxies=settings.trusted_proxies,
    )


@click.command()
@host
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=(
        "Port of /healthz, /readyz and /metrics.  [default: WORKER_PORT, or 3001;"
        " WORKER_PORT=off for"
        " none]"
    ),
)
@click.option("--pull", is_flag=True, help="Read deliveries from GitHub's log as well.")
@click.option("--beside-web", is_flag=True, hidden=True)
def worker(host: str, port: int | None, pull: bool, beside_web: bool) -> None:
    """Work on what `precedent web` takes in; as many of these as you like.

    \b
    Example:
      DATABASE_URL=postgresql://bot@db/bot precedent worker --port 3001
    """
    from bot.adapters.store.database import open_database
    from bot.adapters.store.migrate import require_newest
    from bot.adapters.telemetry import Metrics
    from bot.app import Outside, build_health, build_pull, build_worker
    from bot.service.health import create_health_app
    from bot.service.processes import leave, port_is_free, serve_web, work

    settings = read_environment()
    db = open_database(settings.database_url)
    require_newest(db)
    metrics, outside = Metrics(), Outside()
    loop = build_worker(settings, db, metrics=metrics, outside=outside)
    puller = (
        build_pull(settings, db, outside=outside, kept=loop.engine.something_new.set)
        if pull
        else None
    )
    if puller:
        puller.start()
    # Beside a web side of the same machine that one tells how both are.
    listens_at = None if beside_web else settings.worker_port if port is None else port
    if listens_at is None or not port_is_free(host, listens_at):
        work(loop, parent=sys.stdin.fileno() if beside_web else None)
    else:
        worker_id = loop.engine.worker.id
        health = build_health(settings, db, metrics=metrics, outside=outside, worker_id=worker_id)
        loop.start()
        serve_web(
            create_health_app(health), host=host, port=listens_at, proxies=settings.trusted_proxies
        )
        loop.stop()
    if puller:
        puller.stop()
    leave()


@click.command()
def health() -> None:
    """Ask the process of this machine whether it lives: `serve`, `web` or `worker`. Exits with 1
    when none answers.

    \b
    Example:
      precedent health
    """
    import urllib.request

    settings = read_environment()
    ports = [port for port in (settings.port, settings.worker_port) if port is not None]
    for port in ports:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                click.echo(f"{answer.read().decode()} at port {port}")
                return
        except OSError:
            continue
    raise click.ClickException(f"nothing answers at port {' or '.join(map(str, ports))}")


@click.command()
def migrate() -> None:
    """Bring the database to this release's schema. On SQLite a copy is kept beside it first.

    \b
    Example:
      DATABASE_URL=sqlite:///precedent.db precedent migrate
    """
    from bot.adapters.store.database import open_database
    from bot.adapters.store.migrate import migrate, revision
    from bot.app import utc_now

    db = open_database(read_environment().database_url)
    migrate(db, now=utc_now())
    click.echo(f"the database is at revision {revision(db)}")


def _set_up(settings: "Settings", *, host: str, port: int) -> "tuple[Settings, bool]":
    """Serve the pages that make the App; the settings once it is made, and whether to pull. Ends
    the process where there are none."""
    from bot.adapters.telemetry import Metrics
    from bot.app import Outside, build_setup_health
    from bot.service.processes import leave, serve_web
    from bot.service.setup import Setup

    setup = Setup(settings, env_file=Path(".env"))
    address = settings.public_url or f"http://localhost:{port}"
    click.echo(f"There is no GitHub App yet. Open {address}/setup?token={setup.token}")
    app = setup.app(build_setup_health(Metrics(), Outside()))
    serve_web(app, host=host, port=port, proxies=settings.trusted_proxies, until=setup.done)
    made = read_environment()
    if not made.is_set_up:
        leave()
    return made, setup.pulls


def read_environment() -> "Settings":
    """The settings of the environment and of `.env` in the working directory; logs go where they
    say."""
    from dotenv import dotenv_values

    from bot.adapters.telemetry import configure_logs
    from bot.core.settings import read_settings

    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    settings = read_settings(
        {**written, **os.environ}, read_file=lambda path: Path(path).expanduser().read_text()
    )
    configure_logs(level=settings.log_level, form=settings.log_format)
    return settings
