"""The sandbox over HTTP: as an ASGI application, in a real process, or in process for a client that is synchronous."""

import asyncio

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.sandbox import pages, rest
from bot.sandbox.payloads import API_PREFIX
from bot.sandbox.sandbox import Sandbox


def build(sandbox: Sandbox) -> Starlette:
    return Starlette(routes=[Mount(API_PREFIX, routes=rest.routes(sandbox)), *pages.routes(sandbox)])


def serve(sandbox: Sandbox, port: int, *, host: str = "127.0.0.1") -> None:
    """Blocks until told to stop."""
    uvicorn.run(sandbox.asgi, host=host, port=port, log_level="warning")


class InProcess(httpx.BaseTransport):
    """Lets a synchronous httpx client talk to an ASGI application; httpx itself has only the asynchronous half."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._transport = httpx.ASGITransport(sandbox.asgi)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._exchange(request))

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await self._transport.handle_async_request(copy)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content, request=request)
