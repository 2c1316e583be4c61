"""How fast an installation is written to, and when it is left alone: known to every worker."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.github_pace import SqlPace
from tests.support.house import counted_statements
from tests.support.moments import NOON

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OURS, ANOTHER = 11, 12


@pytest.fixture
def pace(db: Database) -> SqlPace:
    return SqlPace(db)


def write(pace: SqlPace, *, at=NOON, contributes: bool = False, installation: int = OURS):
    return pace.reserve_write(
        installation, contributes=contributes, now=at, within=timedelta(hours=2)
    )


def test_the_first_write_leaves_at_once(pace):
    assert write(pace) == NOON


def test_writes_are_a_second_apart_whoever_makes_them(pace, db):
    assert [write(pace), write(SqlPace(db)), write(pace)] == [
        NOON,
        NOON + SECOND,
        NOON + 2 * SECOND,
    ]


def test_installations_do_not_wait_for_each_other(pace):
    write(pace)

    assert write(pace, installation=ANOTHER) == NOON


def test_a_write_that_would_wait_too_long_reserves_nothing(pace):
    write(pace)
    pace.reserve_write(OURS, contributes=False, now=NOON, within=timedelta(0))

    assert write(pace) == NOON + SECOND


def test_twenty_contributions_fill_a_minute(pace):
    made = [write(pace, at=NOON + n * SECOND, contributes=True) for n in range(21)]

    assert made[19:] == [NOON + 19 * SECOND, NOON + MINUTE]


def test_a_hundred_and_fifty_contributions_fill_an_hour(pace):
    made = [write(pace, at=NOON + n * 4 * SECOND, contributes=True) for n in range(151)]

    assert made[150] == NOON + timedelta(hours=1)


def test_commits_are_not_counted_as_contributions(pace):
    made = [write(pace, at=NOON + n * SECOND) for n in range(25)]

    assert made[24] == NOON + 24 * SECOND


def test_a_clock_that_was_an_hour_ahead_stops_nobody(pace):
    write(pace, at=NOON + timedelta(hours=1))

    assert write(pace) == NOON


def test_nobody_pauses_by_default(pace):
    assert pace.paused_until(OURS, now=NOON) is None


def test_a_pause_holds_until_its_end(pace):
    until = pace.pause(OURS, until=NOON + 5 * MINUTE, why="limit", now=NOON)

    assert [pace.paused_until(OURS, now=at) for at in (NOON, until)] == [until, None]


def test_pauses_of_which_nobody_said_the_length_double(pace):
    ends = [NOON]
    for _ in range(60):
        ends.append(pace.pause(OURS, until=None, why="limit", now=ends[-1]))

    spans = [after - before for before, after in pairwise(ends)]
    assert spans == [MINUTE * n for n in (1, 2, 4, 8, 16, 32, *(60,) * 54)]


def test_a_quiet_hour_makes_pauses_short_again(pace):
    first = pace.pause(OURS, until=None, why="limit", now=NOON)
    pace.pause(OURS, until=None, why="limit", now=first)
    later = NOON + timedelta(hours=3)

    assert pace.pause(OURS, until=None, why="limit", now=later) == later + MINUTE


def test_requests_that_were_under_way_do_not_lengthen_the_pause(pace):
    until = pace.pause(OURS, until=None, why="limit", now=NOON)

    assert pace.pause(OURS, until=None, why="limit", now=NOON + SECOND) == until


def test_a_pause_by_another_worker_is_known_within_a_second(pace, db):
    assert pace.paused_until(OURS, now=NOON) is None
    until = SqlPace(db).pause(OURS, until=None, why="limit", now=NOON)

    assert pace.paused_until(OURS, now=NOON + SECOND) == until


def test_a_pause_of_our_own_is_known_at_once(pace):
    assert pace.paused_until(OURS, now=NOON) is None
    until = pace.pause(OURS, until=None, why="limit", now=NOON)

    assert pace.paused_until(OURS, now=NOON) == until


def test_a_suspension_is_known_at_once(pace):
    assert pace.paused_until(OURS, now=NOON) is None
    pace.suspend(OURS)

    assert pace.paused_until(OURS, now=NOON) is not None


def test_a_clock_that_went_back_asks_again(pace, db):
    assert pace.paused_until(OURS, now=NOON) is None
    until = SqlPace(db).pause(OURS, until=None, why="limit", now=NOON)

    assert pace.paused_until(OURS, now=NOON - SECOND) == until


def test_requests_of_one_moment_ask_once_for_a_pause(pace, db):
    counts = counted_statements(db)
    for _ in range(5):
        pace.paused_until(OURS, now=NOON)

    assert counts == {"SELECT": 1}
