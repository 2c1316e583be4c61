"""A tracker's issues taken as if they had been decided on."""

import re
from random import Random

from bot.core.learnings import parse
from bot.core.recall.gate import Decision
from bot.core.search.texts import prose
from bot.tools.evals.prior_art import FiledIssue

DECISIONS = 200
SAMPLES = 5
REASON_WORDS = 20
MARKUP = re.compile(r"[*#\[\]<>`]")


def taken_as_decided(
    earlier: list[FiledIssue], asked_again: set[object], random: Random
) -> list[FiledIssue]:
    repeated = [
        issue for issue in earlier if issue.bucket is not None and issue.bucket in asked_again
    ]
    chosen = random.sample(earlier, DECISIONS) + random.sample(
        repeated, min(DECISIONS, len(repeated))
    )
    return list({issue.document.id: issue for issue in chosen}.values())


def as_decision(issue: FiledIssue) -> Decision:
    """In the form of a draft by rule. The data has nobody's reasons: the end of the issue stands in
    for them."""
    title, body = issue.document.title, prose(issue.document.body)
    said = f'"{title}" is declined: {" ".join(body.split()[-REASON_WORDS:])}'
    (entry,) = parse(f"- **#{issue.document.id}** (not-planned) — {MARKUP.sub(' ', said)}.").entries
    return Decision(entry=entry, thread_title=title, thread_text=issue.document.body)
