"""What a repository decided, searched in each process: kept up with the database, the same for
every worker."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store.database import Database
from bot.adapters.store.installations import SqlInstallations
from bot.adapters.store.migrate import migrate
from bot.adapters.store.recall import SqlRecall
from bot.adapters.store.repositories import SqlStore
from bot.core.jobs import ReadEntries
from bot.core.recall.precedents import Found, Question
from bot.core.threads import ThreadCopy
from github_sandbox import actions
from github_sandbox.actions.issues import notify
from github_sandbox.state import Issue
from tests.support.loop import PATH, Loop
from tests.support.moments import NOON
from tests.support.outcomes import outcomes
from tests.support.power import Power, settle_through_a_kill
from tests.support.tales import (
    ANCHORS,
    ANCHORS_AGAIN,
    ANCHORS_AGAIN_BODY,
    UNRELATED,
    UNRELATED_BODY,
)

REPO = 2**53 - 1
OPENED = ReadEntries(
    delivery="d",
    cause="c",
    installation_id=7,
    repo_id=REPO,
    repo="acme/engine",
)


def closed(number: int, title: str, text: str = "", *, at: datetime = NOON) -> ThreadCopy:
    return ThreadCopy(
        number=number, title=title, text=text, created_at=at, closed_at=at, decided_as="not_planned"
    )


def ask(title: str, text: str = "", **takeaways: str) -> Question:
    """`_12="…"` is what the entry of #12 says."""
    said = {int(name[1:]): takeaway for name, takeaway in takeaways.items()}
    return Question(
        number=999, title=title, text=text, asked_at=NOON + timedelta(days=1), takeaways=said
    )


@pytest.fixture
def store(db: Database) -> SqlStore:
    store = SqlStore(db)
    store.keep_settings(OPENED, None, at=NOON)
    return store


@pytest.fixture
def other(db: Database) -> Iterator[SqlRecall]:
    """Another worker's, over connections of its own."""
    with closing(Database(db.url)) as database:
        yield SqlRecall(database)


def test_two_workers_find_the_same(db: Database, store: SqlStore, other: SqlRecall):
    ours, said = SqlRecall(db), {1: "The scheduler stays", 2: "No second scheduler"}
    store.keep_thread(REPO, closed(1, "Replace the scheduler"))
    ours.find(REPO, ask("scheduler"))
    store.keep_thread(REPO, closed(2, "Run a second scheduler"))
    store.keep_thread(REPO, closed(3, "Colours of the scheduler page"))
    question = replace(ask("a scheduler that runs twice"), takeaways=said)

    assert ours.find(REPO, question) == other.find(REPO, question)
    assert ours.held() == other.held() == {REPO: 3}


def test_a_decided_thread_without_an_entry_is_found_apart(db: Database, store: SqlStore):
    store.keep_thread(REPO, closed(1, "Replace the scheduler"))
    store.keep_thread(REPO, closed(2, "Run a second scheduler"))

    found = SqlRecall(db).find(REPO, ask("second scheduler", _2="One scheduler is enough."))
    assert found == Found(entries=[2], threads=[1])


def test_an_entry_whose_thread_nobody_read_is_found_by_its_words(db: Database, store: SqlStore):
    assert SqlRecall(db).find(REPO, ask("scheduler", _5="One scheduler is enough.")).entries == [5]


def test_an_entry_reworded_is_found_by_its_new_words(db: Database, store: SqlStore):
    recall = SqlRecall(db)
    recall.find(REPO, ask("scheduler", _5="One scheduler is enough."))

    assert recall.find(REPO, ask("scheduler", _5="Colours stay.")).entries == []
    assert recall.find(REPO, ask("colours", _5="Colours stay.")).entries == [5]


def test_an_entry_taken_out_leaves_its_decided_thread(db: Database, store: SqlStore):
    recall = SqlRecall(db)
    store.keep_thread(REPO, closed(5, "Replace the scheduler"))
    recall.find(REPO, ask("scheduler", _5="One scheduler is enough."))

    assert recall.find(REPO, ask("scheduler")) == Found(entries=[], threads=[5])


def test_a_decision_of_later_is_not_found(db: Database, store: SqlStore):
    store.keep_thread(REPO, closed(1, "Replace the scheduler", at=NOON + timedelta(days=2)))

    assert SqlRecall(db).find(REPO, ask("scheduler")).threads == []


def test_a_thread_that_is_decided_no_more_is_not_found(
    db: Database, store: SqlStore, other: SqlRecall
):
    store.keep_thread(REPO, closed(1, "Replace the scheduler"))
    other.find(REPO, ask("scheduler"))
    store.keep_thread(REPO, replace(closed(1, "Replace the scheduler"), decided_as=None))

    assert other.find(REPO, ask("scheduler")).threads == []


def test_keeping_the_same_again_makes_no_new_version(db: Database, store: SqlStore):
    recall, long = SqlRecall(db), closed(1, "Replace the scheduler", "why " * 9_000)
    for _ in range(3):
        store.keep_thread(REPO, long)
        recall.find(REPO, ask("scheduler"))

    assert recall.held() == {REPO: 1}


def test_what_was_known_before_a_removal_is_forgotten(db: Database, store: SqlStore):
    recall = SqlRecall(db)
    store.keep_thread(REPO, closed(1, "Replace the scheduler"))
    recall.find(REPO, ask("scheduler"))
    SqlInstallations(db).forget(7)
    store.keep_settings(OPENED, None, at=NOON + timedelta(hours=1))
    for number in (2, 3):
        store.keep_thread(REPO, closed(number, f"Scheduler, take {number}"))

    assert sorted(recall.find(REPO, ask("scheduler")).threads) == [2, 3]


def test_what_was_asked_for_longest_ago_makes_room(db: Database, store: SqlStore):
    recall = SqlRecall(db, most_documents=2)
    for repo_id in (1, 2, 3):
        store.keep_settings(replace(OPENED, repo_id=repo_id), None, at=NOON)
        store.keep_thread(repo_id, closed(1, "Replace the scheduler"))
        recall.find(repo_id, ask("scheduler"))

    assert [*recall.held()] == [2, 3]
    assert recall.find(1, ask("scheduler")).threads == [1]


def test_a_repository_nobody_knows_has_decided_nothing(db: Database):
    assert SqlRecall(db).find(REPO, ask("scheduler")) == Found(entries=[], threads=[])


WORDS = st.lists(
    st.sampled_from(["cache", "queue", "retry", "token", "page", "worker"]), min_size=1, max_size=5
)
CHANGES = st.lists(st.tuples(st.integers(1, 5), WORDS, st.booleans(), st.booleans()), max_size=12)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CHANGES, WORDS)
def test_who_followed_every_change_finds_what_a_newcomer_finds(tmp_path_factory, changes, query):
    with closing(Database(f"sqlite:///{tmp_path_factory.mktemp('recall') / 'bot.db'}")) as database:
        migrate(database, now=NOON)
        store, follower, said = SqlStore(database), SqlRecall(database), dict[int, str]()
        store.keep_settings(OPENED, None, at=NOON)
        for number, words, decided, told in changes:
            copy = closed(number, words[0], " ".join(words))
            store.keep_thread(REPO, copy if decided else replace(copy, decided_as=None))
            said = (
                {**said, number: " ".join(words[1:])}
                if told
                else {n: s for n, s in said.items() if n != number}
            )
            follower.find(REPO, replace(ask("cache"), takeaways=said))
        question = replace(ask(" ".join(query)), takeaways=said)

        assert follower.find(REPO, question) == SqlRecall(database).find(REPO, question)


# Through the front door: the ledger knows when a decided thread applies of which nobody merged an
# entry


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return Loop(sqlite_db)


def asked_again(loop: Loop) -> dict[str, int]:
    loop.clock.advance(days=2)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    assert loop.bot_comments(issue) == []
    return outcomes(loop)


def turned_down(loop: Loop) -> Issue:
    """Without a reason worth an entry."""
    issue = loop.decline(ANCHORS, "No.", body=ANCHORS_AGAIN_BODY)
    loop.settle()
    assert loop.proposals == []
    return issue


def test_a_decision_without_an_entry_is_entered_and_not_told(loop):
    turned_down(loop)

    assert asked_again(loop) == {"unwritten": 1}


def test_a_decision_opened_again_is_no_decision(loop):
    actions.reopen(loop.sandbox, turned_down(loop), loop.owner)
    loop.settle()

    assert asked_again(loop) == {}


def test_a_decision_that_was_deleted_is_forgotten(loop):
    issue = turned_down(loop)
    notify(loop.sandbox, issue, "deleted", loop.owner)
    del loop.repo.issues[issue.number]
    loop.settle()

    assert asked_again(loop) == {}


def test_a_decided_thread_that_was_edited_is_found_by_its_new_words(loop):
    actions.edit(
        loop.sandbox, turned_down(loop), loop.stranger, title=UNRELATED, body=UNRELATED_BODY
    )
    loop.settle()

    assert asked_again(loop) == {}


def test_completed_work_is_no_decision(loop):
    issue = loop.open_issue(ANCHORS, ANCHORS_AGAIN_BODY)
    actions.close(loop.sandbox, issue, loop.owner, reason="completed")
    loop.settle()

    assert asked_again(loop) == {}


def test_what_is_decided_is_kept_where_nothing_is_proposed(sqlite_db):
    loop = Loop(sqlite_db, files={".github/learnings.yml": "propose: false\n"})
    turned_down(loop)

    assert asked_again(loop) == {"unwritten": 1}


def test_the_entry_of_a_decision_is_what_is_told_once_it_is_merged(loop):
    issue = turned_down(loop)
    loop.push(
        {
            PATH: (
                f"- **#{issue.number}** (won't-fix) — YAML anchors stay out: an alias hides"
                " the value.\n"
            )
        }
    )
    loop.settle()
    again = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert len(loop.bot_comments(again)) == 1


@pytest.mark.parametrize(
    "point", ["job.claimed", "llm.returned", "draft.stored", "job.before_done"]
)
def test_a_kill_leaves_the_decision_known_once(db, point):
    power = Power()
    loop = Loop(db, reached=power)
    loop.decline(ANCHORS, "No.", body=ANCHORS_AGAIN_BODY)
    settle_through_a_kill(loop, power, point)
    recall = SqlRecall(db)

    assert recall.find(loop.repo.id, ask(ANCHORS_AGAIN)).threads == [1]
    assert recall.held() == {loop.repo.id: 1}
