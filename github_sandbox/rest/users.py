"""Somebody who signed in to the App, and what they may reach through it; and what everybody has
left of their hour."""

from github_sandbox.auth import caller_of, check_app
from github_sandbox.errors import Refused, not_found
from github_sandbox.payloads import Payload
from github_sandbox.payloads import accounts as render
from github_sandbox.payloads.repositories import repository
from github_sandbox.quota import NO_INSTALLATION
from github_sandbox.rest.call import Answer, Call, Endpoint, ok, paged
from github_sandbox.state import Account, Installation, Repository

SEARCHES_PER_MINUTE = 30


def get_user(call: Call) -> Answer:
    person = _person(call)
    owned = sum(
        repo.account is person and not repo.private for repo in call.sandbox.repositories.values()
    )
    return ok(render.signed_in(call.sandbox.site, person, repositories=owned))


def list_installations(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token"""
    sandbox, person = call.sandbox, _person(call)
    found = [
        each
        for each in sandbox.installations.values()
        if each.account is person or _reached(call, each)
    ]
    return paged(
        call,
        found,
        lambda each: render.installation(sandbox.site, each, sandbox.app),
        under="installations",
    )


def list_repositories(call: Call) -> Answer:
    """https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-user-access-token"""
    person, installation = (
        _person(call),
        call.sandbox.installations.get(call.number("installation")),
    )
    if installation is None or not (installation.account is person or _reached(call, installation)):
        raise not_found()
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")

    def shown(repo: Repository) -> Payload:
        return repository(call.sandbox.site, repo) | {
            "permissions": render.ladder(repo.role_of(person) or "none")
        }

    answer = paged(call, _reached(call, installation), shown, under="repositories")
    answer.body["repository_selection"] = "all" if installation.repositories is None else "selected"
    return answer


def get_rate_limit(call: Call) -> Answer:
    """https://docs.github.com/rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user"""
    sandbox, now = call.sandbox, call.sandbox.clock()
    caller = caller_of(sandbox, call.authorization)
    if call.authorization and caller == NO_INSTALLATION:
        check_app(sandbox, call.authorization)
    told = sandbox.quotas.headers(caller, now=now)
    core = {
        name: int(told[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset", "used")
    }
    search = {**core, "limit": SEARCHES_PER_MINUTE, "remaining": SEARCHES_PER_MINUTE, "used": 0}
    return ok({"resources": {"core": core, "search": search}, "rate": core})


def _person(call: Call) -> Account:
    assert call.person is not None
    return call.person


def _reached(call: Call, installation: Installation) -> list[Repository]:
    """Those in which they have a part of their own: that a repository is public is not enough."""
    return [repo for repo in call.sandbox.covered(installation) if repo.role_of(_person(call))]


ENDPOINTS = (
    Endpoint(method="GET", path="/user", answer=get_user, caller="person"),
    Endpoint(method="GET", path="/user/installations", answer=list_installations, caller="person"),
    Endpoint(
        method="GET",
        path="/user/installations/{installation}/repositories",
        answer=list_repositories,
        caller="person",
    ),
    Endpoint(method="GET", path="/rate_limit", answer=get_rate_limit, free=True),
)
