"""The App's own client at a sandbox."""

import httpx

from bot.adapters.github import GitHubApp, GitHubRepo
from bot.adapters.store.database import Database
from bot.adapters.store.github_pace import SqlPace
from bot.adapters.store.symptoms import SqlSymptoms
from github_sandbox import InProcess, Sandbox, actions
from tests.support.loop import StandingClock


class Site:
    """A sandbox and a client of it."""

    def __init__(self, db: Database) -> None:
        self.clock, self.db = StandingClock(), db
        self.sandbox = Sandbox(clock=self.clock, auth_clock=self.clock)
        self.repository = self.sandbox.add_repository("acme/engine")
        self.owner = self.sandbox.user("olive-owner")
        self.installation = self.sandbox.installation_of(self.repository)
        self.issue = actions.open_issue(
            self.sandbox, self.repository, self.owner, title="One", body=""
        )
        self.app = self.client(InProcess(self.sandbox), self.sandbox.site.api)
        self.repo = self.repo_of(self.app)

    def client(self, transport: httpx.BaseTransport, api_url: str) -> GitHubApp:
        return GitHubApp(
            app_id=str(self.sandbox.app.id),
            private_key=self.sandbox.private_key,
            api_url=api_url,
            clock=self.clock,
            pace=SqlPace(self.db),
            wait=lambda span: self.clock.advance(seconds=span.total_seconds()),
            symptoms=SqlSymptoms(self.db),
            transport=transport,
        )

    def repo_of(self, app: GitHubApp) -> GitHubRepo:
        assert self.installation is not None
        return GitHubRepo(
            app,
            installation_id=self.installation.id,
            repo_id=self.repository.id,
            full_name="acme/engine",
        )
