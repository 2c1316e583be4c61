"""A thread that closed without its change is worth an entry when somebody who decides says why."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.capture.admission import QUOTES_AT_MOST, admit, find_reasons, is_quotable, refuse
from bot.core.capture.linked_threads import (
    find_successor,
    merely_points,
    reasons_pointed_to,
    successors_reasons,
)
from bot.core.capture.other_endings import SETTLED, find_disposition, is_closed_for_another_cause
from bot.core.capture.postponed import is_postponed
from bot.core.capture.weighing import describe, find_candidates, how_likely
from bot.core.reading.cues import Cue
from bot.core.reading.references import find_superseded_by
from bot.core.reading.statements import Statement, lowered
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Thread, numbers_named
from bot.core.verdicts import CaptureRules, EntryState, Lesson, Verdict

# Below this nothing is proposed. Where the line runs was measured: docs/quality.md, "Capture".
LEAST_LIKELY: Final = 0.7
# How much a second reason must weigh to stand beside the first.
BESIDE: Final = 3.0
# How much a reason must weigh of an umbrella, or of a thread that another replaces.
AMONG_OTHERS: Final = 5.0
COMPARING_WORDS: Final = 10
_SILENT: Final = "nobody who decides gives a reason"

# "Closing because every box is ticked" gives a cause, and no rule.
_LESSON: Final = frozenset({Cue.RULE, Cue.FINDING, Cue.DECISION, Cue.HARM, Cue.REFUSAL})
_UMBRELLA: Final = compile_phrases(
    "(epic|umbrella|tracking issue|tracking|meta|audit|post-?mortem|findings|retrospective)"
)
_LEFT_OVER: Final = compile_phrases(
    """
    (stays?|remains?|left|kept|still) open
    (not part of|partial~|inconclusive|follow-?ups?|deferred|remaining)
    """
)
_SOLVES: Final = compile_phrases(
    "(solv~|solution|approach|different~|alternative|better|cleaner|simpler|properly|instead)"
)
_GOES_ON: Final = re.compile(r",? (?:which|because|since|as|where|so|but)\b|[;:\u2013\u2014]")
_WONT_FIX: Final = compile_phrases("won'?t ?fix")


def judge_refused(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    return judge_otherwise(thread, statements, rules) or _judge_weighed(thread, statements, rules)


def judge_otherwise(
    thread: Thread, statements: Sequence[Statement], rules: CaptureRules
) -> Verdict | None:
    """The verdict where something else than its reasons counts; None where they are to be
    weighed."""
    if _is_umbrella(thread):
        return _judge_umbrella(thread, statements)
    # "Closing since #5 landed" replaces a pull request, and merely solves an issue.
    replacing = [
        s.sentence for s in statements if thread.kind == "pull_request" or Cue.DONE not in s.cues
    ]
    successor = find_superseded_by(replacing) or find_successor(thread)
    if successor:
        return _judge_superseded(thread, statements, successor, rules)
    if is_postponed(statements):
        return refuse("process_only", "put off until a time that is named: nobody turned it down")
    return None


def _judge_weighed(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    disposition = find_disposition(thread, statements)
    wont_fix = is_labelled(thread, rules)
    candidates = find_candidates(statements)
    described = describe(
        thread, statements, candidates=candidates, disposition=disposition, labelled=wont_fix
    )
    likely = how_likely(described)
    if candidates and likely >= LEAST_LIKELY and not is_closed_for_another_cause(statements):
        reasons = _with_the_no(
            [candidates[0], *(s for s in candidates[1:] if s.telling >= BESIDE)], statements
        )
        state = _state(thread, statements, wont_fix=wont_fix)
        return admit(thread, _lesson(reasons[0]), reasons, state=state, confidence=likely)
    pointed_to = reasons_pointed_to(thread, statements, rules) if disposition not in SETTLED else []
    if pointed_to:
        return admit(
            thread,
            _lesson(pointed_to[0]),
            pointed_to,
            state=_state(thread, statements, wont_fix=wont_fix),
        )
    if disposition:
        return refuse(disposition, f"the closing remark reads as {disposition}")
    if wont_fix:
        return refuse("label_only", "a won't-fix label, and nobody says why")
    why = (
        f"no sentence is clearly the reason (weighed {likely:.2f} of {LEAST_LIKELY})"
        if candidates
        else _SILENT
    )
    return refuse("refusal_no_rationale", why)


def is_labelled(thread: Thread, rules: CaptureRules) -> bool:
    """Does a label say that it won't be done?"""
    return bool(lowered(thread.labels) & lowered(rules.wont_fix_labels))


def _is_umbrella(thread: Thread) -> bool:
    """By its name; what merely has children may have been refused like anything else."""
    named = any(_UMBRELLA.search(text) for text in (thread.title, *thread.labels))
    return named or (bool(thread.children) and thread.closed_as != "not_planned")


def _judge_umbrella(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    closing = [s for s in statements if s.last_word]
    reasons = find_reasons([s for s in closing if Cue.DONE not in s.cues], enough=AMONG_OTHERS)
    if not any(reason.cues & _LESSON for reason in reasons):
        return refuse("completed_no_lesson", "an umbrella closed without a rule to keep")
    left_over = any(_LEFT_OVER.search(s.sentence) for s in closing)
    return admit(thread, "audit_summary", reasons, state="partial" if left_over else "merged")


def _judge_superseded(
    thread: Thread, statements: Sequence[Statement], successor: int, rules: CaptureRules
) -> Verdict:
    """ "Closed in favour of #5" teaches nothing; that #5 solves it in another way does, wherever it
    is said."""
    naming = [
        s
        for s in statements
        if s.decides and successor in numbers_named(s.sentence) and _compares(s.sentence)
    ]
    reasons = [
        *naming,
        *(s for s in find_reasons(statements, enough=AMONG_OTHERS) if s not in naming),
    ]
    reasons = reasons or successors_reasons(thread, successor, rules)
    if not reasons:
        refused = refuse("superseded_no_rationale", f"#{successor} takes over, and nobody says why")
        other = thread.find_linked(successor)
        return (
            replace(refused, awaits=successor) if other and other.closed_as == "open" else refused
        )
    return admit(thread, "superseded", reasons, state="superseded", successor=successor)


def _compares(sentence: str) -> bool:
    return bool(_SOLVES.search(sentence)) or (
        bool(_GOES_ON.search(sentence)) and len(sentence.split()) >= COMPARING_WORDS
    )


def _with_the_no(reasons: Sequence[Statement], statements: Sequence[Statement]) -> list[Statement]:
    """The weightiest reason, and the sentence in which somebody else says no if the best ones leave
    it out."""
    kept = list(reasons)
    deciding = [s for s in statements if s.decides and not merely_points(s)]
    refusing = [
        s
        for s in deciding
        if Cue.REFUSAL in s.cues and s.judges_another and not s.asks and is_quotable(s)
    ]
    if kept and refusing and not any(s in refusing for s in kept[:QUOTES_AT_MOST]):
        kept.insert(QUOTES_AT_MOST - 1, max(refusing, key=lambda s: s.weight))
    return kept


def _lesson(reason: Statement) -> Lesson:
    if Cue.RULE in reason.cues and Cue.HARM not in reason.cues:
        return "design_rule"
    if Cue.FINDING in reason.cues:
        return "disproven_hypothesis"
    return "wont_fix_rationale"


def _state(thread: Thread, statements: Sequence[Statement], *, wont_fix: bool) -> EntryState:
    if thread.kind == "pull_request":
        return "PR closed, not merged"
    said = any(s.decides and _WONT_FIX.search(s.sentence) for s in statements)
    return "won't-fix" if wont_fix or said else "not-planned"
