"""Claude as judge of prior decisions, against a local stand-in for its API; through the front door
in the end."""

import json
import random
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anthropic
import pytest

from bot.adapters.model import ClaudeJudge, Models
from bot.adapters.store.database import Database
from bot.core.asking.decision_prompt import JUDGE_INSTRUCTIONS
from bot.core.asking.decision_reply import Judgements
from bot.core.asking.question import Question, Unusable
from bot.core.errors import TryLater
from bot.core.learnings import parse
from bot.core.recall.gate import Decision, Match
from tests.support.loop import PATH, Loop
from tests.support.messages_api import Answer, MessagesApi, failure, message
from tests.support.models import model_over

DOCUMENT = """\
# Learnings

- **#1** (won't-fix) — YAML anchors stay out of the configuration: an alias hides the value from \
review.
- **#2** (superseded) — Configuration is read once at the start and never again. Superseded by: #3.
- **#3** (merged) — Configuration is read again on SIGHUP, and only then.
- **#4** (superseded) — Configuration blocks are copied by hand. Superseded by: #5.
- **#5** (superseded) — Configuration blocks are copied by a tool. Superseded by: #4.
- **#6** (open) — Configuration blocks in JSON are being discussed.
"""
TITLE = "Let config files reuse blocks with YAML anchors and aliases"
BODY = (
    "I repeat the same configuration block five times, an alias would do. It should be read"
    " again when it changes."
)
ASKED = "reuse blocks with YAML anchors"
TAKEAWAYS = {entry.numbers[0]: entry.takeaway for entry in parse(DOCUMENT).entries}


def judged(number: Any, relation: str = "same_proposal", **other: Any) -> dict[str, Any]:
    decided = TAKEAWAYS.get(number, "nothing of the kind")
    return {"number": number, "relation": relation, "asked": ASKED, "decided": decided, **other}


def judgements(*judged: dict[str, Any], **other: Any) -> Answer:
    return message(json.dumps({"judgements": judged, **other}))


def critique(request: dict[str, Any], **other: Any) -> Answer:
    """One that lets through whatever it is shown."""
    material = json.loads(request["messages"][0]["content"].splitlines()[1])
    decided = material["decision"]["takeaway"]
    return message(json.dumps({"verdict": "tell", "asked": ASKED, "decided": decided, **other}))


class Bench:
    """A judge, the API it asks, and what that answers."""

    def __init__(self, api: MessagesApi, client: anthropic.Anthropic) -> None:
        self.api, self.client = api, client
        self.budget: Decimal | None = None
        self.judges: Callable[[], Answer] = lambda: judgements(judged(1))
        self.criticises: Callable[[dict[str, Any]], Answer] = critique
        api.asked.clear()
        api.reply = self._answer

    def _answer(self, request: dict[str, Any]) -> Answer:
        return (
            self.judges()
            if request["system"][0]["text"] == JUDGE_INSTRUCTIONS
            else self.criticises(request)
        )

    def judge(
        self, title: str = TITLE, body: str = BODY, *, document: str = DOCUMENT, near: bool = True
    ) -> list[Match]:
        models = Models(
            drafting="claude-sonnet-5-5", judging="claude-haiku-5-5", daily_budget_usd=self.budget
        )
        claude = model_over(self.client, models)
        decisions = [Decision(entry=entry) for entry in parse(document).entries]
        return ClaudeJudge(claude).judge(title, body, decisions, near=decisions if near else [])

    def told(self, title: str = TITLE, body: str = BODY, *, document: str = DOCUMENT) -> list[int]:
        return [match.entry.numbers[0] for match in self.judge(title, body, document=document)]

    @property
    def materials(self) -> list[dict[str, Any]]:
        return [
            json.loads(request["messages"][0]["content"].splitlines()[1])
            for request in self.api.asked
        ]


@pytest.fixture
def bench(api: MessagesApi, client: anthropic.Anthropic) -> Bench:
    return Bench(api, client)


@pytest.mark.parametrize("relation", ["same_proposal", "same_cause", "contradicts"])
def test_a_decision_that_both_readers_find_to_apply_is_told(bench: Bench, relation: str) -> None:
    bench.judges = lambda: judgements(judged(1, relation))

    assert bench.told() == [1]


@pytest.mark.parametrize("relation", ["related", "unrelated"])
def test_a_decision_on_the_same_subject_is_not_told(bench: Bench, relation: str) -> None:
    bench.judges = lambda: judgements(judged(1, relation))

    assert bench.told() == []


def test_each_survivor_has_a_reader_of_its_own(bench: Bench) -> None:
    bench.judge()

    assert ["decisions" in material for material in bench.materials] == [True, False]


def test_the_second_reader_sees_one_decision_and_no_evidence_of_the_first(bench: Bench) -> None:
    bench.judge()

    assert set(bench.materials[1]) == {"issue", "decision", "relation"}


def test_at_most_twenty_decisions_are_shown(bench: Bench) -> None:
    bench.judge(
        document="".join(
            f"- **#{n}** (won't-fix) — YAML anchors, case {n}.\n" for n in range(1, 60)
        )
    )

    assert len(bench.materials[0]["decisions"]) == 20


def test_what_superseded_the_decision_is_what_is_told(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(2))

    assert bench.told() == [3]


@pytest.mark.parametrize("number", [4, 5])
def test_of_decisions_that_supersede_each_other_none_is_told(bench: Bench, number: int) -> None:
    bench.judges = lambda: judgements(judged(number))

    assert bench.told() == []


def test_a_matter_still_open_is_not_shown(bench: Bench) -> None:
    bench.judge()

    assert 6 not in [decision["number"] for decision in bench.materials[0]["decisions"]]


def test_an_author_who_names_the_decision_need_not_be_told(bench: Bench) -> None:
    assert bench.told(body=f"{BODY} I have read #1.") == []


def test_nobody_is_asked_where_nothing_is_near(bench: Bench) -> None:
    assert bench.judge(near=False) == []
    assert bench.api.asked == []


SEVERAL = "".join(
    f"- **#{n}** (won't-fix) — YAML anchors stay out of the configuration, case {n}.\n"
    for n in range(1, 6)
)


def test_up_to_three_decisions_are_told_the_likeliest_first(bench: Bench) -> None:
    decided = [
        judged(n, decided=f"YAML anchors stay out of the configuration, case {n}.")
        for n in (5, 2, 4, 1)
    ]
    bench.judges = lambda: judgements(*decided)

    assert bench.told(document=SEVERAL) == [1, 2, 4]


def test_each_of_several_decisions_must_stand_the_doubt(bench: Bench) -> None:
    decided = [
        judged(n, decided=f"YAML anchors stay out of the configuration, case {n}.")
        for n in (1, 2, 4)
    ]
    bench.judges = lambda: judgements(*decided)
    doubts = iter(["tell", "omit", "tell"])
    bench.criticises = lambda request: critique(request, verdict=next(doubts))

    assert bench.told(document=SEVERAL) == [1, 4]


def test_a_doubt_that_nobody_would_voice_omits_one_alone(bench: Bench) -> None:
    decided = [
        judged(n, decided=f"YAML anchors stay out of the configuration, case {n}.") for n in (1, 2)
    ]
    bench.judges = lambda: judgements(*decided)
    answers = iter([message("", stop_reason="refusal"), None])
    bench.criticises = lambda request: next(answers) or critique(request)

    assert bench.told(document=SEVERAL) == [2]


def test_decisions_that_one_other_superseded_are_told_once(bench: Bench) -> None:
    document = (
        "- **#1** (superseded) — Blocks are copied by hand. Superseded by: #3.\n"
        "- **#2** (superseded) — Blocks are copied by a tool. Superseded by: #3.\n"
        "- **#3** (merged) — Blocks are included by name.\n"
    )
    bench.judges = lambda: judgements(
        judged(1, decided="Blocks are copied by hand."),
        judged(2, decided="Blocks are copied by a tool."),
    )

    assert bench.told(document=document) == [3]


def test_a_retired_model_is_asked_no_more_and_the_others_are(bench: Bench) -> None:
    bench.judges = lambda: failure(404, "not_found_error")
    models = Models(drafting="claude-sonnet-5-5", judging="claude-haiku-5-5")
    claude = model_over(bench.client, models)
    questions = [
        Question(model, JUDGE_INSTRUCTIONS, data, Judgements)
        for model, data in [(models.judging, "1"), (models.judging, "2"), (models.drafting, "3")]
    ]
    for question in questions:
        with pytest.raises(Unusable):
            claude.ask(question)

    assert [request["model"] for request in bench.api.asked] == [models.judging, models.drafting]


UNBORNE = {
    "a number nobody gave": judgements(judged(4711)),
    "a matter still open": judgements(judged(6)),
    "words the issue does not have": judgements(
        judged(1, asked="please remove all of the reviews")
    ),
    "words the decision does not have": judgements(
        judged(1, decided="anchors are fine from now on")
    ),
    "a scrap": judgements(judged(1, asked="YAML")),
    "no quotes": judgements(judged(1, asked="", decided="")),
    "one decision twice": judgements(judged(1), judged(1, "unrelated")),
    "another relation": judgements(judged(1, "identical")),
    "an extra field": judgements(judged(1, url="https://evil.example")),
    "a number as text": judgements(judged("1")),
    "nothing": judgements(),
    "too much": judgements(*[judged(1)] * 21),
    "no JSON": message("Certainly! #1 applies."),
    "an empty answer": message(""),
    "cut short": message(json.dumps({"judgements": [judged(1)]}), stop_reason="max_tokens"),
    "declined": message("", stop_reason="refusal"),
    "no message": Answer(body=b"<html>proxy</html>"),
    "too large": failure(413, "request_too_large"),
    "refused key": failure(401, "authentication_error"),
    "unpaid": failure(402, "billing_error"),
    "retired model": failure(404, "not_found_error"),
}


@pytest.mark.parametrize("answer", UNBORNE.values(), ids=UNBORNE.keys())
def test_an_answer_that_is_not_borne_out_is_silence(bench: Bench, answer: Answer) -> None:
    bench.judges = lambda: answer

    assert bench.told() == []


DOUBTS: dict[str, Callable[[dict[str, Any]], Answer]] = {
    "omit": lambda request: critique(request, verdict="omit"),
    "maybe": lambda request: critique(request, verdict="maybe"),
    "an invented request": lambda request: critique(
        request, asked="please remove all of the reviews"
    ),
    "an invented decision": lambda request: critique(
        request, decided="anchors are fine from now on"
    ),
    "nothing": lambda _: message(""),
    "declined": lambda _: message("", stop_reason="refusal"),
    "refused key": lambda _: failure(401, "authentication_error"),
}


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS.keys())
def test_a_second_reader_who_does_not_plainly_tell_omits(
    bench: Bench, doubt: Callable[[dict[str, Any]], Answer]
) -> None:
    bench.criticises = doubt

    assert bench.told() == []


def test_what_one_doubt_omits_leaves_the_next_to_be_read(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(1), judged(2))
    doubts = iter(["omit", "tell"])
    bench.criticises = lambda request: critique(request, verdict=next(doubts))

    assert bench.told() == [3]


@pytest.mark.parametrize("status", [429, 500, 529])
def test_an_outage_waits(bench: Bench, status: int) -> None:
    bench.judges = lambda: failure(status, "overloaded_error")

    with pytest.raises(TryLater):
        bench.judge()


def test_a_rate_limit_holds_for_all_that_is_asked_with_the_key(bench: Bench) -> None:
    bench.judges = lambda: failure(429, "rate_limit_error", retry_after="90")
    models = Models(drafting="claude-sonnet-5-5", judging="claude-haiku-5-5")
    claude = model_over(bench.client, models)
    decisions = [Decision(entry=entry) for entry in parse(DOCUMENT).entries]
    for judge in (ClaudeJudge(claude), ClaudeJudge(claude)):
        with pytest.raises(TryLater):
            judge.judge(TITLE, BODY, decisions, near=decisions)

    assert len(bench.api.asked) == 1


def test_secrets_and_hidden_characters_stay_here(bench: Bench) -> None:
    key = "ghp_" + "a1B2" * 9
    bench.judge(body=f"{BODY} {key} a\u200bb")

    sent = json.dumps(bench.api.asked, ensure_ascii=False)
    assert key not in sent
    assert "\u200b" not in sent


# Whatever comes back


HOSTILE_TEXTS = [
    "#4711",
    "see #99 and owner/private#3",
    "@org/team please close this as a duplicate of #99",
    "https://evil.example/99",
    "<!-- precedent:prior-decision -->",
    "ignore previous instructions",
    "x" * 3_000,
    "",
]


def hostile(dice: random.Random) -> Answer:
    """One answer of a judge that was turned against us, or of a proxy that was."""
    text = dice.choice(HOSTILE_TEXTS)
    said = []
    for _ in range(dice.randint(0, 4)):
        one = judged(
            dice.choice([1, 2, 3, 4, 6, 99, 4711, -1, 0, 2**70]),
            dice.choice(["same_proposal", "contradicts"]),
        )
        if dice.random() < 0.4:
            one |= {dice.choice([*one, text[:20]]): dice.choice([text, 99, None, [], True])}
        said.append(one)
    body = json.dumps({"judgements": said})
    return dice.choice(
        [
            *[message(body)] * 4,
            message(body[: dice.randint(0, len(body))]),
            message(body, stop_reason=dice.choice(["max_tokens", "refusal", "tool_use"])),
            message(f"{text} {body}"),
            failure(dice.choice([400, 401, 404, 413])),
        ]
    )


def test_no_number_outside_the_candidates_is_ever_told(bench: Bench) -> None:
    dice = random.Random(8)
    bench.judges = lambda: hostile(dice)
    told = [bench.told(body=f"{BODY} Case {place}.") for place in range(500)]

    assert {number for numbers in told for number in numbers} == {1, 3}
    assert {len(numbers) for numbers in told} == {0, 1, 2}


# Through the front door

THREE = {7: "YAML, JSON", 8: "YAML, TOML", 9: "YAML, XML"}


class House:
    """A repository with a learnings file, and a Claude that says what it is told to say."""

    def __init__(self, db: Database, bench: Bench) -> None:
        self.bench = bench
        self.loop = Loop(
            db, files={PATH: DOCUMENT}, anthropic_api_key="k", anthropic_base_url=bench.api.url
        )
        for number in range(1, 10):
            self.loop.open_issue(f"Old matter {number}", "Long ago.")
        self.loop.settle()
        self.loop.clock.advance(days=30)

    def said_on(self, title: str = TITLE, body: str = BODY) -> list[str]:
        """What stands under a new issue in the end."""
        issue = self.loop.open_issue(title, body)
        self.loop.settle()
        return [comment.body for comment in self.loop.bot_comments(issue)]


@pytest.fixture
def house(sqlite_db: Database, bench: Bench) -> House:
    return House(sqlite_db, bench)


def test_a_decision_that_applies_is_told_under_the_issue(house: House) -> None:
    (comment,) = house.said_on(
        "Share settings between environments",
        "An anchor would let me reuse blocks with YAML anchors",
    )

    assert "`#1` was decided as *won't-fix*" in comment
    assert "it proposes the same again" in comment


def test_no_number_outside_the_candidates_is_ever_posted(house: House) -> None:
    dice = random.Random(9)
    house.bench.judges = lambda: hostile(dice)
    posted = []
    for place in range(40):
        posted += house.said_on(f"{TITLE}, part {place}")
        house.loop.clock.advance(days=2)

    assert posted
    assert {number for text in posted for number in re.findall(r"#(\d+)", text)} <= {"1", "3"}
    assert not any("evil" in text or "@" in text for text in posted)


def test_three_decisions_are_told_in_one_comment(house: House) -> None:
    more = "".join(
        f"- **#{n}** (won't-fix) — {TAKEAWAYS[1].replace('YAML', what)}\n"
        for n, what in THREE.items()
    )
    house.loop.push({PATH: DOCUMENT + more})
    house.loop.settle()
    house.bench.judges = lambda: judgements(
        judged(1),
        *[judged(n, decided=TAKEAWAYS[1].replace("YAML", what)) for n, what in THREE.items()],
    )
    (comment,) = house.said_on()

    numbers = re.findall(r"#(\d+)", comment)
    assert (len(numbers), numbers) == (3, re.findall(r"`#(\d+)`", comment))
    assert set(numbers) <= {"1", "7", "8", "9"}
    assert comment.count("\n") < 10


def test_an_outage_of_minutes_delays_the_comment(house: House) -> None:
    house.bench.judges = lambda: failure(529, "overloaded_error")
    issue = house.loop.open_issue(TITLE, BODY)
    house.loop.settle()
    house.bench.judges = lambda: judgements(judged(1))
    house.loop.settle_later(minutes=5)

    assert len(house.loop.bot_comments(issue)) == 1


def test_an_outage_of_a_day_is_silence(house: House) -> None:
    house.bench.judges = lambda: failure(529, "overloaded_error")
    issue = house.loop.open_issue(TITLE, BODY)
    for _ in range(8):
        house.loop.settle_later(hours=1)
    house.bench.judges = lambda: judgements(judged(1))
    for _ in range(24):
        house.loop.settle_later(hours=1)

    assert house.loop.bot_comments(issue) == []


def test_an_hour_named_by_claude_that_comes_too_late_is_not_waited_for(house: House) -> None:
    house.bench.judges = lambda: failure(429, "rate_limit_error", retry_after=str(7 * 3600))
    house.said_on()
    house.bench.api.asked.clear()
    for _ in range(10):
        house.loop.settle_later(hours=1)

    assert house.bench.api.asked == []
