"""The sandbox's values as GitHub renders them in answers and webhooks.

The shapes are those of https://github.com/github/rest-api-description; the tests read each with
githubkit's models.
"""

from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

API_PREFIX = "/api/v3"


class Site:
    """Where this GitHub is reached: pages at the root, REST under /api/v3, as on GitHub Enterprise
    Server."""

    def __init__(self, web: str) -> None:
        self.web = web.rstrip("/")
        self.api = self.web + API_PREFIX


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_or_none(at: datetime | None) -> str | None:
    return moment(at) if at else None


def node_id(kind: str, number: int | str) -> str:
    return f"{kind}_kw{number}"
