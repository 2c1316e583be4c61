"""Is a closed thread worth an entry? By rule: what was said, by whom, where in the thread, and what came after."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.threads import Thread
from bot.verdicts.cues import Cue, find_cues
from bot.verdicts.prose import read_sentences
from bot.verdicts.references import find_parent, find_reverted, find_superseded_by
from bot.verdicts.statements import Statement, is_automatic, lowered, read_statements
from bot.verdicts.values import CaptureRules, EntryState, Lesson, NoLesson, References, Verdict

ENOUGH: Final = 3.5
ENOUGH_WHEN_DONE: Final = 5.0
ENOUGH_TO_REVERT: Final = 1.0
QUOTES_AT_MOST: Final = 3

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
# Words that undo what stood, as opposed to tidying ("remove unused imports").
_UNDOES: Final = re.compile(
    r"\b(?:revert\w*|roll\w*[ -]?back|rollback|back\w*[ -]?out|undo\w*|disable[sd]?|disabling|downgrad\w+|unpin\w*"
    r"|(?:turn|switch|clos)\w* (?:\S+ ){0,4}off|(?:switch|go|chang|mov)\w* (?:\S+ ){0,2}back"
    r"|restor\w+|reinstat\w+|re-?enabl\w+|resurrect\w*)\b",
    re.IGNORECASE,
)
_RECORDS_DECISION: Final = re.compile(r"\b(?:adr|rfc|decision record)\b", re.IGNORECASE)
_UMBRELLA: Final = re.compile(r"\b(?:epic|umbrella|tracking issue|meta|audit|post-?mortem|findings|retrospective)\b", re.IGNORECASE)
_DEFECT: Final = re.compile(
    r"\b(?:segfault\w*|crash\w*|ice|errors?|fail\w*|wrong\w*|bugs?|buggy|panic\w*|leak\w*|broken|breaks?|regression|incorrect\w*"
    r"|(?:does|do|is|can|did)(?: ?not|n['’]t)|cannot|unexpected\w*|assert\w*|hangs?|freez\w*|corrupt\w*|missing|invalid|exception)\b",
    re.IGNORECASE,
)
_SOLVES: Final = re.compile(r"\b(?:solv\w+|solution|approach|different\w*|alternative|better|cleaner|simpler|properly|instead)\b", re.IGNORECASE)
_WONT_FIX: Final = re.compile(r"\bwon['’]?t ?fix\b", re.IGNORECASE)
_LEFT_OVER: Final = re.compile(
    r"\b(?:(?:stays?|remains?|left|kept|still) open|not part of|partial\w*|inconclusive|follow-?ups?|deferred|remaining)\b", re.IGNORECASE
)


def judge_thread(thread: Thread, rules: CaptureRules = CaptureRules()) -> Verdict:  # noqa: B008 - frozen
    refusal = _refused_unread(thread, rules)
    if refusal:
        return refusal
    statements = read_statements(thread, rules)
    if thread.closed_as == "merged":
        return _judge_merged(thread, statements)
    if _is_umbrella(thread):
        return _judge_umbrella(thread, statements)
    return _judge_refused(thread, statements, rules)


def _refused_unread(thread: Thread, rules: CaptureRules) -> Verdict | None:
    if thread.closed_as == "open":
        return refuse("still_open", "the thread is open")
    ignored = lowered(thread.labels) & lowered(rules.ignore_labels)
    if ignored:
        return refuse("process_only", f"the repository ignores the label {min(ignored)}")
    if thread.author.lower() in lowered(rules.ignore_authors):
        return refuse("process_only", f"the repository ignores what {thread.author} opens")
    return None


def refuse(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why)


def _judge_merged(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    opening = [statement.sentence for statement in statements if statement.remark.kind == "description"][:3]
    undoes = any(_UNDOES.search(text) for text in (thread.title, *opening))
    if not undoes and Cue.REVERSAL not in find_cues(" ".join((thread.title, *opening))) and not _RECORDS_DECISION.search(thread.title):
        return refuse("completed_no_lesson", "merged, and it reverses nothing")
    described = [statement for statement in statements if statement.remark.kind == "description" and len(statement.sentence.split()) >= 6]
    enough = ENOUGH_TO_REVERT if _UNDOES.search(thread.title) else ENOUGH
    reasons = _reasons(described, enough=enough)
    if not reasons:
        return refuse("completed_no_lesson", "it reverses something, and nobody says why")
    return _admit(thread, "reversed_decision", reasons, state="merged")


def _is_umbrella(thread: Thread) -> bool:
    return any(_UMBRELLA.search(text) for text in (thread.title, *thread.labels))


def _judge_umbrella(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    reasons = _reasons([statement for statement in statements if statement.last_word], enough=ENOUGH - 1)
    if not reasons:
        return refuse("completed_no_lesson", "an umbrella closed without a rule to keep")
    left_over = any(_LEFT_OVER.search(statement.sentence) for statement in statements if statement.last_word)
    return _admit(thread, "audit_summary", reasons, state="partial" if left_over else "merged")


def _judge_refused(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    successor = find_superseded_by([statement.sentence for statement in statements])
    if successor:
        return _judge_superseded(thread, statements, successor)
    disposition = _disposition(thread, statements)
    reasons = _reasons(statements, enough=_enough(thread, disposition))
    wont_fix = bool(lowered(thread.labels) & lowered(rules.wont_fix_labels))
    if reasons and (wont_fix or _refused(thread, statements)) and not _closed_for_another_cause(statements):
        return _admit(thread, _lesson(reasons[0]), reasons, state=_refused_state(thread, statements, wont_fix=wont_fix))
    if disposition:
        return refuse(disposition, f"the closing remark reads as {disposition}")
    if wont_fix:
        return refuse("label_only", "a won't-fix label, and nobody says why")
    return refuse("refusal_no_rationale", "nobody who decides gives a reason")


def _judge_superseded(thread: Thread, statements: Sequence[Statement], successor: int) -> Verdict:
    naming = [s for s in statements if f"#{successor}" in s.sentence or f"/{successor}" in s.sentence]
    reasons = _reasons(statements, enough=ENOUGH) or [s for s in naming if s.decides and _SOLVES.search(s.sentence)]
    if not reasons:
        return refuse("superseded_no_rationale", f"#{successor} takes over, and nobody says why")
    return _admit(thread, "superseded", reasons, state="superseded", successor=successor)


def _refused(thread: Thread, statements: Sequence[Statement]) -> bool:
    """GitHub says it, or one of the last two remarks of people who decide does (of a defect: the very last one)."""
    if thread.kind == "pull_request" or thread.closed_as == "not_planned":
        return True
    deciding = [s for s in statements if s.decides]
    last_two = list(dict.fromkeys(id(s.remark) for s in reversed(deciding)))[: 1 if _DEFECT.search(thread.title) else 2]
    return any(id(s.remark) in last_two and s.cues & {Cue.REFUSAL, Cue.DECISION} for s in deciding)


def _closed_for_another_cause(statements: Sequence[Statement]) -> bool:
    """The remark that closes names a cause of its own: the reasons given before were not what settled it."""
    closing = [s for s in statements if Cue.CLOSING in s.cues and (s.decides or not s.judges_another)]
    if not closing:
        return False
    shown = frozenset(cue for s in statements if s.remark is closing[-1].remark for cue in s.cues)
    return bool(shown & DISPOSITIONS.keys()) and not shown & {Cue.REFUSAL, Cue.HARM}


def _enough(thread: Thread, disposition: NoLesson | None) -> float:
    if thread.kind == "issue" and thread.closed_as in ("closed", "completed") and disposition:
        return ENOUGH_WHEN_DONE
    return ENOUGH


def _disposition(thread: Thread, statements: Sequence[Statement]) -> NoLesson | None:
    last = thread.remarks[-1] if thread.remarks else None
    if last and is_automatic(last) and last.kind != "description":
        return "bot_autoclose"
    closing = [s for s in statements if s.last_word or s.remark is last]
    shown = frozenset(cue for s in closing for cue in s.cues)
    return next((no_lesson for cue, no_lesson in DISPOSITIONS.items() if cue in shown), None)


def _lesson(reason: Statement) -> Lesson:
    if Cue.RULE in reason.cues and Cue.HARM not in reason.cues:
        return "design_rule"
    if Cue.FINDING in reason.cues:
        return "disproven_hypothesis"
    return "wont_fix_rationale"


def _refused_state(thread: Thread, statements: Sequence[Statement], *, wont_fix: bool) -> EntryState:
    if wont_fix or any(s.decides and _WONT_FIX.search(s.sentence) for s in statements):
        return "won't-fix"
    return "PR closed, not merged" if thread.kind == "pull_request" else "not-planned"


def _reasons(statements: Sequence[Statement], *, enough: float) -> list[Statement]:
    worthy = [s for s in statements if s.decides and s.weight >= enough]
    return sorted(worthy, key=lambda s: -s.weight)[:QUOTES_AT_MOST]


def _admit(
    thread: Thread, lesson: Lesson, reasons: Sequence[Statement], *, state: EntryState, successor: int | None = None
) -> Verdict:
    said = [thread.title, *(s for remark in thread.remarks for s in read_sentences(remark.text))]
    return Verdict(
        admit=True,
        reason_class=lesson,
        confidence=min(0.95, 0.5 + reasons[0].weight / 16),
        why=f"{reasons[0].remark.author} gives the reason",
        rationale=tuple(reason.quote() for reason in reasons),
        state=state,
        refs=References(
            winner=successor,
            superseded_by=successor,
            parent=find_parent(said),
            reverts=find_reverted(said) if thread.closed_as == "merged" else None,
        ),
    )
