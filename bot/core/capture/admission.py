"""The two ends of judging: to refuse with a class and a line, to admit with the sentences it rests
on."""

from collections.abc import Sequence
from typing import Final

from bot.core.reading.cues import Cue
from bot.core.reading.references import (
    find_grounds,
    find_issue,
    find_parent,
    find_pointer,
    find_reverted,
    find_winner,
)
from bot.core.reading.remark_text import read_sentences
from bot.core.reading.sentence_form import Form
from bot.core.reading.statements import Statement
from bot.core.text.cleaning import find_orders
from bot.core.text.secrets import find_secrets
from bot.core.threads import ClosedAs, Thread
from bot.core.verdicts import EntryState, Lesson, NoLesson, ReasonClass, References, Verdict

QUOTES_AT_MOST: Final = 3
NEVER: Final = frozenset({Cue.NO_REPRO, Cue.ACCIDENT, Cue.SPAM})
REASON: Final = frozenset({Cue.CAUSE, Cue.HARM, Cue.FINDING, Cue.RULE})
ARGUED: Final = frozenset({Form.LONG, Form.JOINS})

# Closed, and yet nobody decided on what was proposed.
UNDECIDED: Final[frozenset[ReasonClass]] = frozenset(
    {
        "accidental",
        "bot_autoclose",
        "completed_no_lesson",
        "duplicate",
        "no_repro",
        "process_only",
        "spam_or_test",
        "stale",
        "support",
        "works_for_me",
    }
)


def find_reasons(statements: Sequence[Statement], *, enough: float) -> list[Statement]:
    """The weightiest first. Agents read the file: what speaks to them, or holds a secret, is never
    quoted."""
    worthy = [s for s in statements if s.decides and s.weight >= enough and gives_reason(s)]
    return sorted(filter(is_quotable, worthy), key=lambda s: -s.weight)


def is_quotable(statement: Statement) -> bool:
    return not find_orders(statement.sentence) and not find_secrets(statement.sentence)


def gives_reason(statement: Statement) -> bool:
    """A refusal alone is no reason, and "we decided against it" is a refusal."""
    if statement.cues & NEVER:
        return False
    decided_for = Cue.DECISION in statement.cues and Cue.REFUSAL not in statement.cues
    return bool(statement.cues & REASON or statement.forms & ARGUED) or decided_for


def is_decision(closed_as: ClosedAs, verdict: Verdict) -> bool:
    """Was something turned down or taken back, with a reason worth an entry or without? Recall
    searches these."""
    if closed_as == "open":
        return False
    return verdict.admit or (
        closed_as in ("not_planned", "closed_unmerged") and verdict.reason_class not in UNDECIDED
    )


def refuse(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why)


def admit(
    thread: Thread,
    lesson: Lesson,
    reasons: Sequence[Statement],
    *,
    state: EntryState,
    successor: int | None = None,
    confidence: float | None = None,
) -> Verdict:
    best = reasons[0]
    return Verdict(
        admit=True,
        reason_class=lesson,
        confidence=confidence or max(0.5, min(0.95, 0.5 + best.weight / 30)),
        why=f"{best.remark.author} gives the reason{_where(best, thread)}",
        rationale=tuple(reason.quote() for reason in reasons[:QUOTES_AT_MOST]),
        state=state,
        refs=_name(thread, reasons[:QUOTES_AT_MOST], successor=successor),
    )


def _name(thread: Thread, reasons: Sequence[Statement], *, successor: int | None) -> References:
    """A thread has one role, and never refers to itself."""
    said = [thread.title, *(s for remark in thread.remarks for s in read_sentences(remark.text))]
    merged = thread.closed_as == "merged"
    judged = _said_by_others_who_write(thread)
    winner = successor or (None if merged else find_winner(judged))
    issue = (
        find_issue(thread.title, read_sentences(thread.description))
        if thread.kind == "pull_request"
        else None
    )
    # What a merged change points to may be anything; a refusal points to where its reasons stand.
    ground = (
        None
        if merged
        else find_grounds(judged) or find_pointer([reason.sentence for reason in reasons])
    )
    parent = thread.parent or find_parent(said) or issue or ground
    return References(
        winner=winner if winner != thread.number else None,
        superseded_by=successor,
        parent=parent if parent not in (thread.number, winner) else None,
        reverts=find_reverted(said) if merged else None,
    )


def _said_by_others_who_write(thread: Thread) -> list[str]:
    remarks = (
        remark for remark in thread.remarks if remark.writes and remark.author != thread.author
    )
    return [sentence for remark in remarks for sentence in read_sentences(remark.text)]


def _where(reason: Statement, thread: Thread) -> str:
    other = next((other for other in thread.linked if reason.remark in other.remarks), None)
    return f" in #{other.number}" if other else ""
