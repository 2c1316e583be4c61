"""Claude as judge of prior decisions, against a local stand-in for its API; through the front door
in the end."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import anthropic
import pytest

from bot.adapters.model import Claude, ClaudeJudge, MemoryLedger, Models
from bot.adapters.model.claude import Question, Unusable
from bot.adapters.store.database import Database
from bot.core.asking.decision_prompt import JUDGE_INSTRUCTIONS
from bot.core.asking.decision_reply import Judgements
from bot.core.errors import TryLater
from bot.core.learnings import parse
from bot.core.recall.gate import Match
from bot.core.recall.opened import Opened
from bot.core.recall.precedents import Found, Known, recall_decisions
from tests.support.loop import PATH, Loop
from tests.support.messages_api import Answer, MessagesApi, failure, message

NOW = datetime(2025, 5, 1, 12, tzinfo=UTC)
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
    said = {
        "number": number,
        "ruled": TAKEAWAYS.get(number, "nothing of the kind"),
        "relation": relation,
    }
    return {**said, "differs": "", "new_premise": False, "grade": 3, **other}


def judgements(*judged: dict[str, Any], **other: Any) -> Answer:
    return message(json.dumps({"proposed": ASKED, "readings": judged, "more": False, **other}))


def critique(request: dict[str, Any], **other: Any) -> Answer:
    """One that lets through whatever it is shown."""
    material = json.loads(request["messages"][0]["content"].splitlines()[1])
    decided = material["decision"]["takeaway"]
    said = {"asked": ASKED, "decided": decided, "fault": "none", "verdict": "tell"}
    return message(json.dumps({**said, **other}))


def opened(title: str = TITLE, body: str = BODY, **other: Any) -> Opened:
    return Opened(number=999, title=title, text=body, opened_at=NOW, **other)


def known_from(document: str = DOCUMENT) -> Known:
    entries = parse(document).entries
    found = Found(entries=[entry.numbers[0] for entry in entries], threads=[])
    return recall_decisions(entries, {}, found)


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
        claude = Claude(self.client, models, ledger=MemoryLedger(), clock=lambda: NOW)
        known = known_from(document)
        return ClaudeJudge(claude).judge(
            opened(title, body), known if near else replace(known, near=[])
        )

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


@pytest.mark.parametrize("relation", ["subject", "unrelated"])
def test_a_decision_on_the_same_subject_is_not_told(bench: Bench, relation: str) -> None:
    bench.judges = lambda: judgements(judged(1, relation))

    assert bench.told() == []


def test_each_survivor_has_a_reader_of_its_own(bench: Bench) -> None:
    bench.judge()

    assert ["decisions" in material for material in bench.materials] == [True, False]


def test_the_second_reader_sees_one_decision_and_no_evidence_of_the_first(bench: Bench) -> None:
    bench.judge()

    assert set(bench.materials[1]) == {"opened", "decision", "first_reader"}
    assert bench.materials[1]["first_reader"] == {"relation": "same_proposal", "differs": ""}


MANY = "".join(f"- **#{n}** (won't-fix) — YAML anchors, case {n}.\n" for n in range(1, 60))


def test_five_decisions_are_shown_first(bench: Bench) -> None:
    bench.judges = judgements
    bench.judge(document=MANY)

    assert [len(material["decisions"]) for material in bench.materials] == [5]


def test_the_next_fifteen_are_shown_when_the_model_asks_for_more(bench: Bench) -> None:
    answers = iter(
        [judgements(more=True), judgements(judged(20, ruled="YAML anchors, case 20."), more=True)]
    )
    bench.judges = lambda: next(answers)

    assert bench.told(document=MANY) == [20]
    assert [len(material.get("decisions", ())) for material in bench.materials] == [5, 15, 0]


def test_what_applies_among_the_first_needs_no_more(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(1, ruled="YAML anchors, case 1."), more=True)

    assert bench.told(document=MANY) == [1]
    assert len(bench.api.asked) == 2


@pytest.mark.parametrize(("grade", "told"), [(0, []), (1, []), (2, [1]), (3, [1])])
def test_what_is_arguable_is_not_told(bench: Bench, grade: int, told: list[int]) -> None:
    bench.judges = lambda: judgements(judged(1, grade=grade))

    assert bench.told() == told


def test_who_brings_a_new_premise_is_not_told(bench: Bench) -> None:
    bench.judges = lambda: judgements(
        judged(1, differs="offers to review them all", new_premise=True)
    )

    assert bench.told() == []


def test_the_surest_decision_is_told_first(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(1, grade=2), judged(3, grade=3))

    assert bench.told() == [3, 1]


def test_an_answer_with_an_objection_is_asked_again_with_it(bench: Bench) -> None:
    answers = iter(
        [
            judgements(judged(4711), judged(1, ruled="anchors are fine from now on")),
            judgements(judged(1)),
        ]
    )
    bench.judges = lambda: next(answers)

    assert bench.told() == [1]
    said = [turn["content"] for turn in bench.api.asked[1]["messages"]]
    assert json.loads(said[1])["readings"][0]["number"] == 4711
    assert "4711 is the number of no decision that was shown" in said[2]
    assert '"ruled" of decision 1 is no stretch of its takeaway' in said[2]


def test_an_objection_is_raised_once(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(4711))

    assert bench.told() == []
    assert len(bench.api.asked) == 2


def test_a_second_reader_is_told_of_a_wrong_quote_once(bench: Bench) -> None:
    quotes = iter(["something nobody asked for", ASKED])
    bench.criticises = lambda request: critique(request, asked=next(quotes))

    assert bench.told() == [1]
    assert (
        '"asked" is no stretch of what was opened' in bench.api.asked[2]["messages"][2]["content"]
    )


@pytest.mark.parametrize("fault", ["other_thing", "not_settled", "new_reason", "no_use"])
def test_a_fault_omits_whatever_the_verdict(bench: Bench, fault: str) -> None:
    bench.criticises = lambda request: critique(request, fault=fault)

    assert bench.told() == []


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        (
            "Please *reuse* `blocks`\n  with [YAML anchors](https://yaml.org).",
            "reuse blocks with YAML anchors",
        ),
        ("> reuse blocks\n> with YAML anchors", "reuse blocks with YAML anchors"),
        ("設定でアンカーを使いたい", "アンカーを使いたい"),
    ],
)
def test_quotes_are_compared_without_white_space_and_markdown(
    bench: Bench, body: str, quote: str
) -> None:
    bench.judges = lambda: judgements(judged(1), proposed=quote)
    bench.criticises = lambda request: critique(request, asked=quote)

    assert bench.told("Configuration", body) == [1]


def test_a_short_title_may_be_quoted_whole(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(1), proposed="Anchors")
    bench.criticises = lambda request: critique(request, asked="Anchors")

    assert bench.told("Anchors", "") == [1]
    assert bench.told("Anchors, please", "") == []


def test_a_pull_request_is_shown_with_what_it_changes(bench: Bench) -> None:
    changes: dict[str, Any] = {
        "paths": ["conf/parse.py"],
        "names": ["resolve_alias"],
        "commits": ["Resolve aliases"],
    }
    models = Models(drafting="claude-sonnet-5-5", judging="claude-haiku-5-5")
    claude = Claude(bench.client, models, ledger=MemoryLedger(), clock=lambda: NOW)
    ClaudeJudge(claude).judge(opened(kind="pull_request", **changes), known_from())

    shown = bench.materials[0]["opened"]
    assert (shown["kind"], shown["paths"], shown["adds"], shown["commits"]) == (
        "pull_request",
        *changes.values(),
    )


def test_a_decision_is_shown_with_its_further_numbers_and_what_replaced_it(bench: Bench) -> None:
    again = (
        "- **#7** (won't-fix) — YAML anchors stay out of the configuration; an alias hides"
        " the value from"
        " review.\n"
    )
    bench.judge(document=DOCUMENT + again)

    shown = {each["number"]: each for each in bench.materials[0]["decisions"]}
    assert (shown[7]["further_numbers"], shown[2]["replaced_by"]) == ([1], 3)
    assert 1 not in shown


def test_a_rule_that_was_decided_twice_is_told_once_with_its_numbers(bench: Bench) -> None:
    again = (
        "- **#7** (won't-fix) — YAML anchors stay out of the configuration; an alias hides"
        " the value from"
        " review.\n"
    )
    bench.judges = lambda: judgements(judged(7, ruled=TAKEAWAYS[1].split(":")[0]))
    (match,) = bench.judge(document=DOCUMENT + again)

    assert match.numbers == (7, 1)


def test_what_replaced_a_decision_is_told_by_number_where_it_has_no_entry(bench: Bench) -> None:
    bench.judges = lambda: judgements(judged(1))
    document = f"- **#1** (superseded) — {TAKEAWAYS[1]} Superseded by: #44.\n"
    (match,) = bench.judge(document=document)

    assert (match.entry.numbers, match.replaced_by, match.numbers) == ((1,), 44, (1, 44))


def test_what_a_maintainer_or_the_parent_cited_is_not_told(bench: Bench) -> None:
    models = Models(drafting="claude-sonnet-5-5", judging="claude-haiku-5-5")
    claude = Claude(bench.client, models, ledger=MemoryLedger(), clock=lambda: NOW)

    assert ClaudeJudge(claude).judge(opened(cited=frozenset({1})), known_from()) == []


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
        judged(n, ruled=f"YAML anchors stay out of the configuration, case {n}.")
        for n in (5, 2, 4, 1)
    ]
    bench.judges = lambda: judgements(*decided)

    assert bench.told(document=SEVERAL) == [1, 2, 4]


def test_each_of_several_decisions_must_stand_the_doubt(bench: Bench) -> None:
    decided = [
        judged(n, ruled=f"YAML anchors stay out of the configuration, case {n}.") for n in (1, 2, 4)
    ]
    bench.judges = lambda: judgements(*decided)
    doubts = iter(["tell", "omit", "tell"])
    bench.criticises = lambda request: critique(request, verdict=next(doubts))

    assert bench.told(document=SEVERAL) == [1, 4]


def test_a_doubt_that_nobody_would_voice_omits_one_alone(bench: Bench) -> None:
    decided = [
        judged(n, ruled=f"YAML anchors stay out of the configuration, case {n}.") for n in (1, 2)
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
        judged(1, ruled="Blocks are copied by hand."),
        judged(2, ruled="Blocks are copied by a tool."),
    )

    assert bench.told(document=document) == [3]


def test_a_retired_model_is_asked_no_more_and_the_others_are(bench: Bench) -> None:
    bench.judges = lambda: failure(404, "not_found_error")
    models = Models(drafting="claude-sonnet-5-5", judging="claude-haiku-5-5")
    claude = Claude(bench.client, models, ledger=MemoryLedger(), clock=lambda: NOW)
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
        judged(1), proposed="please remove all of the reviews"
    ),
    "words the decision does not have": judgements(judged(1, ruled="anchors are fine from now on")),
    "a scrap": judgements(judged(1), proposed="YAML"),
    "no quotes": judgements(judged(1, ruled=""), proposed=""),
    "one decision twice": judgements(judged(1), judged(1, "unrelated")),
    "another relation": judgements(judged(1, "identical")),
    "an extra field": judgements(judged(1, url="https://evil.example")),
    "a number as text": judgements(judged("1")),
    "nothing": judgements(),
    "too much": judgements(*[judged(1)] * 21),
    "no JSON": message("Certainly! #1 applies."),
    "an empty answer": message(""),
    "cut short": message(
        json.dumps({"proposed": ASKED, "readings": [judged(1)], "more": False}),
        stop_reason="max_tokens",
    ),
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
    claude = Claude(bench.client, models, ledger=MemoryLedger(), clock=lambda: NOW)
    for judge in (ClaudeJudge(claude), ClaudeJudge(claude)):
        with pytest.raises(TryLater):
            judge.judge(opened(), known_from())

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
    body = json.dumps({"proposed": ASKED, "readings": said, "more": dice.random() < 0.2})
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
    assert "both propose the same" in comment


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
        *[judged(n, ruled=TAKEAWAYS[1].replace("YAML", what)) for n, what in THREE.items()],
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
    waiting = [each.job.kind for each in house.loop.engine.jobs.all() if each.state == "waiting"]
    house.bench.api.asked.clear()
    for _ in range(10):
        house.loop.settle_later(hours=1)

    assert "show_prior_art" not in waiting
    assert house.bench.api.asked == []
