"""What the bot says of earlier decisions under issues and pull requests, and the marker by which it
knows its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.learnings.entry import NOT_MERGED
from bot.core.text.cleaning import as_code, cut, harmless

PRIOR_DECISION_MARKER: Final = "<!-- precedent:prior-decision -->"
LONGEST_QUOTE: Final = 600
LONGEST_QUOTE_IN_SHORT: Final = 200
MOST_FURTHER: Final = 2
MOST_ALSO: Final = 3
GITHUB: Final = "https://github.com/"
REDIRECT: Final = "https://redirect.github.com/"
PLAIN_PATH: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)*", re.ASCII)
# What became of a thread that a new one resembles, by the state of its entry.
ENDINGS: Final[Mapping[str, str]] = {
    "merged": "settled something similar and was merged",
    "reverted": "did something similar and was reverted",
    "not-planned": "asked for something similar and was closed as not planned",
    "won't-fix": "asked for something similar and was declined",
    "partial": "asked for something similar and was done in part",
    "superseded": "asked for something similar and was superseded",
    "answered": "asked something similar and was answered",
    "PR closed": "asked for something similar and was closed without merging",
    NOT_MERGED: "asked for something similar and was closed without merging",
}
# Where the last clause of a takeaway begins.
CLAUSE_END: Final = re.compile(
    r"[;:.]\s+|,\s+|\s[—–-]\s|\s(?=(?:until|unless|as long as|for as long as|while|once)\b)",
    re.IGNORECASE,
)
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


@dataclass(frozen=True, kw_only=True)
class DecidedBefore:
    """A decision that a new thread proposes again. ``takeaway`` is None where the line may be
    linked but not quoted.

    ``also`` are threads decided by the same rule; ``replaced_by`` took its place and has no entry.
    ``closed_at`` is None when nobody recorded it; ``shared`` is what both have in common, as a
    clause.
    """

    number: int
    state: str
    takeaway: str | None
    shared: str
    also: Sequence[int] = ()
    replaced_by: int | None = None
    closed_at: datetime | None = None


def decided_before_comment(
    decision: DecidedBefore, *, further: Sequence[DecidedBefore] = (), web_url: str, path: str
) -> str:
    """Said under an issue or a pull request; `web_url` is the repository's. Two of `further` get a
    line each."""
    also = [_also(each, web_url, path) for each in further[:MOST_FURTHER]]
    return "\n".join(
        [
            f"**Decided before?** {_what_became(decision, web_url)}:",
            "",
            f"> {_quoted(decision, LONGEST_QUOTE, path)}",
            "",
            *([*also, ""] if also else []),
            f"If yours differs, or {_what_may_have_changed(decision.takeaway or '')}, please say"
            " how."
            " Maintainers decide; nothing was closed or labelled.",
            "",
            (
                f"<sub>Automatic, from {_file_link(path, web_url)}:"
                f" {harmless(decision.shared)}."
                " 👎 removes it.</sub>"
            ),
            PRIOR_DECISION_MARKER,
        ]
    )


def _what_became(decision: DecidedBefore, web_url: str) -> str:
    also = decision.also[:MOST_ALSO]
    others = f" (like {_and([thread_link(number, web_url) for number in also])})" if also else ""
    ended = _ended(decision, web_url)
    return f"{thread_link(decision.number, web_url)}{others} {ended}{_in_month(decision.closed_at)}"


def _also(decision: DecidedBefore, web_url: str, path: str) -> str:
    thread, when = thread_link(decision.number, web_url), _in_month(decision.closed_at)
    return (
        f"- Also {thread}, which {_ended(decision, web_url)}{when}:"
        f" {_quoted(decision, LONGEST_QUOTE_IN_SHORT, path)}"
    )


def _ended(decision: DecidedBefore, web_url: str) -> str:
    if decision.replaced_by is not None:
        return (
            "asked for something similar and was replaced by"
            f" {thread_link(decision.replaced_by, web_url)}"
        )
    return ENDINGS.get(decision.state, "came to something similar and was decided")


def _in_month(moment: datetime | None) -> str:
    return f" in {moment:%B %Y}" if moment else ""


def _quoted(decision: DecidedBefore, longest: int, path: str) -> str:
    if decision.takeaway is None:
        return f"See the entry for `#{decision.number}` in {as_code(path)}."
    return cut(harmless(decision.takeaway), longest)


def _what_may_have_changed(takeaway: str) -> str:
    """The premise, where the last clause of a takeaway states one."""
    *_, last = CLAUSE_END.split(takeaway.strip().rstrip("."))
    premise = PREMISE.match(last)
    return (
        f"this has changed (“{harmless(premise[0].strip())}”)"
        if premise
        else "the reason no longer holds"
    )


def thread_link(number: int, web_url: str) -> str:
    """A thread of this repository, named so that GitHub leaves no trace of it there; only
    github.com has such links."""
    if not web_url.startswith(GITHUB):
        return f"`#{number}`"
    return f"[#{number}]({REDIRECT}{web_url.removeprefix(GITHUB)}/issues/{number})"


def _file_link(path: str, web_url: str) -> str:
    return (
        f"[{as_code(path)}]({web_url}/blob/HEAD/{path})"
        if PLAIN_PATH.fullmatch(path)
        else as_code(path)
    )


def _and(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


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
