"""A thread that closed without its change is worth an entry when somebody who decides says why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.phrases import compile_phrases
from bot.threads import Thread
from bot.verdicts.cues import Cue
from bot.verdicts.grammar import Form
from bot.verdicts.linked import find_successor, merely_points, reasons_pointed_to, successors_reasons
from bot.verdicts.outcomes import QUOTES_AT_MOST, admit, find_reasons, is_quotable, refuse
from bot.verdicts.postponing import is_postponed
from bot.verdicts.prose import read_sentences
from bot.verdicts.references import find_superseded_by
from bot.verdicts.statements import Statement, is_automatic, lowered
from bot.verdicts.values import CaptureRules, EntryState, Lesson, NoLesson, Verdict

# How much a reason must weigh, and what makes it more or less likely that the thread was refused at all.
ENOUGH: Final = 7.5
UNMERGED: Final = -2.5
STANDS: Final = -2.5
ENDS_OTHERWISE: Final = 4.5
SAID_DONE: Final = 2.5
A_DEFECT: Final = 2.5
# Among many remarks one is weighty by chance.
MUCH_TALK: Final = 1.0
MANY_REMARKS: Final = 7
# … of an umbrella, or of a thread that another replaces.
AMONG_OTHERS: Final = 5.0
LATE_REMARKS: Final = 2
# What a reason may fall short when another carries the verdict.
BESIDE: Final = 2.0
AGAINST: Final = frozenset({Cue.REFUSAL, Cue.DECISION, Cue.DEFERRAL})
_SAYS_NO: Final = frozenset({Cue.REFUSAL, Cue.DECISION})
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

# What settled these was no reason, wherever one may stand.
_SETTLED: Final = frozenset({"bot_autoclose", *(DISPOSITIONS[cue] for cue in _OTHER_CAUSES)})

_DEFECT: Final = compile_phrases(
    """
    (segfault~|crash~|ice|errors?|fail~|wrong~|bugs?|buggy|panic~|leak~|broken|breaks?|regression|incorrect~|unexpected~)
    (assert~|hangs?|freez~|corrupt~|missing|invalid|exception|cannot|(does|do|is|can|did) ?(not|n't))
    """
)
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
_WONT_FIX: Final = compile_phrases("won'?t ?fix")


def judge_refused(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    if _is_umbrella(thread):
        return _judge_umbrella(thread, statements)
    # "Closing since #5 landed" replaces a pull request, and merely solves an issue.
    replacing = [s.sentence for s in statements if thread.kind == "pull_request" or Cue.DONE not in s.cues]
    successor = find_superseded_by(replacing) or find_successor(thread)
    if successor:
        return _judge_superseded(thread, statements, successor, rules)
    if is_postponed(statements):
        return refuse("process_only", "put off until a time that is named: nobody turned it down")
    disposition = _disposition(thread, statements)
    wont_fix = bool(lowered(thread.labels) & lowered(rules.wont_fix_labels))
    deciding = [s for s in statements if s.decides and not merely_points(s)]
    enough = _enough(thread, disposition, stands=wont_fix or _takes_a_late_stand(deciding), deciding=deciding)
    reasons = find_reasons(deciding, enough=enough)
    reasons += find_reasons([s for s in deciding if reasons and s not in reasons], enough=enough - BESIDE)
    reasons = _with_the_no(reasons, deciding)
    if reasons and not _closed_for_another_cause(statements):
        return admit(thread, _lesson(reasons[0]), reasons, state=_state(thread, statements, wont_fix=wont_fix))
    pointed_to = reasons_pointed_to(thread, statements, rules) if disposition not in _SETTLED else []
    if pointed_to:
        return admit(thread, _lesson(pointed_to[0]), pointed_to, state=_state(thread, statements, wont_fix=wont_fix))
    if disposition:
        return refuse(disposition, f"the closing remark reads as {disposition}")
    if wont_fix:
        return refuse("label_only", "a won't-fix label, and nobody says why")
    return refuse("refusal_no_rationale", "nobody who decides gives a reason")


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


def _judge_superseded(thread: Thread, statements: Sequence[Statement], successor: int, rules: CaptureRules) -> Verdict:
    """ "Closed in favour of #5" teaches nothing; that #5 solves it in another way does, wherever it is said."""
    naming = [s for s in statements if s.decides and f"{successor}" in s.sentence and _compares(s.sentence)]
    reasons = [*naming, *(s for s in find_reasons(statements, enough=AMONG_OTHERS) if s not in naming)]
    reasons = reasons or successors_reasons(thread, successor, rules)
    if not reasons:
        refused = refuse("superseded_no_rationale", f"#{successor} takes over, and nobody says why")
        other = thread.find_linked(successor)
        return replace(refused, awaits=successor) if other and other.closed_as == "open" else refused
    return admit(thread, "superseded", reasons, state="superseded", successor=successor)


def _compares(sentence: str) -> bool:
    return bool(_SOLVES.search(sentence)) or (
        bool(_GOES_ON.search(sentence)) and len(sentence.split()) >= COMPARING_WORDS
    )


def _with_the_no(reasons: Sequence[Statement], deciding: Sequence[Statement]) -> list[Statement]:
    """The weightiest reason, and the sentence in which somebody else says no if the best ones leave it out."""
    kept = list(reasons)
    refusing = [s for s in deciding if Cue.REFUSAL in s.cues and s.judges_another and not s.asks and is_quotable(s)]
    if kept and refusing and not any(s in refusing for s in kept[:QUOTES_AT_MOST]):
        kept.insert(QUOTES_AT_MOST - 1, max(refusing, key=lambda s: s.weight))
    return kept


def _enough(thread: Thread, disposition: NoLesson | None, *, stands: bool, deciding: Sequence[Statement]) -> float:
    enough = ENOUGH
    enough += UNMERGED if thread.kind == "pull_request" else 0.0
    enough += STANDS if stands else 0.0
    enough += ENDS_OTHERWISE if disposition else 0.0
    enough += SAID_DONE if any(Cue.DONE in s.cues for s in deciding) and not disposition else 0.0
    enough += A_DEFECT if _DEFECT.search(thread.title) and thread.kind == "issue" else 0.0
    enough += MUCH_TALK if len(thread.remarks) >= MANY_REMARKS else 0.0
    return enough


def _takes_a_late_stand(deciding: Sequence[Statement]) -> bool:
    remarks = list(dict.fromkeys(id(s.remark) for s in reversed(deciding)))
    return any(s.cues & AGAINST and not s.asks for s in deciding if id(s.remark) in remarks[:LATE_REMARKS])


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
    ending = [s for s in statements if (s.last_word or s.remark is last) and _speaks_of_the_thread(s)]
    shown = frozenset(cue for s in ending for cue in s.cues)
    if _is_answered(thread, statements):
        shown |= {Cue.SUPPORT}
    elif _advises_while_refusing(ending, statements):
        shown -= {Cue.SUPPORT}
    return next((no_lesson for cue, no_lesson in DISPOSITIONS.items() if cue in shown), None)


def _advises_while_refusing(ending: Sequence[Statement], statements: Sequence[Statement]) -> bool:
    """ "We won't. You can use a filter instead." """
    remarks = [s.remark for s in ending if Cue.SUPPORT in s.cues]
    return any(Cue.REFUSAL in s.cues and s.judges_another and s.remark in remarks for s in statements)


def _is_answered(thread: Thread, statements: Sequence[Statement]) -> bool:
    """Somebody asked how to do something, and nobody who decides said no to anything."""
    asked = [thread.title, *(s for s in read_sentences(thread.description) if s.endswith("?"))]
    refused = any(s.cues & _SAYS_NO and not s.asks for s in statements if s.judges_another)
    return thread.kind == "issue" and not refused and any(map(_ASKS_HOW.match, asked))


def _speaks_of_the_thread(statement: Statement) -> bool:
    """A long sentence that names no thread argues: "half of the pages were out of date within a release"."""
    return Form.LONG not in statement.forms or bool(_NAMES_THREAD.search(statement.sentence))


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
