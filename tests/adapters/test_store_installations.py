"""What is kept of installations, on both databases."""

import pytest
import sqlalchemy as sa

from bot.adapters.store import schema
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.installations import SqlInstallations
from bot.adapters.store.jobs import Jobs
from bot.adapters.store.repositories import SqlStore
from bot.core.events import Delivery
from bot.core.jobs import Job, JudgeThread
from bot.ports.github import Installation
from tests.support.moments import NOON

OURS, ANOTHER = 2**53 - 1, 12


@pytest.fixture
def installations(db: Database) -> SqlInstallations:
    for installation_id, repo_id in ((OURS, 1), (OURS, 2), (ANOTHER, 3)):
        SqlStore(db).keep_settings(job(installation_id, repo_id), None, at=NOON)
    return SqlInstallations(db)


def job(installation_id: int, repo_id: int) -> Job:
    return JudgeThread(
        delivery=f"guid-{repo_id}",
        cause=f"cause-{repo_id}",
        installation_id=installation_id,
        repo_id=repo_id,
        repo=f"acme/{repo_id}",
        number=1,
    )


def names(installations: SqlInstallations) -> dict[int, str]:
    return {repo.id: repo.full_name for repo in installations.known_repositories()}


def test_what_an_installation_no_longer_covers_is_deleted(installations):
    installations.keep_repositories(OURS, {2: "acme/renamed"})

    assert names(installations) == {2: "acme/renamed", 3: "acme/3"}


def test_an_installation_may_cover_nothing(installations):
    installations.keep_repositories(OURS, {})

    assert names(installations) == {3: "acme/3"}


def test_a_repository_follows_its_transfer_to_another_installation(installations):
    installations.keep_repositories(ANOTHER, {2: "zenith/2", 3: "zenith/3"})

    assert {repo.id: repo.installation_id for repo in installations.known_repositories()} == {
        1: OURS,
        2: ANOTHER,
        3: ANOTHER,
    }


def test_nothing_is_left_of_a_forgotten_installation(installations, db):
    installations.keep(Installation(id=OURS, account="acme", suspended=False), at=NOON)
    Deliveries(db, lambda: NOON).keep(
        [Delivery(guid=f"guid-{n}", event="issues", body=b"said") for n in (1, 3)]
    )
    for installation_id, repo_id in ((OURS, 1), (ANOTHER, 3)):
        Jobs(db).add(job(installation_id, repo_id), due_at=NOON, now=NOON)
    installations.forget(OURS)

    with db.reading() as tx:
        assert set(tx.execute(sa.select(schema.jobs.c.repo_id)).scalars()) == {3}
        assert dict(
            tx.execute(sa.select(schema.deliveries.c.guid, schema.deliveries.c.body)).all()
        ) == {
            "guid-1": None,
            "guid-3": b"said",
        }
        assert tx.execute(sa.select(schema.installations.c.id)).all() == []
    assert names(installations) == {3: "acme/3"}
