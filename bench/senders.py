"""`python -m bench.senders`: strangers who send without a key, and half-open connections, with real
webhooks beside.

What the processes of `precedent serve` hold and write meanwhile, and how long the real webhooks
wait.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil

from bench.footprint import app_settings, wait_until_ready
from bench.load import Load, body_of, send
from bench.serving import free_port
from bot.core.events import sign

LARGE_BODY = b"[" + b" " * 25_000_000 + b"]"
PIECE = 1 << 18
USUAL = 30_000
UNSIGNED, SIGNED, HALF_OPEN = 100, 40, 1100
SECONDS = 20.0
PER_SECOND = 20.0
NOT_A_SIGNATURE = "sha256=" + "0" * 64
# As on a machine whose owner changed nothing.
USUAL_DESCRIPTORS = 1024


@dataclass(frozen=True, kw_only=True)
class Served:
    port: int
    secret: str
    log: Path
    process: psutil.Process

    def resident(self) -> int:
        """Of the process that takes deliveries in."""
        return int(self.process.memory_info().rss)

    def in_all(self) -> int:
        return self.resident() + sum(
            each.memory_info().rss for each in self.process.children(recursive=True)
        )


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """`precedent serve` on SQLite with the usual number of descriptors."""
    port, log = free_port(), folder / "log"
    settings: Mapping[str, str] = {
        **app_settings(),
        "GITHUB_API_URL": "http://127.0.0.1:9",
        **environment,
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **settings},
            stderr=written,
            preexec_fn=_limit_descriptors,  # noqa: PLW1509 - no threads here
        )
    try:
        wait_until_ready(port)
        time.sleep(3)
        yield Served(
            port=port,
            secret=settings["GITHUB_WEBHOOK_SECRET"],
            log=log,
            process=psutil.Process(process.pid),
        )
    finally:
        process.terminate()
        process.wait()


def _limit_descriptors() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL_DESCRIPTORS, hard))


@dataclass(frozen=True, kw_only=True)
class Attack:
    """``answers`` counts statuses; 0 is a connection that was closed without one."""

    answers: Counter[int]
    beside: Load
    idle: int
    peak: int
    after: int
    in_all: int
    log_bytes: int


async def under(attack: "Attacker", at: Served, attackers: Executor) -> Attack:
    idle, written = at.resident(), at.log.stat().st_size
    peak, over = [idle], asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            peak.append(at.resident())
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(watch())
    attacking = asyncio.get_running_loop().run_in_executor(attackers, attack, at.port, at.secret)
    usual = send(
        at.port,
        secret=at.secret,
        body=body_of(USUAL),
        connections=4,
        seconds=SECONDS,
        per_second=PER_SECOND,
    )
    beside, answers = await asyncio.gather(usual, attacking)
    await asyncio.sleep(2)
    over.set()
    await watching
    return Attack(
        answers=answers,
        beside=beside,
        idle=idle,
        peak=max(peak),
        after=at.resident(),
        in_all=at.in_all(),
        log_bytes=at.log.stat().st_size - written,
    )


def unsigned(port: int, _: str) -> Counter[int]:
    """Each as often as it can for as long as the real ones are sent."""
    return asyncio.run(
        _large(port, senders=UNSIGNED, until=time.monotonic() + SECONDS, signature=NOT_A_SIGNATURE)
    )


def signed(port: int, secret: str) -> Counter[int]:
    """Each once."""
    return asyncio.run(
        _large(port, senders=SIGNED, until=0, signature=sign(LARGE_BODY, secret=secret))
    )


async def _large(port: int, *, senders: int, until: float, signature: str) -> Counter[int]:
    answers: Counter[int] = Counter()

    async def one() -> None:
        while True:
            answers[await _post(port, LARGE_BODY, signature)] += 1
            if time.monotonic() >= until:
                return
            await asyncio.sleep(0.1)

    await asyncio.gather(*(one() for _ in range(senders)))
    return answers


async def _post(port: int, body: bytes, signature: str) -> int:
    head = (
        "POST /webhook HTTP/1.1\r\nHost: bench\r\nX-GitHub-Event: issues\r\nX-GitHub-Delivery:"
        f" {uuid4()}\r\n"
        f"X-Hub-Signature-256: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    status, view = 0, memoryview(body)
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(30):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode())
            with suppress(OSError):
                for at in range(0, len(body), PIECE):
                    writer.write(view[at : at + PIECE])
                    await writer.drain()
            answer = await reader.readline()
            status = int(answer.split()[1]) if answer else 0
            writer.close()
    return status


def half_open(port: int, _: str) -> Counter[int]:
    """Connections that never finish their headers, opened again whenever they are closed."""
    return asyncio.run(_half_open(port))


async def _half_open(port: int) -> Counter[int]:
    until, closed = time.monotonic() + SECONDS, Counter[int]()

    async def one() -> None:
        while time.monotonic() < until:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(max(0.01, until - time.monotonic())):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(b"POST /webhook HTTP/1.1\r\nHost: bench\r\nX-Slow: ")
                    await reader.read(1)
                    closed[0] += 1
                    writer.close()
            await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(HALF_OPEN)))
    return closed


def _become_a_stranger() -> None:
    """Theirs would be another machine's processor, and its descriptors."""
    os.nice(10)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))


Attacker = Callable[[int, str], Counter[int]]
ATTACKS: Mapping[str, Attacker] = {
    f"{UNSIGNED} senders of unsigned 25 MB": unsigned,
    f"{SIGNED} signed 25 MB at once": signed,
    f"{HALF_OPEN} half-open connections": half_open,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.senders", description=__doc__)
    parser.add_argument("--only", default="", help="attacks whose name contains this")
    only = parser.parse_args().only
    for name, attack in ATTACKS.items():
        if only not in name:
            continue
        with (
            tempfile.TemporaryDirectory() as folder,
            served(Path(folder)) as at,
            ProcessPoolExecutor(1, initializer=_become_a_stranger) as attackers,
        ):
            print(report(name, asyncio.run(under(attack, at, attackers))), flush=True)


def report(name: str, seen: Attack) -> str:
    waits, times = seen.beside, "-"
    if seen.beside.seconds:
        times = (
            f"p50 {waits.percentile(0.5) * 1e3:.0f} ms, p99 {waits.percentile(0.99) * 1e3:.0f} ms"
        )
    return (
        f"{name}: answers {dict(seen.answers)}; "
        f"beside it {len(waits.seconds)} kept ({waits.refused} refused), {times}; "
        f"resident idle {seen.idle >> 20} MB, at most {seen.peak >> 20} MB, after"
        f" {seen.after >> 20} MB "
        f"(all processes {seen.in_all >> 20} MB); log {seen.log_bytes >> 10} KB"
    )


if __name__ == "__main__":
    main()
