"""The rolling pull request, decided: what is on it, what people did to it, what to write next."""

from bot.proposals.life import (
    Branch,
    Life,
    Proposal,
    ProposedEntry,
    Written,
    as_json,
    digest,
    from_json,
    read_review,
    revise,
    settle_closed,
    settle_merged,
    settle_proposed,
    updated,
)
from bot.proposals.plan import Change, Plan, plan_changes, why_unfit
from bot.proposals.text import body_of, title_of

__all__ = [
    "Branch",
    "Change",
    "Life",
    "Plan",
    "Proposal",
    "ProposedEntry",
    "Written",
    "as_json",
    "body_of",
    "digest",
    "from_json",
    "plan_changes",
    "read_review",
    "revise",
    "settle_closed",
    "settle_merged",
    "settle_proposed",
    "title_of",
    "updated",
    "why_unfit",
]
