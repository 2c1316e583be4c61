"""Which sentences of a remark are its author's own."""

import pytest

from bot.core.reading.prose import read_citations, read_sentences
from bot.core.text.phrases import compile_phrases

CASES = {
    "two sentences": ("One fact. Another one!", ["One fact.", "Another one!"]),
    "a hard-wrapped sentence is one": ("We keep\nthe old name.", ["We keep the old name."]),
    "abbreviations do not end a sentence": (
        "Use a list, e.g. this one.",
        ["Use a list, e.g. this one."],
    ),
    "a number after an abbreviation": ("See sec. 4 of the text.", ["See sec. 4 of the text."]),
    "versions stay whole": ("Fixed in 2.3.1 today.", ["Fixed in 2.3.1 today."]),
    "code spans stay whole": (
        "Call `a. b` twice. Then stop.",
        ["Call `a. b` twice.", "Then stop."],
    ),
    "list items are sentences of their own": (
        "- breaks the build\n- slows the start",
        ["breaks the build", "slows the start"],
    ),
    "fenced code is left out": (
        "Before.\n```\nwe won't. ever.\n```\nAfter.",
        ["Before.", "After."],
    ),
    "a fence that never closes": ("Before.\n~~~\nafter", ["Before."]),
    "indented code is left out": ("Before.\n\n    raise Error\n\nAfter.", ["Before.", "After."]),
    "quotations are left out": ("> not mine\n\nMine.", ["Mine."]),
    "an e-mail reply": ("Mine.\n\nOn Tue, 4 Mar 2025, Bob wrote:\n> not mine", ["Mine."]),
    "a signature": ("Mine.\n-- \nBob, not mine", ["Mine."]),
    "hidden comments": ("<!-- hidden -->Shown.<!-- never closed", ["Shown."]),
    "headings": ("# Summary\nThe text.", ["The text."]),
    "tasks": ("- [x] done\n- [ ] open\n\nThe text.", ["The text."]),
    "tables": ("| a | b |\n|---|---|\n\nThe text.", ["The text."]),
    "trailers": ("The text.\n\nSigned-off-by: Bob", ["The text."]),
    "carriage returns": ("One.\r\n\r\nTwo.", ["One.", "Two."]),
    "nothing but signs": ("--- !!! ???", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "sentences"), CASES.values(), ids=CASES.keys())
def test_sentences(text: str, sentences: list[str]) -> None:
    assert read_sentences(text) == sentences


def test_what_somebody_introduces_and_cites_counts_as_theirs() -> None:
    text = "What we said last year still holds:\n\n> We support it once it runs in linear time."

    assert read_citations(text) == ["We support it once it runs in linear time."]


def test_a_reply_to_a_quotation_is_no_citation() -> None:
    assert read_citations("> We should add it.\n\nNo.") == []


def test_a_cited_e_mail_is_no_citation() -> None:
    assert read_citations("On Tue, 4 Mar 2025, Bob wrote:\n> We should add it.") == []


PHRASES = [
    ("won't ?fix", "this is wontfix", False),
    ("won'?t ?fix", "this is WONTFIX", True),
    ("won't ?fix", "I won’t  fix it", True),
    ("no plans", "piano plans", False),
    ("too magic~", "too magical", True),
    ("see #N", "see PR #12", True),
    ("(really )?bad", "really bad", True),
    (", so (we|i)", "slow, so we left", True),
]


@pytest.mark.parametrize(("phrase", "text", "found"), PHRASES)
def test_the_notation_of_phrases(phrase: str, text: str, *, found: bool) -> None:
    assert bool(compile_phrases(phrase).search(text)) is found
