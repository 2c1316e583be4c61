"""A merged change is worth an entry when it undoes or gives up what stood, and says why."""

import re
from collections.abc import Sequence
from typing import Final

from bot.core.capture.admission import ARGUED, REASON, admit, find_reasons, refuse
from bot.core.capture.linked_threads import reasons_to_reverse
from bot.core.reading.references import find_reverted
from bot.core.reading.statements import Statement
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Verdict

ENOUGH_TO_UNDO: Final = 2.0
ENOUGH_TO_RECORD: Final = 2.0
ENOUGH_TO_GIVE_UP: Final = 4.0
FEWEST_WORDS: Final = 5

_UNDOING: Final = """
    (revert|back ?-?out|roll ?-?back|undo|restor|reinstat|re-?enabl|resurrect|downgrad|unpin)~
    (re-?land|re-?appl(y|i)|re-?introduc)~
    (rolls|rolled|rolling|backs|backed|backing) ?-?(back|out)
    (turn|switch)~ (\\S+ ){0,4}off
    (switch|go|chang|mov)~ (\\S+ ){0,2}back (to|from|on)
    """
_UNDOES: Final = compile_phrases(f"{_UNDOING.rstrip()}\n(disable|disables|disabled|disabling)")
_BEGINS_UNDOING: Final = re.compile(
    rf"\W*(?:th(?:is|ese) )?(?:pr |pull request |changes? |commits? |patch )?(?:{compile_phrases(_UNDOING).pattern})",
    re.IGNORECASE,
)
_GIVES_UP: Final = re.compile(
    r"\W*(?:\w+[:(\]/-]\S*\s+){0,2}"
    r"(?:remov|drop|delet|deprecat|replac|stop (?=\S*ing\b)|kill|retir|abandon|get rid of|take"
    r" out|rip out|strip)\w*\b"
    r"|.*\b(?:switch|migrat)\w* (?:\S+ ){0,3}(?:from|off|away)\b"
    r"|.*\bin favou?r of\b",
    re.IGNORECASE,
)
# What is given up is no decision.
_TIDIES: Final = compile_phrases(
    """
    (unused|dead|redundan~|unnecessary|unneeded|obsolete|old|stray|extra~|duplicate~|left-?over|useless|temporary)
    (superfluous|needless|outdated|stale|wrong|incorrect|bogus|fix~|rename~|debug~|logging|code|helper~|hacks?|workarounds?)
    (typos?|tests?|comments?|white ?space|imports?|docs?|documentation|warnings?|todos?|fixmes?|links?)
    (references?|mentions?|uses?|usages?|benchmarks?|chapters?|lines?|files?|snapshots?|example~|readme|changelog|copyright|headers?)
    (books?|tutorials?|guides?|\\S+\\.md)
    """
)
# "Disable the test" and "Allow disabling the cache" undo nothing that was decided.
_SPARES: Final = re.compile(
    r".*\btests?\b|(?:\S+: )?\W*(?:allow|add|support|make it possible|enable or|enable/)\b",
    re.IGNORECASE,
)
# `--disable-x` is a name, and undoes nothing.
_FLAG: Final = re.compile(r"(?<!\w)--?\w[\w-]+=?|`[^`]*`")
_RECORDS_DECISION: Final = compile_phrases("(adr|decision record)")


def judge_merged(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    described = [s for s in statements if s.remark.kind == "description"]
    undoes = _undoes(thread.title)
    enough = _enough(thread.title, [s.sentence for s in described], undoes=undoes)
    if enough is None:
        return refuse("completed_no_lesson", "merged, and it reverses no decision")
    telling = [
        s
        for s in statements
        if len(s.sentence.split()) >= FEWEST_WORDS and _tells_why(s, undoes=undoes)
    ]
    reasons = sorted(
        find_reasons(telling, enough=enough), key=lambda s: s.remark.kind != "description"
    )
    if not reasons:
        # GitHub's button writes no reason; whoever pressed it gave theirs under the change that
        # went wrong.
        reasons = reasons_to_reverse(
            thread, find_reverted([thread.title, *(s.sentence for s in described)]), rules
        )
    if not reasons:
        return refuse("completed_no_lesson", "it reverses something, and nobody says why")
    return admit(thread, "reversed_decision", reasons, state="merged")


def _tells_why(statement: Statement, *, undoes: bool) -> bool:
    """What stands under a title that undoes something is the reason, whatever its words."""
    below = statement.remark.kind == "description" and undoes
    return bool(statement.cues & REASON or (below and statement.forms & ARGUED))


def _undoes(title: str) -> bool:
    return bool(_UNDOES.search(_FLAG.sub("", title))) and not _SPARES.match(title)


def _enough(title: str, described: Sequence[str], *, undoes: bool) -> float | None:
    """How good the reason must be: the clearer the reversal, the less. None: nothing is
    reversed."""
    if undoes or _BEGINS_UNDOING.match(" ".join(described[:1])) or find_reverted(described):
        return ENOUGH_TO_UNDO
    if _RECORDS_DECISION.search(title):
        return ENOUGH_TO_RECORD
    if _GIVES_UP.match(title) and not _TIDIES.search(title):
        return ENOUGH_TO_GIVE_UP
    return None
