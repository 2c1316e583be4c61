"""The unit of work: its kinds, which of them an event starts, what to do after a failure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.errors import GiveUp, TryLater
from bot.webhooks import Event

Kind = Literal["judge_thread", "show_prior_art", "read_entries", "update_proposal"]

# The branch of the rolling pull request. Never contains text from an issue.
BRANCH = "precedent/learnings"
CONFIG_PATH = ".github/learnings.yml"

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to do, and to which repository.

    ``delivery`` is the guid of its cause; ``number`` is None for work on the whole repository;
    ``at`` is when the event happened by GitHub's clock (None when it did not say).
    """

    kind: Kind
    delivery: str
    installation_id: int
    repo_id: int
    repo: str
    number: int | None = None
    at: datetime | None = None

    @property
    def id(self) -> str:
        return f"{self.delivery}:{self.kind}"


@dataclass(frozen=True)
class Retry:
    at: datetime


@dataclass(frozen=True)
class Bury:
    why: str


def plan_jobs(event: Event, *, delivery: str, path: str) -> list[Job]:
    """The jobs an event starts; `path` is where the learnings file of its repository lives."""
    return [
        Job(
            kind=kind,
            delivery=delivery,
            installation_id=event.installation_id,
            repo_id=event.repository.id,
            repo=event.repository.full_name,
            number=event.number,
            at=event.at,
        )
        for kind in kinds_for(event, path=path)
    ]


def kinds_for(event: Event, *, path: str) -> list[Kind]:
    match event.name, event.action:
        case "issues", "opened":
            return ["show_prior_art"]
        case "issues", "edited":
            return ["show_prior_art"]
        case "issues", "closed" | "reopened":
            return ["judge_thread"]
        case "pull_request", "closed" | "reopened":
            return ["update_proposal"] if event.head_ref == BRANCH else ["judge_thread"]
        case "pull_request", "edited" if event.head_ref == BRANCH and not event.sender_is_bot:
            return ["update_proposal"]
        case "push", _:
            return _kinds_for_push(event, path=path)
        case _:
            return []


def _kinds_for_push(event: Event, *, path: str) -> list[Kind]:
    if event.ref == f"refs/heads/{event.repository.default_branch}":
        return ["read_entries"] if event.every_path or event.paths & {path, CONFIG_PATH} else []
    if event.ref == f"refs/heads/{BRANCH}" and not event.sender_is_bot:
        return ["update_proposal"]
    return []


def after_failure(error: Exception, *, attempts: int, now: datetime) -> Retry | Bury:
    """`attempts` counts the one that just failed."""
    if isinstance(error, GiveUp) or attempts >= MAX_ATTEMPTS:
        return Bury(f"{type(error).__name__}: {error}")
    delay = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    at = now + delay
    if isinstance(error, TryLater) and error.not_before:
        at = max(at, error.not_before)
    return Retry(at)
