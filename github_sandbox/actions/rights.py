"""Who may do what, and how long a text may be."""

from github_sandbox.errors import forbidden_to_person, invalid
from github_sandbox.state import Account, Issue

# https://docs.github.com/rest/issues/comments: longer bodies are refused with 422.
MAX_BODY_CHARS = 65_536


def require(allowed: bool, by: Account) -> None:
    """Raises 403 for a person; what an App may do was decided by its token."""
    if not allowed and by.type != "Bot":
        raise forbidden_to_person()


def require_triage(issue: Issue, by: Account) -> None:
    require(by is issue.author or issue.repo.role_of(by) not in (None, "read"), by)


def check_length(resource: str, body: str | None) -> None:
    if body and len(body) > MAX_BODY_CHARS:
        raise invalid(
            resource, "body", message=f"body is too long (maximum is {MAX_BODY_CHARS} characters)"
        )
