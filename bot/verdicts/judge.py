"""Is a closed thread worth an entry? By rule: what was said, by whom, where in the thread, and what came after."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.threads import Remark, Thread
from bot.verdicts.cues import Cue, find_cues
from bot.verdicts.prose import read_citations, read_sentences
from bot.verdicts.references import find_parent, find_reverted, find_superseded_by
from bot.verdicts.values import CaptureRules, EntryState, Lesson, NoLesson, Quote, References, Verdict

WEIGHTS: Final[Mapping[Cue, float]] = {
    Cue.REFUSAL: 2.0,
    Cue.CAUSE: 1.5,
    Cue.HARM: 1.5,
    Cue.RULE: 1.0,
    Cue.FINDING: 1.0,
    Cue.DECISION: 1.0,
    Cue.REPLACEMENT: 1.0,
    Cue.REVERSAL: 0.5,
    Cue.CLOSING: 0.5,
    Cue.DEFERRAL: -0.5,
    Cue.GUESS: -0.5,
    Cue.COURTESY: -0.5,
    Cue.REQUEST: -1.5,
    Cue.PROCESS: -1.5,
    Cue.SUPPORT: -1.5,
    Cue.STALE: -1.5,
    Cue.DUPLICATE: -1.5,
    Cue.DONE: -2.0,
    Cue.WORKS: -2.0,
    Cue.NO_REPRO: -3.0,
    Cue.ACCIDENT: -3.0,
    Cue.SPAM: -4.0,
}
QUESTION: Final = -3.0
SHORT: Final = -2.0
LAST_WORD: Final = 1.0
ENOUGH: Final = 3.5
ENOUGH_TO_REVERSE: Final = 1.5
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
STRONG_REVERSAL: Final = re.compile(
    r"\b(?:revert\w*|roll\w*[ -]?back|rollback|back\w*[ -]?out|undo\w*|disable[sd]?|disabling|turn\w* off|switch\w* (?:off|back)|go\w* back|downgrad\w+|unpin\w*|restor\w+|reinstat\w+|re-?enabl\w+|resurrect\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence in its place. ``decides``: its author could settle the thread; ``last_word``: in their last remark."""

    sentence: str
    remark: Remark
    cues: frozenset[Cue]
    decides: bool
    last_word: bool

    @property
    def weight(self) -> float:
        weight = sum(WEIGHTS.get(cue, 0.0) for cue in self.cues)
        weight += QUESTION if self.sentence.endswith("?") else 0.0
        weight += SHORT if len(self.sentence.split()) < 5 else 0.0
        return weight + (LAST_WORD if self.last_word else 0.0)

    def quote(self) -> Quote:
        remark = self.remark
        return Quote(sentence=self.sentence, author=remark.author, writes=remark.writes, url=remark.url, at=remark.at)


def judge_thread(thread: Thread, rules: CaptureRules = CaptureRules()) -> Verdict:  # noqa: B008 - frozen
    refusal = _refused_unread(thread, rules)
    if refusal:
        return refusal
    statements = read_statements(thread, rules)
    if thread.closed_as == "merged":
        return _judge_reversal(thread, statements)
    return _judge_refusal(thread, statements, rules)


def _refused_unread(thread: Thread, rules: CaptureRules) -> Verdict | None:
    if thread.closed_as == "open":
        return refuse("still_open", "the thread is open")
    if _lowered(thread.labels) & _lowered(rules.ignore_labels):
        return refuse("process_only", "a label of this thread is ignored by the repository")
    if thread.author.lower() in _lowered(rules.ignore_authors):
        return refuse("process_only", "the author of this thread is ignored by the repository")
    return None


def _lowered(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def refuse(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why)


def read_statements(thread: Thread, rules: CaptureRules) -> list[Statement]:
    ignored = _lowered(rules.ignore_authors)
    remarks = [
        remark
        for remark in thread.remarks
        if not remark.bot and remark.author.lower() not in ignored and not _edited_after_closing(remark, thread)
    ]
    deciding = [remark for remark in remarks if _decides(remark, thread)]
    last = deciding[-1] if deciding else None
    return [
        Statement(
            sentence=sentence,
            remark=remark,
            cues=find_cues(sentence),
            decides=remark in deciding,
            last_word=remark is last,
        )
        for remark in remarks
        for sentence in read_sentences(remark.text) + read_citations(remark.text)
    ]


def _edited_after_closing(remark: Remark, thread: Thread) -> bool:
    return bool(remark.edited_at and thread.closed_at and remark.edited_at > thread.closed_at)


def _decides(remark: Remark, thread: Thread) -> bool:
    if remark.writes:
        return True
    if remark.author != thread.author:
        return False
    if thread.closed_as == "merged":
        return remark.kind == "description"  # merging adopted it
    return thread.kind == "pull_request" and remark.kind != "description"  # withdrawing is the author's own decision


def _judge_reversal(thread: Thread, statements: Sequence[Statement]) -> Verdict:
    occasion = find_cues(thread.title)
    opening = [statement for statement in statements if statement.remark.kind == "description"][:3]
    reverses = Cue.REVERSAL in occasion or any(STRONG_REVERSAL.search(statement.sentence) for statement in opening)
    if not reverses:
        return refuse("completed_no_lesson", "merged, and it reverses nothing")
    strong = STRONG_REVERSAL.search(thread.title)
    enough = ENOUGH_TO_REVERSE if strong else ENOUGH
    reasons = _reasons(statements, enough=enough)
    if not reasons:
        return refuse("completed_no_lesson", "it reverses something, and nobody says why")
    return _admit(thread, "reversed_decision", reasons, state="merged")


def _judge_refusal(thread: Thread, statements: Sequence[Statement], rules: CaptureRules) -> Verdict:
    reasons = _reasons(statements, enough=ENOUGH)
    refused = thread.kind == "pull_request" or thread.closed_as == "not_planned"
    stance = any(statement.decides and statement.cues & {Cue.REFUSAL, Cue.DECISION} for statement in statements)
    disposition = _disposition(statements)
    wont_fix = bool(_lowered(thread.labels) & _lowered(rules.wont_fix_labels))
    if reasons and (refused or stance or wont_fix) and not (disposition and reasons[0].weight < ENOUGH + 1):
        state: EntryState = "PR closed, not merged" if thread.kind == "pull_request" else "not-planned"
        if wont_fix:
            state = "won't-fix"
        return _admit(thread, "wont_fix_rationale", reasons, state=state)
    if disposition:
        return refuse(disposition, f"closing remark reads as {disposition}")
    if wont_fix:
        return refuse("label_only", "won't-fix label, and nobody says why")
    return refuse("refusal_no_rationale", "nobody who decides says why")


def _disposition(statements: Sequence[Statement]) -> NoLesson | None:
    closing = [statement for statement in statements if statement.last_word]
    shown = frozenset(cue for statement in closing for cue in statement.cues)
    return next((lesson for cue, lesson in DISPOSITIONS.items() if cue in shown), None)


def _reasons(statements: Sequence[Statement], *, enough: float) -> list[Statement]:
    worthy = [statement for statement in statements if statement.decides and statement.weight >= enough]
    return sorted(worthy, key=lambda statement: -statement.weight)[:QUOTES_AT_MOST]


def _admit(thread: Thread, lesson: Lesson, reasons: Sequence[Statement], *, state: EntryState) -> Verdict:
    refs = _references(thread)
    if refs.superseded_by and thread.closed_as != "merged":
        lesson, state = "superseded", "superseded"
    return Verdict(
        admit=True,
        reason_class=lesson,
        confidence=min(0.95, 0.5 + reasons[0].weight / 16),
        why=f"{reasons[0].remark.author} gives the reason",
        rationale=tuple(reason.quote() for reason in reasons),
        state=state,
        refs=refs,
    )


def _references(thread: Thread) -> References:
    said = [sentence for remark in thread.remarks for sentence in read_sentences(remark.text) if not remark.bot]
    successor = find_superseded_by(said) if thread.closed_as != "merged" else None
    reverted = find_reverted([thread.title, *said]) if thread.closed_as == "merged" else None
    parent = find_parent([thread.title, *said])
    return References(winner=successor, superseded_by=successor, parent=parent, reverts=reverted)
