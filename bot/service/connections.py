"""Connections of the web side: a deadline for requests that do not get finished, and a limit on
their number."""

import asyncio
import resource
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_HEADERS: Final = timedelta(seconds=10)
MOST_CONNECTIONS: Final = 2000
# Accepted in one go, before any of them can be closed again.
BACKLOG: Final = 256
# Databases, GitHub, logs.
OTHER_FILES: Final = 128


def connections_allowed() -> int:
    """As many as the descriptors are enough for, after asking for as many of those as we may have.

    Without a free one asyncio can accept nobody, and those who wait longest are not the ones to be
    served.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + BACKLOG + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    given = wanted if soft == resource.RLIM_INFINITY else min(soft, wanted)
    return max(given - BACKLOG - OTHER_FILES, given // 4)


def patient_protocol(
    *, most: int, longest_headers: timedelta = LONGEST_HEADERS
) -> Callable[..., "PatientProtocol"]:
    """For the connections of one server."""
    return partial(
        PatientProtocol, waiting={}, most=most, longest_headers=longest_headers.total_seconds()
    )


class PatientProtocol(H11Protocol):
    """uvicorn's own, which waits for the end of headers for ever.

    ``waiting`` holds the connections that owe us a request, or the rest of one, the longest first.
    One beyond the limit takes the place of the first of them.
    """

    def __init__(
        self,
        *,
        waiting: "dict[PatientProtocol, None]",
        most: int,
        longest_headers: float,
        **uvicorns: Any,
    ) -> None:
        super().__init__(**uvicorns)
        self._waiting, self._most, self._longest_headers = waiting, most, longest_headers
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._waiting[self] = None
        self._expect()
        if len(self.connections) > self._most:
            next(iter(self._waiting)).drop()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_arriving:
            self._expect()
        else:
            self._settle()
        if self._is_whole:
            self._waiting.pop(self, None)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing() and not self._is_whole:
            self._waiting[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.pop(self, None)
        self._settle()
        super().connection_lost(exc)

    def drop(self) -> None:
        self._waiting.pop(self, None)
        self.transport.abort()

    @property
    def _is_arriving(self) -> bool:
        """No request is being answered: what comes are headers, or what is left of a body nobody
        wants."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def _is_whole(self) -> bool:
        return not self._is_arriving and not self.cycle.more_body

    def _expect(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._longest_headers, self.drop)

    def _settle(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
