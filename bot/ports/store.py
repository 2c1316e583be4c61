"""What is kept between jobs, in small parts. A method is one transaction; keeping twice is keeping
once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, assert_never

from bot.core.commands import Verb
from bot.core.events import Delivery
from bot.core.jobs import Job
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.branch import Proposal
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.proposal.review import Proposed
from bot.core.recall.comment_outcome import Outcome
from bot.core.recall.precedents import Found, Question
from bot.core.repository_settings import RepositorySettings
from bot.core.status.readiness import Symptom
from bot.core.threads import Thread, ThreadCopy
from bot.core.verdicts import KeptVerdict, Verdict
from bot.ports.github import Installation


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
        case "posted" | "withdrawn" | "silent":
            return None
        case _:
            assert_never(comment.state)


@dataclass(frozen=True, kw_only=True)
class KeptCommand:
    """What a person told us under the thread ``said_on``, about the thread ``number``, and what
    came of it.

    ``verb`` is None where it is none of ours; ``changed`` when there is something to undo;
    ``reply`` is None where a reaction says it all. ``before`` and ``after`` are the entries it
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


class Snapshots(Protocol):
    """A repository as last read."""

    def recollection(self, repo_id: int) -> Recollection | None: ...
    def keep_settings(self, job: Job, text: str | None, *, at: datetime) -> RepositorySettings: ...
    def keep_document(self, repo_id: int, document: str | None) -> None: ...


class ThreadCopies(Protocol):
    """Copies of threads, to search by."""

    def threads(self, repo_id: int, numbers: Collection[int]) -> Mapping[int, ThreadCopy]: ...
    def keep_thread(self, repo_id: int, copy: ThreadCopy) -> None: ...


class Verdicts(Protocol):
    """How threads were judged; append-only."""

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


class Entries(Protocol):
    """The entries under way."""

    def proposed_entries(self, repo_id: int) -> Sequence[ProposedEntry]: ...


class Amendments(Protocol):
    """Changes under way of entries that stand."""

    def amendments(self, repo_id: int) -> Sequence[Amendment]: ...


class Lines(Entries, Amendments, Protocol):
    """Entries and amendments alike."""

    def proposed_lines(self, repo_id: int) -> Sequence[Proposed]: ...
    def keep_lines(self, repo_id: int, lines: Sequence[Proposed]) -> None: ...


class Proposals(Protocol):
    """What is remembered of the pull request."""

    def proposal(self, repo_id: int) -> Proposal: ...
    def keep_proposal(self, repo_id: int, proposal: Proposal) -> None: ...


class KeptComments(Protocol):
    """Our comments on issues, posted or only written down."""

    def posted_comment(self, repo_id: int, number: int) -> PostedComment | None: ...
    def keep_comment(self, repo_id: int, comment: PostedComment) -> None: ...
    def told_since(self, repo_id: int, moment: datetime) -> Sequence[str]:
        """The authors of the issues with a comment of ours, one for each comment."""

    def opened_since(self, repo_id: int, moment: datetime) -> Sequence[int]:
        """The issues we were told of, each once."""


class Store(
    Snapshots,
    ThreadCopies,
    Verdicts,
    Lines,
    Proposals,
    KeptComments,
    Protocol,
):
    """All the bot knows of repositories."""


class Told(Protocol):
    """What people told us, looked up."""

    def last(self, repo_id: int, number: int) -> KeptCommand | None:
        """The last one about the thread, or said on it, that changed something and was not
        undone."""

    def standing(self, repo_id: int, number: int) -> KeptCommand | None:
        """The last word about whether the thread is to have an entry: `add`, `skip` or
        `reconsider`."""


class Commands(Told, Protocol):
    """What people told us; append-only but for what was undone."""

    def find(self, repo_id: int, comment_id: int) -> KeptCommand | None: ...
    def keep(self, repo_id: int, command: KeptCommand) -> None:
        """With the entries it changes, or not at all; the second time nothing happens."""


class Recall(Protocol):
    """What a repository decided, by what it says. Every process that asks the same finds the
    same."""

    def find(self, repo_id: int, question: Question) -> Found: ...


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


class Symptoms(Protocol):
    """What one process meets and the others should tell of, for as long as it lasts."""

    def note(self, name: Symptom, why: str, *, at: datetime) -> None: ...
    def clear(self, name: Symptom) -> None: ...
