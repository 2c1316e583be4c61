"""The rolling pull request, decided: what is on it, what people did to it, what to write next."""

from bot.proposals.check import why_unsound
from bot.proposals.life import (
    Branch,
    Life,
    Proposal,
    ProposedEntry,
    Written,
    as_json,
    as_reviewed,
    from_json,
    read_review,
    revise,
    settle_closed,
    settle_merged,
    settle_proposed,
    unticked,
    updated,
)
from bot.proposals.plan import Change, Plan, plan_changes, why_unfit
from bot.proposals.text import body_of, body_over, title_of, title_over

__all__ = [
    "Branch",
    "Change",
    "Life",
    "Plan",
    "Proposal",
    "ProposedEntry",
    "Written",
    "as_json",
    "as_reviewed",
    "body_of",
    "body_over",
    "from_json",
    "plan_changes",
    "read_review",
    "revise",
    "settle_closed",
    "settle_merged",
    "settle_proposed",
    "title_of",
    "title_over",
    "unticked",
    "updated",
    "why_unfit",
    "why_unsound",
]
