"""The first start: pages that make the GitHub App and keep its credentials."""

from bot.service.setup.pages import Setup

__all__ = ["Setup"]
