"""Claude as drafter and as judge."""

from bot.claude.asking import Claude, MemoryLedger, Models, connect
from bot.claude.drafter import ClaudeDrafter
from bot.claude.judge import ClaudeJudge

__all__ = ["Claude", "ClaudeDrafter", "ClaudeJudge", "MemoryLedger", "Models", "connect"]
