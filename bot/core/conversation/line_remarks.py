"""What people say on lines of the pull request: which entry they mean, what they ask for, and what
we answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.asking.rewording import Outcome
from bot.core.conversation.reply_marker import marker_of
from bot.core.learnings import Unwritable, parse, render, set_takeaway
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.text.cleaning import harmless

BY_HAND: Final = "<!-- precedent:by-hand -->"
# GitHub commits it when a person says so, and that is a push like any other.
SUGGESTION: Final = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*suggestion\b", re.MULTILINE)
# Thanks and agreement ask for nothing.
NOD: Final = re.compile(
    r"\W*(?:(?:lgtm|thanks?|thank you|nice|great|good|perfect|agreed?|approved?|yes|yep"
    r"|ok(?:ay)?|(?:look|sound)s good)"
    r"\b[\w\s,.!'\u2019:)-]{0,30})?\W*",
    re.IGNORECASE,
)

WHY_BY_HAND: Final[Mapping[Outcome, str]] = {
    "unable": "no model is configured here that could reword a line",
    "not_said": "the thread does not say it, and the bot writes only what was said",
    "no_wording": "no wording came out that the thread bears out",
}


@dataclass(frozen=True, kw_only=True)
class LineRemark:
    """One comment on a line as it was in ``commit``. ``thread`` is the id of the first of its
    discussion.

    ``line`` is None where it is not on the new side of the diff; ``own``: we wrote it;
    ``automatic``: a bot did.
    """

    id: int
    thread: int
    path: str
    line: int | None
    commit: str
    author: str
    text: str
    own: bool
    automatic: bool


def find_request(remarks: Sequence[LineRemark], remark_id: int, *, path: str) -> LineRemark | None:
    """The remark, if it may ask something of us that we did not answer yet."""
    said = next((remark for remark in remarks if remark.id == remark_id), None)
    if said is None or said.automatic or said.own or said.path != path or said.line is None:
        return None
    if SUGGESTION.search(said.text) or NOD.fullmatch(said.text.strip()):
        return None
    answered = any(remark.own and marker_of("review", said.id) in remark.text for remark in remarks)
    return None if answered else said


def guidance_up_to(
    said: LineRemark, remarks: Sequence[LineRemark], *, writes: Callable[[str], bool]
) -> Sequence[LineRemark]:
    """What people who may write said in the same discussion, oldest first."""
    before = [remark for remark in remarks if remark.thread == said.thread and remark.id <= said.id]
    people = [
        remark
        for remark in before
        if not (remark.own or remark.automatic or SUGGESTION.search(remark.text))
    ]
    return sorted(
        (remark for remark in people if writes(remark.author)), key=lambda remark: remark.id
    )


def was_told_by_hand(said: LineRemark, remarks: Sequence[LineRemark]) -> bool:
    return any(
        remark.own and remark.thread == said.thread and BY_HAND in remark.text for remark in remarks
    )


def find_meant(
    document: str, first: LineRemark, said: LineRemark, entries: Sequence[ProposedEntry]
) -> tuple[ProposedEntry, str] | None:
    """The one proposed entry that is spoken of, and its takeaway; `document` is as it was when that
    began.

    None as well where people reworded the line after a remark that nobody came back to: they have
    done it themselves.
    """
    line = first.line or 0
    there = [
        entry
        for entry in parse(document).entries
        if entry.line <= line < entry.line + entry.line_count
    ]
    meant = [entry for entry in entries if there and entry.number in there[0].numbers]
    if len(meant) != 1 or meant[0].life not in ("proposed", "waiting"):
        return None
    since = parse(meant[0].line or "").entries
    if since and since[0].takeaway != there[0].takeaway and said == first:
        return None
    return meant[0], (since or there)[0].takeaway


def reworded(entry: ProposedEntry, takeaway: str) -> ProposedEntry | None:
    """Waiting, so that the line on the branch is taken for an old one of ours. None where it cannot
    be written."""
    again = replace(entry, life="waiting", draft=replace(entry.draft, takeaway=takeaway))
    if entry.line is None:
        return again
    document = parse(entry.line)
    try:
        return replace(again, line=render(set_takeaway(document, document.entries[0], takeaway)))
    except Unwritable:
        return None


# --- what we answer


def reworded_reply(takeaway: str, *, edit_url: str) -> str:
    return "\n".join(
        [
            f"The line will read: {harmless(takeaway, one_line=True)}",
            "",
            (
                f"<sub>Not quite? Say so here, or [edit the file]({edit_url}): your wording"
                " stays.</sub>"
            ),
        ]
    )


def by_hand_reply(number: int, outcome: Outcome, *, edit_url: str) -> str:
    return "\n".join(
        [
            f"This takes your own words: {WHY_BY_HAND[outcome]}. Whichever is quickest:",
            "",
            "- suggest a change to this line and commit it,",
            f"- [edit the file]({edit_url}) on this branch, or",
            f"- comment `/learnings edit #{number} TEXT` under this pull request.",
            "",
            "<sub>Your wording stays.</sub>",
            BY_HAND,
        ]
    )
