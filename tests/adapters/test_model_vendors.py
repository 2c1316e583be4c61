"""What holds for every vendor, each over real HTTP against a stand-in for its protocol."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

import anthropic
import httpx2
import openai
import pytest
from pydantic import BaseModel, ConfigDict

from bot.adapters.model import Claude, MemoryLedger, Model, Models
from bot.adapters.model.asking import Vendor
from bot.adapters.model.openai_compatible import OpenAICompatible
from bot.core.asking.question import Question, Refused, Unusable
from bot.core.errors import TryLater
from tests.support.chat_api import completion, refusal
from tests.support.messages_api import Answer, MessagesApi, failure, message
from tests.support.models import NOW, model_over


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Literal["red", "green"]


@dataclass(frozen=True)
class Protocol:
    """``said`` gives an answer with its end, ``fails`` a failure; the rest reads a request."""

    vendor: Callable[[str], Vendor]
    said: Callable[..., Answer]
    ends: dict[str, str]
    fails: Callable[..., Answer]
    instructions: Callable[[dict[str, Any]], str]
    turns: Callable[[dict[str, Any]], list[dict[str, Any]]]
    schema: Callable[[dict[str, Any]], dict[str, Any]]


def _claude(url: str) -> Vendor:
    http = httpx2.Client(trust_env=False)
    return Claude(anthropic.Anthropic(api_key="k", base_url=url, http_client=http), effort="low")


def _openai(url: str) -> Vendor:
    # Proxies of the environment are not for loopback.
    client = openai.OpenAI(
        api_key="k", base_url=url, http_client=openai.DefaultHttpxClient(trust_env=False)
    )
    return OpenAICompatible(client, effort="low")


PROTOCOLS = {
    "messages": Protocol(
        vendor=_claude,
        said=lambda text, end="end_turn", tokens=100: message(text, stop_reason=end, tokens=tokens),
        ends={"cut": "max_tokens", "declined": "refusal"},
        fails=failure,
        instructions=lambda request: request["system"][0]["text"],
        turns=lambda request: request["messages"],
        schema=lambda request: request["output_config"]["format"]["schema"],
    ),
    "chat completions": Protocol(
        vendor=_openai,
        said=lambda text, end="stop", tokens=100: completion(
            text, finish_reason=end, tokens=tokens
        ),
        ends={"cut": "length", "declined": "refusal"},
        fails=refusal,
        instructions=lambda request: request["messages"][0]["content"],
        turns=lambda request: request["messages"][1:],
        schema=lambda request: request["response_format"]["json_schema"]["schema"],
    ),
}
RED = '{"name": "red"}'


class Bench:
    def __init__(self, protocol: Protocol, api: MessagesApi) -> None:
        self.protocol, self.api = protocol, api
        self.ledger, self.now = MemoryLedger(), NOW
        self.models = Models(drafting="model-a", judging="model-b")
        self.vendor = protocol.vendor(api.url)
        api.asked.clear()
        self.answers(protocol.said(RED))

    def answers(self, answer: Answer) -> None:
        self.api.reply = lambda _: answer

    def model(self, **budget: Any) -> Model:
        models = Models(drafting="model-a", judging="model-b", **budget)
        return model_over(self.vendor, models, ledger=self.ledger, clock=lambda: self.now)

    def ask(self, data: str = "{}", **budget: Any) -> Colour | None:
        return self.model(**budget).ask(question(data))


def question(data: str = "{}") -> Question[Colour]:
    return Question("model-a", "Name a colour.", data, Colour)


@pytest.fixture(params=PROTOCOLS)
def bench(request: pytest.FixtureRequest, api: MessagesApi) -> Iterator[Bench]:
    bench = Bench(PROTOCOLS[request.param], api)
    yield bench
    bench.vendor._client.close()  # type: ignore[attr-defined] - whoever opens closes


def test_an_answer_in_shape_is_the_answer(bench: Bench) -> None:
    assert bench.ask() == Colour(name="red")


def test_instructions_and_material_travel_apart(bench: Bench) -> None:
    bench.ask('{"a": 1}')
    [request] = bench.api.asked

    assert bench.protocol.instructions(request) == "Name a colour."
    [turn] = bench.protocol.turns(request)
    assert turn["content"].splitlines()[1] == '{"a": 1}'


def test_the_shape_is_asked_for_and_no_tools_are_given(bench: Bench) -> None:
    bench.ask()
    [request] = bench.api.asked

    assert bench.protocol.schema(request)["properties"]["name"]["enum"] == ["red", "green"]
    assert bench.protocol.schema(request)["additionalProperties"] is False
    assert "tools" not in request


def test_effort_is_told_where_it_is_set(bench: Bench) -> None:
    bench.ask()

    assert '"low"' in json.dumps(bench.api.asked[0])


def test_an_objection_follows_the_first_answer(bench: Bench) -> None:
    told = question().objecting(Colour(name="red"), "That is no colour of ours.")
    bench.model().ask(told)
    turns = bench.protocol.turns(bench.api.asked[0])

    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[2]["content"] == "That is no colour of ours."


@pytest.mark.parametrize("text", ["", "red", "Sure!", f"```json\n{RED}\n```", f"{RED} ok", "[]"])
def test_nothing_is_mended(bench: Bench, text: str) -> None:
    bench.answers(bench.protocol.said(text))

    assert bench.ask() is None


def test_what_was_cut_short_is_no_answer_even_if_it_is_whole(bench: Bench) -> None:
    bench.answers(bench.protocol.said(RED, bench.protocol.ends["cut"]))

    assert bench.ask() is None


def test_a_model_may_decline(bench: Bench) -> None:
    bench.answers(bench.protocol.said("", bench.protocol.ends["declined"]))

    with pytest.raises(Refused):
        bench.ask()


@pytest.mark.parametrize("body", [b"<html>proxy</html>", b'{"choices": [', b"[]", b"null"])
def test_what_is_no_message_is_no_answer(bench: Bench, body: bytes) -> None:
    bench.answers(Answer(body=body))

    assert bench.ask() is None


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_refused_key_is_not_used_again_for_a_while(bench: Bench, status: int) -> None:
    bench.answers(bench.protocol.fails(status))
    model = bench.model()
    for _ in range(3):
        with pytest.raises(Unusable):
            model.ask(question())
    assert len(bench.api.asked) == 1
    bench.now += timedelta(minutes=11)
    with pytest.raises(Unusable):
        model.ask(question())
    assert len(bench.api.asked) == 2


def test_an_unknown_model_is_unusable_and_others_are_asked(bench: Bench) -> None:
    bench.answers(bench.protocol.fails(404))
    model = bench.model()
    for name in ("model-a", "model-a", "model-b"):
        with pytest.raises(Unusable, match=name):
            model.ask(Question(name, "Name a colour.", "{}", Colour))

    assert [request["model"] for request in bench.api.asked] == ["model-a", "model-b"]


def test_a_rate_limit_waits_as_long_as_it_says(bench: Bench) -> None:
    bench.answers(bench.protocol.fails(429, retry_after="90"))

    with pytest.raises(TryLater) as caught:
        bench.ask()
    assert caught.value.not_before == NOW + timedelta(seconds=90)


@pytest.mark.parametrize("status", [408, 500, 503, 529])
def test_an_outage_waits_and_the_library_does_not_retry(bench: Bench, status: int) -> None:
    bench.answers(bench.protocol.fails(status))

    with pytest.raises(TryLater):
        bench.ask()
    assert len(bench.api.asked) == 1


def test_a_connection_that_breaks_waits(bench: Bench) -> None:
    bench.answers(Answer(body=b'{"id": ', cut=True))

    with pytest.raises(TryLater):
        bench.ask()


def test_a_question_that_is_refused_is_unusable(bench: Bench) -> None:
    bench.answers(bench.protocol.fails(400))

    with pytest.raises(Unusable):
        bench.ask()


def test_a_question_that_is_too_large_has_no_answer(bench: Bench) -> None:
    bench.answers(bench.protocol.fails(413))

    assert bench.ask() is None


def test_equal_questions_are_paid_once(bench: Bench) -> None:
    assert bench.ask() == bench.ask()
    assert len(bench.api.asked) == 1


def test_tokens_and_dollars_are_kept(bench: Bench) -> None:
    bench.answers(bench.protocol.said(RED, tokens=1_000_000))
    bench.ask()
    [call] = bench.ledger.calls.values()

    assert call.tokens == 2_000_000
    # A dollar for a million that is read, two for a million that is written; half of what the
    # second protocol reads comes from its cache.
    assert call.cost_usd in (Decimal(3), Decimal("2.55"))


@pytest.mark.parametrize(
    "budget", [{"daily_budget_usd": Decimal("0.01")}, {"daily_budget_tokens": 1_000}]
)
def test_a_spent_budget_waits_for_tomorrow(bench: Bench, budget: dict[str, Any]) -> None:
    bench.answers(bench.protocol.said(RED, tokens=100_000))
    bench.ask("1", **budget)
    with pytest.raises(TryLater) as caught:
        bench.ask("2", **budget)

    assert caught.value.not_before == NOW.replace(hour=0) + timedelta(days=1)
    bench.now += timedelta(days=1)
    assert bench.ask("2", **budget) == Colour(name="red")


def test_a_model_without_a_price_costs_tokens(bench: Bench) -> None:
    strange = Question("llama", "Name a colour.", "{}", Colour)
    bench.model().ask(strange)
    [call] = bench.ledger.calls.values()

    assert (call.cost_usd, call.tokens) == (0, 200)


def test_an_account_without_money_is_a_refused_key(api: MessagesApi) -> None:
    bench = Bench(PROTOCOLS["chat completions"], api)
    bench.answers(refusal(429, "insufficient_quota"))

    with pytest.raises(Unusable):
        bench.ask()
    bench.vendor._client.close()  # type: ignore[attr-defined]
