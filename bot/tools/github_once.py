"""GitHub, asked by a command that a person runs: once, in their sight, without a database."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.adapters.github import GitHubApp, GitHubRepo, Missing
from bot.adapters.github.addresses import of_repository
from bot.app import Outside
from bot.core.errors import BadSettings
from bot.core.learnings.audit import ThreadState
from bot.core.settings import Settings
from bot.core.status.readiness import Symptom


class Unpaced:
    """A person's command asks a handful of questions once, and leaves no trace in the database."""

    def paused_until(self, installation_id: int, *, now: datetime) -> datetime | None:  # noqa: ARG002 - of the protocol
        return None

    def pause(
        self,
        installation_id: int,  # noqa: ARG002 - of the protocol
        *,
        until: datetime | None,
        why: str,  # noqa: ARG002 - of the protocol
        now: datetime,
    ) -> datetime:
        return until or now

    def suspend(self, installation_id: int) -> None:
        """It is said, not kept."""

    def reserve_write(
        self,
        installation_id: int,  # noqa: ARG002 - of the protocol
        *,
        contributes: bool,  # noqa: ARG002 - of the protocol
        now: datetime,
        within: timedelta,  # noqa: ARG002 - of the protocol
    ) -> datetime:
        return now


class MemorySymptoms:
    """What GitHub's answers showed while the command ran."""

    def __init__(self) -> None:
        self.lasting: dict[Symptom, str] = {}

    def note(self, name: Symptom, why: str, *, at: datetime) -> None:  # noqa: ARG002 - of the protocol
        self.lasting[name] = why

    def clear(self, name: Symptom) -> None:
        self.lasting.pop(name, None)


def ask_in_person(
    settings: Settings, outside: Outside, *, symptoms: MemorySymptoms | None = None
) -> GitHubApp:
    if settings.app_id is None or settings.private_key is None:
        raise BadSettings("set GITHUB_APP_ID and GITHUB_PRIVATE_KEY_PATH to ask GitHub")
    return GitHubApp(
        app_id=str(settings.app_id),
        private_key=settings.private_key,
        api_url=settings.api_url,
        clock=outside.clock,
        pace=Unpaced(),
        wait=outside.wait,
        symptoms=symptoms or MemorySymptoms(),
        transport=outside.github,
    )


def ask_states(github: GitHubApp, full_name: str, numbers: Iterable[int]) -> dict[int, ThreadState]:
    """What GitHub says of threads now; a number it does not know is left out. Raises TryLater or
    GiveUp."""
    installation = github.as_app("GET", of_repository(full_name) + "/installation")
    repo = GitHubRepo(github, installation_id=installation["id"], repo_id=0, full_name=full_name)
    states = {number: _state(repo, number) for number in sorted(numbers)}
    return {number: state for number, state in states.items() if state}


def _state(repo: GitHubRepo, number: int) -> ThreadState | None:
    summary = repo.summary(number)
    if summary is None:
        return None
    if summary.is_open:
        return "open"
    try:
        return repo.pull_request(number).state
    except Missing:
        return "closed"  # an issue
