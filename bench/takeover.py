"""`python -m bench.takeover`: how long a job waits when its worker dies, with the leases of
production."""

import tempfile
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bench.databases import databases
from bot.service.worker import BEAT_SECONDS, LEASE_SECONDS
from tests.support.contract import Contract
from tests.support.contract_process import PATIENT


def main() -> None:
    print(f"{'database':<12}{'what':<48}{'job goes on after':>18}")
    for database in ("sqlite", "postgresql"):
        for what, case in (
            ("killed for good, another worker is there", killed_for_good),
            ("killed and started again", killed_and_started),
            ("stopped in mid-job and started again", stopped_and_started),
        ):
            with tempfile.TemporaryDirectory() as folder, databases(database, Path(folder)) as url:
                contract = Contract(url, Path(folder))
                contract.start("web")
                try:
                    print(f"{database:<12}{what:<48}{case(contract):>16.1f} s", flush=True)
                finally:
                    contract.stop_all()


def killed_for_good(contract: Contract) -> float:
    first, second = (start(contract), start(contract))
    contract.deliver(PATIENT)
    owner = owner_of(contract, first, second)
    contract.kill(owner)
    other = second if owner is first else first
    return seconds_until(contract, lambda: contract.world.shows(f"began by worker-{other.pid}"))


def killed_and_started(contract: Contract) -> float:
    first = start(contract)
    contract.deliver(PATIENT)
    contract.kill(owner_of(contract, first))
    second = start(contract)
    return seconds_until(contract, lambda: contract.world.shows(f"began by worker-{second.pid}"))


def stopped_and_started(contract: Contract) -> float:
    """Its job does not end within the time it is given."""
    first = start(contract)
    contract.deliver(PATIENT)
    owner_of(contract, first)
    first.terminate()
    first.join()
    second = start(contract)
    return seconds_until(contract, lambda: contract.world.shows(f"began by worker-{second.pid}"))


def start(contract: Contract) -> ForkServerProcess:
    return contract.start("worker", lease_seconds=LEASE_SECONDS, beat_seconds=BEAT_SECONDS)


def owner_of(contract: Contract, *workers: ForkServerProcess) -> ForkServerProcess:
    def found() -> ForkServerProcess | None:
        return next(
            (each for each in workers if contract.world.shows(f"began by worker-{each.pid}")), None
        )

    contract.wait(lambda: found() is not None, "the job to begin")
    owner = found()
    assert owner is not None
    return owner


def seconds_until(contract: Contract, holds: Callable[[], bool]) -> float:
    began = time.monotonic()
    contract.wait(holds, "the job to go on", seconds=60)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
