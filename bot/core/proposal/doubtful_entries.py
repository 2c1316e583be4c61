"""Entries that may no longer stand, as far as we know without asking: a fold in a pull request that
is open anyway."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Final

from bot.core.learnings import parse
from bot.core.learnings.audit import Doubt, ThreadState, audit
from bot.core.proposal.amendment import Amendment
from bot.core.text.cleaning import as_code, harmless
from bot.core.threads import ThreadCopy

SHOWN_AT_MOST: Final = 10
RULES: Final = frozenset({"winner-gone", "decided-since", "review-due"})


def find_suspects(
    document: str,
    *,
    threads: Mapping[int, ThreadCopy],
    amendments: Sequence[Amendment],
    today: date,
) -> list[Doubt]:
    """Without those that are to change already, and those that people have refused to change."""
    settled = {each.number for each in amendments if each.life in ("proposed", "refused")}
    states: dict[int, ThreadState] = {
        n: _state(copy) for n, copy in threads.items() if copy.closed_at
    }
    doubts = audit(parse(document), exists=lambda _: True, states=states, today=today)
    return [doubt for doubt in doubts if doubt.rule in RULES and _is_news(doubt, settled)]


def _state(copy: ThreadCopy) -> ThreadState:
    return "merged" if copy.decided_as == "merged" else "closed"


def _is_news(doubt: Doubt, settled: Set[int]) -> bool:
    """Part of what is partial stays undecided when its issue closes."""
    partly = doubt.rule == "decided-since" and doubt.entry.state != "open"
    return not partly and not settled & set(doubt.entry.numbers)


def suspects_fold(suspects: Sequence[Doubt]) -> str:
    """Empty where there are none."""
    if not suspects:
        return ""
    many = f"{len(suspects)} entries" if len(suspects) > 1 else "one entry"
    lines = [
        f"- {as_code(doubt.entry.head)}: {harmless(doubt.why, one_line=True)}"
        for doubt in suspects[:SHOWN_AT_MOST]
    ]
    more = (
        [f"- \u2026 and {len(suspects) - SHOWN_AT_MOST} more"]
        if len(suspects) > SHOWN_AT_MOST
        else []
    )
    return "\n".join(
        [
            f"<details><summary>May no longer stand: {many}</summary>",
            "",
            *lines,
            *more,
            "",
            "Nothing of this changes by itself: edit the lines, here or elsewhere, if you like.",
            "</details>",
        ]
    )
