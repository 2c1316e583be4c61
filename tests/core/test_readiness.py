"""What ails the bot, by what is observed: names, and who cannot do its part for it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from bot.core.errors import Illness
from bot.core.status.readiness import Observed, Part, Pause, Readiness, Unwritable, judge_readiness
from tests.support.moments import NOON

SOUND = {"workers": ["f"], "durable": True}
PAUSE = Pause(account="acme", until=NOON + timedelta(minutes=5), why="slow down")


def judge(part: Part = "web", **observed: Any) -> Readiness:
    return judge_readiness(Observed(**{**SOUND, **observed}), part=part, fingerprint="f", now=NOON)


def names(readiness: Readiness) -> tuple[list[str], list[str]]:
    return [each.name for each in readiness.problems], [each.name for each in readiness.warnings]


def test_nothing_to_tell_is_ready():
    assert (judge().state, names(judge())) == ("ready", ([], []))


@pytest.mark.parametrize("part", ["web", "worker"])
@pytest.mark.parametrize("cause", get_args(Illness))
def test_nobody_can_do_its_part_where_nothing_can_be_written(part: Part, cause: Illness):
    readiness = judge(part, unwritable=Unwritable(cause=cause, why="said so"), workers=())

    told = "locked" if cause == "conflict" else cause
    assert (readiness.state, names(readiness)) == ("failing", ([told], []))


@pytest.mark.parametrize(
    ("observed", "name"),
    [
        ({"workers": ()}, "no_worker"),
        ({"workers": ["f", "g"]}, "other_settings"),
        ({"lost": ["host"]}, "dead_worker"),
        ({"oldest_undispatched": NOON - timedelta(seconds=61)}, "backlog"),
        ({"oldest_due": NOON - timedelta(minutes=11)}, "overdue"),
        ({"malformed": 1}, "malformed"),
        ({"pauses": [PAUSE]}, "paused"),
        ({"symptoms": {"model": "Claude refused the key: 402"}}, "model"),
        ({"spent_usd": Decimal(5), "budget_usd": Decimal(5)}, "budget"),
        ({"durable": False}, "fleeting_disk"),
        ({"jobs": {"buried": 1}}, "given_up"),
    ],
)
@pytest.mark.parametrize("part", ["web", "worker"])
def test_what_only_people_need_to_know_takes_nobody_out_of_service(
    part: Part, observed: dict[str, Any], name: str
):
    readiness = judge(part, **observed)

    assert (readiness.state, names(readiness)) == ("ill", ([], [name]))


@pytest.mark.parametrize(
    "observed",
    [
        {"oldest_undispatched": NOON - timedelta(seconds=59)},
        {"oldest_due": NOON - timedelta(minutes=9)},
        {"spent_usd": Decimal("4.99"), "budget_usd": Decimal(5)},
        {"spent_usd": Decimal(5)},
        {"workers": ["f", "f"]},
        {"jobs": {"done": 9, "waiting": 9}},
        {"durable": None},
    ],
)
def test_what_is_usual_is_not_told(observed: dict[str, Any]):
    assert judge(**observed).state == "ready"


@pytest.mark.parametrize("symptom", ["clock", "credentials"])
def test_without_github_a_worker_cannot_work_and_deliveries_can_still_be_kept(symptom: str):
    observed = {"symptoms": {symptom: "said so"}}

    assert names(judge("worker", **observed)) == ([symptom], [])
    assert names(judge("web", **observed)) == ([], [symptom])


def test_where_the_clock_is_wrong_the_key_is_not_blamed():
    assert names(judge(symptoms={"clock": "61 minutes behind GitHub's", "credentials": "401"})) == (
        [],
        ["clock"],
    )


def test_a_worker_that_no_longer_renews_its_lease_does_not_work():
    assert names(judge("worker", holds_lease=False)) == (["lease_lost"], [])


def test_without_an_app_nothing_can_be_kept_and_no_worker_is_missed():
    assert names(judge(has_app=False, workers=())) == (["no_app"], [])


def test_while_the_app_is_being_made_that_is_how_it_should_be():
    readiness = judge("setup", has_app=False, workers=())

    assert (readiness.state, readiness.problems) == ("setup", [])


def test_of_many_pauses_a_few_are_told():
    assert names(judge(pauses=[PAUSE] * 100)) == ([], ["paused"] * 3)
