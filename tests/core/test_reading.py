"""A thread read once: phrases as data, words in any script, roles and places."""

# ruff: noqa: RUF001 - marks of other scripts

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.reading import Role, read_thread
from bot.core.reading.moves import MOVES, Phrase, find_moves, read_phrases
from bot.core.reading.prose import read_sentences
from bot.core.reading.words import count_words, is_english, words_and_pairs
from bot.core.text.phrases import compile_phrases
from tests.support.conversations import closed, remark


def named(phrase: Phrase) -> str:
    return f"{phrase.move}: {phrase.hits}"


@pytest.mark.parametrize("phrase", read_phrases(), ids=named)
def test_a_phrase_finds_its_example_and_spares_what_looks_like_it(phrase: Phrase) -> None:
    pattern = compile_phrases(phrase.phrase)

    assert pattern.search(phrase.hits)
    assert not pattern.search(phrase.spares)


@pytest.mark.parametrize("phrase", read_phrases(), ids=named)
def test_no_two_phrases_find_the_same_example(phrase: Phrase) -> None:
    same = [each for each in read_phrases() if each.move == phrase.move]

    assert [each.hits for each in same].count(phrase.hits) == 1


def test_every_move_has_a_phrase() -> None:
    assert {phrase.move for phrase in read_phrases()} == set(MOVES)


def test_a_sentence_of_any_length_is_read_at_once() -> None:
    assert "refuses" in find_moves("We won't do it. " + "please " * 100_000)


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "English": ("one two three", 3),
        "Chinese": ("不会支持多一个存储引擎", 5),
        "both": ("支持SQLite存储", 3),
        "marks that combine": ("ก็ไม่ได้", 3),
    }.values(),
)
def test_a_script_without_blanks_is_counted_by_its_characters(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("sentence", "english"),
    {
        "English": ("We won't add anchors, because an alias hides the value from reviewers.", True),
        "short": ("NACK", True),
        "German": (
            "Anker unterstützen wir nicht, weil ein Alias den Wert vor dem Leser verbirgt.",
            False,
        ),
        "Spanish": (
            "No vamos a admitir anclas, porque un alias oculta el valor a quien revisa el cambio.",
            False,
        ),
        "Chinese": ("不会支持：多一个存储引擎，测试就要多一倍，没有人能维护。", False),
    }.values(),
)
def test_a_language_without_fitted_rows_is_known(sentence: str, english: bool) -> None:
    assert is_english([sentence]) is english


def test_code_addresses_and_names_count_by_their_kind() -> None:
    assert {"<code>", "<url>", "<who>", "<number>", "<0>"} <= words_and_pairs(
        "`x` https://a.example @ada #5 12"
    )


def test_what_was_struck_out_is_not_read() -> None:
    assert read_sentences("~~No problem with that.~~ The schema is too long.") == [
        "The schema is too long."
    ]


def test_markup_inside_code_stays() -> None:
    assert read_sentences("The `<details>` blocks hide <b>lines</b>.") == [
        "The `<details>` blocks hide lines ."
    ]


def test_roles_and_places() -> None:
    reading = read_thread(closed(("ada", "No. It breaks."), ("eve", "Fine.")))

    assert [(said.role, said.place, said.from_end) for said in reading.said][-3:] == [
        (Role.DECIDER, 0, 1),
        (Role.DECIDER, 1, 1),
        (Role.OTHER, 0, 0),
    ]


def test_what_is_said_long_after_the_close_is_not_heard() -> None:
    thread = closed(
        ("ada", "No. It breaks."), remark("ada", "The printers changed.", minutes=60 * 24 * 3)
    )
    closed_early = replace(thread, closed_at=thread.created_at + timedelta(minutes=5))

    assert [said.sentence for said in read_thread(closed_early).said][-2:] == ["No.", "It breaks."]


def test_what_is_said_within_a_day_of_the_close_is_heard() -> None:
    thread = closed(remark("ada", "It breaks every printed report.", minutes=60))
    closed_early = replace(thread, closed_at=thread.created_at + timedelta(minutes=5))

    assert read_thread(closed_early).said[-1].sentence == "It breaks every printed report."
