from datetime import timedelta

import pytest

from bot.core.errors import GiveUp, TryLater
from bot.core.jobs import (
    FIRST_DELAY,
    LONGEST_DELAY,
    MAX_ATTEMPTS,
    MAX_DEATHS,
    Bury,
    Retry,
    after_death,
    after_failure,
)
from tests.support.moments import NOON


def delay_after(attempts: int, *, error: Exception | None = None, jitter: float = 0.0) -> timedelta:
    decision = after_failure(error or ValueError("bug"), attempts=attempts, now=NOON, jitter=jitter)
    assert isinstance(decision, Retry)
    return decision.at - NOON


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (7, 960)])
def test_each_wait_is_twice_the_last(attempts: int, seconds: int):
    assert delay_after(attempts) == timedelta(seconds=seconds)


def test_no_wait_is_longer_than_an_hour_and_its_jitter():
    assert after_death(deaths=4, now=NOON, jitter=1) != Bury("")
    assert delay_after(MAX_ATTEMPTS - 1, jitter=1) <= 2 * LONGEST_DELAY


def test_jitter_keeps_those_that_failed_together_apart():
    assert delay_after(1, jitter=0.5) == 1.5 * FIRST_DELAY


def test_a_moment_that_was_named_is_waited_for():
    limited = TryLater("rate limit", not_before=NOON + timedelta(minutes=40))

    assert delay_after(1, error=limited) == timedelta(minutes=40)


def test_a_moment_already_past_does_not_shorten_the_wait():
    assert (
        delay_after(1, error=TryLater("busy", not_before=NOON - timedelta(hours=1))) == FIRST_DELAY
    )


def test_what_cannot_be_helped_is_buried_with_its_reason():
    assert after_failure(GiveUp("suspended"), attempts=1, now=NOON) == Bury("GiveUp: suspended")


def test_after_so_many_attempts_it_is_buried():
    assert isinstance(after_failure(ValueError("bug"), attempts=MAX_ATTEMPTS, now=NOON), Bury)


def test_after_the_first_death_it_goes_on_at_once():
    assert after_death(deaths=1, now=NOON, jitter=0.5) == Retry(NOON)


def test_after_the_second_it_waits_so_as_not_to_take_others_along():
    assert after_death(deaths=2, now=NOON) == Retry(NOON + FIRST_DELAY)


def test_after_too_many_deaths_it_is_buried():
    assert after_death(deaths=MAX_DEATHS, now=NOON) == Bury(f"its worker died {MAX_DEATHS} times")
