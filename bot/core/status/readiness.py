"""Can this process do its own part now, and what is to be done about what ails the bot?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from bot.core.errors import Illness

# web: keeps deliveries · worker: works on them · setup: serves the page that makes the App
Part = Literal["web", "worker", "setup"]
# ready: nothing to tell · ill: does its part, and somebody should look · failing: cannot do its
# part
State = Literal["setup", "ready", "ill", "failing"]
# What one process meets and the others cannot see.
Symptom = Literal["clock", "credentials", "model"]
AilmentName = Literal[
    "full",
    "locked",
    "read_only",
    "damaged",
    "crowded",
    "broken_disk",
    "refused",
    "away",
    "no_app",
    "clock",
    "credentials",
    "lease_lost",
    "no_worker",
    "dead_worker",
    "backlog",
    "overdue",
    "malformed",
    "paused",
    "model",
    "budget",
    "other_settings",
    "fleeting_disk",
    "given_up",
]

# How long deliveries may wait to be planned, and due jobs to be started; one job of a lane waits
# for another.
PATIENCE: Final = timedelta(seconds=60)
PATIENCE_WITH_JOBS: Final = timedelta(minutes=10)
# For how long it is told that deliveries could not be read, or that a worker died.
REMEMBERED: Final = timedelta(hours=1)
LARGEST_SKEW: Final = timedelta(seconds=60)
PAUSES_TOLD: Final = 3

LOST_MEANWHILE: Final = (
    "deliveries are refused meanwhile, and GitHub's log keeps them for three days"
)


@dataclass(frozen=True, kw_only=True)
class Unwritable:
    cause: Illness
    why: str


@dataclass(frozen=True, kw_only=True)
class Pause:
    """``account`` is empty for the App itself."""

    account: str
    until: datetime
    why: str


@dataclass(frozen=True, kw_only=True)
class Observed:
    """``durable`` and the moments are None when they cannot be told, or nothing waits.

    ``workers`` are the fingerprints of the settings of those alive, ``lost`` the machines of those
    that died lately, ``jobs`` their number by state, ``malformed`` the deliveries of the last hour
    that could not be read.
    """

    unwritable: Unwritable | None = None
    has_app: bool = True
    holds_lease: bool = True
    durable: bool | None = None
    oldest_undispatched: datetime | None = None
    oldest_due: datetime | None = None
    workers: Sequence[str] = ()
    lost: Sequence[str] = ()
    jobs: Mapping[str, int] = field(default_factory=dict)
    malformed: int = 0
    pauses: Sequence[Pause] = ()
    symptoms: Mapping[Symptom, str] = field(default_factory=dict)
    spent_usd: Decimal = Decimal(0)
    budget_usd: Decimal | None = None
    spent_tokens: int = 0
    budget_tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Ailment:
    name: AilmentName
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.what}: {self.cure}"


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """``problems`` keep this process from doing its part; ``warnings`` are for people. The worst of
    each first."""

    state: State
    problems: Sequence[Ailment]
    warnings: Sequence[Ailment]
    observed: Observed


def judge_readiness(
    observed: Observed, *, part: Part, fingerprint: str, now: datetime
) -> Readiness:
    found = [*find_ailments(observed, fingerprint=fingerprint, now=now)]
    problems = [ailment for ailment in found if ailment.name in DISABLING[part]]
    warnings = [ailment for ailment in found if ailment.name not in DISABLING[part]]
    return Readiness(
        state="setup"
        if part == "setup"
        else "failing"
        if problems
        else "ill"
        if warnings
        else "ready",
        problems=problems,
        warnings=warnings,
        observed=observed,
    )


UNWRITABLE: Final = frozenset[AilmentName](
    {"full", "locked", "read_only", "damaged", "crowded", "broken_disk", "refused", "away"}
)
# A backlog is not among them: to take the intake away would lose what the backlog only delays.
DISABLING: Final[Mapping[Part, frozenset[AilmentName]]] = {
    "web": UNWRITABLE | {"no_app"},
    "worker": UNWRITABLE | {"no_app", "lease_lost", "clock", "credentials"},
    "setup": frozenset(),
}


def find_ailments(observed: Observed, *, fingerprint: str, now: datetime) -> Iterator[Ailment]:
    """The worst first, causes before what follows from them."""
    if observed.unwritable:
        yield ailment_of(observed.unwritable)
    if not observed.has_app:
        yield Ailment(
            name="no_app",
            what="there is no GitHub App yet, and every webhook is refused",
            cure="start `precedent serve` and open the address that it prints: the page makes"
            " the App. Or set "
            "GITHUB_APP_ID, GITHUB_PRIVATE_KEY and GITHUB_WEBHOOK_SECRET",
        )
    yield from find_refusals(observed.symptoms)
    yield from _workers(observed, fingerprint)
    yield from _waiting(observed, now)
    if observed.malformed:
        yield Ailment(
            name="malformed",
            what=f"of the last hour's deliveries {observed.malformed} could not be read",
            cure="see `precedent deliveries list --malformed`",
        )
    yield from _pauses(observed.pauses)
    if observed.budget_usd is not None and observed.spent_usd >= observed.budget_usd:
        yield Ailment(
            name="budget",
            what=f"today's {observed.budget_usd} USD for the model are spent",
            cure="raise LLM_DAILY_BUDGET_USD, or let drafting wait for midnight UTC",
        )
    elif observed.budget_tokens is not None and observed.spent_tokens >= observed.budget_tokens:
        yield Ailment(
            name="budget",
            what=f"today's {observed.budget_tokens} tokens for the model are used",
            cure="raise LLM_DAILY_BUDGET_TOKENS, or let drafting wait for midnight UTC",
        )
    if observed.durable is False:
        yield Ailment(
            name="fleeting_disk",
            what="the database is on a disk that does not outlive a deploy",
            cure="set DATABASE_URL to a PostgreSQL, or to a file on a persistent disk",
        )
    if buried := observed.jobs.get("buried"):
        yield Ailment(
            name="given_up",
            what=f"{buried} jobs were given up",
            cure="see `precedent deliveries list --given-up`",
        )


def ailment_of(unwritable: Unwritable) -> Ailment:
    """What to do about a database that cannot be written; a conflict is a lock that somebody else
    was given."""
    name: AilmentName = "locked" if unwritable.cause == "conflict" else unwritable.cause
    match name:
        case "full":
            what, cure = "the disk of the database is full", f"make room on it; {LOST_MEANWHILE}"
        case "locked":
            what = "another process holds the database locked"
            cure = (
                "let it finish or end it, such as a shell or a copy that was left open;"
                f" {LOST_MEANWHILE}"
            )
        case "read_only":
            what = "the database takes no writes"
            cure = (
                "set DATABASE_URL to the primary of PostgreSQL, or let this user write to"
                " the file and its folder"
            )
        case "damaged":
            what, cure = (
                "the database is damaged",
                "put a backup in its place with `precedent restore PATH`",
            )
        case "crowded":
            what = "the database gives no further connection"
            cure = f"raise its limit of connections, or run fewer processes; {LOST_MEANWHILE}"
        case "broken_disk":
            what = f"the disk of the database fails ({unwritable.why})"
            cure = (
                f"look at the system's log, and move the database to a sound disk; {LOST_MEANWHILE}"
            )
        case "refused":
            what = f"the database refuses this user ({unwritable.why})"
            cure = "set DATABASE_URL to a user and database that exist, with the right password"
        case _:
            what = f"the database cannot be reached ({unwritable.why})"
            cure = f"let this machine reach what DATABASE_URL names; {LOST_MEANWHILE}"
    return Ailment(name=name, what=what, cure=cure)


def find_refusals(symptoms: Mapping[Symptom, str]) -> Iterator[Ailment]:
    """Of GitHub and of Claude. A clock that is wrong explains a refusal: then nothing is said of
    the key."""
    if "clock" in symptoms:
        yield Ailment(
            name="clock",
            what=f"this machine's clock is {symptoms['clock']}",
            cure=(
                "set the clock, and keep it right with NTP: GitHub refuses what is signed"
                " at a wrong time"
            ),
        )
    elif "credentials" in symptoms:
        yield Ailment(
            name="credentials",
            what=f"GitHub refuses the App's credentials ({symptoms['credentials']})",
            cure=(
                "set GITHUB_APP_ID and GITHUB_PRIVATE_KEY to the number of the App and a"
                " key made on its page"
            ),
        )
    if "model" in symptoms:
        yield Ailment(
            name="model",
            what=f"the model is not asked any more ({symptoms['model']})",
            cure="set ANTHROPIC_API_KEY (OPENAI_API_KEY) to a key with a budget and ANTHROPIC_MODEL"
            " (OPENAI_MODEL) to a model that exists; until then the rules draft",
        )


def _workers(observed: Observed, fingerprint: str) -> Iterator[Ailment]:
    if not observed.holds_lease:
        yield Ailment(
            name="lease_lost",
            what="this worker no longer renews its lease",
            cure="restart it; its log says what stopped it",
        )
    # Without an App none can start; without a database none can tell that it is alive.
    if not observed.workers and observed.has_app and not observed.unwritable:
        yield Ailment(
            name="no_worker",
            what="no worker is alive",
            cure="start `precedent worker`, or `precedent serve` for all in one",
        )
    if observed.lost:
        yield Ailment(
            name="dead_worker",
            what=f"a worker on {observed.lost[0]} died within the last hour",
            cure=(
                "look there for what ended it, often a lack of memory; the others take its"
                " jobs over"
            ),
        )
    if any(worker != fingerprint for worker in observed.workers):
        yield Ailment(
            name="other_settings",
            what="a worker runs with other settings than this process",
            cure="restart both with the same ones",
        )


def _waiting(observed: Observed, now: datetime) -> Iterator[Ailment]:
    undispatched, due = observed.oldest_undispatched, observed.oldest_due
    if undispatched is not None and now - undispatched > PATIENCE and observed.workers:
        yield Ailment(
            name="backlog",
            what=f"a delivery has waited for {_seconds(now - undispatched)} seconds to be planned",
            cure=(
                "start another `precedent worker`; if that does not help, its log says what"
                " it waits for"
            ),
        )
    if due is not None and now - due > PATIENCE_WITH_JOBS and observed.workers:
        yield Ailment(
            name="overdue",
            what=f"a job has been due for {_seconds(now - due)} seconds",
            cure="start another `precedent worker`",
        )


def _pauses(pauses: Sequence[Pause]) -> Iterator[Ailment]:
    for pause in pauses[:PAUSES_TOLD]:
        yield Ailment(
            name="paused",
            what=(
                f"{pause.account or 'the App itself'} is paused until {pause.until:%H:%M}"
                f" UTC ({pause.why})"
            ),
            cure="wait: its jobs go on by themselves",
        )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
