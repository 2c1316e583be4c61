"""From a thread and its verdict to the text of an entry."""

from bot.drafting.drafter import RuleDrafter
from bot.drafting.rewording import Review, Reworded
from bot.drafting.rule import Draft, draft_entry

__all__ = ["Draft", "Review", "Reworded", "RuleDrafter", "draft_entry"]
