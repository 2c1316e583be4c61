"""Bodies of requests in memory: how many bytes at once, for how long, and who has to go when there
is no room."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from bot.core.errors import BadDelivery
from bot.core.events import MAX_BODY_BYTES, SignatureCheck

SMALL_BODY_BYTES: Final = 1 << 20
# What GitHub sends is 30 KB as a rule: room for a thousand at once.
SMALL_BODIES_BYTES: Final = 32 << 20
LARGE_BODIES: Final = 1
LARGE_BODIES_WAITING: Final = 32
LONGEST_WAIT: Final = timedelta(seconds=5)
SLOWEST_BODY: Final = timedelta(seconds=10)


class NoRoom(BadDelivery):
    def __init__(self) -> None:
        super().__init__("too many bodies at once", status=503)


class Body:
    """One body as it arrives. ``size`` counts what came, ``held`` what is in memory."""

    def __init__(self, check: SignatureCheck) -> None:
        self.size = self.held = 0
        self._check = check
        # Hands over what it holds without a copy.
        self._content = io.BytesIO()
        self._deadline = asyncio.timeout(None)
        self._was_put_out = False

    async def read(
        self,
        chunks: AsyncIterator[bytes],
        *,
        within: timedelta,
        grown: Callable[[int], None] = lambda _: None,
    ) -> bytes:
        """All of it, once its signature is found to be right. Raises BadDelivery with the status to
        answer."""
        try:
            async with asyncio.timeout(within.total_seconds()) as self._deadline:
                async for chunk in chunks:
                    self._add(chunk)
                    grown(len(chunk))
                    if self._was_put_out:
                        raise NoRoom
        except TimeoutError:
            raise (
                NoRoom if self._was_put_out else BadDelivery("the body took too long", status=408)
            ) from None
        self._check.require_match()
        content, self._content = self._content.getvalue(), io.BytesIO()
        return content

    def put_out(self) -> None:
        """Give up the memory at once; whoever reads gets NoRoom."""
        self._was_put_out = True
        self._content, self.held = io.BytesIO(), 0
        if not self._deadline.expired():
            self._deadline.reschedule(0)

    def _add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > MAX_BODY_BYTES:
            raise BadDelivery(f"more than {MAX_BODY_BYTES} bytes", status=413)
        self._check.update(chunk)
        self.held += self._content.write(chunk)


class Room:
    """Small bodies share so many bytes, large ones and those of unknown length have a few places.

    Nobody has a right to room before the signature is checked: when small bodies need more than
    there is, the one that has been arriving for longest is put out. So senders who dawdle cannot
    keep out those who do not.
    """

    def __init__(
        self,
        *,
        small_bytes: int = SMALL_BODIES_BYTES,
        large: int = LARGE_BODIES,
        waiting: int = LARGE_BODIES_WAITING,
        longest_wait: timedelta = LONGEST_WAIT,
    ) -> None:
        self._free_bytes = small_bytes
        self._arriving: dict[Body, None] = {}
        self._large = asyncio.Semaphore(large)
        self._seats = waiting
        self._longest_wait = longest_wait

    @asynccontextmanager
    async def receive(
        self, body: Body, chunks: AsyncIterator[bytes], *, length: int | None, within: timedelta
    ) -> AsyncIterator[bytes]:
        """The whole signed body, which has its room until the block ends."""
        if length is not None and length <= SMALL_BODY_BYTES:
            with self._among_small(body):
                content = await body.read(
                    chunks, within=within, grown=partial(self._make_room, body)
                )
                del self._arriving[body]
                yield content
        else:
            async with self._place():
                yield await body.read(chunks, within=within)

    @contextmanager
    def _among_small(self, body: Body) -> Iterator[None]:
        self._arriving[body] = None
        try:
            yield
        finally:
            self._arriving.pop(body, None)
            self._free_bytes += body.held

    def _make_room(self, body: Body, needed: int) -> None:
        self._free_bytes -= needed
        # It ends at the latest with the body that grew: it is among those that arrive.
        while self._free_bytes < 0 and body in self._arriving:
            oldest = next(iter(self._arriving))
            del self._arriving[oldest]
            self._free_bytes += oldest.held
            oldest.put_out()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._seats == 0:
            raise NoRoom
        self._seats -= 1
        try:
            async with asyncio.timeout(self._longest_wait.total_seconds()):
                await self._large.acquire()
        except TimeoutError:
            raise NoRoom from None
        finally:
            self._seats += 1
        try:
            yield
        finally:
            self._large.release()
