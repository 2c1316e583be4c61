"""`python -m bench.heartbeat`: what the row costs by which readiness finds out whether a delivery
can be kept, on both databases."""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.databases import databases
from bot.adapters.store.database import open_database
from bot.adapters.store.heartbeats import Heartbeats
from bot.adapters.store.migrate import migrate

RUNS = 200


def main() -> None:
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, databases(kind, Path(folder)) as url:
            took = sorted(beats(url))
        print(
            f"{kind}: p50 {statistics.median(took) * 1e3:.1f} ms,"
            f" p95 {took[RUNS * 95 // 100] * 1e3:.1f} ms, slowest {took[-1] * 1e3:.1f} ms"
        )


def beats(url: str) -> list[float]:
    db = open_database(url)
    now = datetime.now(UTC)
    migrate(db, now=now)
    heartbeats, took = Heartbeats(db), list[float]()
    for _ in range(RUNS):
        began = time.perf_counter()
        assert heartbeats.beat(now=now) is None
        took.append(time.perf_counter() - began)
    db.close()
    return took


if __name__ == "__main__":
    main()
