"""Is a closed thread worth an entry? First what became of it, then whether a reason is worth
keeping, then which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.capture.deciding import find_deciding
from bot.core.capture.ending import conclude, is_quotable, refuse
from bot.core.capture.features import spoken
from bot.core.capture.linked_threads import (
    find_successor,
    merely_points,
    reasons_pointed_to,
    successors_reasons,
)
from bot.core.capture.model import Model, shipped_model
from bot.core.capture.outcome import (
    find_cause,
    find_outcome,
    is_finished_umbrella,
    says_no_plainly,
    without_taken_back,
)
from bot.core.capture.reverted import judge_merged
from bot.core.reading import Reading, Said, read_thread
from bot.core.reading.moves import Move
from bot.core.reading.references import find_grounds, find_same, find_superseded_by
from bot.core.reading.words import count_words, is_english
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Lesson, NoLesson, Tier, Verdict, lowered

DEFAULT_RULES: Final = CaptureRules()
# A decision in a language without fitted rows is offered where somebody who decides said so much at
# the end.
SAID_ENOUGH: Final = 6


# Between sentences nearly as likely, the one that names a cost or a cause: few rows teach it, so it
# is given.
NAMES_A_COST: Final = 0.5
_SILENT: Final = "nobody who decides gives a reason"
_NO_REASON: Final = "what was said does not read as a reason to keep"
_UNREAD: Final = "in a language that was not measured, and nobody turned it down at length"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was found out about a closed thread; ``score``: the log odds that people would keep
    it."""

    reading: Reading
    rules: CaptureRules
    reasons: Sequence[Said]
    score: float
    cause: NoLesson | None
    successor: int | None

    @property
    def awaited(self) -> int | None:
        """The thread that took its place, and is open: it may say why once it is merged."""
        other = self.reading.thread.find_linked(self.successor)
        return other.number if other and other.closed_as == "open" else None

    def conclude(self, tier: Tier) -> Verdict:
        lesson: Lesson = "superseded" if self.successor else _lesson(self.reasons[0])
        return conclude(
            self.reading,
            self.reasons,
            self.rules,
            tier=tier,
            lesson=lesson,
            score=self.score,
            successor=self.successor,
        )


def _lesson(reason: Said) -> Lesson:
    if "refuses" in reason.moves or "weighs" in reason.moves:
        return "wont_fix_rationale"
    if "intended" in reason.moves:
        return "design_rule"
    return "disproven_hypothesis" if "settles" in reason.moves else "wont_fix_rationale"


def judge_thread(
    thread: Thread, rules: CaptureRules = DEFAULT_RULES, *, model: Model | None = None
) -> Verdict:
    unread = refuse_unread(thread, rules)
    if unread:
        return unread
    reading = read_thread(thread, ignore_authors=rules.ignore_authors)
    model = model or shipped_model()
    if thread.closed_as == "merged":
        return judge_merged(reading, rules, model)
    return _judge_closed(reading, rules, model)


def refuse_unread(thread: Thread, rules: CaptureRules) -> Verdict | None:
    ignored = refuse_ignored(thread, rules)
    if ignored:
        return ignored
    if thread.closed_as == "duplicate":
        return refuse("duplicate", "closed as a duplicate: the original holds the decision")
    if thread.landed and thread.closed_as != "merged":
        return refuse("completed_no_lesson", "a commit closed it: what it asked for was done")
    return None


def refuse_ignored(thread: Thread, rules: CaptureRules) -> Verdict | None:
    """What nobody reads: open threads, and what the repository's settings leave out."""
    if thread.closed_as == "open":
        return refuse("still_open", "the thread is open")
    ignored = lowered(thread.labels) & lowered(rules.ignore_labels)
    if ignored:
        return refuse("process_only", f"the repository ignores the label {min(ignored)}")
    if thread.author.lower() in lowered(rules.ignore_authors):
        return refuse("process_only", f"the repository ignores what {thread.author} opens")
    return None


def _judge_closed(reading: Reading, rules: CaptureRules, model: Model) -> Verdict:
    thread = reading.thread
    scores = model.score_sentences(reading)
    reasons = find_reasons(reading, scores, rules)
    case = Case(
        reading=reading,
        rules=rules,
        reasons=reasons,
        score=model.score_thread(reading, scores),
        cause=find_cause(reading),
        successor=_find_successor(reading, rules),
    )
    if is_finished_umbrella(reading):
        return _judge_umbrella(case)
    if (
        thread.linked
        and not _repeats_a_decision(reading, rules)
        and not (reasons and case.score >= model.proposed)
    ):
        linked = _judge_linked(case, model)
        if linked:
            return linked
    return _judge_said(case, model)


def find_reasons(reading: Reading, scores: Sequence[float], rules: CaptureRules) -> list[Said]:
    """What those who could settle it said, the likeliest reason first."""
    deciding = find_deciding(reading.thread, rules)
    told = [
        score + NAMES_A_COST * ("weighs" in s.moves)
        for score, s in zip(scores, reading.said, strict=True)
    ]
    ranked = sorted(zip(told, reading.said, strict=True), key=lambda each: -each[0])
    standing = without_taken_back(reading.said)
    return [
        said
        for _, said in ranked
        if said.remark in deciding
        and said in standing
        and is_quotable(said)
        and not merely_points(said)
    ]


def _judge_said(case: Case, model: Model) -> Verdict:
    reading, cause = case.reading, case.cause
    if not case.reasons:
        return refuse(cause or "refusal_no_rationale", _SILENT, awaits=case.awaited)
    turned_down = find_outcome(reading) == "turned down"
    if not is_english(said.sentence for said in reading.said if not said.described):
        spoke = any(count_words(remark.text) >= SAID_ENOUGH for remark in spoken(reading)[-2:])
        return (
            case.conclude("perhaps")
            if turned_down and spoke
            else refuse("refusal_no_rationale", _UNREAD)
        )
    if _repeats_a_decision(reading, case.rules):
        return refuse(
            "duplicate", "said to be the same as another thread: that one holds the decision"
        )
    plainly = says_no_plainly(reading)
    if case.score < model.perhaps and not plainly:
        return refuse(cause or "refusal_no_rationale", _NO_REASON, awaits=case.awaited)
    sure = (case.score >= model.proposed or plainly) and cause is None and turned_down
    return case.conclude("proposed" if sure else "perhaps")


def _judge_umbrella(case: Case) -> Verdict:
    """What it taught, if whoever closed it says so: a reason or a result in the last remark of
    somebody who decides."""
    last = spoken(case.reading)[-1:]
    telling: frozenset[Move] = frozenset({"weighs", "settles", "intended"})
    found = [
        s for s in case.reasons if s.remark in last and s.moves & telling and "done" not in s.moves
    ]
    if not found:
        return refuse("completed_no_lesson", "an umbrella closed without a rule to keep")
    return conclude(
        case.reading, found, case.rules, tier="proposed", lesson="audit_summary", score=case.score
    )


def _judge_linked(case: Case, model: Model) -> Verdict | None:
    """The reason may stand in the thread that took its place, or in the one that people who decide
    point to."""
    thread = case.reading.thread
    found = successors_reasons(thread, case.successor, case.rules, model) if case.successor else []
    found = found or reasons_pointed_to(thread, case.rules, model)
    return (
        replace(case, reasons=found, score=model.proposed).conclude("proposed") if found else None
    )


def _repeats_a_decision(reading: Reading, rules: CaptureRules) -> bool:
    """The last word of those who decide calls it the same as another, and adds no reason of its
    own."""
    deciding = find_deciding(reading.thread, rules)[-1:]
    last = [said for said in reading.said if said.remark in deciding]
    same = find_same([said.sentence for said in last]) is not None
    return same and not any(
        said.moves & {"refuses", "weighs"} and not merely_points(said) and not _is_the_same(said)
        for said in last
    )


def _is_the_same(said: Said) -> bool:
    """ "Duplicate of #1, for the reasons given there in #1" adds nothing to #1."""
    same = find_same([said.sentence])
    return same is not None and find_grounds([said.sentence]) == same


def _find_successor(reading: Reading, rules: CaptureRules) -> int | None:
    """ "Closing since #5 landed" replaces a pull request, and merely solves an issue."""
    deciding = find_deciding(reading.thread, rules)
    told = [said for said in reading.said if said.remark in deciding]
    if reading.thread.kind == "issue":
        told = [said for said in told if "done" not in said.moves]
    named = find_superseded_by([said.sentence for said in told]) or find_successor(reading.thread)
    return named if named != reading.thread.number else None
