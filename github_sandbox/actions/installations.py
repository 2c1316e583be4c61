"""Acts on installations and whole repositories: what owners do in the settings."""

from collections.abc import Mapping

from github_sandbox.actions.rights import require
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Installation, Level, Repository


def suspend(sandbox: Sandbox, installation: Installation, by: Account) -> None:
    with sandbox.turn():
        installation.suspended_at = sandbox.clock()
        sandbox.notify_installation("suspend", installation, by)


def unsuspend(sandbox: Sandbox, installation: Installation, by: Account) -> None:
    with sandbox.turn():
        installation.suspended_at = None
        sandbox.notify_installation("unsuspend", installation, by)


def accept_permissions(
    sandbox: Sandbox, installation: Installation, by: Account, permissions: Mapping[str, Level]
) -> None:
    """https://docs.github.com/webhooks/webhook-events-and-payloads#installation"""
    with sandbox.turn():
        installation.permissions = dict(permissions)
        sandbox.notify_installation("new_permissions_accepted", installation, by)


def choose_repositories(
    sandbox: Sandbox, installation: Installation, by: Account, repositories: list[Repository]
) -> None:
    """https://docs.github.com/webhooks/webhook-events-and-payloads#installation_repositories"""
    with sandbox.turn():
        before = sandbox.covered(installation)
        installation.repositories = repositories
        removed = [repo for repo in before if repo not in repositories]
        added = [repo for repo in repositories if repo not in before]
        for action, changed in (("removed", removed), ("added", added)):
            if changed:
                sandbox.notify_chosen(action, installation, by, added=added, removed=removed)


def rename_repository(sandbox: Sandbox, repo: Repository, by: Account, name: str) -> None:
    """Its old name leads to it until somebody else takes that."""
    with sandbox.turn():
        require(repo.role_of(by) == "admin", by)
        before = repo.name
        sandbox.former_names[repo.full_name.lower()] = repo.id
        repo.name = name
        changes = {"repository": {"name": {"from": before}}}
        sandbox.notify("repository", repo, by, {"action": "renamed", "changes": changes})


def archive_repository(sandbox: Sandbox, repo: Repository, by: Account) -> None:
    with sandbox.turn():
        require(repo.role_of(by) == "admin", by)
        repo.archived = True
        sandbox.notify("repository", repo, by, {"action": "archived"})


def unarchive_repository(sandbox: Sandbox, repo: Repository, by: Account) -> None:
    with sandbox.turn():
        require(repo.role_of(by) == "admin", by)
        repo.archived = False
        sandbox.notify("repository", repo, by, {"action": "unarchived"})
