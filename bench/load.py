"""Deliveries sent as fast as they are answered, over raw sockets, so that the sender is not what is
measured."""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from uuid import uuid4

from bot.core.events import sign


def body_of(size: int) -> bytes:
    """A JSON object of about `size` bytes, of words, as payloads are."""
    rng = random.Random(size)
    words = []
    while sum(map(len, words)) + len(words) < size:
        words.append("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 11))))
    return json.dumps({"action": "closed", "text": " ".join(words)}).encode()


@dataclass
class Load:
    """What was sent and how it was answered."""

    acknowledged: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def send(
    port: int,
    *,
    secret: str,
    body: bytes,
    connections: int,
    seconds: float = 5.0,
    per_second: float | None = None,
) -> Load:
    """`connections` at once for `seconds`; at most `per_second` in all when given. Ends early when
    the server dies."""
    load, began = Load(), time.perf_counter()
    head = (
        "POST /webhook HTTP/1.1\r\nHost: bench\r\nContent-Type:"
        " application/json\r\nX-GitHub-Event: issues\r\n"
        f"X-Hub-Signature-256: {sign(body, secret=secret)}\r\nContent-Length: {len(body)}\r\n"
    )
    pause = connections / per_second if per_second else 0.0

    async def one_connection() -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while (sent := time.perf_counter()) - began < seconds:
                guid = str(uuid4())
                writer.write(f"{head}X-GitHub-Delivery: {guid}\r\n\r\n".encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                if answer.startswith(b"HTTP/1.1 202"):
                    load.acknowledged.add(guid)
                    load.seconds.append(time.perf_counter() - sent)
                else:
                    load.refused += 1
                if pause:
                    await asyncio.sleep(max(0.0, pause - (time.perf_counter() - sent)))
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return

    await asyncio.gather(*(one_connection() for _ in range(connections)))
    load.elapsed = time.perf_counter() - began
    return load
