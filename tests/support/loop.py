"""The whole bot against the sandbox GitHub, in process: deliver what GitHub sends, run the jobs,
look at GitHub."""

from datetime import datetime, timedelta

from starlette.testclient import TestClient

from bot.adapters.store.database import Database
from bot.adapters.telemetry import Metrics
from bot.app import Outside, build_engine, build_web
from bot.core.jobs import CONFIG_PATH
from bot.core.settings import Settings
from bot.ports.world import Reached
from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, InProcess, Sandbox, SentWebhook, actions
from github_sandbox.diff import FileChange, pull_files
from github_sandbox.state import Comment, Issue, Repository
from tests.support.inline import InlineExecutor
from tests.support.moments import NOON
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

SECRET = "the-secret-of-the-tests"
PATH = "docs/learnings.md"
BRANCH = "precedent/learnings"


class StandingClock:
    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Loop:
    """`settle` is what a working installation does by itself: every webhook delivered, every job
    run."""

    def __init__(
        self,
        db: Database,
        *,
        files: dict[str, str] | None = None,
        reached: Reached | None = None,
        **settings_of: str,
    ) -> None:
        self.clock, self.db = StandingClock(), db
        self.sandbox = Sandbox(clock=self.clock, auth_clock=self.clock, webhook_secret=SECRET)
        self.repo: Repository = self.sandbox.add_repository(
            "acme/engine", files=files or {"README.md": "# Engine\n"}
        )
        self.owner, self.contributor, self.stranger = map(
            self.sandbox.user, (OWNER, CONTRIBUTOR, STRANGER)
        )
        self.executor = InlineExecutor()
        settings = Settings(
            database_url=db.url,
            app_id=self.sandbox.app.id,
            private_key=self.sandbox.private_key,
            webhook_secrets=(SECRET,),
            api_url=self.sandbox.site.api,
            **settings_of,  # type: ignore[arg-type]
        )
        outside = Outside(
            clock=self.clock,
            wait=lambda span: self.clock.advance(seconds=span.total_seconds()),
            reached=reached,
            github=InProcess(self.sandbox),
            executor=lambda _db, _worker: self.executor,
        )
        self.engine = build_engine(settings, db, metrics=Metrics(), outside=outside)
        self.engine.launch()
        self.http = TestClient(build_web(settings, db, metrics=Metrics(), outside=outside))
        self._delivered = 0

    def deliver(self, webhook: SentWebhook) -> int:
        webhook.status = self.http.post(
            "/webhook", content=webhook.body, headers=webhook.headers
        ).status_code
        return webhook.status

    def deliver_new(self) -> int:
        """Whatever GitHub has sent since the last time. The number of webhooks."""
        new = [
            webhook
            for webhook in self.sandbox.webhooks[self._delivered :]
            if webhook.status is None
        ]
        self._delivered = len(self.sandbox.webhooks)
        assert {self.deliver(webhook) for webhook in new} <= {202}
        return len(new)

    def settle(self) -> None:
        while self.deliver_new() or self.executor.drain(self.engine):
            pass

    def settle_later(self, **span: float) -> None:
        """The same after some time: what was postponed until then runs as well."""
        self.clock.advance(**span)
        self.settle()

    def run_jobs(self) -> int:
        return self.executor.drain(self.engine)

    # --- what people do

    def decline(self, title: str, reason: str, *, body: str = "It would help us.") -> Issue:
        """A stranger proposes, the owner says why not and closes as not planned."""
        issue = actions.open_issue(self.sandbox, self.repo, self.stranger, title=title, body=body)
        actions.comment(self.sandbox, issue, self.owner, reason)
        actions.close(self.sandbox, issue, self.owner, reason="not_planned")
        return issue

    def open_issue(self, title: str, body: str = "") -> Issue:
        return actions.open_issue(self.sandbox, self.repo, self.stranger, title=title, body=body)

    def push(self, files: dict[str, str | None], *, branch: str = "main") -> None:
        actions.commit_files(
            self.sandbox, self.repo, self.owner, branch=branch, files=files, message="Edit by hand"
        )

    # --- what GitHub holds

    @property
    def proposals(self) -> list[Issue]:
        """The pull requests from our branch, oldest first."""
        return [
            issue for issue in self.repo.issues.values() if issue.pull and issue.pull.head == BRANCH
        ]

    @property
    def proposal(self) -> Issue:
        """The one that is open."""
        (open_one,) = [issue for issue in self.proposals if issue.open]
        return open_one

    def file(self, *, branch: str = "main", path: str = PATH) -> str:
        text = self.repo.git.read(branch, path)
        assert text is not None, f"no {path} on {branch}"
        return text

    def changes(self, pull: Issue) -> list[FileChange]:
        assert pull.pull is not None
        return pull_files(self.repo.git, pull.pull.base_sha, pull.pull.head_sha)

    def diff_lines(self, pull: Issue, sign: str) -> list[str]:
        """The lines a pull request adds (`+`) or removes (`-`)."""
        lines = [line for change in self.changes(pull) for line in (change.patch or "").split("\n")]
        return [line.removeprefix(sign) for line in lines if line.startswith(sign)]

    def bot_comments(self, issue: Issue) -> list[Comment]:
        return [comment for comment in issue.comments if comment.author.type == "Bot"]


def with_merged_decisions(
    db: Database, *, settings: str = "", reached: Reached | None = None, **settings_of: str
) -> Loop:
    """A repository whose maintainers declined two proposals and merged what the bot made of
    them."""
    loop = Loop(
        db, files={"README.md": "# Engine\n", CONFIG_PATH: settings}, reached=reached, **settings_of
    )
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    loop.clock.advance(days=30)
    return loop
