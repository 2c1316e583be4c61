"""How much of what strangers write is read, and what of it stays."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.learnings import parse
from bot.core.learnings.lint import lint_document
from bot.core.learnings.lint.safety import MOST_IN_A_LINE
from bot.core.repository_settings import (
    MOST_BRACKETS,
    BadRepositorySettings,
    parse_repository_settings,
)
from bot.core.text.cleaning import MOST_MARKS, strip_hidden
from bot.core.threads import MOST_CHARS, Remark, RemarkKind, within_budget

MAY = datetime(2026, 5, 4, tzinfo=UTC)
LONG = "word " * 10_000


def remark(text: str, at: int, *, writes: bool = False) -> Remark:
    kind: RemarkKind = "comment" if at else "description"
    return Remark(author="sam", kind=kind, text=text, at=MAY + timedelta(hours=at), writes=writes)


def test_nothing_is_lost_of_a_thread_as_long_as_the_limit() -> None:
    said = [remark("a" * (MOST_CHARS // 4), at) for at in range(4)]

    assert within_budget(said) == said


def test_of_a_long_thread_the_description_and_the_decision_stay_in_their_order() -> None:
    described, decided = remark(LONG, 0), remark("No, because of b.", 3000, writes=True)
    said = [described, *(remark(LONG, at) for at in range(1, 3000)), decided]

    kept = within_budget(said)

    assert (kept[0], kept[-1]) == (described, decided)
    assert [each.at for each in kept] == sorted(each.at for each in kept)
    assert kept[-2].at == said[-2].at
    assert sum(len(each.text) for each in kept) <= MOST_CHARS


def test_who_may_decide_is_read_before_what_others_said_later() -> None:
    decided = remark("No, because of b.", 1, writes=True)
    kept = within_budget([remark(LONG, 0), decided, *(remark(LONG, at) for at in range(2, 100))])

    assert decided in kept


@pytest.mark.parametrize("more", [1, 1_000])
def test_of_the_marks_on_one_letter_a_number_stays(more: int) -> None:
    assert strip_hidden("x" + "\u0316" * (MOST_MARKS + more)) == "x" + "\u0316" * MOST_MARKS


def test_marks_as_languages_use_them_stay() -> None:
    assert strip_hidden("a\u0323\u0302b" * 100) == "\u1eadb" * 100


def test_settings_with_too_many_brackets_are_refused_before_they_are_read() -> None:
    with pytest.raises(BadRepositorySettings, match="brackets"):
        parse_repository_settings("tags: " + "[" * (MOST_BRACKETS + 1))

    listed = ", ".join(f"[a{n}]" for n in range(MOST_BRACKETS - 1))
    with pytest.raises(BadRepositorySettings, match="tags"):
        parse_repository_settings(f"tags: [{listed}]")


@pytest.mark.parametrize(
    ("piece", "rule"),
    [
        ("@someone ", "mention"),
        ("<b> ", "html"),
        ("![a](b) ", "image"),
        ("https://a.example/b ", "foreign-link"),
        ("a@b.example ", "personal-data"),
        ("a\u200b ", "hidden-character"),
    ],
)
def test_a_line_has_a_number_of_findings_of_one_rule(piece: str, rule: str) -> None:
    found = lint_document(parse(f"- **#1** (merged) \u2014 {piece * 100}"))

    assert sum(each.rule == rule for each in found) == MOST_IN_A_LINE
