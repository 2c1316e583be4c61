"""One visit to a page: who looks, at what."""

from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request

from github_sandbox.errors import not_found
from github_sandbox.hooks import SentWebhook
from github_sandbox.sandbox import OWNER, PEOPLE, Sandbox
from github_sandbox.state import Account, Issue, Repository

COOKIE = "act_as"


@dataclass
class Visit:
    sandbox: Sandbox
    request: Request

    @cached_property
    def who(self) -> Account:
        chosen = self.request.cookies.get(COOKIE, OWNER)
        return self.sandbox.user(chosen if chosen in PEOPLE else OWNER)

    @property
    def people(self) -> list[Account]:
        return [self.sandbox.user(login) for login in PEOPLE]

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def has_repo(self) -> bool:
        return "owner" in self.request.path_params and self.find_repo() is not None

    @property
    def repo(self) -> Repository:
        found = self.find_repo()
        if found is None:
            raise not_found()
        return found

    def find_repo(self) -> Repository | None:
        given = self.request.path_params
        return self.sandbox.find_repository(f"{given.get('owner')}/{given.get('repo')}")

    @property
    def base(self) -> str:
        return f"/{self.repo.full_name}"

    @property
    def issue(self) -> Issue:
        number = self.request.path_params["number"]
        found = self.repo.issues.get(number)
        if found is None:
            raise not_found()
        return found

    @property
    def webhook(self) -> SentWebhook:
        wanted = self.request.path_params["id"]
        found = next((each for each in self.sandbox.webhooks if each.id == wanted), None)
        if found is None:
            raise not_found()
        return found

    @property
    def may_push(self) -> bool:
        return self.repo.may_push(self.who)

    def may_close(self, issue: Issue) -> bool:
        return self.who is issue.author or issue.repo.role_of(self.who) not in (None, "read")

    def place(self, issue: Issue) -> str:
        return f"{self.base}/{'pull' if issue.pull else 'issues'}/{issue.number}"
