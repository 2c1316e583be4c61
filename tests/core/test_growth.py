"""Whatever people write, reading it takes time in proportion to its length.

Every public function of a pure module whose first parameter is text is fed every pump here, or says
below why not.
"""

import importlib
import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import pytest

from bot.core.asking.decision_prompt import render_issue
from bot.core.asking.draft_prompt import Material, render_question, shown
from bot.core.asking.draft_reply import Said, find_flaws, holds
from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.asking.worth_asking import refuse_unasked
from bot.core.capture.judge_thread import judge_thread
from bot.core.capture.linked_threads import takes_over
from bot.core.drafting.wording import lower_common_word, shorten
from bot.core.learnings import parse
from bot.core.learnings.check_run import (
    Version,
    check_of,
    remarks_on_learnings,
    remarks_on_settings,
)
from bot.core.learnings.grammar import parse_parts
from bot.core.learnings.lint import fix_document
from bot.core.learnings.lint.safety import is_denied
from bot.core.proposal.body import body_over, title_over
from bot.core.reading.intent import read_intent, unwanted
from bot.core.reading.references import find_issue
from bot.core.recall.evidence import read_issue
from bot.core.recall.gate import find_prior_decisions
from bot.core.repository_settings import BadRepositorySettings, RepositorySettings
from bot.core.search.corpus import parse_text
from bot.core.text.cleaning import cut
from bot.core.text.lengths import count_graphemes, count_words
from bot.core.text.secrets import cut_between_words
from bot.core.threads import Remark, Thread
from bot.core.verdicts import CaptureRules
from tests.support.architecture import FILES, PURE, ROOT, room_of

KB = 1024
SIZES = (8 * KB, 16 * KB, 32 * KB, 64 * KB)
MOST_GROWTH = 2.5
# Below this the clock, the cache and the neighbours decide.
WORTH_JUDGING_SECONDS = 0.02
TRIES = 5
MAY = datetime(2026, 5, 4, tzinfo=UTC)
PUMPS = (
    *("sk-", "eyJ", "eyJa.", "AKIA", "ghp_", "xoxb-", "aws", 'token="', "Bearer ", "://a:"),
    *(
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "~~",
        "~~a ",
        "**a ",
        "_a ",
        "*",
        "`",
        "`a ",
        "```\n",
        "~~~",
    ),
    *(
        "[",
        "](",
        "[a](",
        "![",
        "<!--",
        "<!--a-->",
        "<a ",
        "</",
        "> ",
        "- ",
        "# ",
        "#1 ",
        "1. ",
        "1.\n",
        "===\n",
    ),
    *(
        "a@",
        "@a ",
        "a@b.c ",
        "https://",
        "https://a.b/ ",
        "\u200b",
        "a\u200b",
        " ",
        "\n",
        "\t",
        "|",
        "&amp;",
        "&#64;",
    ),
    *(
        "1",
        "(",
        ")",
        "{",
        "\u0301\u0316",
        "\u0915\u094d",
        "\u6f22",
        "\u6f22\u5b57\u3002",
        "a",
        "a ",
        "A. ",
        "! ",
        ", ",
    ),
    *(
        "-",
        "--",
        ": ",
        "\\",
        '"',
        "$",
        "a/",
        "a_",
        "I ",
        "not ",
        "because ",
        "we won't ",
        "reverts commit ",
    ),
    *(
        "- **#1** (merged) \u2014 a\n",
        "**#1** ",
        "See: ",
        "[tags: ",
        "- [ ] ",
        "/learnings ",
        "curl ",
        "key: ",
    ),
)

Reader = Callable[[str], object]


def thread(text: str, *, merged: bool = False) -> Thread:
    said = [
        Remark(author="sam", kind="description", text=text, at=MAY),
        Remark(author="olive", kind="comment", text=text, at=MAY, writes=True),
    ]
    return Thread(
        number=1,
        kind="pull_request" if merged else "issue",
        title=text[:250],
        author="sam",
        closed_as="merged" if merged else "not_planned",
        created_at=MAY,
        remarks=said,
    )


def material(text: str) -> Material:
    return Material(thread=thread(text), vocabulary=())


def checked(text: str) -> object:
    head, base, settings = Version(text=text), Version(), RepositorySettings()
    return check_of(
        [remarks_on_learnings("a.md", head=head, base=base, settings=settings)], number=1
    )


WORDS: Final = "Custom themes stay out, because every theme breaks the contrast rules of reports."
# How a function that needs more than the text is called; and what several of them do together.
CALLED: dict[str, Reader] = {
    "drafting.prompt.shown": lambda text: shown(text, 6_000),
    "drafting.prompt.render_question": lambda text: render_question(material(text)),
    "drafting.reply.find_flaws": lambda text: list(find_flaws(WORDS, Said(material(text)).text)),
    "drafting.reply.holds": lambda text: holds(thread(text).remarks[0], text[:200]),
    "drafting.worth_asking": lambda text: refuse_unasked(thread(text), CaptureRules()),
    "lengths": lambda text: (count_words(text), count_graphemes(text)),
    "drafting.rule": lambda text: RuleDrafter().draft(
        thread(text), rules=CaptureRules(), vocabulary=["config"]
    ),
    "drafting.wording.lower_common_word": lambda text: lower_common_word("Caches are slow", text),
    "drafting.wording.shorten": lambda text: shorten(text, limit=110),
    "intent.read_intent": lambda text: read_intent(text[:250], text),
    "intent.unwanted": lambda text: unwanted(text[:250], text),
    "learnings.entries": lambda text: parse(f"- **#1** (merged) \u2014 {text}").entries,
    "learnings.grammar.parse_parts": lambda text: parse_parts(text, 0),
    "learnings.lint.fix": lambda text: fix_document(parse(text)),
    "learnings.lint.safety.is_denied": lambda text: is_denied(text, ["badword"]),
    "checks.learnings": checked,
    "checks.settings": lambda text: remarks_on_settings(
        "a.yml", head=Version(text=text), base=Version()
    ),
    "proposals.text.body_over": lambda text: body_over(text, text),
    "proposals.text.title_over": lambda text: title_over(text, text),
    "retrieval.corpus.parse_text": lambda text: parse_text(text[:250], text),
    "retrieval.evidence.read_issue": lambda text: read_issue(text[:250], text),
    "retrieval.gate.find_prior_decisions": lambda text: find_prior_decisions(text[:250], text, []),
    "retrieval.prompt.render_issue": lambda text: render_issue(text[:250], text, []),
    "sanitize.cut": lambda text: cut(text, 400),
    "text.secrets.cut_between_words": lambda text: cut_between_words(text, 7 * KB),
    "verdicts.judge.merged": lambda text: judge_thread(thread(text, merged=True)),
    "verdicts.linked.takes_over": lambda text: takes_over(text, 1),
    "verdicts.references.find_issue": lambda text: find_issue(text[:250], [text]),
}
# No text of people, or one that another of these reads first.
NOT_READ = frozenset(
    {
        *(
            "answers.signed",
            "answers.unsound_takeaway",
            "proposals.remarks.signed",
            "proposals.remarks.reworded_reply",
        ),
        *("checks.remarks_on_learnings", "checks.remarks_on_settings"),
        *("files.check_mode", "files.check_size", "files.read_text", "phrases.compile_phrases"),
        *("sanitize.is_hidden", "drafting.prompt.enclose", "learnings.writing.render_state"),
        *("verdicts.outcomes.refuse", "webhooks.check_signature"),
        # The branch's own file, which `parse` reads.
        *(
            "proposals.amending.effective",
            "proposals.check.why_unsound",
            "proposals.plan.plan_entries",
        ),
        *(
            "proposals.plan.apply_entry",
            "proposals.rolling.plan_changes",
            "proposals.remarks.find_meant",
        ),
        *("proposals.suspects.find_suspects", "proposals.asked.sound_takeaway"),
        # Arguments as `find_prior_decisions` and `render_issue` take them.
        *(
            "retrieval.gate.what_to_tell",
            "retrieval.precedents.find_unwritten",
            "retrieval.prompt.render_claim",
        ),
    }
)


def public_readers() -> Iterator[tuple[str, Reader, bool]]:
    """Each with whether text alone is enough to call it."""
    for path in (path for path in FILES if room_of(path) in PURE):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for function in vars(importlib.import_module(name)).values():
            if (
                not inspect.isfunction(function)
                or function.__module__ != name
                or function.__name__.startswith("_")
            ):
                continue
            first, *others = [*inspect.signature(function).parameters.values(), None]
            if first is not None and first.annotation is str:
                enough = all(other is None or other.default is not other.empty for other in others)
                yield f"{name}.{function.__name__}".removeprefix("bot."), function, enough


def subjects() -> dict[str, Reader]:
    alone = {
        name: read for name, read, enough in public_readers() if enough and name not in NOT_READ
    }
    return alone | CALLED


def seconds(read: Reader, text: str) -> float:
    began = time.process_time()
    with suppress(BadRepositorySettings):
        found = read(text)
        if isinstance(found, Iterator):
            list(found)
    return time.process_time() - began


def of_length(pump: str, size: int) -> str:
    return (pump * size)[:size]


def growth(read: Reader, pump: str) -> list[float]:
    """Each doubling that is worth judging, as a factor; none where eight times the text took about
    as much."""
    least, most = (
        seconds(read, of_length(pump, SIZES[0])),
        seconds(read, of_length(pump, SIZES[-1])),
    )
    return factors(read, pump) if most > max(WORTH_JUDGING_SECONDS, 10 * least) else []


def factors(read: Reader, pump: str) -> list[float]:
    found, before = [], seconds(read, of_length(pump, SIZES[0]))
    for half, size in pairwise(SIZES):
        now = seconds(read, of_length(pump, size))
        if now > WORTH_JUDGING_SECONDS:
            if now > MOST_GROWTH * before:
                before = min(
                    before, *(seconds(read, of_length(pump, half)) for _ in range(TRIES - 1))
                )
                now = min(now, *(seconds(read, of_length(pump, size)) for _ in range(TRIES - 1)))
            found.append(now / before)
            if found[-1] > MOST_GROWTH:
                break
        before = now
    return found


@pytest.mark.parametrize("name", sorted(subjects()))
def test_time_grows_with_the_length_of_the_text(name: str) -> None:
    read = subjects()[name]
    steep = {
        pump: worst
        for pump in PUMPS
        if (worst := max(growth(read, pump), default=0.0)) > MOST_GROWTH
    }

    assert steep == {}


def test_no_public_function_that_takes_text_is_forgotten() -> None:
    known = {name for name, _, enough in public_readers() if enough} | set(CALLED) | NOT_READ

    assert [name for name, _, _ in public_readers() if name not in known] == []
    assert {name for name, _, _ in public_readers()} >= NOT_READ
    assert len(subjects()) >= 40


@pytest.mark.parametrize(
    "square", [lambda text: [text.count("a", at) for at in range(0, len(text), 16)]]
)
def test_what_takes_the_square_of_the_length_is_noticed(square: Reader) -> None:
    assert max(growth(square, "a")) > MOST_GROWTH
