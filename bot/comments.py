"""Every sentence the bot posts under an issue, and the marker by which it knows its own."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.sanitize import cut, harmless

PRIOR_DECISION_MARKER: Final = "<!-- precedent:prior-decision -->"
LONGEST_QUOTE: Final = 600
# A takeaway that names its own premise says best what would reopen it.
PREMISE: Final = re.compile(
    r"\b(?:until|unless|as long as|for as long as|while|once|without)\b[^.;]{8,160}", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class PriorDecision:
    """One merged entry, as it is shown to a reporter. ``takeaway`` is None where the line may be linked but not quoted.

    ``decided_at`` is None when nobody recorded it; ``shown_because`` is a phrase such as "both speak of …".
    """

    number: int
    state: str
    takeaway: str | None
    decided_at: datetime | None
    shown_because: str
    path: str


def prior_decision_comment(decision: PriorDecision) -> str:
    """At most ten lines; no mention, no backlink, nothing closed or labelled."""
    return "\n".join(
        [
            f"**Prior decision:** `#{decision.number}` was decided as *{decision.state}*{_when(decision.decided_at)}.",
            "",
            f"> {_rule(decision)}",
            "",
            f"**What would reopen it:** {what_would_reopen(decision.takeaway or '')}",
            "",
            f"<sub>Shown because {harmless(decision.shown_because)}. Kept by the maintainers in `{decision.path}`; this"
            " comment is automated. If your case differs, say how; a 👎 of yours takes this comment away.</sub>",
            PRIOR_DECISION_MARKER,
        ]
    )


def _when(moment: datetime | None) -> str:
    return f" on {moment.day} {moment:%B %Y}" if moment else ""


def _rule(decision: PriorDecision) -> str:
    if decision.takeaway is None:
        return f"See the entry for `#{decision.number}` in `{decision.path}`."
    return cut(harmless(decision.takeaway), LONGEST_QUOTE)


def what_would_reopen(takeaway: str) -> str:
    premise = PREMISE.search(takeaway)
    if premise is None:
        return "a need this reason does not cover, or a change in what it rests on."
    return f"a change in what it rests on: “{harmless(premise[0].strip())}”."
