"""What the bot did and what it waits for, for people who may write to a repository. Read-only,
server-rendered."""

from bot.service.dashboard.cookies import Cookies
from bot.service.dashboard.pages import Dashboard, closed_dashboard

__all__ = ["Cookies", "Dashboard", "closed_dashboard"]
