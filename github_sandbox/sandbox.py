"""A GitHub on this machine: one object that holds its state, its clock, its App, and sends its
webhooks."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from github_sandbox.errors import not_found
from github_sandbox.faults import BadDays, WebhookFault
from github_sandbox.git import Git, Signature
from github_sandbox.hooks import Postman, Receiver, SentWebhook, new_webhook
from github_sandbox.oauth import SignIns
from github_sandbox.payloads import Payload, Site
from github_sandbox.payloads import accounts as render
from github_sandbox.payloads.repositories import pushed_repository, repository
from github_sandbox.quota import Quotas
from github_sandbox.state import (
    Account,
    AccountType,
    App,
    Clock,
    Installation,
    Level,
    Repository,
    Token,
)

OWNER, CONTRIBUTOR, STRANGER = PEOPLE = "olive-owner", "carl-contributor", "sam-stranger"
APP_SLUG = "precedent"

PERMISSIONS: Mapping[str, Level] = {
    "metadata": "read",
    "contents": "write",
    "issues": "write",
    "pull_requests": "write",
    "checks": "write",
}
EVENTS = (
    "issues",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "repository",
)
# Of these an App that may write checks is told without asking.
# https://docs.github.com/webhooks/webhook-events-and-payloads#check_run
OF_CHECKS = ("check_run", "check_suite")
# Installation ids of github.com have eight digits; small numbers would hide mix-ups with issue
# numbers.
FIRST_ID = 10_000_000
DEFAULT_SECRET = "the-sandbox-signs-with-this"  # noqa: S105 - opens nothing but a sandbox
CLIENT_SECRET = "the-sandbox-knows-its-app-by-this"  # noqa: S105 - the same


def utc_now() -> datetime:
    return datetime.now(UTC)


def sleep(span: timedelta) -> None:
    time.sleep(span.total_seconds())


@cache
def new_private_key() -> str:
    """One key per process: making one takes a tenth of a second, and tests make hundreds of
    sandboxes."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode()


class Sandbox:
    """Webhooks go to `webhook_url` from a thread, or to `on_delivery` when the act is done, or only
    into `webhooks`.

    `auth_clock` dates App tokens. It is the machine's own clock, because an unmodified client dates
    its JWT by that.
    """

    def __init__(  # noqa: PLR0913 - a GitHub has many knobs; all keyword-only, all with a default
        self,
        *,
        clock: Clock = utc_now,
        app_id: int = 1,
        webhook_secret: str = DEFAULT_SECRET,
        webhook_url: str | None = None,
        on_delivery: Receiver | None = None,
        url: str = "http://github.test",
        auth_clock: Clock = utc_now,
        wait: Callable[[timedelta], None] = sleep,
    ) -> None:
        self.clock = clock
        self.wait = wait
        self.auth_clock = auth_clock
        self.webhook_secret = webhook_secret
        self.site = Site(url)
        self.private_key = new_private_key()
        self.accounts: dict[str, Account] = {}
        self.repositories: dict[int, Repository] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.webhooks: list[SentWebhook] = []
        self.sign_ins = SignIns()
        self.bad_days = BadDays()
        self.quotas = Quotas()
        # Old names of renamed repositories; deliveries whose payload the log has lost; what was
        # answered last.
        self.former_names: dict[str, int] = {}
        self.unreadable: set[str] = set()
        # Apps that somebody has asked for, by the code that fetches their credentials once.
        self.manifests: dict[str, dict[str, Any]] = {}
        self.last_answers: dict[str, Any] = {}
        self.long_tokens = False
        self.hook_url = webhook_url or "https://bot.example/webhook"
        self._held: list[SentWebhook] = []
        self._ids = count(FIRST_ID)
        self._lock = threading.RLock()
        self._depth = 0
        self._unsent: list[SentWebhook] = []
        self._on_delivery = on_delivery
        self._postman: Postman | None = None
        if webhook_url:
            self.post_webhooks_to(webhook_url)
        for login in PEOPLE:
            self.add_user(login)
        self.app = App(
            id=app_id,
            slug=APP_SLUG,
            name="Precedent",
            owner=self.accounts[OWNER],
            bot=self.add_user(f"{APP_SLUG}[bot]", type="Bot"),
            created_at=clock(),
            permissions=dict(PERMISSIONS),
            events=list(EVENTS),
            callback_urls=[],
            client_secret=CLIENT_SECRET,
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One act at a time; its webhooks leave when it is done and nobody waits for the lock."""
        try:
            with self._lock:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
        finally:
            # Also after a refusal: what was done before it has happened.
            for webhook in self._take_unsent():
                self._send(webhook)

    def _take_unsent(self) -> list[SentWebhook]:
        with self._lock:
            if self._depth:
                return []
            leaving, self._unsent = self._unsent, []
            return leaving

    def post_webhooks_to(self, url: str) -> None:
        """From now on, as when an App's webhook address is changed."""
        self.close()
        self._postman = Postman(url)

    def new_id(self) -> int:
        return next(self._ids)

    def add_user(
        self, login: str, *, name: str | None = None, type: AccountType = "User"
    ) -> Account:
        """The one of that login if there is one already."""
        if login in self.accounts:
            return self.accounts[login]
        spoken = name or login.replace("-", " ").title()
        who = Account(
            id=self.new_id(), login=login, type=type, name=spoken, created_at=self.clock()
        )
        self.accounts[login] = who
        return who

    def user(self, login: str) -> Account:
        try:
            return self.accounts[login]
        except KeyError:
            raise not_found() from None

    def people(self) -> dict[str, Account]:
        """Accounts by the e-mail address of their commits."""
        return {who.email: who for who in self.accounts.values()}

    def add_repository(
        self,
        full_name: str,
        *,
        files: Mapping[str, str] | None = None,
        owner: str = OWNER,
        description: str = "",
        private: bool = False,
        install: bool = True,
    ) -> Repository:
        """With a first commit by the owner; an unknown account becomes an organisation; the App is
        installed on it."""
        with self.turn():
            login, _, name = full_name.partition("/")
            now, admin = self.clock(), self.user(owner)
            repo = Repository(
                id=self.new_id(),
                account=self.add_user(login, type="Organization"),
                name=name,
                description=description,
                created_at=now,
                pushed_at=now,
                git=Git(),
                private=private,
                roles={owner: "admin", CONTRIBUTOR: "read"}
                if owner != CONTRIBUTOR
                else {owner: "admin"},
                contributors={CONTRIBUTOR},
            )
            by = Signature(name=admin.name, email=admin.email, at=now)
            tree = repo.git.tree_with(files or {"README.md": f"# {name}\n"}, on=None)
            first = repo.git.add_commit(
                tree, message="Initial commit", parents=[], author=by, committer=by
            )
            repo.git.set_ref(f"refs/heads/{repo.default_branch}", first)
            self.repositories[repo.id] = repo
            if install and self.installation_of(repo) is None:
                self.install(repo.account, by=admin)
            return repo

    def repository(self, full_name: str) -> Repository:
        found = self.find_repository(full_name)
        if found is None:
            raise not_found()
        return found

    def find_repository(self, full_name: str) -> Repository | None:
        wanted = full_name.lower()
        return next(
            (repo for repo in self.repositories.values() if repo.full_name.lower() == wanted), None
        )

    def install(
        self,
        account: Account,
        *,
        by: Account,
        repositories: list[Repository] | None = None,
        permissions: Mapping[str, Level] = PERMISSIONS,
    ) -> Installation:
        """https://docs.github.com/webhooks/webhook-events-and-payloads#installation"""
        with self.turn():
            installation = Installation(
                id=self.new_id(),
                account=account,
                permissions=dict(permissions),
                events=list(EVENTS),
                created_at=self.clock(),
                repositories=repositories,
            )
            self.installations[installation.id] = installation
            listed = self._named(self.covered(installation))
            self._keep(
                "installation",
                {"action": "created", "repositories": listed, "requester": None},
                installation,
                by,
            )
            return installation

    def uninstall(self, installation: Installation, *, by: Account) -> None:
        with self.turn():
            del self.installations[installation.id]
            self.tokens = {
                text: token
                for text, token in self.tokens.items()
                if token.installation is not installation
            }
            self._keep("installation", {"action": "deleted", "repositories": []}, installation, by)

    def notify_installation(self, action: str, installation: Installation, by: Account) -> None:
        self._keep("installation", {"action": action}, installation, by)

    def notify_chosen(
        self,
        action: str,
        installation: Installation,
        by: Account,
        *,
        added: Sequence[Repository],
        removed: Sequence[Repository],
    ) -> None:
        payload = {
            "action": action,
            "repository_selection": "selected",
            "repositories_added": self._named(added),
            "repositories_removed": self._named(removed),
            "requester": None,
        }
        self._keep("installation_repositories", payload, installation, by)

    def _named(self, repositories: Sequence[Repository]) -> list[Payload]:
        rendered = [repository(self.site, repo) for repo in repositories]
        return [
            {name: each[name] for name in ("id", "node_id", "name", "full_name", "private")}
            for each in rendered
        ]

    def covered(self, installation: Installation) -> list[Repository]:
        return [repo for repo in self.repositories.values() if installation.covers(repo)]

    def installation_of(self, repo: Repository) -> Installation | None:
        return next((each for each in self.installations.values() if each.covers(repo)), None)

    def notify(self, event: str, repo: Repository, by: Account, payload: Payload) -> None:
        """Send a webhook about a repository to the App, if it is installed there and has asked for
        such events."""
        installation = self.installation_of(repo)
        if installation is None or installation.suspended_at:
            return
        unasked = event in OF_CHECKS and installation.permissions.get("checks") == "write"
        if not unasked and event not in installation.events:
            return
        shown = pushed_repository if event == "push" else repository
        self._keep(event, payload | {"repository": shown(self.site, repo)}, installation, by)

    def losing_webhooks(self) -> AbstractContextManager[None]:
        """Inside, the receiver is down: what is sent fails, and is never sent again by itself."""
        return self.webhooks_gone_wrong("lost")

    @contextmanager
    def webhooks_gone_wrong(self, how: WebhookFault) -> Iterator[None]:
        """What is sent inside; what was kept back leaves at the end."""
        self.bad_days.webhooks = how
        try:
            yield
        finally:
            self.bad_days.webhooks = None
            self._release(self._held[::-1] if how == "reordered" else self._held)

    def _release(self, held: Sequence[SentWebhook]) -> None:
        with self.turn():
            # The log is in the order of the attempts.
            self._leave([replace(webhook, id=self.new_id(), at=self.clock()) for webhook in held])
            self._held = []

    def redeliver(self, webhook: SentWebhook) -> None:
        """The same delivery again, under the same guid."""
        with self.turn():
            self._leave(
                [replace(webhook, id=self.new_id(), at=self.clock(), redelivery=True, status=None)]
            )

    def close(self) -> None:
        """Returns when every webhook posted so far has been answered, or given up."""
        if self._postman:
            self._postman.close()
            self._postman = None

    def _keep(self, event: str, payload: Payload, installation: Installation, by: Account) -> None:
        brief = {"id": installation.id, "node_id": f"MDIzOk{installation.id}"}
        whole = render.installation(self.site, installation, self.app)
        webhook = new_webhook(
            event,
            payload
            | render.organization(self.site, installation.account)
            | {
                "installation": whole if event.startswith("installation") else brief,
                "sender": render.account(self.site, by),
            },
            id=self.new_id(),
            secret=self.webhook_secret,
            app_id=self.app.id,
            at=self.clock(),
        )
        match self.bad_days.webhooks:
            case "late" | "reordered":
                self._held.append(webhook)
            case "doubled":
                self._leave([webhook, replace(webhook, id=self.new_id())])
            case _:
                self._leave([webhook])

    def _leave(self, webhooks: Sequence[SentWebhook]) -> None:
        self.webhooks += webhooks
        self._unsent += webhooks

    def _send(self, webhook: SentWebhook) -> None:
        if self.bad_days.webhooks == "lost":
            webhook.status = 502
        elif self._postman:
            self._postman.post(webhook)
        elif self._on_delivery:
            webhook.status = self._on_delivery(webhook.headers, webhook.body)
