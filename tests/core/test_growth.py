"""Whatever people write, reading it takes time in proportion to its length.

Every public function of bot/core that text reaches is fed every pump here, by its annotations; what
is not says below why.
"""

import gc
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.support.feeding import CannotMake, Reader, public_readers

KB: Final = 1024
SIZES: Final = (64 * KB, 32 * KB, 16 * KB, 8 * KB)
MOST_GROWTH: Final = 2.5
# Below this the clock, the cache and the neighbours decide.
WORTH_JUDGING_SECONDS: Final = 0.02
TRIES: Final = 5
SMALL: Final = (4 * KB, KB)
# For 4 KB: in proportion it is half of WORTH_JUDGING_SECONDS for 64.
SLOW_SECONDS: Final = WORTH_JUDGING_SECONDS / 32
# What all others read texts with is measured at all sizes.
FOUNDATION: Final = "text."
SUSPECT_GROWTH: Final = 4.8
PUMPS: Final = (
    # Beginnings of secrets.
    *("sk-", "eyJ", "eyJa.", "AKIA", "ghp_", "xoxb-", "aws", 'token="', "Bearer ", "://a:"),
    *("-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "key: ", "curl ", "a@", "a@b.c "),
    # Markdown and HTML.
    *("~~", "~~a ", "**a ", "_a ", "*", "`", "`a ", "```\n", "[", "](", "[a](", "[a]: b\n"),
    *("<!--", "<!--a-->", "<a ", "</", "> ", "- ", "# ", "===\n", "1.\n", "|", "\\", "- [ ] "),
    # What GitHub links and what hides it.
    *("@a ", "#1 ", "https://", "https://a.b/ ", "&amp;", "&#64;", "a/"),
    # Letters, marks and blanks.
    *("a", "a ", "1", "A. ", "\u200b", "a\u200b", "\u0301\u0316", "\u6f22", "\u6f22\u5b57\u3002"),
    *(" ", "\n", "\t", "-", "(", "{", '"', ", ", "! "),
    # Our own phrases and entries.
    *("not ", "because ", "we won't ", "reverts commit ", "See: ", "[tags: ", "/learnings "),
    *("**#1** ", "- **#1** (merged) \u2014 a\n"),
)

# What is not fed: why, by the name of a function, a class or a module.
EXEMPT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "capture.admission",
            "capture.other_endings",
            "capture.postponed",
            "capture.refused",
            "capture.reverted",
            "capture.weighing",
        ),
        "the parts of judge_thread, which is fed",
    ),
    **dict.fromkeys(
        (
            "capture.on_request.insist",
            "conversation.answers.why_answer",
            "reading.statements.read_statements",
        ),
        "what judge_thread does",
    ),
    "asking.rule_drafter.RuleDrafter.draft": "judge_thread, then draft_entry",
    "drafting.draft.write_takeaway": "the part of draft_entry",
    **dict.fromkeys(
        ("search.rank", "search.rerank", "search.ragged", "search.corpus.Corpus"),
        "arrays of numbers that Index.search hands on",
    ),
    "repository_settings.SettingsLoader": "the part of parse_repository_settings",
    "asking.draft_reply.read_reply": "a reply to which find_objections, which is fed, has none",
    **dict.fromkeys(
        (
            "conversation.line_remarks.by_hand_reply",
            "recall.gate.how_sure",
        ),
        "a mapping with our own keys",
    ),
}


def is_under(name: str, above: str) -> bool:
    return f"{name}.".startswith(f"{above}.")


READERS: Final = tuple(public_readers())
FED: Final = {
    reader.name: reader
    for reader in READERS
    if not any(is_under(reader.name, exempt) for exempt in EXEMPT) and reader.takes_text()
}


def seconds(reader: Reader, pump: str, size: int) -> float:
    """Of the processor, without collecting garbage, which takes longer the more tests have run."""
    arguments = reader.arguments((pump * size)[:size])
    gc.disable()
    began = time.process_time()
    try:
        found = reader.function(**arguments)
        if isinstance(found, Iterator):
            for _ in found:
                pass
    except Exception as error:
        if not isinstance(error, ValueError) and not type(error).__module__.startswith("bot."):
            raise
    finally:
        took = time.process_time() - began
        gc.enable()
    return took


def growth(reader: Reader, pump: str) -> float:
    """The steepest doubling of those worth judging, as a factor; 0.0 without any."""
    if not is_suspect(reader, pump):
        return 0.0
    steepest, took = 0.0, seconds(reader, pump, SIZES[0])
    for size in SIZES[1:]:
        if took <= WORTH_JUDGING_SECONDS:
            break
        half = seconds(reader, pump, size)
        if took > MOST_GROWTH * half:
            tries = range(TRIES - 1)
            took = min(took, *(seconds(reader, pump, 2 * size) for _ in tries))
            half = min(half, *(seconds(reader, pump, size) for _ in tries))
        if took > WORTH_JUDGING_SECONDS:
            steepest = max(steepest, took / half)
        took = half
    return steepest


def is_suspect(reader: Reader, pump: str) -> bool:
    """What is slow even in proportion is measured at all sizes only if it is out of proportion when
    small; the quick ones, and what they all are made of, always."""
    if reader.name.startswith(FOUNDATION):
        return True
    took = seconds(reader, pump, SMALL[0])
    if took < SLOW_SECONDS:
        return True
    quarter = min(seconds(reader, pump, SMALL[1]) for _ in range(2))
    return took > SUSPECT_GROWTH * quarter and (
        min(seconds(reader, pump, SMALL[0]) for _ in range(2)) > SUSPECT_GROWTH * quarter
    )


@pytest.mark.parametrize("name", sorted(FED))
def test_time_grows_with_the_length_of_the_text(name: str) -> None:
    grown = {pump: growth(FED[name], pump) for pump in PUMPS}

    assert {pump: factor for pump, factor in grown.items() if factor > MOST_GROWTH} == {}


def test_every_public_function_that_takes_text_is_fed() -> None:
    assert len(FED) >= 40
    assert {
        name for name in EXEMPT if not any(is_under(each.name, name) for each in READERS)
    } == set()


@pytest.mark.parametrize("step", [1, 16])
def test_what_takes_the_square_of_the_length_is_noticed(step: int) -> None:
    def square(text: str) -> list[int]:
        return [text.count("b", at) for at in range(0, len(text), step)]

    assert growth(Reader("square", square, None), "a") > MOST_GROWTH


def test_a_function_without_a_value_for_it_is_noticed() -> None:
    def reads(text: str, file: Path) -> None: ...

    with pytest.raises(CannotMake):
        Reader("reads", reads, None).takes_text()
