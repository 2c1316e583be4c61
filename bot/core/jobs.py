"""The unit of work: its kinds, which of them an event starts, what to do after a failure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.core.errors import GiveUp, Gone, TryLater
from bot.core.events import Event

Kind = Literal[
    "judge_thread",
    "reread_thread",
    "show_prior_art",
    "follow_comment",
    "withdraw_comment",
    "restore_comment",
    "run_command",
    "read_entries",
    "update_proposal",
    "propose_rest",
    "lint_check",
    "answer_review",
    "sync_installation",
    "forget_installation",
    "sweep_deliveries",
    "catch_up",
]

# The branch of the rolling pull request. Never contains text from an issue.
BRANCH = "precedent/learnings"
CONFIG_PATH = ".github/learnings.yml"

COALESCES: Final[frozenset[Kind]] = frozenset(
    {"update_proposal", "read_entries", "sweep_deliveries"}
)
# What may start while nothing else of its installation may: how else would we learn that it may
# again?
EVEN_IF_SILENT: Final[frozenset[Kind]] = frozenset({"sync_installation", "forget_installation"})
# What owners do to a repository that concerns us.
FOLLOWED: Final = frozenset({"renamed", "transferred", "archived", "unarchived", "deleted"})
OF_ISSUES: Final[Mapping[str | None, tuple[Kind, ...]]] = {
    "opened": ("show_prior_art",),
    "edited": ("show_prior_art", "reread_thread"),
    "closed": ("judge_thread", "follow_comment"),
    "reopened": ("judge_thread",),
    "deleted": ("reread_thread",),
    "transferred": ("reread_thread",),
}
# What two jobs may not touch at the same time, and the kinds that touch it.
LANES: Final[Mapping[Kind, str]] = {
    "judge_thread": "thread",
    "reread_thread": "thread",
    "show_prior_art": "comment",
    "follow_comment": "comment",
    "withdraw_comment": "comment",
    "restore_comment": "comment",
    # What people say of an entry, and what they did to it on the branch, in one order.
    "run_command": "branch",
    "read_entries": "file",
    "update_proposal": "branch",
    "lint_check": "check",
    # What people say of a line, and what they did to it, in one order.
    "answer_review": "branch",
}
OF_ONE_THREAD: Final = frozenset({"thread", "comment", "check"})

AGAIN: Final = "again:"
MAX_ATTEMPTS = 8
# What somebody else has to put right may take them most of a day.
MAX_POSTPONEMENTS = 30
MAX_DEATHS = 5
MAX_PLANNINGS = 5
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to do, and to which repository.

    ``cause`` names the event, so that the same event under another guid starts no second job;
    ``delivery`` is the guid it came with. ``number`` is None for work on the whole repository;
    ``at`` is when the event happened by GitHub's clock (None when it did not say). ``comment_id``
    is of the comment that says what to do.
    """

    kind: Kind
    delivery: str
    cause: str
    installation_id: int
    repo_id: int
    repo: str
    number: int | None = None
    at: datetime | None = None
    comment_id: int | None = None

    @property
    def id(self) -> str:
        return f"{self.cause}:{self.kind}"

    @property
    def asked_again(self) -> bool:
        """Somebody pressed the button by which a check is run once more."""
        return self.cause.startswith("check_")

    @property
    def lane(self) -> str | None:
        """Jobs of one lane run one after another; None: beside any other."""
        subject = LANES.get(self.kind)
        if subject is None:
            return None
        return (
            f"{subject}:{self.repo_id}:{self.number}"
            if subject in OF_ONE_THREAD
            else f"{subject}:{self.repo_id}"
        )

    @property
    def slot(self) -> str | None:
        """At most one job waits in a slot, and does for all; None: every one counts."""
        return f"{self.kind}:{self.repo_id}" if self.kind in COALESCES else None


def judge_again(job: Job, number: int) -> Job | None:
    """Judge another thread in the light of the one just judged. None for what is such a job itself:
    no chains."""
    if job.cause.startswith(AGAIN):
        return None
    return replace(job, kind="judge_thread", cause=f"{AGAIN}{number}:{job.cause}", number=number)


@dataclass(frozen=True)
class Retry:
    at: datetime


@dataclass(frozen=True)
class Bury:
    why: str


@dataclass(frozen=True)
class End:
    """Nothing is left to do."""

    why: str


def plan_jobs(event: Event, *, delivery: str, path: str) -> list[Job]:
    """The jobs an event starts; `path` is where the learnings file of its repository lives."""
    return [
        Job(
            kind=kind,
            delivery=delivery,
            cause=event.cause,
            installation_id=event.installation_id,
            repo_id=event.repository.id,
            repo=event.repository.full_name,
            number=event.number,
            at=event.at,
            comment_id=event.comment_id,
        )
        for kind in kinds_for(event, path=path)
    ]


def kinds_for(event: Event, *, path: str) -> list[Kind]:
    match event.name, event.action:
        case "issues", _:
            return [*OF_ISSUES.get(event.action, ())]
        case "pull_request", _:
            return _kinds_for_pull_request(event)
        case "check_run" | "check_suite", "rerequested":
            return ["lint_check"]
        case "pull_request_review" | "pull_request_review_comment", _:
            return _kinds_for_review(event)
        case "issue_comment", "created" if event.says_command and not event.sender_is_bot:
            return ["run_command"]
        case "installation" | "installation_repositories" | "repository", _:
            return _kinds_for_owners_act(event)
        case "push", _:
            return _kinds_for_push(event, path=path)
        case _:
            return []


def _kinds_for_pull_request(event: Event) -> list[Kind]:
    ours = event.head_ref == BRANCH
    match event.action:
        case "opened" | "synchronize":
            return ["lint_check"]
        case "closed":
            return ["update_proposal"] if ours else ["judge_thread"]
        case "reopened":
            return ["update_proposal" if ours else "judge_thread", "lint_check"]
        case "edited" if not ours:
            return ["reread_thread"]
        case "edited" if not event.sender_is_bot:
            return ["update_proposal"]
        case _:
            return []


def _kinds_for_owners_act(event: Event) -> list[Kind]:
    if (event.name, event.action) == ("installation", "deleted"):
        return ["forget_installation"]
    if event.name != "repository" or event.action in FOLLOWED:
        return ["sync_installation"]
    return []


def _kinds_for_review(event: Event) -> list[Kind]:
    if event.head_ref != BRANCH or event.sender_is_bot:
        return []
    # GitHub announces a remark on a line as a review as well.
    said: dict[tuple[str, str | None], list[Kind]] = {
        ("pull_request_review", "submitted"): ["update_proposal"],
        ("pull_request_review_comment", "created"): ["answer_review"],
    }
    return said.get((event.name, event.action), [])


def _kinds_for_push(event: Event, *, path: str) -> list[Kind]:
    if event.ref == f"refs/heads/{event.repository.default_branch}":
        return ["read_entries"] if event.every_path or event.paths & {path, CONFIG_PATH} else []
    if event.ref == f"refs/heads/{BRANCH}" and not event.sender_is_bot:
        return ["update_proposal"]
    return []


def after_failure(
    error: Exception, *, attempts: int, now: datetime, jitter: float = 0.0
) -> Retry | Bury | End:
    """`attempts` counts the one that just failed; `jitter`, from 0 to 1, keeps those that failed
    together apart."""
    if isinstance(error, Gone):
        return End(f"{type(error).__name__}: {error}")
    enough = MAX_POSTPONEMENTS if isinstance(error, TryLater) else MAX_ATTEMPTS
    if isinstance(error, GiveUp) or attempts >= enough:
        return Bury(f"{type(error).__name__}: {error}")
    at = now + _backoff(attempts, jitter)
    if isinstance(error, TryLater) and error.not_before:
        at = max(at, error.not_before + FIRST_DELAY * jitter)
    return Retry(at)


def after_death(*, deaths: int, now: datetime, jitter: float = 0.0) -> Retry | Bury:
    """What to do with a job whose worker died; `deaths` counts this one.

    The first time at once. After that alone, later: a job that kills its worker must not take its
    neighbours along.
    """
    if deaths >= MAX_DEATHS:
        return Bury(f"its worker died {deaths} times")
    return Retry(now if deaths == 1 else now + _backoff(deaths - 1, jitter))


def after_unplanned(error: Exception, *, tries: int, now: datetime) -> Retry | Bury:
    """What to do with a delivery that a mistake of ours kept from being planned; `tries` counts the
    one that failed."""
    return Bury(repr(error)) if tries >= MAX_PLANNINGS else Retry(now + _backoff(tries, 0.0))


def _backoff(failures: int, jitter: float) -> timedelta:
    doubled: timedelta = FIRST_DELAY * 2 ** (failures - 1)
    return min(doubled, LONGEST_DELAY) * (1 + jitter)
