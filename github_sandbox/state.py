"""What the sandbox GitHub holds: people, repositories, threads, installations, as plain values.

Nothing in this package imports the bot: it stands for GitHub, so it must not share the bot's
mistakes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from github_sandbox.git import Git

Clock = Callable[[], datetime]
AccountType = Literal["User", "Organization", "Bot"]
Role = Literal["admin", "maintain", "write", "triage", "read"]
CloseReason = Literal["completed", "not_planned", "duplicate"]
StateReason = CloseReason | Literal["reopened"]
ReviewState = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]
Level = Literal["read", "write"]
CheckStatus = Literal["queued", "in_progress", "completed"]
Conclusion = Literal[
    "success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"
]
AnnotationLevel = Literal["notice", "warning", "failure"]

REACTIONS = {
    "+1": "👍",
    "-1": "👎",
    "laugh": "😄",
    "confused": "😕",
    "heart": "❤️",
    "hooray": "🎉",
    "rocket": "🚀",
    "eyes": "👀",
}


@dataclass(eq=False, kw_only=True)
class Account:
    id: int
    login: str
    type: AccountType
    name: str
    created_at: datetime

    @property
    def email(self) -> str:
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(eq=False, kw_only=True)
class Reaction:
    id: int
    user: Account
    content: str
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False, kw_only=True)
class Comment:
    id: int
    issue: "Issue"
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class TimelineEvent:
    """What happened to an issue besides words: closed, reopened, merged, renamed, labeled,
    cross-referenced."""

    id: int
    name: str
    actor: Account
    at: datetime
    commit: str | None = None
    state_reason: StateReason | None = None
    label: Label | None = None
    renamed: tuple[str, str] | None = None
    source: "Issue | None" = None


@dataclass(eq=False, kw_only=True)
class ReviewComment:
    id: int
    review: "Review"
    author: Account
    body: str
    path: str
    line: int
    commit: str
    hunk: str
    created_at: datetime
    updated_at: datetime
    in_reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Review:
    id: int
    issue: "Issue"
    author: Account
    state: ReviewState
    body: str
    commit: str
    submitted_at: datetime
    comments: list[ReviewComment] = field(default_factory=list)

    @property
    def only_answers(self) -> bool:
        """A reply on a line is a review as well; GitHub shows it where the remark is."""
        return (
            not self.body
            and bool(self.comments)
            and all(comment.in_reply_to for comment in self.comments)
        )


@dataclass(eq=False, kw_only=True)
class Pull:
    """The part of an issue that makes it a pull request. ``head_sha`` follows the branch while it
    is open."""

    id: int
    head: str
    base: str
    head_sha: str
    base_sha: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    reviews: list[Review] = field(default_factory=list)

    @property
    def review_comments(self) -> list[ReviewComment]:
        return [comment for review in self.reviews for comment in review.comments]

    def replies_to(self, comment: ReviewComment) -> list[ReviewComment]:
        return [each for each in self.review_comments if each.in_reply_to == comment.id]


@dataclass(eq=False, kw_only=True)
class Issue:
    """An issue, or a pull request when ``pull`` is set: they share one number space, as on
    GitHub."""

    id: int
    repo: "Repository"
    number: int
    title: str
    body: str | None
    author: Account
    created_at: datetime
    updated_at: datetime
    open: bool = True
    state_reason: StateReason | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    events: list[TimelineEvent] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pull: Pull | None = None
    parent: "Issue | None" = None
    sub_issues: list["Issue"] = field(default_factory=list)

    @property
    def state(self) -> Literal["open", "closed"]:
        return "open" if self.open else "closed"

    @property
    def full_name(self) -> str:
        return f"{self.repo.full_name}#{self.number}"


@dataclass(frozen=True, kw_only=True)
class Annotation:
    path: str
    start_line: int
    end_line: int
    level: AnnotationLevel
    message: str
    title: str | None = None
    raw_details: str | None = None


@dataclass(eq=False, kw_only=True)
class CheckRun:
    """``conclusion`` is None until the run is completed."""

    id: int
    name: str
    head_sha: str
    started_at: datetime
    status: CheckStatus = "queued"
    conclusion: Conclusion | None = None
    completed_at: datetime | None = None
    details_url: str | None = None
    external_id: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Annotation] = field(default_factory=list)
    # Of another App than the one that plays here.
    app_id: int | None = None


@dataclass(eq=False, kw_only=True)
class Repository:
    """``last_number`` may be set forward, so that what was played in keeps the numbers its texts
    speak of."""

    id: int
    account: Account
    name: str
    description: str
    created_at: datetime
    pushed_at: datetime
    git: Git
    private: bool = False
    default_branch: str = "main"
    archived: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    contributors: set[str] = field(default_factory=set)
    labels: dict[str, Label] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    last_number: int = 0
    verified_commits: set[str] = field(default_factory=set)

    @property
    def full_name(self) -> str:
        return f"{self.account.login}/{self.name}"

    def role_of(self, user: Account) -> Role | None:
        """None for somebody whom the repository does not know.
        https://docs.github.com/rest/collaborators"""
        return "admin" if user is self.account else self.roles.get(user.login)

    def may_push(self, user: Account) -> bool:
        return self.role_of(user) in ("admin", "maintain", "write")

    def latest_runs(self, sha: str) -> list[CheckRun]:
        """Of each name the latest check run on a commit."""
        return list(
            {run.name: run for run in self.check_runs.values() if run.head_sha == sha}.values()
        )

    def pulls(
        self, *, head: str | None = None, base: str | None = None
    ) -> Iterator[tuple[Issue, Pull]]:
        """Open pull requests, optionally of one branch."""
        for issue in self.issues.values():
            pull = issue.pull
            if issue.open and pull and head in (None, pull.head) and base in (None, pull.base):
                yield issue, pull


@dataclass(eq=False, kw_only=True)
class Installation:
    """``repositories`` None means every repository of the account."""

    id: int
    account: Account
    permissions: dict[str, Level]
    events: list[str]
    created_at: datetime
    repositories: list[Repository] | None = None
    suspended_at: datetime | None = None

    def covers(self, repo: Repository) -> bool:
        return repo.account is self.account and (
            self.repositories is None or repo in self.repositories
        )


@dataclass(eq=False, kw_only=True)
class App:
    id: int
    slug: str
    name: str
    owner: Account
    bot: Account
    created_at: datetime
    permissions: dict[str, Level]
    events: list[str]
    # Where people may be sent back to after signing in; the first is meant where nobody says.
    callback_urls: list[str]
    client_secret: str

    @property
    def client_id(self) -> str:
        return f"Iv1.sandbox{self.id}"


@dataclass(frozen=True, kw_only=True)
class Token:
    """``repositories`` None means all that the installation covers."""

    text: str
    installation: Installation
    permissions: Mapping[str, Level]
    expires_at: datetime
    repositories: frozenset[int] | None = field(default=None)

    def reaches(self, repo: Repository) -> bool:
        return self.installation.covers(repo) and (
            self.repositories is None or repo.id in self.repositories
        )

    def allows(self, permission: str, level: Level) -> bool:
        given = self.permissions.get(permission)
        return given in ("write", level)
