"""`python -m bench.storm`: a redelivery storm, 10,000 deliveries of 30 KB within a minute, and what
it does to us."""

import argparse
import asyncio
import tempfile
from pathlib import Path

import psutil

from bench.ack.served import SECRET
from bench.databases import databases
from bench.load import body_of, send
from bench.serving import serving

BYTES = 30_000
SECONDS = 60
DELIVERIES = 10_000
CONNECTIONS = 64


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    seconds = parser.parse_args().seconds
    print(
        f"{'database':<12}{'kept':>8}{'refused':>9}{'p50 ms':>9}{'p99 ms':>9}{'slowest ms':>12}{'grown by MB':>13}"
    )
    for database in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, databases(database, Path(folder)) as url:
            environment = {"BENCH_WAY": "ours", "BENCH_DATABASE": url}
            with serving("bench.ack.served:app", environment) as (port, process):
                body = body_of(BYTES)
                asyncio.run(
                    send(port, secret=SECRET, body=body, connections=CONNECTIONS, seconds=1)
                )
                before = psutil.Process(process.pid).memory_info().rss
                load = asyncio.run(
                    send(
                        port,
                        secret=SECRET,
                        body=body,
                        connections=CONNECTIONS,
                        seconds=seconds,
                        per_second=DELIVERIES / SECONDS * 1.02,
                    )
                )
                grown = psutil.Process(process.pid).memory_info().rss - before
        print(
            f"{database:<12}{len(load.acknowledged):>8}{load.refused:>9}{load.percentile(0.5) * 1e3:>9.1f}"
            f"{load.percentile(0.99) * 1e3:>9.1f}{load.percentile(1) * 1e3:>12.1f}{grown / 2**20:>13.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
