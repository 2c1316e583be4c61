"""A tracker's issues taken as if they had been decided on."""

from random import Random

from bot.evals.prior_art import FiledIssue
from bot.learnings import parse
from bot.retrieval.gate import Decision

DECISIONS = 200
SAMPLES = 5


def taken_as_decided(earlier: list[FiledIssue], asked_again: set[object], random: Random) -> list[FiledIssue]:
    repeated = [issue for issue in earlier if issue.bucket is not None and issue.bucket in asked_again]
    chosen = random.sample(earlier, DECISIONS) + random.sample(repeated, min(DECISIONS, len(repeated)))
    return list({issue.document.id: issue for issue in chosen}.values())


def as_decision(issue: FiledIssue) -> Decision:
    title = issue.document.title
    (entry,) = parse(f"- **#{issue.document.id}** (not-planned) — {title.replace('*', '').replace('#', '')}.").entries
    return Decision(entry=entry, thread_title=title, thread_text=issue.document.body)
