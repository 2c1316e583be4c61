"""The GitHub App as it has to be: the least it may do, and what it is told of. Each with its reason."""

from collections.abc import Mapping
from typing import Final

PERMISSIONS: Final[Mapping[str, str]] = {
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
PERMISSION_REASONS: Final[Mapping[str, str]] = {
    "contents": "to read docs/learnings.md and to write it on a branch of its own, never on the default branch",
    "issues": "to read closed issues and to post one comment where a prior decision applies",
    "metadata": "GitHub gives it to every App; tells whose word counts in a repository",
    "pull_requests": "to read closed pull requests and to keep one open with the proposed lines",
}
EVENT_REASONS: Final[Mapping[str, str]] = {
    "issues": "a new issue is compared with what was decided, a closed one is judged",
    "pull_request": "a closed one is judged; what you do to the proposal is read",
    "push": "the learnings file on the default branch is the truth",
    "repository": "a renamed or archived repository is followed",
}
RANK: Final = {"read": 1, "write": 2, "admin": 3}


def manifest(*, name: str, public_url: str, homepage: str, setup_url: str) -> dict[str, object]:
    """https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest"""
    return {
        "name": name,
        "url": homepage,
        "hook_attributes": {"url": f"{public_url}/webhook", "active": True},
        "redirect_url": setup_url,
        "public": False,
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENT_REASONS),
    }


def missing_permissions(granted: Mapping[str, str]) -> list[str]:
    """Such as ``contents: write``."""
    return [
        f"{name}: {level}" for name, level in PERMISSIONS.items() if RANK.get(granted.get(name, ""), 0) < RANK[level]
    ]
