"""What one person or one repository may cost: in at the webhook, out at the model's bill and the
pull request."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.model_calls import SqlLedger
from bot.adapters.store.schema import model_calls
from bot.core.jobs import BRANCH
from bot.core.limits import THREADS_PER_AUTHOR, is_one_too_many
from bot.ports.model import Spent
from github_sandbox import actions
from github_sandbox.state import Account, Issue
from tests.support.drafted import TAKEAWAY, answer
from tests.support.loop import PATH, Loop
from tests.support.messages_api import MessagesApi
from tests.support.moments import NOON
from tests.support.tales import ANCHORS, ANCHORS_REFUSED


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(answer) as api:
        yield api


def with_claude(
    db: Database,
    api: MessagesApi,
    *,
    budget: str = "100",
    files: dict[str, str] | None = None,
) -> Loop:
    return Loop(
        db,
        files=files,
        anthropic_api_key="sk-of-the-tests",
        anthropic_base_url=api.url,
        daily_budget_usd=Decimal(budget),  # type: ignore[arg-type]
    )


def decline(loop: Loop, by: Account, number: int) -> Issue:
    issue = actions.open_issue(
        loop.sandbox, loop.repo, by, title=f"{ANCHORS} {number}", body="It would help."
    )
    actions.comment(loop.sandbox, issue, loop.owner, ANCHORS_REFUSED)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()
    return issue


def withdraw(loop: Loop, by: Account, number: int) -> Issue:
    files: dict[str, str | None] = {f"part{number}.py": "lock()\n"}
    pull = actions.propose_edit(
        loop.sandbox, loop.repo, by, files=files, title=f"{ANCHORS}, try {number}"
    )
    actions.comment(loop.sandbox, pull, by, ANCHORS_REFUSED)
    actions.close(loop.sandbox, pull, by)
    loop.settle()
    return pull


def proposed(loop: Loop) -> int:
    return (loop.repo.git.read(BRANCH, PATH) or "").count("\n- **")


# --- one person


def test_after_a_few_threads_of_one_stranger_the_rule_reads_them(
    sqlite_db: Database, api: MessagesApi
) -> None:
    loop = with_claude(sqlite_db, api)
    for number in range(THREADS_PER_AUTHOR + 2):
        decline(loop, loop.stranger, number)

    written = loop.file(branch=BRANCH)
    assert written.count(TAKEAWAY) == THREADS_PER_AUTHOR
    assert proposed(loop) == THREADS_PER_AUTHOR + 2


def test_the_next_day_counts_anew(sqlite_db: Database, api: MessagesApi) -> None:
    loop = with_claude(sqlite_db, api)
    for number in range(THREADS_PER_AUTHOR):
        decline(loop, loop.stranger, number)
    loop.clock.advance(days=1, minutes=1)
    decline(loop, loop.stranger, 99)

    assert loop.file(branch=BRANCH).count(TAKEAWAY) == THREADS_PER_AUTHOR + 1


def test_others_are_not_counted_along(sqlite_db: Database, api: MessagesApi) -> None:
    loop = with_claude(sqlite_db, api)
    for number in range(THREADS_PER_AUTHOR):
        decline(loop, loop.stranger, number)
    decline(loop, loop.contributor, 99)

    assert loop.file(branch=BRANCH).count(TAKEAWAY) == THREADS_PER_AUTHOR + 1


def test_whoever_may_write_is_not_counted(sqlite_db: Database, api: MessagesApi) -> None:
    loop = with_claude(sqlite_db, api)
    for number in range(THREADS_PER_AUTHOR + 1):
        decline(loop, loop.owner, number)

    assert loop.file(branch=BRANCH).count(TAKEAWAY) == THREADS_PER_AUTHOR + 1


def test_a_strangers_own_reasons_fill_a_few_lines_and_no_more(
    sqlite_db: Database, api: MessagesApi
) -> None:
    settings = {"README.md": "", ".github/learnings.yml": "max_new_entries_per_day: 50\n"}
    loop = with_claude(sqlite_db, api, files=settings)
    for number in range(THREADS_PER_AUTHOR + 3):
        withdraw(loop, loop.stranger, number)

    assert proposed(loop) == THREADS_PER_AUTHOR


def test_what_was_proposed_of_somebody_stays_when_more_is_judged(
    sqlite_db: Database, api: MessagesApi
) -> None:
    loop = with_claude(sqlite_db, api)
    first = withdraw(loop, loop.stranger, 0)
    loop.clock.advance(hours=20)
    for number in range(1, THREADS_PER_AUTHOR + 2):
        withdraw(loop, loop.stranger, number)
    loop.clock.advance(hours=5)
    files: dict[str, str | None] = {"other.py": "copy()\n"}
    body = f"Replaces #{first.number}."
    other = actions.propose_edit(
        loop.sandbox, loop.repo, loop.owner, files=files, title="Copy the queue", body=body
    )
    actions.merge(loop.sandbox, other, loop.owner)
    loop.settle()

    assert f"**PR #{first.number}**" in loop.file(branch=BRANCH)


def test_the_same_thread_judged_again_is_in_its_old_place() -> None:
    judged = range(1, THREADS_PER_AUTHOR + 2)

    assert [is_one_too_many(number, judged) for number in judged] == [
        False
    ] * THREADS_PER_AUTHOR + [True]
    assert is_one_too_many(99, judged)
    assert not is_one_too_many(99, [])


# --- one repository


def spend(db: Database, *, repo_id: int, usd: str) -> None:
    with db.writing() as tx:
        row = {
            "key": f"{repo_id}:{usd}",
            "model": "m",
            "answer": "{}",
            "at": NOON,
            "repo_id": repo_id,
        }
        tx.execute(
            sa.insert(model_calls).values(row | {"cost_micro_usd": int(Decimal(usd) * 1_000_000)})
        )


def test_every_answer_is_on_the_bill_of_its_repository(
    sqlite_db: Database, api: MessagesApi
) -> None:
    loop = with_claude(sqlite_db, api)
    decline(loop, loop.stranger, 1)

    here, elsewhere = (SqlLedger(sqlite_db, repo_id=repo_id) for repo_id in (loop.repo.id, 1))
    assert here.spent_here_since(NOON) == here.spent_since(NOON)
    assert elsewhere.spent_here_since(NOON) == Spent(usd=Decimal(0), tokens=0)
    assert elsewhere.spent_since(NOON).usd > 0
    assert elsewhere.spent_since(NOON).tokens > 0


def test_one_of_several_repositories_has_half_the_budget(
    sqlite_db: Database, api: MessagesApi
) -> None:
    loop = with_claude(sqlite_db, api, budget="2")
    loop.sandbox.add_repository("acme/other", files={"README.md": ""})
    decline_in_other(loop)
    spend(sqlite_db, repo_id=loop.repo.id, usd="1.2")
    decline(loop, loop.stranger, 1)
    asked = len(api.asked)
    decline_in_other(loop)

    assert TAKEAWAY not in loop.file(branch=BRANCH)
    assert proposed(loop) == 1
    assert len(api.asked) > asked


def test_a_repository_alone_has_the_whole_budget(sqlite_db: Database, api: MessagesApi) -> None:
    loop = with_claude(sqlite_db, api, budget="2")
    spend(sqlite_db, repo_id=loop.repo.id, usd="1.2")
    decline(loop, loop.stranger, 1)

    assert TAKEAWAY in loop.file(branch=BRANCH)


def test_a_spent_budget_still_waits_for_tomorrow(sqlite_db: Database, api: MessagesApi) -> None:
    loop = with_claude(sqlite_db, api, budget="2")
    spend(sqlite_db, repo_id=loop.repo.id, usd="2.5")
    decline(loop, loop.stranger, 1)
    assert loop.proposals == []
    loop.settle_later(days=1)

    assert TAKEAWAY in loop.file(branch=BRANCH)


def test_what_was_answered_goes_with_the_installation(
    sqlite_db: Database, api: MessagesApi
) -> None:
    loop = with_claude(sqlite_db, api)
    decline(loop, loop.stranger, 1)
    installation = loop.sandbox.installation_of(loop.repo)
    assert installation
    loop.sandbox.uninstall(installation, by=loop.owner)
    loop.settle()

    with sqlite_db.reading() as tx:
        assert tx.execute(sa.select(model_calls.c.answer)).all() == []


def decline_in_other(loop: Loop) -> None:
    other = loop.sandbox.find_repository("acme/other")
    assert other
    issue = actions.open_issue(
        loop.sandbox, other, loop.contributor, title=f"{ANCHORS} {other.last_number}"
    )
    actions.comment(loop.sandbox, issue, loop.owner, ANCHORS_REFUSED)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()
