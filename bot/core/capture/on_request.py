"""A maintainer wants an entry, whatever the rules say: the best reason that the thread holds."""

from dataclasses import replace
from typing import Final

from bot.core.capture.ending import conclude
from bot.core.capture.judge_thread import find_reasons
from bot.core.capture.model import shipped_model
from bot.core.reading import read_thread
from bot.core.threads import ClosedAs, Thread
from bot.core.verdicts import CaptureRules, EntryState, Verdict, lowered

FEWEST_WORDS: Final = 5
STATES: Final[dict[ClosedAs, EntryState]] = {
    "open": "open",
    "merged": "merged",
    "completed": "merged",
    "closed_unmerged": "PR closed, not merged",
}


def insist(thread: Thread, rules: CaptureRules) -> Verdict | None:
    """None where nobody who could decide gives a reason."""
    reading = read_thread(thread, ignore_authors=rules.ignore_authors)
    found = find_reasons(reading, shipped_model().score_sentences(reading), rules)
    reasons = [said for said in found if len(said.sentence.split()) >= FEWEST_WORDS]
    if not reasons:
        return None
    verdict = conclude(reading, reasons, rules, tier="proposed", lesson="design_rule")
    return replace(verdict, state=state_of(thread, rules))


def state_of(thread: Thread, rules: CaptureRules) -> EntryState:
    """What the entry of a thread says became of it, from nothing but how it closed."""
    if thread.kind == "issue" and lowered(thread.labels) & lowered(rules.wont_fix_labels):
        return "won't-fix"
    return STATES.get(thread.closed_as, "not-planned")
