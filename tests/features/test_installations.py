"""The life of an installation, through the front door."""

import pytest
import sqlalchemy as sa

from bot.adapters.store import schema
from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs
from github_sandbox import actions, faults
from github_sandbox.sandbox import PERMISSIONS
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


def installation_of(loop: Loop):
    found = loop.sandbox.installation_of(loop.repo)
    assert found is not None
    return found


def rows(loop: Loop, table: sa.Table) -> list[sa.RowMapping]:
    with loop.db.reading() as tx:
        return list(tx.execute(sa.select(table)).mappings())


def test_an_installation_is_known_by_its_account(loop):
    [known] = [row for row in rows(loop, schema.installations) if row["id"]]

    assert known["account"] == "acme"


def test_what_was_granted_is_known_and_follows_what_the_owner_accepts(loop):
    [before] = [row["permissions"] for row in rows(loop, schema.installations) if row["id"]]
    fewer = {name: level for name, level in PERMISSIONS.items() if name != "issues"}
    actions.accept_permissions(loop.sandbox, installation_of(loop), loop.owner, fewer)
    loop.settle()
    [after] = [row["permissions"] for row in rows(loop, schema.installations) if row["id"]]

    assert (before, after) == (dict(PERMISSIONS), fewer)


def test_nothing_is_asked_of_a_suspended_installation(loop):
    actions.suspend(loop.sandbox, installation_of(loop), loop.owner)
    loop.settle()
    silent = len(loop.sandbox.bad_days.asked)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert loop.sandbox.bad_days.asked[silent:] == []


def test_work_that_waited_for_a_suspended_installation_is_done_when_it_is_back(sqlite_db):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    with loop.sandbox.losing_webhooks():
        actions.suspend(loop.sandbox, installation_of(loop), loop.owner)
    loop.settle()
    assert loop.proposals == []
    loop.clock.advance(days=2)
    actions.unsuspend(loop.sandbox, installation_of(loop), loop.owner)
    loop.settle()

    assert len(loop.proposals) == 1
    assert max(row["attempts"] for row in rows(loop, schema.jobs)) <= 2


def test_what_was_known_goes_with_the_installation(loop):
    loop.sandbox.uninstall(installation_of(loop), by=loop.owner)
    loop.settle()

    known = (
        schema.repositories,
        schema.threads,
        schema.verdicts,
        schema.proposals,
        schema.proposal_entries,
        schema.proposal_amendments,
    )
    assert [rows(loop, table) for table in known] == [[]] * len(known)
    assert [row for row in rows(loop, schema.installations) if row["id"]] == []


def test_what_strangers_said_goes_with_the_installation(loop):
    loop.sandbox.uninstall(installation_of(loop), by=loop.owner)
    loop.settle()

    assert [
        row["event"]
        for row in rows(loop, schema.deliveries)
        if row["event"] == "issues" and row["body"]
    ] == []


def test_what_is_known_stays_where_a_server_does_not_know_of_installations(loop):
    loop.sandbox.bad_days.add(
        faults.Fault(status=404, message="Not Found", path=r"/app/installations/\d+$")
    )
    actions.accept_permissions(loop.sandbox, installation_of(loop), loop.owner, PERMISSIONS)
    loop.settle()

    assert [row["full_name"] for row in rows(loop, schema.repositories)] == ["acme/engine"]


def test_a_removal_told_of_after_the_app_is_back_forgets_nothing(loop):
    installation = installation_of(loop)
    loop.sandbox.uninstall(installation, by=loop.owner)
    removed = loop.sandbox.webhooks[-1]
    loop.sandbox.installations[installation.id] = installation
    loop.deliver(removed)
    loop.settle()

    assert [row["full_name"] for row in rows(loop, schema.repositories)] == ["acme/engine"]


def test_another_installation_is_not_touched_by_a_removal(loop):
    other = loop.sandbox.add_repository("zenith/compiler", files={"README.md": ""})
    issue = actions.open_issue(loop.sandbox, other, loop.stranger, title=POLLING, body="Faster.")
    actions.comment(loop.sandbox, issue, loop.owner, POLLING_REFUSED)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()
    loop.sandbox.uninstall(installation_of(loop), by=loop.owner)
    loop.settle()

    assert [row["full_name"] for row in rows(loop, schema.repositories)] == ["zenith/compiler"]


def test_a_repository_taken_out_of_the_installation_is_forgotten(loop):
    another = loop.sandbox.add_repository("acme/other", files={"README.md": ""})
    actions.choose_repositories(loop.sandbox, installation_of(loop), loop.owner, [another])
    loop.settle()

    assert rows(loop, schema.repositories) == []


def test_a_renamed_repository_keeps_what_is_known_of_it(loop):
    actions.rename_repository(loop.sandbox, loop.repo, loop.owner, "motor")
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert [row["full_name"] for row in rows(loop, schema.repositories)] == ["acme/motor"]
    assert len(loop.proposals) == 1
    assert "**#3**" in loop.file(branch=BRANCH)


def test_what_failed_for_a_permission_is_done_once_it_is_granted(loop):
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    installation = installation_of(loop)
    loop.clock.advance(minutes=1)
    loop.sandbox.bad_days.add(faults.not_accessible(method="POST", path="/git/trees$"))
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    assert len(Jobs(loop.db).buried()) == 1
    actions.accept_permissions(loop.sandbox, installation, loop.owner, PERMISSIONS)
    loop.settle()

    assert Jobs(loop.db).buried() == []
    assert "**#3**" in loop.file(branch=BRANCH, path=PATH)


def test_a_burst_of_changes_in_any_order_ends_as_github_says(loop):
    installation = installation_of(loop)
    actions.suspend(loop.sandbox, installation, loop.owner)
    actions.unsuspend(loop.sandbox, installation, loop.owner)
    suspended, unsuspended = loop.sandbox.webhooks[-2:]
    loop.deliver(unsuspended)
    loop.deliver(suspended)
    loop.settle()

    assert [row["suspended"] for row in rows(loop, schema.installations) if row["id"]] == [False]
