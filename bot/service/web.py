"""The HTTP side: take deliveries in."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.store.deliveries import Inbox
from bot.adapters.telemetry import Metrics
from bot.core.errors import BadDelivery, TryLater
from bot.core.events import Delivery, SignatureCheck, read_head, signed_delivery
from bot.ports.world import Clock
from bot.service.bodies import SLOWEST_BODY, SMALL_BODY_BYTES, Body, Room
from bot.service.health import Health

# GitHub gives up after 10 seconds: better a clear no before that.
LONGEST_KEEPING: Final = timedelta(seconds=8)
RETRY_AFTER_SECONDS: Final = 10
REMEMBERED_REFUSALS: Final = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A request we did not keep: never what was in it."""

    at: datetime
    why: str
    status: int
    size: int


class Refusals:
    """The last few, for people who wonder why nothing arrives."""

    def __init__(self, clock: Clock) -> None:
        self.last: deque[Refusal] = deque(maxlen=REMEMBERED_REFUSALS)
        self.clock = clock
        self._warned_at: datetime | None = None

    def remember(self, why: str, *, status: int, size: int) -> None:
        now = self.clock()
        many = len(self.last) == REMEMBERED_REFUSALS and now - self.last[0].at < timedelta(hours=1)
        self.last.append(Refusal(at=now, why=why, status=status, size=size))
        if many and (self._warned_at is None or now - self._warned_at >= timedelta(hours=1)):
            self._warned_at = now
            log.warning(
                "many_requests_refused", more_than=REMEMBERED_REFUSALS, within="an hour", last=why
            )


@dataclass(frozen=True, kw_only=True)
class Web:
    """What the web side needs to keep its promise and to answer questions about it."""

    inbox: Inbox
    secrets: Sequence[str]
    refusals: Refusals
    metrics: Metrics
    health: Health
    room: Room = field(default_factory=Room)
    slowest_body: timedelta = SLOWEST_BODY

    async def receive(self, request: Request) -> Response:
        announced = _announced(request)
        try:
            head = read_head(request.headers)
        except BadDelivery as error:
            return self.refuse(str(error), status=error.status, size=announced)
        body = Body(SignatureCheck(head.signature, secrets=self.secrets))
        try:
            async with self.room.receive(
                body, request.stream(), length=head.length, within=self.slowest_body
            ) as content:
                return await self.keep(signed_delivery(head, content))
        except ClientDisconnect:
            return self.refuse("the sender went away", status=400, size=body.size)
        except BadDelivery as error:
            return self.refuse(str(error), status=error.status, size=max(announced, body.size))

    async def keep(self, delivery: Delivery) -> Response:
        try:
            async with asyncio.timeout(LONGEST_KEEPING.total_seconds()):
                with self.metrics.keeping_seconds.time():
                    # Answer only after this returns: a 2xx is our promise that we kept it.
                    new = await self.inbox.keep(delivery)
        except (TryLater, TimeoutError) as error:
            log.error("delivery_not_kept", delivery=delivery.guid, why=str(error))
            return self.refuse("it could not be kept now", status=503, size=len(delivery.body))
        self.metrics.kept.labels(str(new).lower()).inc()
        return JSONResponse({"delivery": delivery.guid, "new": new}, status_code=202)

    def refuse(self, why: str, *, status: int, size: int) -> Response:
        self.refusals.remember(why, status=status, size=size)
        self.metrics.refused.labels(str(status)).inc()
        # The rest of such a body is not worth reading; what is left of a small one does no harm.
        headers = {"connection": "close"} if status in {408, 413} or size > SMALL_BODY_BYTES else {}
        if status == 503:
            headers["retry-after"] = str(RETRY_AFTER_SECONDS)
        return JSONResponse({"error": why}, status_code=status, headers=headers)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self.health.watching():
            yield
        await run_in_threadpool(self.inbox.close)


def create_app(web: Web, *, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """`routes` are further pages: the dashboard, the set-up."""
    intake = Route("/webhook", web.receive, methods=["POST"])
    return Starlette(routes=[intake, *web.health.routes(), *routes], lifespan=web.lifespan)


def address_of(request: Request) -> str:
    """Where this browser reaches us. The scheme is the server's, which knows the proxies that may
    say another."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


def _announced(request: Request) -> int:
    """How long the body is to be; 0 where that is not said."""
    length = request.headers.get("content-length", "")
    return int(length[:16]) if length.isascii() and length.isdigit() else 0
