"""One step away: which threads to read beside a closed one, and what in them may be its reason."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.capture.admission import REASON, find_reasons
from bot.core.reading.cues import find_cues
from bot.core.reading.references import (
    find_grounds,
    find_reverted,
    find_superseded_by,
    find_taken_over,
    without_grounds,
)
from bot.core.reading.remark_text import read_sentences
from bot.core.reading.statements import Statement, find_deciding, read_statements
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Mention, Remark, Thread
from bot.core.verdicts import CaptureRules

LINKED_AT_MOST: Final = 3
FEWEST_WORDS: Final = 5
# A sentence about both solutions needs to be less of a reason than one about anything in the other
# thread.
ENOUGH_ABOUT_BOTH: Final = 2.0
ENOUGH_IN_DESCRIPTION: Final = 4.0
ENOUGH_ELSEWHERE: Final = 5.5
ENOUGH_AFTER_MERGE: Final = 3.0

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


def successors_reasons(thread: Thread, successor: int, rules: CaptureRules) -> list[Statement]:
    """Why the other one is better, as its merged description or people who may write say there."""
    other = thread.find_linked(successor)
    if other is None:
        return []
    told = _telling(other, rules)
    about_both = [
        s for s in told if _names(thread.number, s.sentence) or _COMPARES.search(s.sentence)
    ]
    described = [s for s in told if s.remark.kind == "description"]
    reasons = find_reasons(about_both, enough=ENOUGH_ABOUT_BOTH)
    return [
        *reasons,
        *(s for s in find_reasons(described, enough=ENOUGH_IN_DESCRIPTION) if s not in reasons),
    ]


def reasons_to_reverse(
    thread: Thread, reverted: int | None, rules: CaptureRules
) -> list[Statement]:
    """What people who may write said on a merged change between its merge and its reversal."""
    other = thread.find_linked(reverted)
    if other is None or other.closed_as != "merged" or other.closed_at is None:
        return []
    since, until = other.closed_at, thread.closed_at
    late = [
        s for s in _telling(other, rules) if s.remark.kind != "description" and s.remark.at >= since
    ]
    return find_reasons(
        [s for s in late if until is None or s.remark.at <= until], enough=ENOUGH_AFTER_MERGE
    )


def reasons_pointed_to(
    thread: Thread, statements: Sequence[Statement], rules: CaptureRules
) -> list[Statement]:
    """The reasons of another decision that somebody who may write says are the reasons of this
    one."""
    other = thread.find_linked(
        find_grounds([s.sentence for s in statements if s.decides and s.remark.writes])
    )
    if other is None:
        return []
    return find_reasons(_telling(other, rules), enough=ENOUGH_ELSEWHERE)


def merely_points(statement: Statement) -> bool:
    """ "For the reasons given in #5" says where a reason is, and is none."""
    rest = without_grounds(statement.sentence)
    return rest != statement.sentence and not find_cues(rest) & REASON


def linked_deciding(thread: Thread, rules: CaptureRules) -> list[Remark]:
    """The remarks one step away that may bear a decision out. What is not merged merely
    proposes."""
    return [remark for other in thread.linked for remark in _deciding(other, rules)]


def _telling(other: Thread, rules: CaptureRules) -> list[Statement]:
    deciding = _deciding(other, rules)
    statements = [s for s in read_statements(other, rules) if s.remark in deciding and not s.asks]
    return [s for s in statements if len(s.sentence.split()) >= FEWEST_WORDS]


def _deciding(other: Thread, rules: CaptureRules) -> list[Remark]:
    merged = other.closed_as == "merged"
    return [
        remark
        for remark in find_deciding(other, rules)
        if (merged if remark.kind == "description" else remark.writes)
    ]


def _names(number: int, text: str) -> bool:
    return re.search(rf"#{number}\b", text) is not None
