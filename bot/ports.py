"""What the handlers need from the outside world. Adapters implement it; only `app` joins the two."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol, TypeVar

from bot.drafting import Draft
from bot.files import TextFile
from bot.following import Outcome
from bot.jobs import Job
from bot.proposals import Proposal, ProposedEntry
from bot.repository_settings import RepositorySettings
from bot.retrieval.gate import Decision, Match
from bot.threads import Summary, Thread
from bot.verdicts import CaptureRules, Verdict
from bot.webhooks import Delivery

Clock = Callable[[], datetime]
# What a step may answer; mappings are typed by the handler.
Json = Mapping[str, object] | Sequence[object] | str | int | float | bool | None
T = TypeVar("T", bound=Json)

# Named points of `faults.md` at which a test may kill the process; in production nothing happens there.
CrashPoint = Literal[
    "ingest.before_commit",
    "ingest.after_commit",
    "job.claimed",
    "llm.returned",
    "draft.stored",
    "ref.created",
    "commit.done",
    "pr.created",
    "comment.created",
    "job.before_done",
    "sweep.mid",
    "shutdown.mid",
]
Reached = Callable[[CrashPoint], None]


class Note(Protocol):
    """Put a decision on record: an event name in the past tense, and fields that are never content."""

    def __call__(self, event: str, **fields: str | int | bool | None) -> None: ...


class Step(Protocol):
    """Run `fn` once per attempt of a job: after a crash the kept answer is returned instead of a second call.

    Still at-least-once (a crash can fall between the effect and its record), so `fn` looks before it writes.
    The answer must be JSON; names and order of a handler's steps must follow from earlier steps' answers alone.
    """

    def __call__(self, name: str, fn: Callable[[], T]) -> T: ...


class Engine(Protocol):
    """Runs jobs durably: what is added survives the process, and runs at least once."""

    def add(self, job: Job, *, delay: timedelta = timedelta()) -> None:
        """Add a job. A second job with the same id is the same job; of a coalescing kind one waits per repository."""


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """``content`` in GitHub's own words: +1, -1, laugh, confused, heart, hooray, rocket, eyes."""

    author: str
    content: str


@dataclass(frozen=True, kw_only=True)
class OwnComment:
    id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class PullRequest:
    """``closed_by`` is None while it is open, and where GitHub does not say."""

    number: int
    state: Literal["open", "closed", "merged"]
    title: str
    body: str
    base: str
    closed_by: str | None = None


class Repo(Protocol):
    """One repository on GitHub, as one installation sees it.

    Every method may raise TryLater (outage, limit) or GiveUp (gone, forbidden); a write that meets a state it did
    not assume raises TryLater as well: the next attempt looks again.
    """

    full_name: str

    @property
    def default_branch(self) -> str: ...
    def writes(self, login: str) -> bool: ...
    def thread(self, number: int) -> Thread: ...
    def summary(self, number: int) -> Summary | None: ...
    def closed_since(self, moment: datetime, *, most: int) -> Mapping[int, datetime]:
        """Threads closed since then and when, the latest first."""

    def own_comment(self, number: int, marker: str) -> OwnComment | None: ...
    def comment(self, number: int, text: str) -> int: ...
    def edit_comment(self, comment_id: int, text: str) -> None: ...
    def delete_comment(self, comment_id: int) -> None: ...
    def reactions(self, comment_id: int) -> Sequence[Reaction] | None: ...
    def head(self, branch: str) -> str | None: ...
    def history(self, commit: str) -> Sequence[str]: ...
    def merge_base(self, base: str, head: str) -> str: ...
    def read_file(self, path: str, *, commit: str) -> TextFile | None: ...
    def commit_file(
        self, path: str, text: str | None, *, mode: str, message: str, tree_of: str, parents: Sequence[str]
    ) -> str: ...
    def create_branch(self, branch: str, commit: str) -> None: ...
    def advance_branch(self, branch: str, commit: str) -> None: ...
    def find_pull_request(self, branch: str) -> PullRequest | None: ...
    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest: ...
    def edit_pull_request(self, number: int, *, title: str, body: str) -> None: ...
    def close_pull_request(self, number: int) -> None: ...


class Drafter(Protocol):
    """Is a thread worth an entry, and what would the entry say? ``version`` names the rules or model that answered."""

    version: str

    def draft(self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]) -> tuple[Verdict, Draft | None]:
        """No draft where the verdict does not admit."""


class Judge(Protocol):
    """Does a past decision truly apply to a new issue? ``version`` names the rules or model that answered."""

    version: str

    def judge(self, title: str, body: str, decisions: Iterable[Decision]) -> Match | None:
        """None in doubt."""


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """One paid answer. ``key`` is equal for equal questions to the same model."""

    key: str
    model: str
    answer: str
    cost_usd: Decimal
    at: datetime


class CallLedger(Protocol):
    """What was asked and paid; survives the process."""

    def find_answer(self, key: str) -> str | None: ...
    def keep_call(self, call: ModelCall) -> None: ...
    def spent_since(self, moment: datetime) -> Decimal: ...


@dataclass(frozen=True, kw_only=True)
class Recollection:
    """A repository as last read from its default branch. ``document`` is None while there is no learnings file."""

    settings: RepositorySettings
    document: str | None


@dataclass(frozen=True, kw_only=True)
class ThreadCopy:
    """A decided thread's own words, to search by."""

    number: int
    title: str
    text: str
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PostedComment:
    """Our comment on one issue. ``comment_id`` is None while it was only written down (shadow) or never made (silent).

    ``author`` opened the issue; ``version`` names the rules or model that judged.
    """

    number: int
    entry: int
    state: Literal["posted", "shadow", "withdrawn", "silent"]
    text: str
    at: datetime
    author: str
    version: str
    outcome: Outcome = "unknown"
    comment_id: int | None = None


class Store(Protocol):
    """What the bot knows of repositories between jobs. A method is one transaction; keeping twice is keeping once."""

    def path(self, repo_id: int) -> str: ...
    def recollection(self, repo_id: int) -> Recollection | None: ...
    def keep_settings(self, job: Job, text: str | None, *, at: datetime) -> RepositorySettings: ...
    def keep_document(self, repo_id: int, document: str | None) -> None: ...
    def threads(self, repo_id: int) -> Mapping[int, ThreadCopy]: ...
    def keep_thread(self, repo_id: int, copy: ThreadCopy) -> None: ...
    def keep_verdict(
        self, repo_id: int, number: int, verdict: Verdict, *, input_hash: str, version: str, at: datetime
    ) -> None: ...
    def proposed_entries(self, repo_id: int) -> Sequence[ProposedEntry]: ...
    def keep_entries(self, repo_id: int, entries: Sequence[ProposedEntry]) -> None: ...
    def proposal(self, repo_id: int) -> Proposal: ...
    def keep_proposal(self, repo_id: int, proposal: Proposal) -> None: ...
    def posted_comment(self, repo_id: int, number: int) -> PostedComment | None: ...
    def keep_comment(self, repo_id: int, comment: PostedComment) -> None: ...
    def told_since(self, repo_id: int, moment: datetime) -> Sequence[str]:
        """The authors of the issues with a comment of ours, one for each comment."""

    def opened_since(self, repo_id: int, moment: datetime) -> Sequence[int]:
        """The issues we were told of, each once."""


@dataclass(frozen=True, kw_only=True)
class HookAttempt:
    """One try of GitHub's to deliver; ``arrived`` when it was answered with 2xx."""

    id: int
    guid: str
    at: datetime
    arrived: bool
    redelivery: bool


@dataclass(frozen=True, kw_only=True)
class Installation:
    id: int
    account: str
    suspended: bool


class OwnApp(Protocol):
    """GitHub as the App itself sees it, with the errors of ``Repo``."""

    def attempts(self, *, since: datetime) -> Iterator[HookAttempt]:
        """Newest first. GitHub remembers three days, GitHub Enterprise Server seven."""

    def sent(self, attempt: HookAttempt) -> Delivery | None:
        """What was sent; None when its payload can no longer be read."""

    def redeliver(self, attempt: HookAttempt) -> None: ...
    def installation(self, installation_id: int) -> Installation | None: ...
    def repositories(self, installation_id: int) -> Mapping[int, str]:
        """The full names of those it covers, by id."""


class Intake(Protocol):
    """The deliveries we keep."""

    def known(self, guids: Sequence[str]) -> set[str]: ...
    def keep(self, batch: Sequence[Delivery]) -> set[str]: ...
    def holds_since(self) -> datetime | None:
        """When the first one came; None before."""

    def complete_until(self) -> datetime | None:
        """Up to when nothing is missing that GitHub's log knows; None before the first sweep."""

    def keep_complete_until(self, moment: datetime) -> None: ...


@dataclass(frozen=True, kw_only=True)
class KnownRepository:
    id: int
    installation_id: int
    full_name: str


class Installations(Protocol):
    """What we know of installations."""

    def known_repositories(self) -> Sequence[KnownRepository]: ...

    def keep(self, installation: Installation, *, at: datetime) -> None:
        """Jobs that were given up because a permission was missing are tried again."""

    def keep_repositories(self, installation_id: int, names: Mapping[int, str]) -> None:
        """What is known of any other repository of the installation is deleted."""

    def forget(self, installation_id: int) -> None:
        """Delete all that is known of it and its repositories."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a handler works with during one attempt of a job."""

    step: Step
    engine: Engine
    clock: Clock
    reached: Reached
    store: Store
    open_repo: Callable[[Job], Repo]
    drafter: Drafter
    judge: Judge
    own_app: OwnApp
    intake: Intake
    installations: Installations
    note: Note
