"""A maintainer wants an entry, whatever the rules say: the best reason that the thread holds."""

from typing import Final

from bot.core.capture.admission import admit, find_reasons
from bot.core.reading.statements import lowered, read_statements
from bot.core.threads import ClosedAs, Thread
from bot.core.verdicts import CaptureRules, EntryState, Verdict

# Any reason will do that is not outweighed by what else its sentence is.
ENOUGH: Final = 0.5
FEWEST_WORDS: Final = 5
STATES: Final[dict[ClosedAs, EntryState]] = {
    "open": "open",
    "merged": "merged",
    "completed": "merged",
    "closed_unmerged": "PR closed, not merged",
}


def insist(thread: Thread, rules: CaptureRules) -> Verdict | None:
    """None where nobody who could decide gives a reason."""
    statements = [
        s
        for s in read_statements(thread, rules)
        if len(s.sentence.split()) >= FEWEST_WORDS and not s.asks
    ]
    reasons = find_reasons(statements, enough=ENOUGH)
    return admit(thread, "design_rule", reasons, state=state_of(thread, rules)) if reasons else None


def state_of(thread: Thread, rules: CaptureRules) -> EntryState:
    """What the entry of a thread says became of it, from nothing but how it closed."""
    if thread.kind == "issue" and lowered(thread.labels) & lowered(rules.wont_fix_labels):
        return "won't-fix"
    return STATES.get(thread.closed_as, "not-planned")
