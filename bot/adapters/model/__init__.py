"""Claude as drafter and as judge."""

from bot.adapters.model.claude import Claude, MemoryLedger, Models, connect
from bot.adapters.model.decision_judge import ClaudeJudge
from bot.adapters.model.drafter import ClaudeDrafter

__all__ = ["Claude", "ClaudeDrafter", "ClaudeJudge", "MemoryLedger", "Models", "connect"]
