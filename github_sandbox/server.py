"""The sandbox over HTTP: as an ASGI application, in a real process, or in process for a client that
is synchronous."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Thread

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from github_sandbox import pages, rest
from github_sandbox.faults import Hung
from github_sandbox.payloads import API_PREFIX, Site
from github_sandbox.sandbox import Sandbox

LOOPBACK = "127.0.0.1"


def asgi_of(sandbox: Sandbox) -> Starlette:
    """REST under /api/v3, pages at the root. Everything that lasts is in `sandbox`, so each caller
    may make its own."""
    return Starlette(
        routes=[Mount(API_PREFIX, routes=rest.routes(sandbox)), *pages.routes(sandbox)]
    )


def serve(sandbox: Sandbox, port: int) -> None:
    """On loopback, until told to stop."""
    uvicorn.run(
        asgi_of(sandbox),
        host=LOOPBACK,
        port=port,
        log_level="warning",
        lifespan="off",
        date_header=False,
    )


@contextmanager
def serving(sandbox: Sandbox, *, port: int = 0) -> Iterator[str]:
    """The same from a thread, at a free port unless told which; yields the address, which is then
    the sandbox's own."""
    listening = socket.create_server((LOOPBACK, port))
    sandbox.site = Site(f"http://{LOOPBACK}:{listening.getsockname()[1]}")
    server = uvicorn.Server(
        uvicorn.Config(asgi_of(sandbox), log_level="warning", lifespan="off", date_header=False)
    )
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="sandbox-github")
    thread.start()
    try:
        yield sandbox.site.web
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


class InProcess(httpx.BaseTransport):
    """Lets a synchronous httpx client talk to an ASGI application; httpx itself has only the
    asynchronous half."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._transport = httpx.ASGITransport(asgi_of(sandbox))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._exchange(request), _loop()).result()

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        copy = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.read()
        )
        try:
            answer = await self._transport.handle_async_request(copy)
        except Hung:
            raise httpx.ReadTimeout("no answer", request=request) from None
        content = await answer.aread()
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=content, request=request
        )


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for the process: a loop of its own for each request would start threads of its own for
    each as well."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="sandbox-github-in-process", daemon=True).start()
    return loop
