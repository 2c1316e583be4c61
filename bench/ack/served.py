"""One way of keeping deliveries behind the same Starlette route and the same signature check: run
by uvicorn."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.adapters.crash_points import crash_at
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries, Inbox
from bot.adapters.store.migrate import migrate
from bot.adapters.telemetry import Metrics
from bot.core.events import Delivery, SignatureCheck, read_head, signed_delivery
from bot.core.status.readiness import Observed, Readiness
from bot.service.health import Health
from bot.service.web import Refusals, Web, create_app

SECRET: Final = "a secret that only the bench knows"
Keep = Callable[[Delivery], Awaitable[None]]


def utc_now() -> datetime:
    return datetime.now(UTC)


def ours(url: str) -> Starlette:
    """The product's own web side, nothing left out."""
    db = Database(url)
    migrate(db, now=utc_now())
    inbox = Inbox(Deliveries(db, utc_now), reached=crash_at(None))
    ready, metrics = (
        Readiness(state="ready", problems=(), warnings=(), observed=Observed()),
        Metrics(),
    )
    health = Health(readiness=lambda: ready, metrics=metrics, clock=utc_now)
    return create_app(
        Web(
            inbox=inbox,
            secrets=[SECRET],
            refusals=Refusals(utc_now),
            metrics=metrics,
            health=health,
        )
    )


def nothing(_: str) -> Starlette:
    """The ceiling: checks the signature, keeps nothing."""

    async def keep(_: Delivery) -> None:
        return None

    return _app(keep)


def dbos(url: str) -> Starlette:
    """The delivery as the argument of a workflow enqueued with DBOS's own client."""
    from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer  # noqa: PLC0415 - a peer, not a dependency of all

    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})
    DBOS.launch()
    DBOS.destroy()
    client = DBOSClient(
        system_database_url=url.replace("postgresql://", "postgresql+psycopg://"),
        serializer=DBOSPortableJSONSerializer(),
        system_database_pool_size=16,
    )

    async def keep(delivery: Delivery) -> None:
        options = {"workflow_name": "job", "queue_name": "jobs", "workflow_id": delivery.guid}
        await client.enqueue_async(options, delivery.event, delivery.body.decode())

    return _app(keep)


def procrastinate(url: str) -> Starlette:
    """The delivery as the argument of a job deferred with Procrastinate (PostgreSQL only)."""
    from procrastinate import App, PsycopgConnector  # noqa: PLC0415 - a peer, not a dependency of all

    app = App(connector=PsycopgConnector(conninfo=url, min_size=4, max_size=16))

    @app.task(name="job")
    def job(event: str, body: str) -> None:
        """Never run here."""

    async def keep(delivery: Delivery) -> None:
        deferrer = job.configure(queueing_lock=delivery.guid)
        await deferrer.defer_async(event=delivery.event, body=delivery.body.decode())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            yield

    return _app(keep, lifespan)


def _app(keep: Keep, lifespan: Callable[[Starlette], object] | None = None) -> Starlette:
    async def receive(request: Request) -> Response:
        head, body = read_head(request.headers), await request.body()
        check = SignatureCheck(head.signature, secrets=[SECRET])
        check.update(body)
        check.require_match()
        await keep(signed_delivery(head, body))
        return JSONResponse({"delivery": head.guid, "new": True}, status_code=202)

    return Starlette(routes=[Route("/webhook", receive, methods=["POST"])], lifespan=lifespan)  # type: ignore[arg-type]


WAYS: Final = {"nothing": nothing, "ours": ours, "dbos": dbos, "procrastinate": procrastinate}


def app() -> Starlette:
    return WAYS[os.environ["BENCH_WAY"]](os.environ["BENCH_DATABASE"])
