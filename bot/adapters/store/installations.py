"""What the bot knows of installations, and what goes when they go."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs
from bot.adapters.store.schema import (
    contributions,
    deliveries,
    installations,
    jobs,
    model_calls,
    repositories,
)
from bot.ports.github import Installation
from bot.ports.store import KnownRepository


class SqlInstallations:
    """``Installations`` over the database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known_repositories(self) -> Sequence[KnownRepository]:
        columns = (repositories.c.id, repositories.c.installation_id, repositories.c.full_name)
        with self._db.reading() as tx:
            return [KnownRepository(**row) for row in tx.execute(sa.select(*columns)).mappings()]

    def keep(self, installation: Installation, *, at: datetime) -> None:
        granted = installation.permissions
        now_known = {
            "account": installation.account,
            "suspended": installation.suspended,
            "permissions": None if granted is None else dict(granted),
        }
        row = self._db.insert(installations).values(id=installation.id, **now_known)
        with self._db.writing() as tx:
            tx.execute(row.on_conflict_do_update(index_elements=["id"], set_=now_known))
        Jobs(self._db).revive_forbidden(installation.id, now=at)

    def keep_repositories(self, installation_id: int, names: Mapping[int, str]) -> None:
        ours = repositories.c.installation_id == installation_id
        with self._db.writing() as tx:
            tx.execute(sa.delete(repositories).where(ours, repositories.c.id.not_in(list(names))))
            for repo_id, name in names.items():
                # Also one that came over from another installation, by a transfer.
                moved = sa.update(repositories).where(repositories.c.id == repo_id)
                tx.execute(moved.values(full_name=name, installation_id=installation_id))

    def forget(self, installation_id: int) -> None:
        of_installation = jobs.c.installation_id == installation_id
        caused = sa.select(jobs.c.delivery).where(of_installation)
        with self._db.writing() as tx:
            tx.execute(sa.update(deliveries).where(deliveries.c.guid.in_(caused)).values(body=None))
            # Answers repeat what strangers said.
            ours = sa.select(repositories.c.id).where(
                repositories.c.installation_id == installation_id
            )
            tx.execute(sa.delete(model_calls).where(model_calls.c.repo_id.in_(ours)))
            tx.execute(
                sa.delete(repositories).where(repositories.c.installation_id == installation_id)
            )
            # The job that does this is under way.
            tx.execute(sa.delete(jobs).where(of_installation, jobs.c.state != "started"))
            tx.execute(
                sa.delete(contributions).where(contributions.c.installation_id == installation_id)
            )
            tx.execute(sa.delete(installations).where(installations.c.id == installation_id))
