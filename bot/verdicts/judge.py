"""Is a closed thread worth an entry? By rule: what was said, by whom, where in the thread, and what came after."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.threads import Thread
from bot.verdicts.cues import Cue, find_cues
from bot.verdicts.prose import read_sentences
from bot.verdicts.references import find_parent, find_reverted, find_superseded_by
from bot.verdicts.statements import STAND, Statement, is_automatic, lowered, read_statements
from bot.verdicts.values import CaptureRules, EntryState, Lesson, NoLesson, References, Verdict

# A refusal alone is no reason.
REASON: Final = frozenset({Cue.CAUSE, Cue.HARM, Cue.FINDING, Cue.DECISION, Cue.RULE})
ENOUGH: Final = 3.5
ENOUGH_WHEN_DONE: Final = 5.0
ENOUGH_BEFORE_THE_END: Final = 4.5
ENOUGH_TO_REVERT: Final = 1.0
ENOUGH_TO_RECORD: Final = 1.0
ENOUGH_TO_REPLACE: Final = 3.0
FEWEST_WORDS: Final = 5
QUOTES_AT_MOST: Final = 3
LATE_REMARKS: Final = 3

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
OTHER_CAUSES: Final = DISPOSITIONS.keys() - {Cue.REPLACEMENT, Cue.SUPPORT}
# Words that undo what stood, as opposed to tidying ("remove unused imports").
_UNDOING: Final = (
    r"(?:revert\w*|roll\w*[ -]?back|rollback|back\w*[ -]?out|undo\w*|disable[sd]?|disabling|downgrad\w+|unpin\w*"
    r"|(?:turn|switch|clos)\w* (?:\S+ ){0,4}off|(?:switch|go|chang|mov)\w* (?:\S+ ){0,2}back"
    r"|restor\w+|reinstat\w+|re-?enabl\w+|resurrect\w*)\b"
)
_UNDOES: Final = re.compile(rf"\b{_UNDOING}", re.IGNORECASE)
_BEGINS_UNDOING: Final = re.compile(rf"\W*(?:this |these )?(?:pr |pull request |change |commit |patch )?{_UNDOING}", re.IGNORECASE)
_TESTS: Final = re.compile(r"\btests?\b", re.IGNORECASE)
_GIVES_UP: Final = re.compile(
    r"^\W*(?:\w+[:(\]/-]\S*\s+){0,2}(?:remov\w+|drop\w*|delet\w+|deprecat\w+|replac\w+|stop\w*|kill\w*|retir\w+|abandon\w*|get rid of)\b"
    r"|\b(?:switch|migrat|mov)\w* (?:\S+ ){0,3}(?:from|off|away)\b|\bin favou?r of\b",
    re.IGNORECASE,
)
_TIDIES: Final = re.compile(
    r"\b(?:unused|dead|typos?|tests?|comments?|white ?space|imports?|docs?|documentation|warnings?|redundan\w+|unnecessary|unneeded"
    r"|obsolete|old|stray|extra\w*|duplicate\w*|left-?over|useless|temporary|todos?|fixmes?|links?|references?|lines?|hacks?|workarounds?"
    r"|superfluous|needless|outdated|stale|files?|snapshots?|example\w*|readme|changelog|copyright|debug\w*|logging|helper\w*|code|mentions?|wrong|incorrect|bogus|fix\w*|rename\w*)\b",
    re.IGNORECASE,
)
_RECORDS_DECISION: Final = re.compile(r"\b(?:adr|decision record)\b", re.IGNORECASE)
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
    if _is_empty(thread):
        return refuse("spam_or_test", "it proposes nothing: neither title nor description says what")
    if thread.author.lower() in lowered(rules.ignore_authors):
        return refuse("process_only", f"the repository ignores what {thread.author} opens")
    return None


def _is_empty(thread: Thread) -> bool:
    """A title of one word over a template left blank. (A thread without a description may have lost it.)"""
    said = [s for s in read_sentences(thread.description) if len(s.split()) >= FEWEST_WORDS and "?" not in s[-3:]]
    return len(thread.title.split()) < 2 and bool(thread.description.strip()) and not said


def refuse(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why)


def _judge_merged(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    described = [s for s in statements if s.remark.kind == "description"]
    enough = _enough_to_reverse(thread, [s.sentence for s in described])
    if enough is None:
        return refuse("completed_no_lesson", "merged, and it reverses no decision")
    reasons = _reasons([s for s in described if len(s.sentence.split()) >= FEWEST_WORDS], enough=enough)
    if not reasons:
        return refuse("completed_no_lesson", "it reverses something, and nobody says why")
    return _admit(thread, "reversed_decision", reasons, state="merged")


def _enough_to_reverse(thread: Thread, described: Sequence[str]) -> float | None:
    """How good the reason must be: the clearer the reversal, the less. None: nothing is reversed."""
    undoes = _UNDOES.search(thread.title) and not _TESTS.search(thread.title)
    if undoes or _BEGINS_UNDOING.match(" ".join(described[:1])) or find_reverted(described):
        return ENOUGH_TO_REVERT
    if _RECORDS_DECISION.search(thread.title):
        return ENOUGH_TO_RECORD
    if _GIVES_UP.search(thread.title) and not _TIDIES.search(thread.title):
        return ENOUGH_TO_REPLACE
    return None


def _is_umbrella(thread: Thread) -> bool:
    return any(_UMBRELLA.search(text) for text in (thread.title, *thread.labels))


def _judge_umbrella(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    reasons = _reasons([s for s in statements if s.last_word and Cue.DONE not in s.cues], enough=ENOUGH)
    if not reasons:
        return refuse("completed_no_lesson", "an umbrella closed without a rule to keep")
    left_over = any(_LEFT_OVER.search(statement.sentence) for statement in statements if statement.last_word)
    return _admit(thread, "audit_summary", reasons, state="partial" if left_over else "merged")


def _judge_refused(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    successor = find_superseded_by([statement.sentence for statement in statements])
    if successor:
        return _judge_superseded(thread, statements, successor)
    disposition = _disposition(thread, statements)
    reasons = _reasons(_eligible(thread, statements), enough=_enough(thread, disposition))
    wont_fix = bool(lowered(thread.labels) & lowered(rules.wont_fix_labels))
    if reasons and not _closed_for_another_cause(statements):
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


def _eligible(thread: Thread, statements: Sequence[Statement]) -> Sequence[Statement]:
    """What may be the reason. Nobody refused an issue that merely closed, unless a late remark takes a stand."""
    if thread.kind == "pull_request" or thread.closed_as == "not_planned":
        return statements
    deciding = [s for s in statements if s.decides]
    remarks = list(dict.fromkeys(id(s.remark) for s in reversed(deciding)))
    late = remarks[: 1 if _DEFECT.search(thread.title) else LATE_REMARKS]
    stands = [id(s.remark) for s in deciding if s.cues & STAND and not s.asks]
    return [
        s
        for s in deciding
        if id(s.remark) in late and id(s.remark) in stands and (s.last_word or s.weight >= ENOUGH_BEFORE_THE_END)
    ]


def _closed_for_another_cause(statements: Sequence[Statement]) -> bool:
    """The remark that closes names a cause of its own: the reasons given before were not what settled it."""
    closing = [s for s in statements if Cue.CLOSING in s.cues and (s.decides or not s.judges_another)]
    if not closing:
        return False
    shown = frozenset(cue for s in statements if s.remark is closing[-1].remark for cue in s.cues)
    return bool(shown & OTHER_CAUSES) and not shown & {Cue.REFUSAL, Cue.HARM}


def _enough(thread: Thread, disposition: NoLesson | None) -> float:
    if thread.kind == "issue" and thread.closed_as in ("closed", "completed") and (disposition or _DEFECT.search(thread.title)):
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
    worthy = [s for s in statements if s.decides and s.weight >= enough and s.cues & REASON]
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
