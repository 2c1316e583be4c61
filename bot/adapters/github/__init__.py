"""The only package that knows githubkit: GitHub as one App sees it."""

from bot.adapters.github.client import GitHubApp
from bot.adapters.github.own_app import GitHubOwnApp
from bot.adapters.github.people import GitHubPeople, NotRegistered, SignInRefused
from bot.adapters.github.refusals import Missing, Unauthorized
from bot.adapters.github.repo import GitHubRepo
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
