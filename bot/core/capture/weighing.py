"""Was a thread that closed without its change refused for a reason? What was said, and how it
ended, weighed."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.core.capture.admission import REASON, gives_reason, is_quotable
from bot.core.capture.linked_threads import merely_points
from bot.core.capture.other_endings import SETTLED, is_answered
from bot.core.capture.verdict_weights import WEIGHTS
from bot.core.logistic import probability
from bot.core.reading.courtesies import without_courtesies
from bot.core.reading.cues import Cue
from bot.core.reading.intent import read_intent
from bot.core.reading.sentence_form import Form
from bot.core.reading.statements import Statement
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Thread
from bot.core.verdicts import NoLesson

# More than this says nothing more.
HEAVIEST: Final = 14.0
HEAVIEST_SECOND: Final = 10.0
FEWEST_WORDS: Final = 4
PLAIN_WORDS: Final = 6
LATE_REMARKS: Final = 2
_AGAINST: Final = frozenset({Cue.REFUSAL, Cue.DECISION, Cue.DEFERRAL})
_TELLING: Final = REASON | {Cue.DECISION, Cue.REVERSAL}
_LEANING: Final = frozenset({Form.FOR_ME, Form.ADDRESSES, Form.PROMISES})
_RELEASED: Final = re.compile(r"\bv?\d+\.\d+|\b[0-9a-f]{8,40}\b")
_DEFECT: Final = compile_phrases(
    """
    (segfault~|crash~|ice|errors?|fail~|wrong~|bugs?|buggy|panic~|leak~|broken|breaks?|regression|incorrect~|unexpected~)
    (assert~|hangs?|freez~|corrupt~|missing|invalid|exception|cannot|(does|do|is|can|did) ?(not|n't))
    """
)


def find_candidates(statements: Sequence[Statement]) -> list[Statement]:
    """What may be the reason if there is one, the most telling first."""
    found = [s for s in statements if s.decides and not merely_points(s) and is_quotable(s)]
    return sorted((s for s in found if _may_tell_why(s)), key=lambda s: -s.telling)


def _may_tell_why(statement: Statement) -> bool:
    said = len(without_courtesies(statement.sentence).split())
    return said >= FEWEST_WORDS and (gives_reason(statement) or _states(statement))


def _states(statement: Statement) -> bool:
    """How things are, in so many words, and nothing else: "`ps` shows arguments to every user on
    the machine"."""
    plain = not statement.asks and not statement.cues - _TELLING and not statement.forms & _LEANING
    return plain and len(statement.sentence.split()) >= PLAIN_WORDS


def how_likely(described: Mapping[str, float]) -> float:
    """From 0 to 1: the odds that people would keep the reason."""
    return probability(WEIGHTS, described)


def describe(
    thread: Thread,
    statements: Sequence[Statement],
    *,
    candidates: Sequence[Statement],
    disposition: NoLesson | None,
    labelled: bool,
) -> Mapping[str, float]:
    """What WEIGHTS weighs; ``labelled``: a label says that it won't be done."""
    weights = sorted((s.weight for s in candidates), reverse=True)
    judged = _last_judgement(statements)
    cues = frozenset(cue for s in judged for cue in s.cues)
    said_done = any(Cue.DONE in s.cues for s in statements if s.decides and not merely_points(s))
    return {
        "always": 1.0,
        "weight of the best reason": min(weights[0], HEAVIEST) if weights else 0.0,
        "weight of the second": max(min(weights[1], HEAVIEST_SECOND), 0.0)
        if len(weights) > 1
        else 0.0,
        "a pull request": float(thread.kind == "pull_request"),
        "its title proposes": float(read_intent(thread.title, "") == "proposal"),
        "its title names a defect": float(
            thread.kind == "issue" and bool(_DEFECT.search(thread.title))
        ),
        "ends as done": float(disposition == "completed_no_lesson"),
        "ends as working": float(disposition == "works_for_me"),
        "ends as moved or replaced": float(
            disposition in ("process_only", "superseded_no_rationale")
        ),
        "ends for another cause": float(
            disposition in SETTLED - {"completed_no_lesson", "works_for_me", "process_only"}
        ),
        "said to be done": float(said_done and disposition is None),
        "a question answered": float(is_answered(thread, statements)),
        "somebody says no": float(labelled or _takes_a_late_stand(statements)),
        "judgement asks for something": float(Cue.REQUEST in cues),
        "judgement names a release": float(any(_RELEASED.search(s.sentence) for s in judged)),
    }


def _takes_a_late_stand(statements: Sequence[Statement]) -> bool:
    deciding = [s for s in statements if s.decides]
    late = list(dict.fromkeys(id(s.remark) for s in reversed(deciding)))[:LATE_REMARKS]
    return any(s.cues & _AGAINST and not s.asks for s in deciding if id(s.remark) in late)


def _last_judgement(statements: Sequence[Statement]) -> list[Statement]:
    """What somebody who decides, and did not open the thread, said last."""
    judged = [s for s in statements if s.decides and s.judges_another]
    return [s for s in judged if s.remark is judged[-1].remark]
