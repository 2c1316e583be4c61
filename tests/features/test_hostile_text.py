"""Sixty thousand characters of nonsense, as anybody may write them: nothing raises, nothing
hangs."""

from datetime import UTC, datetime

import pytest

from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.learnings import parse, render
from bot.core.learnings.lint import lint_document
from bot.core.recall.gate import find_prior_decisions
from bot.core.text.cleaning import find_orders, harmless
from bot.core.text.secrets import redact
from bot.core.threads import Remark, Thread
from bot.core.verdicts import CaptureRules

MAY = datetime(2026, 5, 4, tzinfo=UTC)
LENGTH = 60_000
PIECES = [
    " ",
    "\n",
    ".",
    "`",
    "*",
    "(",
    "[",
    "<",
    "<!--",
    "> ",
    "- ",
    "#1 ",
    "@a ",
    "&#64;",
    "https://a.b/",
    "\u200b",
    "QUJD",
    "[tags: ",
    "**#1** ",
    "Superseded by: ",
    "reverts commit ",
    "in favour of ",
    "we won't ",
    "no problem ",
    "all the best with ",
    "how is ",
    "what I said ",
    "until the ",
    "because ",
    "I don't think that X is Y because ",
]


@pytest.fixture(params=PIECES, ids=repr)
def monster(request: pytest.FixtureRequest) -> str:
    return (request.param * LENGTH)[:LENGTH]


# No measurement: what takes longer than this has run away.
@pytest.mark.timeout(30)
def test_a_thread_of_it_is_judged(monster):
    said = [
        Remark(author="sam", kind="description", text=monster, at=MAY),
        Remark(author="olive", kind="comment", text=monster, at=MAY, writes=True),
    ]
    thread = Thread(
        number=1,
        kind="issue",
        title=monster[:250],
        author="sam",
        closed_as="not_planned",
        created_at=MAY,
        remarks=said,
    )
    verdict, draft = RuleDrafter().draft(thread, rules=CaptureRules(), vocabulary=["config"])

    assert (draft is not None) == verdict.admit


@pytest.mark.timeout(30)
def test_it_is_harmless_when_quoted(monster):
    quoted = harmless(monster)

    assert "@a" not in "".join(quoted.split("`")[::2])
    assert len(redact(monster)) <= 2 * LENGTH
    assert len(find_orders(monster)) <= LENGTH


@pytest.mark.timeout(30)
def test_an_issue_of_it_meets_no_decision(monster):
    assert find_prior_decisions(monster[:250], monster, []) == []


@pytest.mark.timeout(30)
def test_a_learnings_file_of_it_is_read_and_written_back(monster):
    text = f"- **#1** (merged) — {monster}"

    assert render(parse(text)) == text
    assert lint_document(parse(text)) is not None
