"""An index of what each repository decided, in this process: built from the database, kept up with
its changes."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.adapters.store.database import Database, Transaction
from bot.adapters.store.schema import repositories, threads
from bot.core.recall.precedents import Found, Precedents, Question
from bot.core.threads import ThreadCopy

# In all indexes of this process. 200,000 take a quarter of a gigabyte: docs/performance.md.
MOST_DOCUMENTS: Final = 200_000
MOST_REPOSITORIES: Final = 100
# From here on one question for all is cheaper than one that names each.
MANY: Final = 500
NAMES: Final = [each.name for each in fields(ThreadCopy)]
COLUMNS: Final = [threads.c[name] for name in NAMES]


@dataclass
class Held:
    """One repository as this process knows it: up to which version, and of which life of the
    repository."""

    precedents: Precedents = field(default_factory=Precedents)
    known_since: datetime | None = None
    version: int = -1
    lock: threading.Lock = field(default_factory=threading.Lock)


class SqlRecall:
    """``Recall`` over the database. What was asked for longest ago makes room."""

    def __init__(self, database: Database, *, most_documents: int = MOST_DOCUMENTS) -> None:
        self._database = database
        self._most_documents = most_documents
        self._held: OrderedDict[int, Held] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, repo_id: int, question: Question) -> Found:
        held = self._hold(repo_id)
        with held.lock:
            self._catch_up(repo_id, held, question)
            found = held.precedents.find(question)
        self._make_room()
        return found

    def held(self) -> dict[int, int]:
        """Which repositories, and up to which version."""
        with self._lock:
            return {repo_id: held.version for repo_id, held in self._held.items()}

    def _hold(self, repo_id: int) -> Held:
        with self._lock:
            held = self._held.setdefault(repo_id, Held())
            self._held.move_to_end(repo_id)
            return held

    def _make_room(self) -> None:
        with self._lock:
            documents = sum(len(held.precedents) for held in self._held.values())
            while len(self._held) > 1 and (
                documents > self._most_documents or len(self._held) > MOST_REPOSITORIES
            ):
                documents -= len(self._held.popitem(last=False)[1].precedents)

    def _catch_up(self, repo_id: int, held: Held, question: Question) -> None:
        with self._database.reading(together=True) as tx:
            known = sa.select(repositories.c.known_since, repositories.c.threads_version)
            known_since, version = tx.execute(
                known.where(repositories.c.id == repo_id)
            ).one_or_none() or (None, 0)
            if known_since != held.known_since or version < held.version or held.precedents.worn:
                held.precedents, held.version, held.known_since = Precedents(), -1, known_since
            outdated = held.precedents.outdated(question.takeaways)
            for copy, changed in _changes(tx, repo_id, held.version, outdated):
                held.precedents.put(copy, question.takeaways.get(copy.number))
                outdated.discard(copy.number)
                version = max(version, changed)
        for number in outdated:
            held.precedents.put(
                ThreadCopy(number=number, title="", text=""), question.takeaways.get(number)
            )
        held.version = version


def _changes(
    tx: Transaction, repo_id: int, since: int, named: set[int]
) -> Iterator[tuple[ThreadCopy, int]]:
    """What changed after a version, and what was asked for by number, each with its version."""
    many = len(named) > MANY
    # Two questions: one with an "or" would read every row.
    wanted = [threads.c.version > (-1 if many else since)]
    if named and not many:
        wanted.append(threads.c.number.in_(named))
    for each in wanted:
        rows = tx.execute(
            sa.select(*COLUMNS, threads.c.version)
            .where(threads.c.repo_id == repo_id, each)
            .order_by(threads.c.version)
        )
        for *copy, version in rows:
            yield ThreadCopy(**dict(zip(NAMES, copy, strict=True))), version
