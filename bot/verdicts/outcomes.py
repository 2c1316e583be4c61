"""The two ends of judging: to refuse with a class and a line, to admit with the sentences it rests on."""

from collections.abc import Sequence
from typing import Final

from bot.sanitize import find_orders, find_secrets
from bot.threads import Thread
from bot.verdicts.cues import Cue
from bot.verdicts.prose import read_sentences
from bot.verdicts.references import find_issue, find_parent, find_reverted
from bot.verdicts.statements import Statement
from bot.verdicts.values import EntryState, Lesson, NoLesson, References, Verdict

QUOTES_AT_MOST: Final = 3
NEVER: Final = frozenset({Cue.NO_REPRO, Cue.ACCIDENT, Cue.SPAM})
REASON: Final = frozenset({Cue.CAUSE, Cue.HARM, Cue.FINDING, Cue.RULE})


def find_reasons(statements: Sequence[Statement], *, enough: float) -> list[Statement]:
    """The weightiest first. Agents read the file: what speaks to them, or holds a secret, is never quoted."""
    worthy = [s for s in statements if s.decides and s.weight >= enough and gives_reason(s)]
    quotable = [s for s in worthy if not find_orders(s.sentence) and not find_secrets(s.sentence)]
    return sorted(quotable, key=lambda s: -s.weight)


def gives_reason(statement: Statement) -> bool:
    """A refusal alone is no reason, and "we decided against it" is a refusal."""
    if statement.cues & NEVER:
        return False
    decided_for = Cue.DECISION in statement.cues and Cue.REFUSAL not in statement.cues
    return bool(statement.cues & REASON) or decided_for


def refuse(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why)


def admit(
    thread: Thread, lesson: Lesson, reasons: Sequence[Statement], *, state: EntryState, successor: int | None = None
) -> Verdict:
    described = read_sentences(thread.description)
    said = [thread.title, *(s for remark in thread.remarks for s in read_sentences(remark.text))]
    issue = find_issue(thread.title, described) if thread.kind == "pull_request" else None
    best = reasons[0]
    return Verdict(
        admit=True,
        reason_class=lesson,
        confidence=min(0.95, 0.5 + best.weight / 16),
        why=f"{best.remark.author} gives the reason",
        rationale=tuple(reason.quote() for reason in reasons[:QUOTES_AT_MOST]),
        state=state,
        refs=References(
            winner=successor,
            superseded_by=successor,
            parent=find_parent(said) or issue,
            reverts=find_reverted(said) if thread.closed_as == "merged" else None,
        ),
    )
