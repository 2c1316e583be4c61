"""How a repository stands: what waits, what became of it, and what only a maintainer can put
right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.app_manifest import PERMISSION_REASONS, missing_permissions
from bot.core.jobs import CONFIG_PATH
from bot.core.learnings import parse
from bot.core.proposal.amendment import Amendment, headline
from bot.core.proposal.life import Life
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.recall.comment_outcome import Outcome
from bot.core.repository_settings import RepositorySettings


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who looks. ``repositories`` are those they may push to, ``suspended`` installations that
    GitHub does not open."""

    login: str
    repositories: frozenset[int]
    suspended: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One repository at a glance. ``entries`` are new lines, ``changes`` those to lines that stand.

    ``pull_request`` is None while none is open, ``permissions`` while nobody asked.
    """

    id: int
    full_name: str
    installation_id: int
    settings: RepositorySettings
    settings_mistake: str | None
    suspended: bool
    paused_until: datetime | None
    paused_because: str
    permissions: Mapping[str, str] | None
    pull_request: int | None
    entries: Mapping[Life, int]
    changes: Mapping[Life, int]
    comments: int
    buried: int


@dataclass(frozen=True, kw_only=True)
class ShownVerdict:
    """``title`` is None where the thread's own words are not kept."""

    number: int
    title: str | None
    admit: bool
    reason_class: str
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ShownComment:
    """``entries`` are the decisions it tells of, the one told in full first."""

    number: int
    entries: Sequence[int]
    state: str
    outcome: Outcome
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ShownJob:
    """``at`` is when it is due, or when it was given up; ``why`` what went wrong the last time, if
    anything did."""

    kind: str
    number: int | None
    delivery: str
    state: Literal["waiting", "started", "buried"]
    attempts: int
    why: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ShownAnswer:
    """An answer of a model that was not used, and why."""

    model: str
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What the page of one repository tells beyond its standing; the newest of each first, entries
    in their order.

    ``answers`` counts what a model was paid for, ``thrown_away`` those of them that were not used.
    """

    entries: Mapping[Life, Sequence[ProposedEntry]]
    changes: Sequence[Amendment]
    verdicts: Sequence[ShownVerdict]
    comments: Sequence[ShownComment]
    jobs: Sequence[ShownJob]
    answers: int = 0
    thrown_away: int = 0
    discarded: Sequence[ShownAnswer] = ()


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """``place`` is a path on GitHub's site, empty where nothing there helps; ``passes`` what ends
    by itself."""

    what: str
    cure: str
    place: str = ""
    passes: bool = False


def find_troubles(standing: Standing, *, now: datetime) -> Iterator[Trouble]:
    """The worst first."""
    installation = f"/settings/installations/{standing.installation_id}"
    if standing.suspended:
        yield Trouble(
            what="The installation is suspended: nothing is read, nothing is written.",
            cure="Unsuspend it; what waits is done then.",
            place=installation,
        )
    missing = missing_permissions(standing.permissions) if standing.permissions is not None else []
    for permission in missing:
        name = permission.partition(":")[0]
        yield Trouble(
            what=(
                f"The permission {permission} is not granted. It is needed"
                f" {PERMISSION_REASONS[name]}."
            ),
            cure=(
                "Accept it in the installation's settings. Where it is not offered, the"
                " App's owner adds it"
                " first."
            ),
            place=installation,
        )
    if standing.settings_mistake:
        yield Trouble(
            what=f"{CONFIG_PATH} cannot be used: {standing.settings_mistake}.",
            cure="Correct it on the default branch; until then the last good settings hold.",
            place=f"/{standing.full_name}/blob/HEAD/{CONFIG_PATH}",
        )
    if standing.buried:
        many = "One job was" if standing.buried == 1 else f"{standing.buried} jobs were"
        yield Trouble(
            what=f"{many} given up.",
            cure="The reasons are below, with the command that tries again.",
        )
    if standing.paused_until and standing.paused_until > now:
        yield Trouble(
            what=(
                f"GitHub asked for a pause until {standing.paused_until:%H:%M} UTC:"
                f" {standing.paused_because}."
            ),
            cure="Nothing to do: the work goes on by itself.",
            passes=True,
        )


def find_unreadable(count: int) -> Iterator[Trouble]:
    """`count` deliveries of the last hour could not be read: whose they are is not known, so all
    are told."""
    if count:
        many = "One delivery" if count == 1 else f"{count} deliveries"
        yield Trouble(
            what=f"{many} of the last hour could not be read, and nothing came of them.",
            cure="Whoever runs the bot sees the reasons with `precedent deliveries list"
            " --malformed`, and lets one be "
            "read again with `precedent deliveries replay GUID`.",
        )


def takeaway_of(entry: ProposedEntry) -> str:
    """Ours, or as a person worded it."""
    if entry.line is None:
        return entry.draft.takeaway
    found = parse(entry.line).entries
    return found[0].takeaway if found else entry.line


def change_of(amendment: Amendment) -> str:
    return headline(amendment).replace("`", "")
