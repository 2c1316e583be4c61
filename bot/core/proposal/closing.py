"""The pull request was closed: who did it, what it means for its lines, and the one answer to
it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.core.proposal.amendment import headline
from bot.core.proposal.life import Act, How
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.proposal.review import Proposed
from bot.core.text.cleaning import as_code, harmless
from bot.core.threads import Remark

CLOSED_MARKER: Final = "<!-- precedent:closed -->"
# What is said with a close is said just before it, or soon after.
SAID_WITHIN: Final = timedelta(minutes=10)
NOT_NOW: Final = re.compile(
    r"\b(?:not (?:right |just )?now|not yet|not today|later|freez(?:e|ing)|frozen|on hold|pause)\b",
    re.IGNORECASE,
)
# What a machine took away comes back within a day.
COMES_BACK_AFTER: Final = timedelta(hours=12)
NAMED_AT_MOST: Final = 20

Closer = Literal["writer", "stranger", "machine"]


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Of a pull request that was not merged. ``who`` is empty where GitHub does not say."""

    pull: int
    who: str
    closer: Closer
    at: datetime
    paused_for: timedelta | None = None

    @property
    def refuses(self) -> bool:
        return self.closer == "writer" and self.paused_for is None

    @property
    def how(self) -> How:
        if self.closer != "writer":
            return "not obeyed"
        return "closed" if self.paused_for is None else "paused"


def says_not_now(remarks: Sequence[Remark], *, who: str, closed_at: datetime) -> bool:
    """Whether the one who closed it said meanwhile that it is only put off."""
    return any(
        NOT_NOW.search(remark.text)
        for remark in remarks
        if remark.author == who
        and not remark.bot
        and remark.kind == "comment"
        and abs(remark.at - closed_at) <= SAID_WITHIN
    )


def act_of(closing: Closing, line: Proposed) -> Act:
    """What the close did to one line. What a machine takes away comes back by itself, but once:
    after a second time it waits for news."""
    until = None
    if closing.closer != "writer":
        again = line.act is not None and line.act.how == "not obeyed"
        until = None if again else closing.at + COMES_BACK_AFTER
    elif closing.paused_for is not None:
        until = closing.at + closing.paused_for
    return Act(how=closing.how, at=closing.at, pull=closing.pull, who=closing.who, until=until)


def closing_answer(lines: Sequence[Proposed]) -> str:
    """What the close did to the lines, which all bear its act; what brings them back."""
    act = lines[0].act
    assert act is not None
    who, what = harmless(act.who) or "somebody", _listed(lines)
    day = f"{act.until.day} {act.until:%B %Y}" if act.until else ""
    back = "`/learnings undo` here, or reopening this pull request, proposes them again"
    match act.how:
        case "paused":
            said = f"Put off by {who}: nothing was refused. Proposed again on {day}: {what}."
            then = f"{back} at once. While it is put off, nothing else is proposed either."
        case "not obeyed" if act.until:
            said = (
                f"Closed by {who}, which is a machine or has no write access here: nothing was"
                " refused."
            )
            then = f"Proposed again within a day: {what}. {back} at once."
        case "not obeyed":
            said = f"{who} closed this once more: nothing was refused."
            then = f"These lines wait for the next decision: {what}. {back} at once."
        case "closed":
            said = f"Closed by {who}, so these lines are set aside and not proposed again: {what}."
            then = (
                f"By mistake? {back}. To put them off only, close with a comment that says"
                " \u201cnot now\u201d."
            )
        case _:
            said = f"Nothing is left to propose here: {what}, set aside by a person."
            then = f"By mistake? {back}."
    return f"{said}\n\n{then}\n{CLOSED_MARKER}"


def _listed(lines: Sequence[Proposed]) -> str:
    named = [
        as_code(f"#{line.number}") if isinstance(line, ProposedEntry) else headline(line)
        for line in lines
    ]
    more = len(named) - NAMED_AT_MOST
    return ", ".join(named[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
