"""What a feature asks to be handed. Each states its own ``Context`` of these, and its own ``Repo``
and ``Store`` of the small ports of GitHub and of the store: what it does not name, mypy refuses."""

from typing import Protocol, TypeVar

from bot.core.jobs import Job
from bot.ports.github import OwnApp
from bot.ports.model import Drafter, Judge
from bot.ports.store import Installations, Intake, Recall
from bot.ports.world import Clock, Engine, Note, Reached, Step

R_co = TypeVar("R_co", covariant=True)
S_co = TypeVar("S_co", covariant=True)
C_co = TypeVar("C_co", covariant=True)


class Dated(Protocol):
    @property
    def clock(self) -> Clock: ...


class Attempt(Dated, Protocol):
    """What every job has during one attempt."""

    @property
    def step(self) -> Step: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def reached(self) -> Reached: ...
    @property
    def note(self) -> Note: ...


class Opens(Protocol[R_co]):
    """So much of the repository that a job is about."""

    def open_repo(self, job: Job, /) -> R_co: ...


class Keeps(Protocol[S_co]):
    """So much of what is kept between jobs."""

    @property
    def store(self) -> S_co: ...


class Hears(Protocol[C_co]):
    """So much of what people told us."""

    @property
    def commands(self) -> C_co: ...


class Drafts(Protocol):
    @property
    def drafter(self) -> Drafter: ...


class Judges(Protocol):
    @property
    def judge(self) -> Judge: ...


class Recalls(Protocol):
    @property
    def recall(self) -> Recall: ...


class AsksApp(Protocol):
    @property
    def own_app(self) -> OwnApp: ...


class TakesIn(Protocol):
    @property
    def intake(self) -> Intake: ...


class KnowsInstallations(Protocol):
    @property
    def installations(self) -> Installations: ...
