"""The only package that knows githubkit: GitHub as one App sees it."""

from bot.github.client import GitHubApp
from bot.github.errors import Missing, Unauthorized
from bot.github.own_app import GitHubOwnApp
from bot.github.people import GitHubPeople, NotRegistered, SignInRefused
from bot.github.repo import GitHubRepo
from bot.ports.pace import Wait

__all__ = [
    "GitHubApp",
    "GitHubOwnApp",
    "GitHubPeople",
    "GitHubRepo",
    "Missing",
    "NotRegistered",
    "SignInRefused",
    "Unauthorized",
    "Wait",
]
