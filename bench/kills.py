"""`python -m bench.kills`: kill -9 under load, again and again; what was acknowledged must be
there, effects once."""

import argparse
import asyncio
import http.client
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import uuid4

from bench.databases import databases
from tests.support.contract import Contract, payload, signed_headers
from tests.support.contract_process import EFFECT_POINTS, Role

PER_SECOND_WORKED = 10
PER_SECOND_IGNORED = 200


@dataclass
class Tally:
    """``acknowledged`` by guid; ``worked`` are the numbers of those that start a job."""

    kills: int = 0
    sent: int = 0
    acknowledged: set[str] = field(default_factory=set)
    worked: set[int] = field(default_factory=set)


def main() -> None:
    arguments = _arguments()
    for database in arguments.databases:
        with tempfile.TemporaryDirectory() as folder, databases(database, Path(folder)) as url:
            contract = Contract(url, Path(folder))
            try:
                print(drill(contract, database, kills=arguments.kills), flush=True)
            finally:
                contract.stop_all()


def drill(contract: Contract, database: str, *, kills: int) -> str:
    """A web side and two workers; about every second one of the three dies and is started again."""
    began, tally = time.monotonic(), Tally()
    asyncio.run(kill_under_load(contract, tally, kills=kills))
    lost = tally.acknowledged - known(contract, sorted(tally.acknowledged))
    contract.wait(lambda: settled(contract, tally), "all jobs to be settled", seconds=900)
    effects = contract.world.effects()
    wanted = {f"{number}:{point}" for number in tally.worked for point in EFFECT_POINTS}
    states = [record.state for record in contract.jobs()]
    return (
        f"{database}: {tally.kills} kills in {time.monotonic() - began:.0f} s; {tally.sent}"
        " deliveries sent, "
        f"{len(tally.acknowledged)} acknowledged, acknowledged but lost {len(lost)}; jobs done"
        f" {states.count('done')}, "
        f"buried {states.count('buried')}; effects {len(effects)}, missing"
        f" {len(wanted - set(effects))}, "
        f"twice {sum(times > 1 for times in effects.values())}"
    )


async def kill_under_load(contract: Contract, tally: Tally, *, kills: int) -> None:
    rng = random.Random(kills)
    roles: list[Role] = ["web", "worker", "worker"]
    processes = [contract.start(role, lease_seconds=3) for role in roles]
    over = asyncio.Event()
    numbers = count(1000)
    senders = [
        asyncio.create_task(
            _send(contract.port, tally, over, numbers, "reopened", PER_SECOND_WORKED)
        ),
        *(
            asyncio.create_task(
                _send(contract.port, tally, over, numbers, "labeled", PER_SECOND_IGNORED / 8)
            )
            for _ in range(8)
        ),
    ]
    while tally.kills < kills:
        await asyncio.sleep(rng.uniform(0.5, 1.5))
        which = rng.randrange(3)
        contract.kill(processes[which])
        tally.kills += 1
        processes[which] = await asyncio.to_thread(contract.start, roles[which], lease_seconds=3)
    over.set()
    await asyncio.gather(*senders)


async def _send(
    port: int,
    tally: Tally,
    over: asyncio.Event,
    numbers: Iterator[int],
    action: str,
    per_second: float,
) -> None:
    while not over.is_set():
        number, guid = next(numbers), str(uuid4())
        tally.sent += 1
        try:
            status = await asyncio.to_thread(_deliver, port, number, guid, action)
        except (OSError, http.client.HTTPException):
            await asyncio.sleep(0.05)
            continue
        if status == 202:
            tally.acknowledged.add(guid)
            if action == "reopened":
                tally.worked.add(number)
        await asyncio.sleep(1 / per_second)


def _deliver(port: int, number: int, guid: str, action: str) -> int:
    body = payload(number, action)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("POST", "/webhook", body=body, headers=signed_headers(body, guid=guid))
        return connection.getresponse().status
    finally:
        connection.close()


def known(contract: Contract, guids: list[str]) -> set[str]:
    return set().union(*(contract.known(guids[at : at + 500]) for at in range(0, len(guids), 500)))


def settled(contract: Contract, tally: Tally) -> bool:
    """Everything is dispatched, nothing waits, every acknowledged job has run."""
    records = contract.jobs()
    numbers = {record.job.number for record in records}
    return tally.worked <= numbers and all(record.state in {"done", "buried"} for record in records)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
