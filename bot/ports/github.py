"""GitHub as the bot needs it, in small parts: who takes one can do what it names and nothing else.

Every method may raise TryLater (outage, limit) or GiveUp (gone, forbidden); a write that meets a
state it did not assume raises TryLater as well: the next attempt looks again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.conversation.line_remarks import LineRemark
from bot.core.events import Delivery
from bot.core.files import TextFile
from bot.core.learnings.check_run import Annotation, Check
from bot.core.threads import Summary, Surroundings, Thread


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


class People(Protocol):
    """Whose word counts."""

    def writes(self, login: str) -> bool: ...


class Summaries(Protocol):
    """What a thread says, without its remarks."""

    def summary(self, number: int) -> Summary | None: ...


class Threads(Protocol):
    """A thread with its remarks, and what stands one step away from it."""

    def thread(self, number: int) -> Thread: ...
    def linked_thread(self, number: int) -> Thread | None:
        """What can be read of it with few requests; None when there is nothing, or a bot opened
        it."""

    def surroundings(self, number: int) -> Surroundings: ...


class Closures(Protocol):
    """What was closed."""

    def closed_since(self, moment: datetime, *, most: int) -> Mapping[int, datetime]:
        """Threads closed since then and when, the latest first."""


class Comments(Protocol):
    """Comments of our own under a thread, known by their marker."""

    def own_comment(self, number: int, marker: str) -> OwnComment | None: ...
    def comment(self, number: int, text: str) -> int: ...
    def edit_comment(self, comment_id: int, text: str) -> None: ...
    def delete_comment(self, comment_id: int) -> None: ...


class Reactions(Protocol):
    """What people think of a comment."""

    def reactions(self, comment_id: int) -> Sequence[Reaction] | None: ...


class Conversation(Protocol):
    """What people say to us."""

    def find_comment(self, number: int, comment_id: int) -> SaidComment | None:
        """None when it is gone, or stands under another thread by now."""

    def react(self, comment_id: int, content: str) -> None:
        """Acknowledge a comment; not being allowed to does not matter."""


class LineRemarks(Protocol):
    """What people say of a line of a pull request."""

    def line_remarks(self, number: int) -> Sequence[LineRemark]:
        """What was said on the lines of a pull request, oldest first."""

    def reply_on_line(self, number: int, thread: int, text: str) -> None: ...


class Files(Protocol):
    """Files as they are at a commit."""

    def default_head(self) -> str | None:
        """The newest commit of the default branch; None while there is none."""

    def read_file(self, path: str, *, commit: str) -> TextFile | None: ...


class Address(Protocol):
    """Where people look at it."""

    @property
    def full_name(self) -> str: ...
    @property
    def web_url(self) -> str:
        """Where people look at it."""


class History(Protocol):
    """Where two branches parted."""

    def merge_base(self, base: str, head: str) -> str: ...


class Branches(History, Protocol):
    """Branches, read and written. They are never forced."""

    @property
    def default_branch(self) -> str: ...
    def head(self, branch: str) -> str | None: ...
    def history(self, commit: str) -> Sequence[str]: ...
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


class FoundPullRequests(Protocol):
    """The newest pull request of a branch."""

    def find_pull_request(self, branch: str) -> PullRequest | None: ...


class PullRequests(FoundPullRequests, Protocol):
    """Pull requests of our own."""

    def open_pull_request(
        self, *, title: str, body: str, branch: str, base: str
    ) -> PullRequest: ...
    def edit_pull_request(self, number: int, *, title: str, body: str) -> None: ...
    def close_pull_request(self, number: int) -> None: ...


class Checks(History, Protocol):
    """Check runs of our own on the commits of a pull request."""

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


class Repo(
    People,
    Summaries,
    Threads,
    Closures,
    Comments,
    Reactions,
    Conversation,
    LineRemarks,
    Files,
    Address,
    Branches,
    PullRequests,
    Checks,
    Protocol,
):
    """All of one repository, as one installation sees it."""


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
    """GitHub as the App itself sees it, with the errors of a repository."""

    def attempts(self, *, since: datetime) -> Iterator[HookAttempt]:
        """Newest first. GitHub remembers three days, GitHub Enterprise Server seven."""

    def sent(self, attempt: HookAttempt) -> Delivery | None:
        """What was sent; None when its payload can no longer be read."""

    def redeliver(self, attempt: HookAttempt) -> None: ...
    def installation(self, installation_id: int) -> Installation | None: ...
    def repositories(self, installation_id: int) -> Mapping[int, str]:
        """The full names of those it covers, by id."""
