"""What the handlers need from the outside world. Adapters implement it; only `app` joins the two."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

from bot.files import TextFile
from bot.jobs import Job
from bot.threads import Thread

Clock = Callable[[], datetime]
Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
T = TypeVar("T", bound=Json)


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
    def own_comment(self, number: int, marker: str) -> OwnComment | None: ...
    def comment(self, number: int, text: str) -> int: ...
    def edit_comment(self, comment_id: int, text: str) -> None: ...
    def delete_comment(self, comment_id: int) -> None: ...
    def head(self, branch: str) -> str | None: ...
    def read_file(self, path: str, *, commit: str) -> TextFile | None: ...
    def commit_file(self, path: str, text: str, *, message: str, tree_of: str, parents: Sequence[str]) -> str: ...
    def create_branch(self, branch: str, commit: str) -> None: ...
    def advance_branch(self, branch: str, commit: str) -> None: ...
    def find_pull_request(self, branch: str) -> PullRequest | None: ...
    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest: ...
    def edit_pull_request(self, number: int, *, title: str, body: str) -> None: ...
