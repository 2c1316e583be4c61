"""One step away: which threads to read beside a closed one, and what in them may be its reason."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.capture.deciding import find_deciding
from bot.core.capture.ending import TELLING, is_quotable
from bot.core.capture.model import Model
from bot.core.reading import Said, read_thread
from bot.core.reading.moves import find_moves
from bot.core.reading.prose import read_sentences
from bot.core.reading.references import (
    find_grounds,
    find_reverted,
    find_superseded_by,
    find_taken_over,
    without_grounds,
)
from bot.core.reading.words import count_words
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Mention, Remark, Thread
from bot.core.verdicts import CaptureRules

LINKED_AT_MOST: Final = 3
FEWEST_WORDS: Final = 5
# The log odds from which a sentence of another thread may be the reason of this one.
LIKELY: Final = -3.0

_COMPARES: Final = compile_phrases(
    """
    (instead|rather than|unlike|whereas|compared (to|with)|in place of|as opposed to|alternative~)
    (simpler|cleaner|better|smaller|safer|faster|cheaper|more \\S+) (than|and|because|since|as)
    (different|other|another) (approach|way|solution|design|direction)
    """
)


def linked_numbers(thread: Thread, mentions: Sequence[Mention], rules: CaptureRules) -> list[int]:
    """The threads that may hold the reason, likeliest first: what is reverted, what takes over,
    what is pointed to."""
    sentences = [s for remark in find_deciding(thread, rules) for s in read_sentences(remark.text)]
    if thread.closed_as == "merged":
        named = [find_reverted([thread.title, *sentences])]
    else:
        named = [find_superseded_by(sentences), find_grounds(sentences)]
        named += [
            each.number for each in mentions if each.merged and takes_over(each.text, thread.number)
        ]
    return list(dict.fromkeys(n for n in named if n and n != thread.number))[:LINKED_AT_MOST]


def attach(thread: Thread, found: Sequence[Thread], rules: CaptureRules) -> Thread:
    """With the threads that one of both sides bears out: whoever cannot write may close their own
    change in favour of anything."""
    deciding = find_deciding(thread, rules)
    vouched = [other for other in found if _is_vouched_for(thread, deciding, other)]
    return replace(thread, linked=tuple(vouched))


def _is_vouched_for(thread: Thread, deciding: Sequence[Remark], other: Thread) -> bool:
    if thread.closed_as == "merged" or other.author == thread.author:
        return True
    named = any(remark.writes and _names(other.number, remark.text) for remark in deciding)
    return named or (other.closed_as == "merged" and _names(thread.number, other.description))


def numbers_taken_over(thread: Thread) -> list[int]:
    return sorted(find_taken_over(read_sentences(thread.description)) - {thread.number})[
        :LINKED_AT_MOST
    ]


def takes_over(description: str, number: int) -> bool:
    return number in find_taken_over(read_sentences(description))


def find_successor(thread: Thread) -> int | None:
    """The change that says it takes this one's place, and was merged."""
    merged = [each for each in thread.linked if each.closed_as == "merged"]
    return next(
        (each.number for each in merged if takes_over(each.description, thread.number)), None
    )


def successors_reasons(
    thread: Thread, successor: int, rules: CaptureRules, model: Model
) -> list[Said]:
    """Why the other one is better, as its merged description or people who may write say there."""
    other = thread.find_linked(successor)
    if other is None:
        return []
    told = _telling(other, rules, model)
    about_both = [s for _, s in told if _COMPARES.search(s.sentence)]
    described = [s for score, s in told if s.described and score >= LIKELY and "weighs" in s.moves]
    return [*about_both, *(s for s in described if s not in about_both)]


def reasons_to_reverse(
    thread: Thread, reverted: int | None, rules: CaptureRules, model: Model
) -> list[Said]:
    """What people who may write said on a merged change between its merge and its reversal."""
    other = thread.find_linked(reverted)
    if other is None or other.closed_as != "merged" or other.closed_at is None:
        return []
    since, until = other.closed_at, thread.closed_at
    told = [
        s
        for score, s in _telling(other, rules, model, whole=True)
        if score >= LIKELY or s.moves & TELLING
    ]
    late = [s for s in told if not s.described and s.remark.at >= since]
    return [s for s in late if until is None or s.remark.at <= until]


def reasons_pointed_to(thread: Thread, rules: CaptureRules, model: Model) -> list[Said]:
    """The reasons of another decision that somebody who may write says are the reasons of this
    one."""
    deciding = [remark for remark in find_deciding(thread, rules) if remark.writes]
    other = thread.find_linked(
        find_grounds([s for remark in deciding for s in read_sentences(remark.text)])
    )
    if other is None:
        return []
    return [
        s for score, s in _telling(other, rules, model) if score >= LIKELY and s.moves & TELLING
    ]


def merely_points(said: Said) -> bool:
    """ "For the reasons given in #5" says where a reason is, and is none."""
    rest = without_grounds(said.sentence)
    return rest != said.sentence and "weighs" not in find_moves(rest)


def _telling(
    other: Thread, rules: CaptureRules, model: Model, *, whole: bool = False
) -> list[tuple[float, Said]]:
    """What is said there by those who decide, the likeliest reason first; ``whole``: long after the
    close, too."""
    reading = read_thread(
        replace(other, closed_at=None) if whole else other, ignore_authors=rules.ignore_authors
    )
    deciding = _deciding(reading.thread, rules)
    ranked = sorted(
        zip(model.score_sentences(reading), reading.said, strict=True), key=lambda each: -each[0]
    )
    return [
        (score, said)
        for score, said in ranked
        if said.remark in deciding
        and is_quotable(said)
        and count_words(said.sentence) >= FEWEST_WORDS
    ]


def _deciding(other: Thread, rules: CaptureRules) -> list[Remark]:
    merged = other.closed_as == "merged"
    return [
        remark
        for remark in find_deciding(other, rules)
        if (merged if remark.kind == "description" else remark.writes)
    ]


def _names(number: int, text: str) -> bool:
    return re.search(rf"#{number}\b", text) is not None
