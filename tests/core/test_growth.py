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
# A square that folds the last doubling of SIZES 2.5 times folds these four times the length 4.5
# times.
pytestmark = pytest.mark.growth

PROBES: Final = (16 * KB, 4 * KB)
SUSPECT_GROWTH: Final = 4.3
# For 4 KB: the square of the length is still not worth judging at 64.
QUICK_SECONDS: Final = WORTH_JUDGING_SECONDS / 16**2
# For 4 KB: from here what is fed elsewhere by its parts, and is not measured at 16 KB.
SLOW_SECONDS: Final = 0.005
SMALL_PROBES: Final = (4 * KB, KB)
# What all others read texts with is measured at all sizes.
FOUNDATION: Final = "text."
PUMPS: Final = (
    # Beginnings of secrets.
    *("sk-", "eyJ", "eyJa.", 'token="', "://a:", "-----BEGIN PRIVATE KEY-----", "key: "),
    # Markdown and HTML.
    *("~~", "**a ", "_a ", "*", "`", "```\n", "[", "[a](", "[a]: b\n"),
    *("<!--", "<a ", "> ", "# ", "1.\n", "|", "\\", "- [ ] "),
    # What GitHub links and what hides it.
    *("@a ", "#1 ", "https://a.b/ ", "&#64;", "a/"),
    # Letters, marks and blanks.
    *("a", "a ", "A. ", "a\u200b", "\u0301\u0316", "\u6f22\u5b57\u3002", " ", "\n", "-", "("),
    # Our own phrases and entries.
    *("we won't ", "reverts commit ", "[tags: ", "- **#1** (merged) \u2014 a\n"),
)

# What is not fed: why, by the name of a function, a class or a module.
EXEMPT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "capture.on_request.insist",
            "conversation.answers.why_answer",
            "reading.reading.read_thread",
        ),
        "what judge_thread does",
    ),
    "asking.rule_drafter.RuleDrafter.draft": "judge_thread, then draft_entry",
    "asking.question": "hands texts on as they are; pydantic reads the answer",
    "drafting.draft.write_takeaway": "the part of draft_entry",
    **dict.fromkeys(
        (
            "search.rank",
            "search.rerank",
            "search.ragged",
            "search.comparison",
            "search.corpus.Corpus",
        ),
        "arrays of numbers that Index.search hands on",
    ),
    "repository_settings.SettingsLoader": "the part of parse_repository_settings",
    "asking.draft_reply.read_reply": "a reply to which find_objections, which is fed, has none",
    **dict.fromkeys(("capture.model.read_model", "capture.model.weigh"), "our own weights"),
    **dict.fromkeys(
        ("asking.decision_reply.Material.asks", "asking.decision_reply.read_judgements"),
        "`holds`, which is fed, until a text does: the longer are cut, so more of them are read",
    ),
    "jobs.Task": "has no kind of its own: its classes are fed",
    "search.index.Index.likeness": "a document that was put into the index: Known.nearest is fed",
    "text.cleaning.is_hidden": "one character",
    "text.phrases.compile_phrases": "our own phrases",
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
            took, half = least(reader, pump, (2 * size, size))
        if took > WORTH_JUDGING_SECONDS:
            steepest = max(steepest, took / half)
        took = half
    return steepest


def is_suspect(reader: Reader, pump: str) -> bool:
    """All sizes of every pair would take half an hour: they are measured of what is out of
    proportion when small."""
    first = seconds(reader, pump, PROBES[1])
    if first < QUICK_SECONDS:
        return False
    if reader.name.startswith(FOUNDATION):
        return True
    probes = SMALL_PROBES if first > SLOW_SECONDS else PROBES
    long, short = (seconds(reader, pump, size) for size in probes)
    if long > SUSPECT_GROWTH * short:
        long, short = least(reader, pump, probes)
    return long > SUSPECT_GROWTH * short


def least(reader: Reader, pump: str, sizes: tuple[int, int]) -> tuple[float, float]:
    """In turns, so that a neighbour who takes the processor for a while slows both."""
    turns = [[seconds(reader, pump, size) for size in sizes] for _ in range(TRIES)]
    long, short = (min(of_size) for of_size in zip(*turns, strict=True))
    return long, short


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
