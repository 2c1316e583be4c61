"""Broken set-ups, and the cure that `precedent doctor` names for each."""

from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.model.asking import KeyRefused, ModelUnknown
from bot.adapters.store.database import Database
from bot.adapters.store.migrate import migrate
from bot.adapters.store.workers import Worker, Workers
from bot.app import Outside
from bot.core.asking.question import DECLINED, Unusable
from bot.core.errors import BadSettings
from bot.core.settings import read_settings
from bot.service.worker import LEASE_SECONDS
from bot.tools import doctor
from bot.tools.doctor import Finding, examine
from github_sandbox import InProcess, Sandbox, actions
from github_sandbox.faults import Fault
from github_sandbox.sandbox import CLIENT_SECRET
from tests.support.loop import StandingClock
from tests.support.models import Told
from tests.support.moments import NOON

ANOTHER_KEY = "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n"


class Practice:
    """A sound set-up, and what can go wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.clock = StandingClock()
        self.sandbox = Sandbox(clock=self.clock, auth_clock=self.clock, webhook_url=None)
        self.repo = self.sandbox.add_repository("acme/engine")
        self.installation = self.sandbox.installation_of(self.repo)
        self.owner = self.sandbox.user("olive-owner")
        url = f"sqlite:///{folder / 'bot.db'}"
        database = Database(url)
        migrate(database, now=NOON)
        database.close()
        self.url = url
        self.environment = {
            "DATABASE_URL": url,
            "GITHUB_APP_ID": str(self.sandbox.app.id),
            "GITHUB_PRIVATE_KEY": self.sandbox.private_key,
            "GITHUB_WEBHOOK_SECRET": "a-secret-that-nobody-guesses",
            "GITHUB_API_URL": self.sandbox.site.api,
            "PUBLIC_URL": "https://bot.example",
        }
        self.vendor = Told()

    def start_worker(self) -> None:
        """One that works with the settings as they are now, if it can start at all."""
        try:
            settings = read_settings(self.environment, read_file=lambda _: "")
        except BadSettings:
            return
        worker = Worker(id="w1", fingerprint=settings.fingerprint, started_at=NOON)
        with closing(Database(self.url)) as database:
            Workers(database, lease_seconds=LEASE_SECONDS).beat(worker)

    def examine(self) -> list[Finding]:
        outside = Outside(
            clock=self.clock,
            wait=lambda span: self.clock.advance(seconds=span.total_seconds()),
            github=InProcess(self.sandbox),
        )
        return list(
            examine(
                self.environment,
                read_file=lambda path: Path(path).read_text(),
                outside=outside,
                vendor=self.vendor,
            )
        )

    @property
    def problems(self) -> list[Finding]:
        self.start_worker()
        fleeting = "does not outlive a deploy"  # the disk of the tests may be such a one
        return [each for each in self.examine() if each.problem and fleeting not in each.problem]


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


def half_an_app(practice: Practice) -> None:
    del practice.environment["GITHUB_PRIVATE_KEY"]


def weak_secret(practice: Practice) -> None:
    practice.environment["GITHUB_WEBHOOK_SECRET"] = "secret"


def no_app(practice: Practice) -> None:
    for name in ("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"):
        del practice.environment[name]


def empty_database(practice: Practice) -> None:
    practice.environment["DATABASE_URL"] += ".new"


def unmigrated_database(practice: Practice) -> None:
    practice.environment["DATABASE_URL"] += ".empty"
    Database(practice.environment["DATABASE_URL"]).is_reachable()


def unwritable_database(practice: Practice) -> None:
    practice.environment["DATABASE_URL"] = "sqlite:////nowhere/at/all/bot.db"


def wrong_app_id(practice: Practice) -> None:
    practice.environment["GITHUB_APP_ID"] = "999"


def broken_key(practice: Practice) -> None:
    practice.environment["GITHUB_PRIVATE_KEY"] = ANOTHER_KEY


def no_github_there(practice: Practice) -> None:
    practice.sandbox.bad_days.add(Fault(status=404, message="Not Found", path="/app$", times=9))


def too_few_permissions(practice: Practice) -> None:
    del practice.sandbox.app.permissions["pull_requests"]


def too_few_events(practice: Practice) -> None:
    practice.sandbox.app.events.remove("push")


def another_address(practice: Practice) -> None:
    practice.sandbox.hook_url = "https://old.example/webhook"


def not_installed(practice: Practice) -> None:
    practice.sandbox.uninstall(practice.installation, by=practice.owner)


def suspended(practice: Practice) -> None:
    actions.suspend(practice.sandbox, practice.installation, practice.owner)


def permissions_not_accepted(practice: Practice) -> None:
    practice.installation.permissions["contents"] = "read"


def no_session_secret(practice: Practice) -> None:
    practice.environment |= {
        "GITHUB_CLIENT_ID": practice.sandbox.app.client_id,
        "GITHUB_CLIENT_SECRET": CLIENT_SECRET,
    }


def can_sign_in(practice: Practice) -> None:
    no_session_secret(practice)
    practice.environment["SESSION_SECRET"] = "what-the-cookies-are-signed-with"


def client_of_another_app(practice: Practice) -> None:
    can_sign_in(practice)
    practice.environment["GITHUB_CLIENT_ID"] = "Iv1.another"


def wrong_client_secret(practice: Practice) -> None:
    can_sign_in(practice)
    practice.environment["GITHUB_CLIENT_SECRET"] = "made-up"


def refused_by_claude(practice: Practice) -> None:
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-wrong"
    practice.vendor.answer = KeyRefused(401)


def unknown_model(practice: Practice) -> None:
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-right"
    practice.vendor.answer = ModelUnknown()


def refused_by_another_vendor(practice: Practice) -> None:
    practice.environment |= {
        "MODEL_PROVIDER": "openai",
        "OPENAI_API_KEY": "sk-wrong",
        "OPENAI_MODEL": "llama",
    }
    practice.vendor.answer = KeyRefused(403)


def unpaid(practice: Practice) -> None:
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-poor"
    practice.vendor.answer = KeyRefused(402)


def shapeless_model(practice: Practice) -> None:
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-right"
    practice.vendor.answer = "Yes, I am ready."


def declining_model(practice: Practice) -> None:
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-right"
    practice.vendor.answer = DECLINED


def unwilling_model(practice: Practice) -> None:
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-right"
    practice.vendor.answer = Unusable("Claude refused the question: BadRequestError")


def test_each_model_is_asked_once_and_tells_what_that_took(practice):
    practice.environment["ANTHROPIC_API_KEY"] = "sk-ant-right"
    told = {each.about: each.remark for each in practice.examine() if "model" in each.about}

    assert told == {"model claude-haiku-5-5": "45 tokens", "model claude-sonnet-5-5": "45 tokens"}
    assert practice.vendor.models == ["claude-sonnet-5-5", "claude-haiku-5-5"]


def test_without_a_model_none_is_asked(practice):
    practice.examine()

    assert practice.vendor.models == []


def test_a_sound_set_up_has_no_problems(practice):
    assert practice.problems == []
    assert [each.about for each in practice.examine()] == [
        "settings",
        "database",
        "GitHub App",
        "permissions",
        "events",
        "webhook",
        "dashboard",
        "installation on acme",
    ]


@pytest.mark.parametrize(
    ("breaks", "about", "cure"),
    [
        (half_an_app, "settings", "set GITHUB_PRIVATE_KEY"),
        (weak_secret, "settings", "openssl rand -hex 32"),
        (no_app, "GitHub App", "precedent serve"),
        (empty_database, "database", "precedent migrate"),
        (unmigrated_database, "database", "precedent migrate"),
        (unwritable_database, "database", "set DATABASE_URL"),
        (wrong_app_id, "GitHub App", "set GITHUB_APP_ID"),
        (broken_key, "GitHub App", "GITHUB_PRIVATE_KEY"),
        (no_github_there, "GitHub App", "set GITHUB_API_URL"),
        (
            too_few_permissions,
            "permissions",
            "grant it at http://github.test/settings/apps/precedent/permissions",
        ),
        (too_few_events, "events", "Subscribe to events"),
        (another_address, "webhook", "https://bot.example/webhook"),
        (not_installed, "installations", "/apps/precedent/installations/new"),
        (suspended, "installation on acme", "unsuspend it"),
        (permissions_not_accepted, "installation on acme", "accept the new permissions"),
        (
            no_session_secret,
            "dashboard",
            "for SESSION_SECRET take what `openssl rand -hex 32` prints",
        ),
        (client_of_another_app, "dashboard", "set it to Iv1.sandbox1"),
        (
            wrong_client_secret,
            "dashboard",
            "make a new client secret at http://github.test/settings/apps/precedent",
        ),
        (refused_by_claude, "model claude-sonnet-5-5", "set ANTHROPIC_API_KEY"),
        (refused_by_another_vendor, "model llama", "set OPENAI_API_KEY"),
        (unpaid, "model claude-sonnet-5-5", "pay its bill"),
        (unknown_model, "model claude-sonnet-5-5", "set ANTHROPIC_MODEL"),
        (shapeless_model, "model claude-sonnet-5-5", "keeps to a JSON schema"),
        (declining_model, "model claude-sonnet-5-5", "keeps to a JSON schema"),
        (unwilling_model, "model claude-sonnet-5-5", "LLM_EFFORT=model"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_cure_of_what_is_broken_is_named(practice, breaks, about, cure):
    breaks(practice)
    [found] = practice.problems

    assert found.about == about
    assert cure in found.cure


def test_a_dashboard_that_nobody_asked_for_is_no_problem(practice):
    [found] = [each for each in practice.examine() if each.about == "dashboard"]

    assert found.problem is None
    assert "closed; set GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, SESSION_SECRET" in found.remark


def test_a_sign_in_that_works_is_said_to_need_its_callback_url(practice):
    can_sign_in(practice)
    [found] = [each for each in practice.examine() if each.about == "dashboard"]

    assert (found.problem, found.remark.endswith("has to be https://bot.example/signed-in")) == (
        None,
        True,
    )


def test_a_doctor_makes_no_database(practice, tmp_path):
    empty_database(practice)
    before = set(tmp_path.iterdir())
    practice.examine()

    assert set(tmp_path.iterdir()) == before


def test_a_doctor_changes_nothing_on_github(practice):
    practice.examine()

    assert {asked.method for asked in practice.sandbox.bad_days.asked} == {"GET"}


def test_an_old_sqlite_is_remarked_upon_and_no_reason_to_worry(monkeypatch):
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    assert "rare fault" in doctor._remark_on_sqlite()
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 52, 0))
    assert doctor._remark_on_sqlite() == ""
