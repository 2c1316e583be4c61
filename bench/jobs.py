"""`python -m bench.jobs`: jobs of three steps per second, and how soon after its delivery one
begins."""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.databases import databases
from bot.adapters.dbos import SLOTS, DbosExecutor
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.jobs import Jobs, Paths, Planned
from bot.adapters.store.migrate import migrate
from bot.adapters.store.workers import Worker, Workers
from bot.adapters.telemetry import Metrics, configure_logs
from bot.core.events import Delivery
from bot.core.jobs import Job, JudgeThread
from bot.ports.world import Step
from bot.service.engine import JobEngine
from bot.service.worker import LEASE_SECONDS, WorkerLoop


def main() -> None:
    arguments = _arguments()
    configure_logs(level="warning", form="console")
    print(f"{'way':<22}{'database':<12}{'jobs/s':>8}{'begun after p50':>17}{'p99':>8}")
    for database in ("sqlite", "postgresql"):
        for name, way in (("ours", ours), ("dbos alone", dbos_alone)):
            with tempfile.TemporaryDirectory() as folder, databases(database, Path(folder)) as url:
                rate, waits = way(url, arguments.jobs)
            figures = (
                f"{waits[len(waits) // 2]:>15.2f} s{waits[int(len(waits) * 0.99)]:>6.2f} s"
                if waits
                else ""
            )
            print(f"{name:<22}{database:<12}{rate:>8.0f}{figures}", flush=True)


def utc_now() -> datetime:
    return datetime.now(UTC)


def ours(url: str, jobs: int) -> tuple[float, list[float]]:
    """All kept at once for the rate; then one by one, as they come in life, for the wait."""
    db = Database(url)
    migrate(db, now=utc_now())
    kept, begun, done = Deliveries(db, utc_now), dict[str, float](), threading.Semaphore(0)

    def plan(delivery: Delivery, _: Paths) -> Planned:
        number = int(delivery.guid)
        job = JudgeThread(
            delivery=delivery.guid,
            cause=delivery.guid,
            installation_id=number % 50,
            repo_id=number % 100,
            repo="ada/engine",
            number=number,
        )
        return Planned("planned", [job])

    def run(job: Job, step: Step) -> None:
        begun[job.delivery] = time.perf_counter()
        three_steps(step)
        done.release()

    worker = Worker(id="bench", fingerprint="", started_at=utc_now())
    engine = JobEngine(
        worker=worker,
        jobs=Jobs(db),
        workers=Workers(db, lease_seconds=LEASE_SECONDS),
        executor=DbosExecutor(db, worker_id=worker.id),
        plan=plan,
        run=run,
        clock=utc_now,
        reached=lambda _: None,
        metrics=Metrics(),
    )
    loop = WorkerLoop(engine=engine)
    loop.start()
    keep_one_by_one(kept, engine, done, count=5)  # warm
    body = b"{}" * 5000
    began = time.perf_counter()
    kept.keep(
        [
            Delivery(guid=str(number), event="issues", body=body)
            for number in range(1000, 1000 + jobs)
        ]
    )
    engine.something_new.set()
    wait_for(done, jobs)
    rate = jobs / (time.perf_counter() - began)
    waits = keep_one_by_one(kept, engine, done, count=60, begun=begun)
    loop.stop()
    db.close()
    return rate, waits


def keep_one_by_one(
    kept: Deliveries,
    engine: JobEngine,
    done: threading.Semaphore,
    *,
    count: int,
    begun: dict[str, float] | None = None,
) -> list[float]:
    waits = []
    for number in range(count):
        guid = f"{10_000_000 + number}" if begun is not None else f"{20_000_000 + number}"
        sent = time.perf_counter()
        kept.keep([Delivery(guid=guid, event="issues", body=b"{}")])
        engine.something_new.set()
        wait_for(done, 1)
        if begun is not None:
            waits.append(begun[guid] - sent)
    return sorted(waits)


def dbos_alone(url: str, jobs: int) -> tuple[float, list[float]]:
    """The same three steps, enqueued straight into DBOS: what our table of jobs costs on top."""
    from dbos import DBOS, DBOSPortableJSONSerializer  # noqa: PLC0415 - started only here

    db = Database(url)
    DBOS(
        config={
            "name": "bench",
            "system_database_url": url,
            "system_database_engine": db.engine_for_dbos(),
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
        }
    )
    done = threading.Semaphore(0)

    @DBOS.workflow(name="bench")
    def run() -> None:
        three_steps(lambda name, fn: DBOS.run_step({"name": name}, fn))
        done.release()

    DBOS.launch()
    queue = DBOS.register_queue("bench", worker_concurrency=SLOTS, polling_interval_sec=0.2)
    queue.enqueue(run)
    wait_for(done, 1)
    began = time.perf_counter()
    for _ in range(jobs):
        queue.enqueue(run)
    wait_for(done, jobs)
    rate = jobs / (time.perf_counter() - began)
    DBOS.destroy(destroy_registry=True)
    db.close()
    return rate, []


def three_steps(step: Callable[[str, Callable[[], int]], int]) -> None:
    for name in ("read", "decide", "write"):
        step(name, lambda: 1)


def wait_for(done: threading.Semaphore, times: int) -> None:
    for _ in range(times):
        assert done.acquire(timeout=120), "a job did not end"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.jobs", description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    return parser.parse_args()


if __name__ == "__main__":
    main()
