"""The unit of work: its kinds, which of them an event starts, what to do after a failure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final, TypedDict, assert_never

from bot.core.errors import Forbidden, GiveUp, Gone, TryLater
from bot.core.events import (
    CheckEvent,
    Event,
    IssueCommentEvent,
    IssueEvent,
    OwnersEvent,
    PullRequestEvent,
    PushEvent,
    ReviewCommentEvent,
    ReviewEvent,
)

# The branch of the rolling pull request. Never contains text from an issue.
BRANCH = "precedent/learnings"
CONFIG_PATH = ".github/learnings.yml"

# A reason that comes later than this after the close is a new discussion.
HEARD_AFTER_CLOSE: Final = timedelta(days=1)

# What owners do to a repository that concerns us.
FOLLOWED: Final = frozenset({"renamed", "transferred", "archived", "unarchived", "deleted"})

MAX_ATTEMPTS = 8
# What somebody else has to put right may take them most of a day.
MAX_POSTPONEMENTS = 30
MAX_DEATHS = 5
MAX_PLANNINGS = 5
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(hours=1)


class Origin(TypedDict):
    """The fields of ``Task``: for building one job from another, or from an event."""

    delivery: str
    cause: str
    installation_id: int
    repo_id: int
    repo: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """What every job says: which event it is for, and to which repository.

    ``cause`` names the event, so that the same event under another guid starts no second job;
    ``delivery`` is the guid it came with. ``kind`` is how the database names the class.
    """

    kind: ClassVar[str]

    delivery: str
    cause: str
    installation_id: int
    repo_id: int
    repo: str

    @property
    def id(self) -> str:
        return f"{self.cause}:{self.kind}"

    @property
    def origin(self) -> Origin:
        return {
            "delivery": self.delivery,
            "cause": self.cause,
            "installation_id": self.installation_id,
            "repo_id": self.repo_id,
            "repo": self.repo,
        }

    def under(self, cause: str) -> Origin:
        """Its origin with another cause: a job of that name is another one."""
        return {**self.origin, "cause": cause}


@dataclass(frozen=True, kw_only=True)
class OfThread(Task):
    """About the issue or pull request ``number``."""

    number: int


@dataclass(frozen=True, kw_only=True)
class JudgeThread(OfThread):
    """``again``: in the light of another thread that was just judged, or of a remark after the
    close."""

    kind: ClassVar = "judge_thread"
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class HearRemark(OfThread):
    """The comment ``comment_id`` was made after the thread ``number`` was closed."""

    kind: ClassVar = "hear_remark"
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class RereadThread(OfThread):
    kind: ClassVar = "reread_thread"


@dataclass(frozen=True, kw_only=True)
class ShowPriorArt(OfThread):
    """``again``: the issue ``number`` is not new but was edited."""

    kind: ClassVar = "show_prior_art"
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class FollowComment(OfThread):
    kind: ClassVar = "follow_comment"


@dataclass(frozen=True, kw_only=True)
class WithdrawComment(OfThread):
    kind: ClassVar = "withdraw_comment"


@dataclass(frozen=True, kw_only=True)
class RestoreComment(OfThread):
    kind: ClassVar = "restore_comment"


@dataclass(frozen=True, kw_only=True)
class RunCommand(OfThread):
    """The comment ``comment_id`` under the thread ``number``, as it was ``at`` that moment by
    GitHub's clock (None when it did not say)."""

    kind: ClassVar = "run_command"
    comment_id: int
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReadEntries(Task):
    kind: ClassVar = "read_entries"


@dataclass(frozen=True, kw_only=True)
class UpdateProposal(Task):
    kind: ClassVar = "update_proposal"


@dataclass(frozen=True, kw_only=True)
class ProposeRest(Task):
    kind: ClassVar = "propose_rest"


@dataclass(frozen=True, kw_only=True)
class LintCheck(Task):
    """Of the pull request ``number``; None for the default branch. ``again``: somebody pressed the
    button by which a check is run once more."""

    kind: ClassVar = "lint_check"
    number: int | None = None
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class AnswerReview(OfThread):
    """The remark ``comment_id`` on a line of the pull request ``number``."""

    kind: ClassVar = "answer_review"
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class SyncInstallation(Task):
    kind: ClassVar = "sync_installation"


@dataclass(frozen=True, kw_only=True)
class ForgetInstallation(Task):
    kind: ClassVar = "forget_installation"


@dataclass(frozen=True, kw_only=True)
class SweepDeliveries(Task):
    kind: ClassVar = "sweep_deliveries"


@dataclass(frozen=True, kw_only=True)
class CatchUp(Task):
    """What was closed ``at`` that moment or later."""

    kind: ClassVar = "catch_up"
    at: datetime


Job = (
    JudgeThread
    | HearRemark
    | RereadThread
    | ShowPriorArt
    | FollowComment
    | WithdrawComment
    | RestoreComment
    | RunCommand
    | ReadEntries
    | UpdateProposal
    | ProposeRest
    | LintCheck
    | AnswerReview
    | SyncInstallation
    | ForgetInstallation
    | SweepDeliveries
    | CatchUp
)

# What may start while nothing else of its installation may: how else would we learn that it may
# again?
EVEN_IF_SILENT: Final = frozenset({SyncInstallation.kind, ForgetInstallation.kind})


def number_of(job: Task) -> int | None:
    """Of the thread it is about; None where it is about none."""
    return job.number if isinstance(job, OfThread | LintCheck) else None


def lane_of(job: Job) -> str | None:
    """Jobs of one lane run one after another, because they touch the same thing; None: beside any
    other."""
    match job:
        case JudgeThread() | RereadThread():
            return f"thread:{job.repo_id}:{job.number}"
        case ShowPriorArt() | FollowComment() | WithdrawComment() | RestoreComment():
            return f"comment:{job.repo_id}:{job.number}"
        case LintCheck():
            return f"check:{job.repo_id}:{job.number}"
        case ReadEntries():
            return f"file:{job.repo_id}"
        # What people say of an entry or a line, and what they did to it, in one order.
        case RunCommand() | AnswerReview() | UpdateProposal():
            return f"branch:{job.repo_id}"
        case ProposeRest() | SyncInstallation() | ForgetInstallation():
            return None
        case SweepDeliveries() | CatchUp() | HearRemark():
            return None
        case _:
            assert_never(job)


def slot_of(job: Job) -> str | None:
    """At most one job waits in a slot, and does for all; None: every one counts."""
    match job:
        case UpdateProposal() | ReadEntries() | SweepDeliveries():
            return f"{job.kind}:{job.repo_id}"
        case JudgeThread(again=True):
            return f"{job.kind}:{job.repo_id}:{job.number}"
        case JudgeThread() | HearRemark() | RereadThread():
            return None
        case LintCheck() | RunCommand() | AnswerReview():
            return None
        case ShowPriorArt() | FollowComment() | WithdrawComment() | RestoreComment():
            return None
        case ProposeRest() | SyncInstallation() | ForgetInstallation() | CatchUp():
            return None
        case _:
            assert_never(job)


@dataclass(frozen=True)
class Retry:
    at: datetime


@dataclass(frozen=True)
class Bury:
    """``forbidden``: until its owner grants the App what it may not do."""

    why: str
    forbidden: bool = False


@dataclass(frozen=True)
class End:
    """Nothing is left to do."""

    why: str


def plan_jobs(event: Event, *, delivery: str, path: str) -> Sequence[Job]:
    """The jobs an event starts; `path` is where the learnings file of its repository lives."""
    origin: Origin = {
        "delivery": delivery,
        "cause": event.cause,
        "installation_id": event.installation_id,
        "repo_id": event.repository.id,
        "repo": event.repository.full_name,
    }
    match event:
        case IssueEvent():
            return _for_issue(event, origin)
        case PullRequestEvent():
            return _for_pull_request(event, origin)
        case CheckEvent():
            asked = event.action == "rerequested"
            return [LintCheck(**origin, number=event.number, again=True)] if asked else []
        case ReviewEvent():
            return [UpdateProposal(**origin)] if _is_said(event, "submitted") else []
        case ReviewCommentEvent(number=number, comment_id=comment_id):
            # GitHub announces a remark on a line as a review as well.
            said = _is_said(event, "created")
            return [AnswerReview(**origin, number=number, comment_id=comment_id)] if said else []
        case IssueCommentEvent():
            return _for_comment(event, origin)
        case OwnersEvent():
            return _for_owners_act(event, origin)
        case PushEvent():
            return _for_push(event, origin, path=path)
        case _:
            assert_never(event)


def _for_issue(event: IssueEvent, origin: Origin) -> Sequence[Job]:
    number = event.number
    match event.action:
        case "opened":
            return [ShowPriorArt(**origin, number=number)]
        case "edited":
            again = ShowPriorArt(**origin, number=number, again=True)
            return [again, RereadThread(**origin, number=number)]
        case "closed":
            return [JudgeThread(**origin, number=number), FollowComment(**origin, number=number)]
        case "reopened":
            return [JudgeThread(**origin, number=number)]
        case "deleted" | "transferred":
            return [RereadThread(**origin, number=number)]
        case _:
            return []


def _for_pull_request(event: PullRequestEvent, origin: Origin) -> Sequence[Job]:
    ours, number = event.head_ref == BRANCH, event.number
    ended = UpdateProposal(**origin) if ours else JudgeThread(**origin, number=number)
    match event.action:
        case "opened" | "synchronize":
            return [LintCheck(**origin, number=number)]
        case "closed":
            return [ended]
        case "reopened":
            return [ended, LintCheck(**origin, number=number)]
        case "edited" if not ours:
            return [RereadThread(**origin, number=number)]
        case "edited" if not event.sender_is_bot:
            return [UpdateProposal(**origin)]
        case _:
            return []


def _for_comment(event: IssueCommentEvent, origin: Origin) -> Sequence[Job]:
    number, comment_id = event.number, event.comment_id
    if event.action != "created" or event.sender_is_bot:
        return []
    if event.says_command:
        return [RunCommand(**origin, number=number, comment_id=comment_id, at=event.at)]
    since_close = event.at - event.closed_at if event.at and event.closed_at else None
    if since_close is None or since_close > HEARD_AFTER_CLOSE:
        return []
    return [HearRemark(**origin, number=number, comment_id=comment_id)]


def _for_owners_act(event: OwnersEvent, origin: Origin) -> Sequence[Job]:
    if (event.name, event.action) == ("installation", "deleted"):
        return [ForgetInstallation(**origin)]
    if event.name != "repository" or event.action in FOLLOWED:
        return [SyncInstallation(**origin)]
    return []


def _is_said(event: ReviewEvent | ReviewCommentEvent, action: str) -> bool:
    """Whether a person said something on our pull request."""
    return event.head_ref == BRANCH and not event.sender_is_bot and event.action == action


def _for_push(event: PushEvent, origin: Origin, *, path: str) -> Sequence[Job]:
    if event.ref == f"refs/heads/{event.repository.default_branch}":
        touched = event.every_path or event.paths & {path, CONFIG_PATH}
        return [ReadEntries(**origin)] if touched else []
    if event.ref == f"refs/heads/{BRANCH}" and not event.sender_is_bot:
        return [UpdateProposal(**origin)]
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
        return Bury(f"{type(error).__name__}: {error}", forbidden=isinstance(error, Forbidden))
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
