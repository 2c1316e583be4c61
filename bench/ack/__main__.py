"""`python -m bench.ack`: keeping deliveries, ours and the peers in one run."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from bench.ack.served import SECRET
from bench.databases import databases
from bench.load import Load, body_of, send
from bench.serving import serving

WAYS = (
    ("nothing", "none"),
    ("ours", "sqlite"),
    ("dbos", "sqlite"),
    ("ours", "postgresql"),
    ("dbos", "postgresql"),
    ("procrastinate", "postgresql"),
)


def main() -> None:
    arguments = _arguments()
    body = body_of(arguments.bytes)
    print(
        f"{'way':<14}{'database':<12}{'conns':>6}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'of ceiling':>12}"
    )
    for connections in arguments.connections:
        ceiling = None
        for way, database in WAYS:
            load = measure(way, database, body, connections=connections, seconds=arguments.seconds)
            ceiling = ceiling or load.per_second
            print(
                f"{way:<14}{database:<12}{connections:>6}{load.per_second:>9.0f}{load.percentile(0.5) * 1e3:>9.1f}"
                f"{load.percentile(0.99) * 1e3:>9.1f}{load.per_second / ceiling:>12.2f}"
            )


def measure(way: str, database: str, body: bytes, *, connections: int, seconds: float) -> Load:
    with tempfile.TemporaryDirectory() as folder, databases(database, Path(folder)) as url:
        environment = {"BENCH_WAY": way, "BENCH_DATABASE": url}
        with serving("bench.ack.served:app", environment) as (port, _):
            asyncio.run(send(port, secret=SECRET, body=body, connections=connections, seconds=1))
            return asyncio.run(
                send(port, secret=SECRET, body=body, connections=connections, seconds=seconds)
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.ack", description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--bytes", type=int, default=10_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
