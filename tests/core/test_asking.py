"""What a model is asked about, what it is shown, and what is believed of its answer: in any
script."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.asking.draft_prompt import Material, render_question
from bot.core.asking.draft_reply import (
    Fragment,
    Reply,
    find_objections,
    is_scrap,
    read_reply,
    state_of,
)
from bot.core.asking.worth_asking import refuse_unasked
from bot.core.text.lengths import count_graphemes, count_words
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules
from tests.support.conversations import closed, remark


def reply(**other: Any) -> Reply:
    given = {
        "outcome": "turned_down",
        "shown_by": 2,
        "decided_by": 2,
        "grade": 3,
        "admit": True,
        "reason_class": "wont_fix_rationale",
        "winner": None,
        "superseded_by": None,
        "parent": None,
        "reverts": None,
        "tags": [],
        **other,
    }
    return Reply.model_validate(given)


def objections(takeaway: str, *said: tuple[str, str], quote: str, **other: Any) -> list[str]:
    material = Material(thread=closed(*said), vocabulary=())
    quotes = other.pop("quotes", [Fragment(remark=2, text=quote)])
    return find_objections(reply(takeaway=takeaway, quotes=quotes, **other), material)


# A refusal and its reason in six scripts, and a line about it in that language and in English.
SCRIPTS = {
    "Han": (
        "主题文件不会合并,因为每个主题都会破坏打印报告的对比度规则,维护成本太高。",
        "自定义主题不予支持,因为每个主题都会破坏打印报告的对比度规则。",
    ),
    "kana": (
        "テーマは追加しません。印刷するレポートのコントラスト規則を必ず壊すからです。",
        "カスタムテーマは、印刷するレポートのコントラスト規則を必ず壊すため追加しない。",
    ),
    "Hangul": (
        "사용자 테마는 추가하지 않습니다. 모든 테마가 보고서의 대비 규칙을 깨뜨리기 때문입니다.",
        "사용자 테마는 모든 테마가 인쇄 보고서의 대비 규칙을 깨뜨리기 때문에 추가하지 않습니다.",
    ),
    "Cyrillic": (
        "Темы не добавим: каждая тема нарушает правила контраста печатных отчётов.",
        "Свои темы не добавляются, потому что каждая тема нарушает правила контраста отчётов.",
    ),
    "Arabic": (
        "لن نضيف السمات لأن كل سمة تكسر قواعد التباين في التقارير المطبوعة.",
        "لن تضاف السمات المخصصة لأن كل سمة تكسر قواعد التباين في التقارير المطبوعة.",
    ),
    "Devanagari": (
        "हम थीम नहीं जोड़ेंगे क्योंकि हर थीम मुद्रित रिपोर्ट के कंट्रास्ट नियम तोड़ती है।",
        "कस्टम थीम नहीं जोड़ी जाती क्योंकि हर थीम मुद्रित रिपोर्ट के कंट्रास्ट नियम तोड़ती है।",
    ),
}
IN_ENGLISH = "Custom themes stay out, because every theme breaks the contrast rules of reports."


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_line_in_the_threads_own_language_passes(script: str) -> None:
    said, line = SCRIPTS[script]

    assert objections(line, ("ada", said), quote=said) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_english_line_about_a_thread_in_another_language_passes(script: str) -> None:
    said, _ = SCRIPTS[script]
    about = closed(("ada", said), title=said[:12], description="")
    answer = reply(
        takeaway=IN_ENGLISH,
        decided_by=1,
        shown_by=1,
        quotes=[Fragment(remark=1, text=said)],
    )

    assert find_objections(answer, Material(thread=about, vocabulary=())) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_line_in_another_language_about_an_english_thread_passes(script: str) -> None:
    _, line = SCRIPTS[script]
    said = "We won't add themes because every one of them breaks the contrast rules of reports."

    assert objections(line, ("ada", said), quote=said) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_number_that_nobody_said_is_found_in_any_script(script: str) -> None:
    said, line = SCRIPTS[script]
    found = objections(f"{line[:-1]} 4711", ("ada", said), quote=said)

    assert any("4711" in each for each in found)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_that_nobody_said_is_found_in_any_script(script: str) -> None:
    said, line = SCRIPTS[script]
    found = objections(f"{line[:-1]} `frobnicate` EvilCorp", ("ada", said), quote=said)

    assert any("EvilCorp" in each and "frobnicate" in each for each in found)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_thread_in_any_script_is_asked_about_whole(script: str) -> None:
    said, _ = SCRIPTS[script]
    about = closed(("ada", said), title=said.replace(" ", "")[:20], description="")

    assert refuse_unasked(about, CaptureRules()) is None
    assert said in render_question(Material(thread=about, vocabulary=()))


# --- what is a lie and what is language

REASON = (
    "Low-memory boards pay for it: the multiply-based variant is slower than the table, and the"
    " full-public method would need ABI breaks in `hash.h`."
)


@pytest.mark.parametrize(
    "takeaway",
    [
        "The table stays on low-memory boards, because the multiply-based variant is slower there.",
        "A table-based variant stays, since the multiply/shift method is slower on small boards.",
        "The full-public method stays out, because it would need ABI breaks in `hash.h` there.",
        "It's no option: the variant, being multiply-based, is slower than the boards' own table.",
    ],
)
def test_ordinary_words_may_be_joined(takeaway: str) -> None:
    assert objections(takeaway, ("ada", REASON), quote=REASON) == []


@pytest.mark.parametrize(
    ("takeaway", "lie"),
    [
        ("The table stays on boards, because the AVX512 variant is slower than the table.", "AVX"),
        ("The table stays, because `fast.h` would need breaks of the method on boards.", "fast.h"),
        ("The table stays, because the variant of Acmesoft is slower than it on boards.", "Acme"),
        ("The table stays, because the variant is 37 times slower than it on boards.", "37"),
        (
            "The table stays, because hash.c_impl would need breaks in the method on boards.",
            "hash.c",
        ),
    ],
)
def test_numbers_names_and_code_that_nobody_said_are_lies(takeaway: str, lie: str) -> None:
    found = objections(takeaway, ("ada", REASON), quote=REASON)

    assert any(lie in each for each in found)


def test_capitals_of_nouns_are_spelling_where_a_language_writes_them_so() -> None:
    said = "Ein Alias versteckt den Wert vor dem Review, darum bleiben Anker draussen."
    line = "Anker bleiben draussen, weil ein Alias den Wert vor jedem Review im Vorhaben versteckt."

    assert objections(line, ("ada", said), quote=said) == []


LINE = "The table stays on low-memory boards, because the multiply-based variant is slower there."


def test_a_quote_may_leave_out_marks_and_wrap_lines() -> None:
    said = (
        "The **multiply-based** variant\nis [slower](https://a.example/x) than the table on boards."
    )
    quote = "The multiply-based variant is slower than the table on boards."

    assert objections("The table stays, because the multiply-based variant is slower on boards.",
                      ("ada", said), quote=quote) == []  # fmt: skip


def test_what_somebody_quotes_is_not_their_own_word() -> None:
    said = f"> {REASON}\n\nI do not think so, and nobody measured that on any of the boards."

    assert any("own words" in each for each in objections(LINE, ("ada", said), quote=REASON))


def test_a_decider_may_assent_to_the_reason_of_a_stranger() -> None:
    said = (("eve", REASON), ("ada", "Yes, that is why we don't."))

    assert objections(LINE, *said, quote=REASON, decided_by=3, shown_by=3) == []


def test_nobody_assents_to_what_is_said_later() -> None:
    said = (("ada", "No, thanks, we do not want that here."), ("eve", REASON))
    quotes = [Fragment(remark=3, text=REASON)]

    assert any("takes up" in each for each in objections(LINE, *said, quote="", quotes=quotes))


def test_an_author_may_withdraw_in_any_remark_but_the_description() -> None:
    said = (("sam", REASON), ("sam", "Closing."))

    assert objections(LINE, *said, quote=REASON, decided_by=2) == []
    assert objections(LINE, *said, quote=REASON, decided_by=1) != []


# --- what became of it


@pytest.mark.parametrize(
    ("facts", "outcome", "successor", "state"),
    [
        ({"closed_as": "not_planned"}, "turned_down", None, "not-planned"),
        ({"closed_as": "closed"}, "turned_down", None, "not-planned"),
        ({"closed_as": "completed"}, "turned_down", None, "won't-fix"),
        ({"closed_as": "completed"}, "done", None, "merged"),
        ({"closed_as": "completed", "landed": True}, "replaced", None, "merged"),
        ({"closed_as": "closed"}, "replaced", 9, "superseded"),
        ({"closed_as": "closed_unmerged", "kind": "pull_request"}, "turned_down", None,
         "PR closed, not merged"),
        ({"closed_as": "merged", "kind": "pull_request"}, "reversed", None, "merged"),
    ],
)  # fmt: skip
def test_the_state_follows_from_githubs_answer_and_the_outcome(
    facts: dict[str, Any], outcome: str, successor: int | None, state: str
) -> None:
    answer = reply(takeaway=LINE, quotes=[], outcome=outcome, superseded_by=successor)

    assert state_of(answer, replace(closed(("ada", REASON)), **facts)) == state


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"closed_as": "merged"}, "turned_down"),
        ({"closed_as": "closed_unmerged"}, "done"),
        ({"closed_as": "not_planned"}, "done"),
        ({"closed_as": "completed", "landed": True}, "turned_down"),
        ({"closed_as": "closed"}, "open_question"),
    ],
)
def test_an_outcome_that_denies_what_github_says_is_refused(
    facts: dict[str, Any], outcome: str
) -> None:
    material = Material(thread=replace(closed(("ada", REASON)), **facts), vocabulary=())
    answer = reply(takeaway=LINE, quotes=[Fragment(remark=2, text=REASON)], outcome=outcome)

    assert any("outcome" in each for each in find_objections(answer, material))


def test_a_grade_below_two_is_no_line() -> None:
    answer = reply(takeaway="", quotes=[], grade=1, admit=False, reason_class=None)
    verdict, draft = read_reply(answer, Material(thread=closed(), vocabulary=()))

    assert (verdict.tier, draft) == (None, None)


# --- what is asked at all

SAID = ("ada", "No, every theme breaks the contrast rules of the reports.")


def pull(*said: Any, **other: Any) -> Thread:
    return closed(*said, **{"kind": "pull_request", "closed_as": "merged", **other})


@pytest.mark.parametrize(
    "about",
    {
        "a refusal": closed(SAID),
        "an author's withdrawal": closed(("sam", "It gains nothing on the other platform.")),
        "a revert": pull(title='Revert "Load themes from a file"'),
        "what is taken away": pull(title="Remove the loading of themes"),
        "what a description takes back": pull(
            description="This backs out the themes of last week."
        ),
        "a removal in another language": pull(title="移除自定义主题"),
        "a removal in Russian": pull(title="Удалить темы"),
        "somebody else's word one step away": replace(
            closed(("ada", "See #9.")), linked=(closed(SAID),)
        ),
        "the end of an umbrella": replace(pull(), children=(8, 9)),
    }.values(),
)
def test_what_may_hold_a_decision_is_asked_about(about: Thread) -> None:
    assert refuse_unasked(about, CaptureRules()) is None


@pytest.mark.parametrize(
    ("about", "why"),
    [
        (pull(SAID), "merged as proposed"),
        (pull(title="Draw a backdrop"), "merged as proposed"),
        (replace(closed(SAID), landed=True), "a commit closed it"),
        (closed(("ada", "Thanks, closing.")), "nobody who may decide"),
        (closed(("eve", SAID[1])), "nobody who may decide"),
        (closed(("stale[bot]", "No activity for thirty days, closing this issue now.")), "nobody"),
        (
            closed(("ada", "> every theme breaks the contrast rules of the reports\n\nNo.")),
            "nobody",
        ),
        (closed(SAID, closed_as="open"), "open"),
        (closed(SAID, labels=["duplicate"]), "label"),
    ],
)
def test_what_holds_none_is_not_asked_about_and_says_why(about: Thread, why: str) -> None:
    refused = refuse_unasked(about, CaptureRules())

    assert refused is not None
    assert why in refused.why


def test_the_material_names_people_by_role_and_account() -> None:
    about = closed(
        remark("eve", "Please.", minutes=1), remark("ada", "No.", minutes=2), ("x[bot]", "Stale.")
    )
    said = render_question(Material(thread=about, vocabulary=()))

    for name in ("author @sam", "contributor @eve", "decider @ada", "bot @x[bot]"):
        assert f'"by": "{name}"' in said


# --- lengths


@pytest.mark.parametrize(
    ("text", "graphemes", "words"),
    [
        ("", 0, 0),
        ("two words", 9, 2),
        ("well - yes", 10, 2),
        ("e\u0301te\u0301", 3, 1),
        ("👩‍👩‍👧 ok", 4, 1),
        ("依存関係を増やす", 8, 4),
        ("YAML 锚点", 7, 2),
        ("नमस्ते दुनिया", 7, 2),
    ],
)
def test_length_is_what_a_reader_sees(text: str, graphemes: int, words: int) -> None:
    assert (count_graphemes(text), count_words(text)) == (graphemes, words)


@pytest.mark.parametrize(
    ("fragment", "scrap"),
    [("because", True), ("不要合并", True), ("依存関係を増やすので", False), ("x" * 20, False)],
)
def test_a_scrap_is_shorter_than_four_words_in_any_script(fragment: str, *, scrap: bool) -> None:
    assert is_scrap(fragment) is scrap
