"""A thread that closed without its change is worth an entry when somebody who decides says why."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.phrases import compile_phrases
from bot.threads import Thread
from bot.verdicts.cues import Cue
from bot.verdicts.outcomes import admit, find_reasons, refuse
from bot.verdicts.references import find_superseded_by
from bot.verdicts.statements import STAND, Statement, is_automatic, lowered
from bot.verdicts.values import CaptureRules, EntryState, Lesson, NoLesson, Verdict

ENOUGH: Final = 3.5
# … where a remark before the last one is to settle an issue of which GitHub only says that it closed.
ENOUGH_BEFORE_THE_END: Final = 4.5
# … where the end of the thread speaks of something else, or the title of a defect.
ENOUGH_AGAINST_THE_END: Final = 5.0
LATE_REMARKS: Final = 2
COMPARING_WORDS: Final = 10

# What a closing remark without a lesson shows, most telling first.
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

_DEFECT: Final = compile_phrases(
    """
    (segfault~|crash~|ice|errors?|fail~|wrong~|bugs?|buggy|panic~|leak~|broken|breaks?|regression|incorrect~|unexpected~)
    (assert~|hangs?|freez~|corrupt~|missing|invalid|exception|cannot|(does|do|is|can|did) ?(not|n't))
    """
)
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
    if _is_umbrella(thread):
        return _judge_umbrella(thread, statements)
    # "Closing since #5 landed" replaces a pull request, and merely solves an issue.
    replacing = [s.sentence for s in statements if thread.kind == "pull_request" or Cue.DONE not in s.cues]
    successor = find_superseded_by(replacing)
    if successor:
        return _judge_superseded(thread, statements, successor)
    disposition = _disposition(thread, statements)
    wont_fix = bool(lowered(thread.labels) & lowered(rules.wont_fix_labels))
    eligible = statements if wont_fix else _eligible(thread, statements)
    reasons = find_reasons(eligible, enough=_enough(thread, disposition))
    if reasons and not _closed_for_another_cause(statements):
        return admit(thread, _lesson(reasons[0]), reasons, state=_state(thread, statements, wont_fix=wont_fix))
    if disposition:
        return refuse(disposition, f"the closing remark reads as {disposition}")
    if wont_fix:
        return refuse("label_only", "a won't-fix label, and nobody says why")
    return refuse("refusal_no_rationale", "nobody who decides gives a reason")


def _is_umbrella(thread: Thread) -> bool:
    return any(_UMBRELLA.search(text) for text in (thread.title, *thread.labels))


def _judge_umbrella(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    closing = [s for s in statements if s.last_word]
    reasons = find_reasons([s for s in closing if Cue.DONE not in s.cues], enough=ENOUGH)
    if not reasons:
        return refuse("completed_no_lesson", "an umbrella closed without a rule to keep")
    left_over = any(_LEFT_OVER.search(s.sentence) for s in closing)
    return admit(thread, "audit_summary", reasons, state="partial" if left_over else "merged")


def _judge_superseded(thread: Thread, statements: Sequence[Statement], successor: int) -> Verdict:
    """ "Closed in favour of #5" teaches nothing; that #5 solves it in another way does."""
    naming = [s for s in statements if s.decides and f"{successor}" in s.sentence and _compares(s.sentence)]
    reasons = [*naming, *(s for s in find_reasons(statements, enough=ENOUGH) if s not in naming)]
    if not reasons:
        return refuse("superseded_no_rationale", f"#{successor} takes over, and nobody says why")
    return admit(thread, "superseded", reasons, state="superseded", successor=successor)


def _compares(sentence: str) -> bool:
    return bool(_SOLVES.search(sentence)) or (
        bool(_GOES_ON.search(sentence)) and len(sentence.split()) >= COMPARING_WORDS
    )


def _eligible(thread: Thread, statements: Sequence[Statement]) -> Sequence[Statement]:
    """What may be the reason. Nobody refused an issue that merely closed, unless a late remark takes a stand."""
    if thread.kind == "pull_request" or thread.closed_as == "not_planned":
        return statements
    deciding = [s for s in statements if s.decides]
    remarks = list(dict.fromkeys(id(s.remark) for s in reversed(deciding)))
    late = remarks[: 1 if _DEFECT.search(thread.title) else LATE_REMARKS]
    standing = {id(s.remark) for s in deciding if s.cues & STAND and not s.asks}.intersection(late)
    return [s for s in deciding if id(s.remark) in standing and (s.last_word or s.weight >= ENOUGH_BEFORE_THE_END)]


def _enough(thread: Thread, disposition: NoLesson | None) -> float:
    merely_closed = thread.kind == "issue" and thread.closed_as in ("closed", "completed")
    if merely_closed and (disposition or _DEFECT.search(thread.title)):
        return ENOUGH_AGAINST_THE_END
    return ENOUGH


def _closed_for_another_cause(statements: Sequence[Statement]) -> bool:
    """The remark that closes names a cause of its own: the reasons given before were not what settled it."""
    closing = [s for s in statements if Cue.CLOSING in s.cues and (s.decides or not s.judges_another)]
    if not closing:
        return False
    shown = frozenset(cue for s in statements if s.remark is closing[-1].remark for cue in s.cues)
    return bool(shown & _OTHER_CAUSES) and not shown & {Cue.REFUSAL, Cue.HARM}


def _disposition(thread: Thread, statements: Sequence[Statement]) -> NoLesson | None:
    last = thread.remarks[-1] if thread.remarks else None
    if last and is_automatic(last) and last.kind != "description":
        return "bot_autoclose"
    shown = frozenset(cue for s in statements if s.last_word or s.remark is last for cue in s.cues)
    return next((no_lesson for cue, no_lesson in DISPOSITIONS.items() if cue in shown), None)


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
