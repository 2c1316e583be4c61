"""Room for bodies: bounded bytes, and those who dawdle make place for those who do not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.errors import BadDelivery
from bot.core.events import SignatureCheck, sign
from bot.service.bodies import SMALL_BODY_BYTES, Body, NoRoom, Room

SECRET = "correct horse battery staple"
SOON = timedelta(milliseconds=20)
LATE = timedelta(seconds=10)


class Sender:
    """Sends its chunks, then waits for `go`; what became of it is its outcome."""

    def __init__(
        self, room: Room, *chunks: bytes, signed: bool = True, length: int | None = 0
    ) -> None:
        self.go = asyncio.Event()
        self.has_room = asyncio.Event()
        self.leaves = asyncio.Event()
        content = b"".join(chunks)
        self.body = Body(
            SignatureCheck(sign(content, secret=SECRET if signed else "another"), secrets=[SECRET])
        )
        self.task = asyncio.create_task(
            self._send(room, chunks, len(content) if length == 0 else length)
        )

    async def _send(self, room: Room, chunks: tuple[bytes, ...], length: int | None) -> bytes:
        async with room.receive(
            self.body, self._arrive(chunks), length=length, within=LATE
        ) as content:
            self.has_room.set()
            await self.leaves.wait()
            return content

    async def _arrive(self, chunks: tuple[bytes, ...]) -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk
        await self.go.wait()

    async def outcome(self) -> bytes | int:
        """The body, or the status to answer."""
        self.go.set()
        self.leaves.set()
        try:
            return await self.task
        except BadDelivery as error:
            return error.status


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_who_dawdles_is_put_out_when_somebody_else_needs_the_room():
    async def scene() -> list[bytes | int]:
        room = Room(small_bytes=10)
        slow = Sender(room, b"slow", b"er")
        await settled()
        quick = Sender(room, b"quick")
        await settled()
        return [await quick.outcome(), await slow.outcome()]

    assert asyncio.run(scene()) == [b"quick", 503]


def test_what_is_signed_and_being_kept_is_not_put_out():
    async def scene() -> list[bytes | int]:
        room = Room(small_bytes=10)
        first = Sender(room, b"signed")
        first.go.set()
        await first.has_room.wait()
        second = Sender(room, b"second")
        await settled()
        return [await second.outcome(), await first.outcome()]

    assert asyncio.run(scene()) == [503, b"signed"]


@pytest.mark.parametrize("signed", [True, False])
def test_the_room_of_a_body_that_is_over_is_free(signed: bool):
    async def scene() -> list[bytes | int]:
        room = Room(small_bytes=10)
        return [await Sender(room, b"12345678", signed=signed).outcome() for _ in range(3)]

    assert asyncio.run(scene()) == ([b"12345678"] * 3 if signed else [401] * 3)


def test_those_put_out_leave_their_room_once():
    async def scene() -> list[bytes | int]:
        room = Room(small_bytes=10)
        dawdlers = [Sender(room, b"123456") for _ in range(5)]
        await settled()
        outcomes = [await each.outcome() for each in dawdlers]
        return [
            *outcomes,
            await Sender(room, b"1234567890").outcome(),
            await Sender(room, b"12345678901").outcome(),
        ]

    assert asyncio.run(scene()) == [503, 503, 503, 503, b"123456", b"1234567890", 503]


def test_large_bodies_wait_for_a_place_and_then_for_another_day():
    async def scene() -> list[bytes | int]:
        room = Room(large=1, longest_wait=SOON)
        first = Sender(room, b"first", length=SMALL_BODY_BYTES + 1)
        await settled()
        return [await Sender(room, b"second", length=None).outcome(), await first.outcome()]

    assert asyncio.run(scene()) == [503, b"first"]


def test_only_so_many_wait_for_a_place():
    async def scene() -> list[bytes | int]:
        room = Room(large=1, waiting=1, longest_wait=LATE)
        first, second = Sender(room, b"first", length=None), Sender(room, b"second", length=None)
        await settled()
        return [
            await Sender(room, b"third", length=None).outcome(),
            await first.outcome(),
            await second.outcome(),
        ]

    assert asyncio.run(scene()) == [503, b"first", b"second"]


def test_large_bodies_take_nothing_from_small_ones():
    async def scene() -> list[bytes | int]:
        room = Room(large=1, small_bytes=10)
        large = Sender(room, b"x" * 1000, length=None)
        await settled()
        return [await Sender(room, b"small").outcome(), await large.outcome()]

    assert asyncio.run(scene()) == [b"small", b"x" * 1000]


def test_a_body_that_takes_too_long_is_refused():
    async def scene() -> None:
        async def never() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(10)

        async with Room().receive(
            Body(SignatureCheck("", secrets=[])), never(), length=2, within=SOON
        ):
            pass

    with pytest.raises(BadDelivery, match="too long") as refused:
        asyncio.run(scene())
    assert not isinstance(refused.value, NoRoom)
