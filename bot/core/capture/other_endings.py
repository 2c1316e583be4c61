"""What else than a refusal may have closed a thread: its ending reads as stale, a duplicate, done,
answered …"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.core.reading.cues import Cue
from bot.core.reading.remark_text import read_sentences
from bot.core.reading.sentence_form import Form
from bot.core.reading.statements import Statement, is_automatic
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Thread
from bot.core.verdicts import NoLesson

# Most telling first.
DISPOSITIONS: Final[Mapping[Cue, NoLesson]] = {
    Cue.SPAM: "spam_or_test",
    Cue.ACCIDENT: "accidental",
    Cue.NO_REPRO: "no_repro",
    Cue.STALE: "stale",
    Cue.DUPLICATE: "duplicate",
    Cue.WORKS: "works_for_me",
    Cue.DONE: "completed_no_lesson",
    Cue.PROCESS: "process_only",
    Cue.REPLACEMENT: "superseded_no_rationale",
    Cue.SUPPORT: "support",
}
_OTHER_CAUSES: Final = DISPOSITIONS.keys() - {Cue.REPLACEMENT, Cue.SUPPORT}

# What settled these was no reason, wherever one may stand.
SETTLED: Final = frozenset({"bot_autoclose", *(DISPOSITIONS[cue] for cue in _OTHER_CAUSES)})

_SAYS_NO: Final = frozenset({Cue.REFUSAL, Cue.DECISION})
_NAMES_THREAD: Final = compile_phrases(
    """
    (this|these|here|issues?|prs?|pull requests?|tickets?|bugs?|patch|activity|responses?|#\\d+)
    (fix~|implemented|merged|clos~)
    """
)
# Who asks how to do something proposes nothing; "how do we number the codes?" asks for a decision.
_HOW_TO: Final = compile_phrases(
    """
    (how|where|what|when|which \\w+) (do|can|could|should|would|must) (i|one|you)
    (how|where|what|when) to
    (why|where|what) (is|are|was|were|do|does|did)(n't)? (\\w+ ){0,4}(i|my)
    (can|may|must|should|do|am) i
    """
)
_ASKS_HOW: Final = re.compile(rf"\W*(?:question\W+)?(?:{_HOW_TO.pattern})", re.IGNORECASE)


def find_disposition(thread: Thread, statements: Sequence[Statement]) -> NoLesson | None:
    last = thread.remarks[-1] if thread.remarks else None
    if last and is_automatic(last) and last.kind != "description":
        return "bot_autoclose"
    ending = [
        s for s in statements if (s.last_word or s.remark is last) and _speaks_of_the_thread(s)
    ]
    shown = frozenset(cue for s in ending for cue in s.cues)
    if is_answered(thread, statements):
        shown |= {Cue.SUPPORT}
    elif _advises_while_refusing(ending, statements):
        shown -= {Cue.SUPPORT}
    return next((no_lesson for cue, no_lesson in DISPOSITIONS.items() if cue in shown), None)


def is_answered(thread: Thread, statements: Sequence[Statement]) -> bool:
    """Somebody asked how to do something, and nobody who decides said no to anything."""
    asked = [thread.title, *(s for s in read_sentences(thread.description) if s.endswith("?"))]
    refused = any(s.cues & _SAYS_NO and not s.asks for s in statements if s.judges_another)
    return thread.kind == "issue" and not refused and any(map(_ASKS_HOW.match, asked))


def is_closed_for_another_cause(statements: Sequence[Statement]) -> bool:
    """The remark that closes names a cause of its own: the reasons given before were not what
    settled it."""
    closing = [
        s for s in statements if Cue.CLOSING in s.cues and (s.decides or not s.judges_another)
    ]
    if not closing:
        return False
    shown = frozenset(cue for s in statements if s.remark is closing[-1].remark for cue in s.cues)
    return bool(shown & _OTHER_CAUSES) and not shown & {Cue.REFUSAL, Cue.HARM}


def _advises_while_refusing(ending: Sequence[Statement], statements: Sequence[Statement]) -> bool:
    """ "We won't. You can use a filter instead." """
    remarks = [s.remark for s in ending if Cue.SUPPORT in s.cues]
    return any(
        Cue.REFUSAL in s.cues and s.judges_another and s.remark in remarks for s in statements
    )


def _speaks_of_the_thread(statement: Statement) -> bool:
    """A long sentence that names no thread argues: "half of the pages were out of date within a
    release". So does a no with its reason: "We won't: cached files return stale settings"."""
    argues = Form.LONG in statement.forms or statement.cues >= {Cue.REFUSAL, Cue.CAUSE}
    return not argues or bool(_NAMES_THREAD.search(statement.sentence))
