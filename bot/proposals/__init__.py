"""The rolling pull request, decided: what is on it, what people did to it, what to write next."""

from bot.proposals.aftermath import Judged, find_aftermath, may_unsettle, revise_amendments
from bot.proposals.amending import (
    as_amended,
    is_unticked,
    review_amendments,
    settle_amended,
    settle_closed_amendments,
    settle_proposed_amendments,
    updated_amendments,
)
from bot.proposals.amendments import Amendment, amendment_as_json, amendment_from_json, headline, in_doubt
from bot.proposals.check import why_unsound
from bot.proposals.kinship import Kin, find_kin, numbers_to_recall
from bot.proposals.life import (
    Branch,
    Life,
    Proposal,
    ProposedEntry,
    Written,
    as_json,
    as_reviewed,
    find_entry,
    from_json,
    quote_as_json,
    quote_from_json,
    read_review,
    relate,
    revise,
    settle_closed,
    settle_merged,
    settle_proposed,
    unticked,
    updated,
)
from bot.proposals.notes import NOTE_MARKER, Stuck, stuck_note
from bot.proposals.plan import Change, Plan, why_unfit
from bot.proposals.rolling import plan_changes
from bot.proposals.signing import signed_off
from bot.proposals.suspects import find_suspects, suspects_fold
from bot.proposals.text import body_of, body_over, shown_amendments, title_of, title_over

__all__ = [
    "NOTE_MARKER",
    "Amendment",
    "Branch",
    "Change",
    "Judged",
    "Kin",
    "Life",
    "Plan",
    "Proposal",
    "ProposedEntry",
    "Stuck",
    "Written",
    "amendment_as_json",
    "amendment_from_json",
    "as_amended",
    "as_json",
    "as_reviewed",
    "body_of",
    "body_over",
    "find_aftermath",
    "find_entry",
    "find_kin",
    "find_suspects",
    "from_json",
    "headline",
    "in_doubt",
    "is_unticked",
    "may_unsettle",
    "numbers_to_recall",
    "plan_changes",
    "quote_as_json",
    "quote_from_json",
    "read_review",
    "relate",
    "review_amendments",
    "revise",
    "revise_amendments",
    "settle_amended",
    "settle_closed",
    "settle_closed_amendments",
    "settle_merged",
    "settle_proposed",
    "settle_proposed_amendments",
    "shown_amendments",
    "signed_off",
    "stuck_note",
    "suspects_fold",
    "title_of",
    "title_over",
    "unticked",
    "updated",
    "updated_amendments",
    "why_unfit",
    "why_unsound",
]
