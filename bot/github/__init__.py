"""The only package that knows githubkit: GitHub as one App sees it."""

from bot.github.client import GitHubApp
from bot.github.errors import Missing, Unauthorized
from bot.github.own_app import GitHubOwnApp
from bot.github.pace import Wait
from bot.github.repo import GitHubRepo

__all__ = ["GitHubApp", "GitHubOwnApp", "GitHubRepo", "Missing", "Unauthorized", "Wait"]
