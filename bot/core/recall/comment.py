"""Every sentence the bot posts under an issue, and the marker by which it knows its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.text.cleaning import cut, harmless

PRIOR_DECISION_MARKER: Final = "<!-- precedent:prior-decision -->"
LONGEST_QUOTE: Final = 600
LONGEST_QUOTE_IN_SHORT: Final = 200
MOST_FURTHER: Final = 2
# A takeaway that names its own premise says best what would reopen it.
PREMISE: Final = re.compile(
    r"\b(?:until|unless|as long as|for as long as|while|once|without)\b[^.;]{8,160}", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class PriorDecision:
    """One merged entry, as it is shown to a reporter. ``takeaway`` is None where the line may be
    linked but not quoted.

    ``decided_at`` is None when nobody recorded it; ``shown_because`` is a phrase such as "both
    speak of …".
    """

    number: int
    state: str
    takeaway: str | None
    decided_at: datetime | None
    shown_because: str
    path: str


def prior_decision_comment(
    decision: PriorDecision, *, further: Sequence[PriorDecision] = ()
) -> str:
    """At most ten lines; no mention, no backlink, nothing closed or labelled. Two of `further` get
    a line each."""
    return "\n".join(
        [
            (
                f"**Prior decision:** `#{decision.number}` was decided as"
                f" *{decision.state}*{_when(decision.decided_at)}."
            ),
            *([] if further else [""]),
            f"> {_rule(decision, LONGEST_QUOTE)}",
            "",
            f"**What would reopen it:** {what_would_reopen(decision.takeaway or '')}",
            *map(_in_short, further[:MOST_FURTHER]),
            "",
            f"<sub>Shown because {harmless(decision.shown_because)}. Kept by the maintainers in"
            f" `{decision.path}`; this"
            " comment is automated. If your case differs, say how; a 👎 of yours, or `/learnings"
            " wrong`, takes this"
            " comment away.</sub>",
            PRIOR_DECISION_MARKER,
        ]
    )


def _when(moment: datetime | None) -> str:
    return f" on {moment.day} {moment:%B %Y}" if moment else ""


def _in_short(decision: PriorDecision) -> str:
    rule = _rule(decision, LONGEST_QUOTE_IN_SHORT)
    return f"- Also `#{decision.number}`, *{decision.state}*{_when(decision.decided_at)}: {rule}"


def _rule(decision: PriorDecision, longest: int) -> str:
    if decision.takeaway is None:
        return f"See the entry for `#{decision.number}` in `{decision.path}`."
    return cut(harmless(decision.takeaway), longest)


def what_would_reopen(takeaway: str) -> str:
    premise = PREMISE.search(takeaway)
    if premise is None:
        return "a need this reason does not cover, or a change in what it rests on."
    return f"a change in what it rests on: “{harmless(premise[0].strip())}”."
