"""How a process is doing, over HTTP and in the log: the same for whoever takes deliveries in and
whoever works."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.adapters.telemetry import Metrics
from bot.core.status.readiness import AilmentName, Readiness
from bot.ports.world import Clock

WATCH_EVERY: Final = timedelta(seconds=60)
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Health:
    """``watch_every`` is how often the log is told what /readyz would tell."""

    readiness: Callable[[], Readiness]
    metrics: Metrics
    clock: Clock
    metrics_token: str | None = None
    watch_every: timedelta = WATCH_EVERY

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.measure),
        ]

    async def ready(self, _: Request) -> Response:
        readiness = await run_in_threadpool(self.readiness)
        answer = {
            "ready": not readiness.problems,
            "state": readiness.state,
            "durable": readiness.observed.durable,
            "workers": len(readiness.observed.workers),
            "problems": [str(problem) for problem in readiness.problems],
            "warnings": [str(warning) for warning in readiness.warnings],
        }
        return JSONResponse(answer, status_code=503 if readiness.problems else 200)

    async def measure(self, request: Request) -> Response:
        if not _may_read_metrics(request, self.metrics_token):
            return PlainTextResponse("Not Found", status_code=404)
        self.metrics.observe(await run_in_threadpool(self.readiness), now=self.clock())
        return Response(generate_latest(self.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    async def watch(self) -> None:
        """Tell the log what /readyz would tell, since not everybody asks: problems each time,
        warnings as they come."""
        told: set[AilmentName] = set()
        while True:
            readiness = await run_in_threadpool(self.readiness)
            for problem in readiness.problems:
                log.error("not_ready", ailment=problem.name, why=str(problem))
            for warning in readiness.warnings:
                if warning.name not in told:
                    log.warning("readiness_warning", ailment=warning.name, why=str(warning))
            told = {warning.name for warning in readiness.warnings}
            await asyncio.sleep(self.watch_every.total_seconds())

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.watch())
        yield
        task.cancel()


def create_health_app(health: Health) -> Starlette:
    """For a process that takes nothing in."""
    return Starlette(routes=health.routes(), lifespan=lambda _: health.watching())


async def alive(_: Request) -> Response:
    return PlainTextResponse("alive")


def _may_read_metrics(request: Request, token: str | None) -> bool:
    if token is None:
        return request.client is not None and request.client.host in LOOPBACK
    return compare_digest(
        request.headers.get("authorization", "").encode(), f"Bearer {token}".encode()
    )
