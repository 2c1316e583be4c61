"""How repositories stand, on both databases."""

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.status_queries import Standings
from bot.core.jobs import CONFIG_PATH
from bot.core.status.repository_status import find_troubles
from github_sandbox import actions, faults
from github_sandbox.sandbox import PERMISSIONS
from tests.support.loop import Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED


@pytest.fixture
def loop(db: Database) -> Loop:
    """One line is recorded, one proposed, one waits, one thread gave no lesson."""
    loop = Loop(db, files={"README.md": "", CONFIG_PATH: "max_new_entries_per_day: 1\n"})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle_later(days=1)
    for title in (POLLING, f"{POLLING}, please"):
        loop.decline(title, POLLING_REFUSED)
        loop.settle_later(minutes=1)
    actions.close(loop.sandbox, loop.open_issue("Faster"), loop.owner, reason="not_planned")
    loop.settle()
    return loop


def test_a_repository_at_a_glance(loop):
    [found] = Standings(loop.db).known([loop.repo.id, 999])

    assert (found.full_name, found.pull_request) == ("acme/engine", loop.proposal.number)
    assert found.entries == {"merged": 1, "proposed": 1, "waiting": 1}
    assert found.settings.max_new_entries_per_day == 1
    assert found.permissions == dict(PERMISSIONS)
    assert list(find_troubles(found, now=loop.clock())) == []


def test_a_repository_in_particular(loop):
    shown = Standings(loop.db).particulars(loop.repo.id)

    assert {
        life: [entry.number for entry in entries]
        for life, entries in shown.entries.items()
        if entries
    } == {
        "merged": [1],
        "proposed": [3],
        "waiting": [5],
    }
    assert [(verdict.number, verdict.admit) for verdict in shown.verdicts] == [
        (6, False),
        (5, True),
        (3, True),
        (1, True),
    ]
    assert shown.verdicts[1].title == f"{POLLING}, please"


def test_what_was_given_up_comes_before_what_waits(loop):
    loop.sandbox.bad_days.add(
        faults.Fault(status=502, message="Bad Gateway", path="/issues/7$", times=9)
    )
    loop.sandbox.bad_days.add(faults.not_accessible(path="/issues/8$", times=9))
    for title in ("Seventh", "Eighth"):
        loop.decline(title, POLLING_REFUSED)
    loop.settle()
    shown = [
        job for job in Standings(loop.db).particulars(loop.repo.id).jobs if job.number in (7, 8)
    ]
    [known] = Standings(loop.db).known([loop.repo.id])

    assert [(job.state, job.number) for job in shown] == sorted(
        (job.state, job.number) for job in shown
    )
    assert {(job.state, job.number) for job in shown} == {("buried", 8), ("waiting", 7)}
    assert known.buried == sum(job.state == "buried" for job in shown)


def test_of_no_repository_nothing_is_known(loop):
    assert Standings(loop.db).known([]) == []


def test_a_suspended_installation_is_named_by_its_account(loop):
    installation = loop.sandbox.installation_of(loop.repo)
    assert Standings(loop.db).suspended([installation.id]) == []
    actions.suspend(loop.sandbox, installation, loop.owner)
    loop.settle()

    assert Standings(loop.db).suspended([installation.id, 999]) == ["acme"]
    assert Standings(loop.db).suspended([999]) == []
