"""Web and worker on a PostgreSQL that has too few connections for both and drops those it has,
under load."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.ports.world import CrashPoint
from tests.support.contract import Contract

CONNECTIONS: Final = 4
SENDERS: Final = 4
KILL_EVERY_SECONDS: Final = 0.1
STEPS: Final[tuple[CrashPoint, ...]] = ("draft.stored", "comment.created")
KILL_ONE: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :role AND pid = (
    SELECT pid FROM pg_stat_activity WHERE usename = :role ORDER BY random() LIMIT 1)
"""

KILL_ALL: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :role"


@dataclass
class Figures:
    """``outcomes`` are those of acknowledged deliveries; None: not dispatched, ``lost``: not even
    kept."""

    acknowledged: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    killed: int = 0
    outcomes: Counter[str | None] = field(default_factory=Counter)
    seconds_until_planned: float = 0.0
    done_twice: int = 0

    @property
    def lost(self) -> int:
        return len(self.acknowledged) - self.outcomes.total()


def press(database_url: str, folder: Path, *, seconds: float, patience: float = 60) -> Figures:
    """Load and kills for so many seconds; then wait until everything is dispatched, at most
    `patience` seconds."""
    figures = Figures()
    with _poor_role(database_url) as poor, _watching(database_url) as watching:
        contract = Contract(database_url, folder)
        try:
            contract.start("web", database_url=poor, steps=STEPS)
            contract.start("worker", database_url=poor, steps=STEPS)
            contract.wait(
                lambda: "worker_started" in contract.log(),
                "the worker to be ready",
                seconds=patience,
            )
            _load(contract, watching, str(sa.make_url(poor).username), figures, seconds=seconds)
            began = time.monotonic()
            _wait_until_dispatched(contract, figures, until=began + patience)
            figures.seconds_until_planned = time.monotonic() - began
            figures.done_twice = sum(each > 1 for each in contract.world.effects().values())
        finally:
            contract.stop_all()
    return figures


def _load(
    contract: Contract, watching: sa.Engine, role: str, figures: Figures, *, seconds: float
) -> None:
    over = threading.Event()
    numbers = count(1000)

    def send() -> None:
        while not over.is_set():
            number = next(numbers)
            answer = contract.deliver(number, guid=f"guid-{number}", action="opened")
            figures.answers[answer] += 1
            if answer == 202:
                figures.acknowledged.append(f"guid-{number}")

    def kill() -> None:
        while not over.wait(KILL_EVERY_SECONDS * random.uniform(0.5, 1.5)):
            with watching.connect() as tx:
                figures.killed += len(tx.execute(sa.text(KILL_ONE), {"role": role}).all())

    threads = [threading.Thread(target=each) for each in (*[send] * SENDERS, kill)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join()


def _wait_until_dispatched(contract: Contract, figures: Figures, *, until: float) -> None:
    while True:
        outcomes = contract.outcomes()
        figures.outcomes = Counter(
            outcomes[guid] for guid in figures.acknowledged if guid in outcomes
        )
        if figures.outcomes[None] == 0 or time.monotonic() > until:
            return
        time.sleep(0.2)


@contextmanager
def _watching(database_url: str) -> Iterator[sa.Engine]:
    url = sa.make_url(database_url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@contextmanager
def _poor_role(database_url: str) -> Iterator[str]:
    """The address of the database for its new owner, who may open four connections."""
    database = str(sa.make_url(database_url).database)
    role = f"poor_{database}"
    with _watching(database_url) as engine, engine.connect() as tx:
        tx.exec_driver_sql(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT {CONNECTIONS}")
        tx.exec_driver_sql(f"ALTER DATABASE {database} OWNER TO {role}")
        try:
            yield sa.make_url(database_url).set(username=role).render_as_string(hide_password=False)
        finally:
            tx.execute(sa.text(KILL_ALL), {"role": role})
            tx.exec_driver_sql(f"REASSIGN OWNED BY {role} TO CURRENT_USER")
            tx.exec_driver_sql(f"DROP ROLE {role}")
