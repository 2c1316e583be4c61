"""A language model as drafter and as judge."""

from bot.adapters.model.asking import MemoryLedger, Model
from bot.adapters.model.claude import Claude, connect
from bot.adapters.model.decision_judge import ClaudeJudge
from bot.adapters.model.drafter import ModelDrafter
from bot.adapters.model.prices import Prices
from bot.core.asking.question import Models

__all__ = [
    "Claude",
    "ClaudeJudge",
    "MemoryLedger",
    "Model",
    "ModelDrafter",
    "Models",
    "Prices",
    "connect",
]
