"""A sandbox GitHub with one repository, and the real githubkit client logged in as its App."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from githubkit import AppAuthStrategy, AppInstallationAuthStrategy, GitHub, UnauthAuthStrategy
from githubkit.cache import MemCacheStrategy
from githubkit.exception import RequestFailed

from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, InProcess, Sandbox
from github_sandbox.state import Account, Installation, Repository

NAME = ("acme", "lantern")
LEARNINGS = (
    "# Learnings\n\n## Core\n\n- **#1** (merged) — One.\n- **#2** (merged) — Two.\n\n##"
    " Edges\n\nNothing yet.\n"
)


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class World:
    sandbox: Sandbox
    repo: Repository
    clock: Clock
    clients: list[GitHub[Any]] = field(default_factory=list)

    @property
    def owner(self) -> Account:
        return self.sandbox.user(OWNER)

    @property
    def contributor(self) -> Account:
        return self.sandbox.user(CONTRIBUTOR)

    @property
    def stranger(self) -> Account:
        return self.sandbox.user(STRANGER)

    @property
    def installation(self) -> Installation:
        found = self.sandbox.installation_of(self.repo)
        assert found is not None
        return found

    def client(self, auth: Any = None) -> GitHub[Any]:
        """As the installation unless told otherwise."""
        strategy = auth or AppInstallationAuthStrategy(
            self.sandbox.app.id, self.sandbox.private_key, self.installation.id
        )
        client: GitHub[Any] = GitHub(
            strategy,
            base_url=self.sandbox.site.api,
            transport=InProcess(self.sandbox),
            auto_retry=False,
            http_cache=False,
            # The default one is shared by the whole process, and every sandbox counts its
            # installations alike.
            cache_strategy=MemCacheStrategy(),
        )
        # A client must outlive its `.rest`, which refers to it weakly.
        self.clients.append(client)
        return client

    def app_client(self) -> GitHub[Any]:
        return self.client(AppAuthStrategy(self.sandbox.app.id, self.sandbox.private_key))

    def anonymous(self) -> GitHub[Any]:
        return self.client(UnauthAuthStrategy())


def new_world(**more: Any) -> World:
    clock = Clock()
    sandbox = Sandbox(clock=clock, **more)
    repo = sandbox.add_repository(
        "/".join(NAME), files={"docs/learnings.md": LEARNINGS, "README.md": "# Lantern\n"}
    )
    return World(sandbox=sandbox, repo=repo, clock=clock)


@contextmanager
def refused(status: int, message: str) -> Iterator[None]:
    """The client was answered with this status, and a body that says this."""
    with pytest.raises(RequestFailed) as refusal:
        yield
    answer = refusal.value.response
    assert (answer.status_code, message in answer.text) == (status, True), answer.text
