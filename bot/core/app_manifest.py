"""The GitHub App as it has to be: the least it may do, and what it is told of. Each with its
reason."""

from collections.abc import Mapping
from typing import Final

PERMISSIONS: Final[Mapping[str, str]] = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
# What the tokens for everyday work carry, and what the ones for check runs: who has not granted
# checks yet must lose the check run and nothing else, and GitHub mints no token at all when one
# permission of several is not granted.
WORK_PERMISSIONS: Final[Mapping[str, str]] = {
    name: PERMISSIONS[name] for name in PERMISSIONS if name != "checks"
}
CHECK_PERMISSIONS: Final[Mapping[str, str]] = {"checks": PERMISSIONS["checks"]}
PERMISSION_REASONS: Final[Mapping[str, str]] = {
    "checks": (
        "to show on a pull request what is wrong with the lines that it adds to the learnings file"
    ),
    "contents": (
        "to read docs/learnings.md and to write it on a branch of its own, never on the"
        " default branch"
    ),
    "issues": (
        "to read closed issues, to post one comment where a prior decision applies, to"
        " answer commands"
    ),
    "metadata": "GitHub gives it to every App; tells whose word counts in a repository",
    "pull_requests": "to read closed pull requests and to keep one open with the proposed lines",
}
EVENT_REASONS: Final[Mapping[str, str]] = {
    "issues": "a new issue is compared with what was decided, a closed one is judged",
    "issue_comment": "a comment that begins with `/learnings` is a command",
    "pull_request": "a closed one is judged; what you do to the proposal is read",
    "pull_request_review": "a review of the proposal is read",
    "pull_request_review_comment": "what you say on a proposed line is done, or answered",
    "push": "the learnings file on the default branch is the truth",
    "repository": "a renamed or archived repository is followed",
}
# Where people come back to after signing in to the dashboard.
SIGNED_IN: Final = "/signed-in"
RANK: Final = {"read": 1, "write": 2, "admin": 3}


def manifest(
    *, name: str, public_url: str, homepage: str, setup_url: str, dashboard: str
) -> dict[str, object]:
    """https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest"""
    return {
        "name": name,
        "url": homepage,
        "hook_attributes": {"url": f"{public_url}/webhook", "active": True},
        "redirect_url": setup_url,
        "callback_urls": [f"{dashboard}{SIGNED_IN}"],
        "public": False,
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENT_REASONS),
    }


def missing_permissions(granted: Mapping[str, str]) -> list[str]:
    """Such as ``contents: write``."""
    return [
        f"{name}: {level}"
        for name, level in PERMISSIONS.items()
        if RANK.get(granted.get(name, ""), 0) < RANK[level]
    ]
