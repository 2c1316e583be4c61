"""What the handlers need from the outside world. Adapters implement it; only `app` joins the
two."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol, TypeVar

from bot.core.asking.rewording import Review, Reworded
from bot.core.commands import Verb
from bot.core.conversation.line_remarks import LineRemark
from bot.core.drafting.draft import Draft
from bot.core.events import Delivery
from bot.core.files import TextFile
from bot.core.jobs import Job
from bot.core.learnings.check_run import Annotation, Check
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.branch import Proposal
from bot.core.proposal.entry import ProposedEntry
from bot.core.proposal.review import Proposed
from bot.core.recall.gate import Decision, Match
from bot.core.recall.outcome import Outcome
from bot.core.recall.precedents import Found, Question
from bot.core.repository_settings import RepositorySettings
from bot.core.status.readiness import Symptom
from bot.core.threads import Summary, Surroundings, Thread, ThreadCopy
from bot.core.verdicts import CaptureRules, KeptVerdict, Verdict

Clock = Callable[[], datetime]
# What a step may answer; mappings are typed by the handler.
Json = Mapping[str, object] | Sequence[object] | str | int | float | bool | None
T = TypeVar("T", bound=Json)

# Named points of `faults.md` at which a test may kill the process; in production nothing happens
# there.
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
    "check.created",
    "command.kept",
    "answer.posted",
    "job.before_done",
    "sweep.mid",
    "shutdown.mid",
]
Reached = Callable[[CrashPoint], None]


class Note(Protocol):
    """Put a decision on record: an event name in the past tense, and fields that are never
    content."""

    def __call__(self, event: str, **fields: str | int | bool | None) -> None: ...


class Step(Protocol):
    """Run `fn` once per attempt of a job: after a crash the kept answer is returned instead of a
    second call.

    Still at-least-once (a crash can fall between the effect and its record), so `fn` looks before
    it writes. The answer must be JSON; names and order of a handler's steps must follow from
    earlier steps' answers alone.
    """

    def __call__(self, name: str, fn: Callable[[], T]) -> T: ...


class Engine(Protocol):
    """Runs jobs durably: what is added survives the process, and runs at least once."""

    def add(self, job: Job, *, delay: timedelta = timedelta()) -> None:
        """Add a job. A second job with the same id is the same job; of a coalescing kind one waits
        per repository."""


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
class SaidComment:
    """A comment under the thread ``number``, as it stands now; ``automatic`` when a bot or an App
    wrote it."""

    id: int
    number: int
    author: str
    text: str
    at: datetime
    updated_at: datetime
    url: str
    automatic: bool


@dataclass(frozen=True, kw_only=True)
class PullRequest:
    """``closed_by`` is None while it is open, and where GitHub does not say. ``commented``:
    somebody has."""

    number: int
    state: Literal["open", "closed", "merged"]
    title: str
    body: str
    base: str
    closed_by: str | None = None
    closed_by_bot: bool = False
    closed_at: datetime | None = None
    commented: bool = True


@dataclass(frozen=True, kw_only=True)
class Heads:
    """The newest commits of an open pull request and of the branch it is to be merged into."""

    head: str
    base: str


@dataclass(frozen=True, kw_only=True)
class CheckRun:
    """One of ours on a commit. ``annotations`` is how many it has: GitHub takes more, and gives
    none back."""

    id: int
    key: str
    completed: bool
    annotations: int


class Repo(Protocol):
    """One repository on GitHub, as one installation sees it.

    Every method may raise TryLater (outage, limit) or GiveUp (gone, forbidden); a write that meets
    a state it did not assume raises TryLater as well: the next attempt looks again.
    """

    full_name: str

    @property
    def default_branch(self) -> str: ...
    @property
    def web_url(self) -> str:
        """Where people look at it."""

    def writes(self, login: str) -> bool: ...
    def thread(self, number: int) -> Thread: ...
    def linked_thread(self, number: int) -> Thread | None:
        """What can be read of it with few requests; None when there is nothing, or a bot opened
        it."""

    def surroundings(self, number: int) -> Surroundings: ...
    def summary(self, number: int) -> Summary | None: ...
    def closed_since(self, moment: datetime, *, most: int) -> Mapping[int, datetime]:
        """Threads closed since then and when, the latest first."""

    def find_comment(self, number: int, comment_id: int) -> SaidComment | None:
        """None when it is gone, or stands under another thread by now."""

    def react(self, comment_id: int, content: str) -> None:
        """Acknowledge a comment; not being allowed to does not matter."""

    def own_comment(self, number: int, marker: str) -> OwnComment | None: ...
    def comment(self, number: int, text: str) -> int: ...
    def edit_comment(self, comment_id: int, text: str) -> None: ...
    def delete_comment(self, comment_id: int) -> None: ...
    def reactions(self, comment_id: int) -> Sequence[Reaction] | None: ...
    def head(self, branch: str) -> str | None: ...
    def history(self, commit: str) -> Sequence[str]: ...
    def merge_base(self, base: str, head: str) -> str: ...
    def read_file(self, path: str, *, commit: str) -> TextFile | None: ...
    def author(self, commit: str) -> str:
        """``name <address>`` of whoever made it."""

    def commit_file(
        self,
        path: str,
        text: str | None,
        *,
        mode: str,
        message: str,
        tree_of: str,
        parents: Sequence[str],
    ) -> str: ...
    def create_branch(self, branch: str, commit: str) -> None: ...
    def advance_branch(self, branch: str, commit: str) -> None: ...
    def line_remarks(self, number: int) -> Sequence[LineRemark]:
        """What was said on the lines of a pull request, oldest first."""

    def reply_on_line(self, number: int, thread: int, text: str) -> None: ...
    def find_pull_request(self, branch: str) -> PullRequest | None: ...
    def open_pull_request(
        self, *, title: str, body: str, branch: str, base: str
    ) -> PullRequest: ...
    def edit_pull_request(self, number: int, *, title: str, body: str) -> None: ...
    def close_pull_request(self, number: int) -> None: ...
    def heads(self, number: int) -> Heads | None:
        """None when there is no such pull request, or it is not open."""

    def changed_paths(self, number: int) -> frozenset[str] | None:
        """New names and old ones. None when there are more than GitHub lists."""

    def find_check(self, name: str, *, commit: str) -> CheckRun | None: ...
    def write_check(
        self,
        check: Check,
        *,
        commit: str,
        onto: int | None,
        annotations: Sequence[Annotation],
        last: bool,
    ) -> int:
        """A new check run, or more of the one with the id `onto`; concluded with the `last` of its
        annotations."""


class Drafter(Protocol):
    """Is a thread worth an entry, and what would the entry say? ``version`` names the rules or
    model that answered."""

    version: str

    def draft(
        self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]
    ) -> tuple[Verdict, Draft | None]:
        """No draft where the verdict does not admit."""

    def reword(self, thread: Thread, review: Review, *, rules: CaptureRules) -> Reworded:
        """The takeaway as maintainers ask for it, where the thread bears that out."""


class Judge(Protocol):
    """Do past decisions truly apply to a new issue? ``version`` names the rules or model that
    answered."""

    version: str

    def judge(
        self, title: str, body: str, decisions: Sequence[Decision], *, near: Sequence[Decision]
    ) -> Sequence[Match]:
        """Up to three, best first; none in doubt. `near` are the likeliest of `decisions`, best
        first."""


class Recall(Protocol):
    """What a repository decided, by what it says. Every process that asks the same finds the
    same."""

    def find(self, repo_id: int, question: Question) -> Found: ...


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """One paid answer. ``key`` is equal for equal questions to the same model."""

    key: str
    model: str
    answer: str
    cost_usd: Decimal
    at: datetime


class Symptoms(Protocol):
    """What one process meets and the others should tell of, for as long as it lasts."""

    def note(self, name: Symptom, why: str, *, at: datetime) -> None: ...
    def clear(self, name: Symptom) -> None: ...


class CallLedger(Protocol):
    """What was asked and paid, for all and for one repository; survives the process.

    ``shared``: other repositories live on the same budget.
    """

    @property
    def shared(self) -> bool: ...
    def find_answer(self, key: str) -> str | None: ...
    def keep_call(self, call: ModelCall) -> None: ...
    def spent_since(self, moment: datetime) -> Decimal: ...
    def spent_here_since(self, moment: datetime) -> Decimal: ...


@dataclass(frozen=True, kw_only=True)
class Recollection:
    """A repository as last read from its default branch. ``document`` is None while there is no
    learnings file.

    With a ``mistake`` in its settings, ``settings`` are the last ones that could be read.
    """

    settings: RepositorySettings
    document: str | None
    mistake: str | None = None


@dataclass(frozen=True, kw_only=True)
class PostedComment:
    """Our comment on one issue. ``comment_id`` is None while it was only written down (shadow) or
    never made (silent).

    ``entry`` is the number told of in full, ``further`` those told of besides. ``author`` opened
    the issue; ``version`` names the rules or model that judged.
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
    further: Sequence[int] = ()

    @property
    def entries(self) -> Sequence[int]:
        return (self.entry, *self.further)


def name_of(job: Job, comment: PostedComment) -> str | None:
    """What is followed: a comment that stands, or one that was only written down; None where there
    is neither."""
    match comment.state:
        case "posted" if comment.comment_id is not None:
            return f"comment:{comment.comment_id}"
        case "shadow":
            return f"shadow:{job.repo_id}:{comment.number}"
        case _:
            return None


@dataclass(frozen=True, kw_only=True)
class KeptCommand:
    """What a person told us under the thread ``said_on``, about the thread ``number``, and what
    came of it.

    ``verb`` is None where it is none of ours; ``changed`` when there is something to undo;
    ``reply`` is None where a reaction says it all. ``before`` and ``after`` are the lines it
    changed, one that there was not before in ``after`` alone; ``undoes`` is the comment of the
    command that it takes back.
    """

    comment_id: int
    said_on: int
    number: int
    verb: Verb | None
    author: str
    at: datetime
    obeyed: bool = True
    changed: bool = False
    reply: str | None = None
    before: Sequence[Proposed] = ()
    after: Sequence[Proposed] = ()
    undoes: int | None = None


class Commands(Protocol):
    """What people told us; append-only but for what was undone."""

    def find(self, repo_id: int, comment_id: int) -> KeptCommand | None: ...
    def keep(self, repo_id: int, command: KeptCommand) -> None:
        """With the entries it changes, or not at all; the second time nothing happens."""

    def last(self, repo_id: int, number: int) -> KeptCommand | None:
        """The last one about the thread, or said on it, that changed something and was not
        undone."""

    def standing(self, repo_id: int, number: int) -> KeptCommand | None:
        """The last word about whether the thread is to have an entry: `add`, `skip` or
        `reconsider`."""


class Store(Protocol):
    """What the bot knows of repositories between jobs. A method is one transaction; keeping twice
    is keeping once."""

    def recollection(self, repo_id: int) -> Recollection | None: ...
    def keep_settings(self, job: Job, text: str | None, *, at: datetime) -> RepositorySettings: ...
    def keep_document(self, repo_id: int, document: str | None) -> None: ...
    def threads(self, repo_id: int, numbers: Collection[int]) -> Mapping[int, ThreadCopy]: ...
    def keep_thread(self, repo_id: int, copy: ThreadCopy) -> None: ...
    def keep_verdict(
        self,
        repo_id: int,
        thread: Thread,
        verdict: Verdict,
        *,
        input_hash: str,
        version: str,
        at: datetime,
    ) -> None: ...
    def judged_of(self, repo_id: int, author: str, *, since: datetime) -> Sequence[int]:
        """The threads that this person opened, in the order in which they were first judged since
        then."""

    def awaiting(self, repo_id: int, number: int, *, or_among: Sequence[int]) -> Sequence[int]:
        """The judged threads whose verdict awaits this one, or that are among some others; the
        latest few."""

    def verdict(self, repo_id: int, number: int) -> KeptVerdict | None: ...
    def proposed_entries(self, repo_id: int) -> Sequence[ProposedEntry]: ...
    def amendments(self, repo_id: int) -> Sequence[Amendment]: ...

    def proposed_lines(self, repo_id: int) -> Sequence[Proposed]:
        """Entries and amendments."""

    def keep_lines(self, repo_id: int, lines: Sequence[Proposed]) -> None: ...
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
    """``permissions`` is what its owner has granted; None where GitHub does not say."""

    id: int
    account: str
    suspended: bool
    permissions: Mapping[str, str] | None = None


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
    commands: Commands
    open_repo: Callable[[Job], Repo]
    drafter: Drafter
    judge: Judge
    recall: Recall
    own_app: OwnApp
    intake: Intake
    installations: Installations
    note: Note
