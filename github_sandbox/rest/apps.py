"""The App about itself. https://docs.github.com/rest/apps"""

import secrets
from typing import Any

from github_sandbox.auth import issue_token
from github_sandbox.errors import not_found
from github_sandbox.payloads import accounts as render
from github_sandbox.payloads import moment
from github_sandbox.payloads.repositories import repository
from github_sandbox.rest.call import Answer, Call, Endpoint, created, ok, paged
from github_sandbox.state import Installation, Repository


def get_app(call: Call) -> Answer:
    sandbox = call.sandbox
    return ok(render.app(sandbox.site, sandbox.app, installations=len(sandbox.installations)))


def convert_manifest(call: Call) -> Answer:
    """Once per code. https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest"""
    sandbox = call.sandbox
    manifest = sandbox.manifests.pop(call.parameters["code"], None)
    if manifest is None:
        raise not_found()
    app = sandbox.app
    app.name, app.permissions, app.events = (
        manifest["name"],
        dict(manifest["default_permissions"]),
        list(manifest["default_events"]),
    )
    app.callback_urls, app.client_secret = (
        list(manifest.get("callback_urls") or ()),
        secrets.token_hex(20),
    )
    sandbox.hook_url = manifest["hook_attributes"]["url"]
    sandbox.webhook_secret = secrets.token_hex(20)
    given = {
        "client_secret": app.client_secret,
        "webhook_secret": sandbox.webhook_secret,
        "pem": sandbox.private_key,
    }
    return created(render.app(sandbox.site, app) | given)


def list_installations(call: Call) -> Answer:
    return paged(
        call, list(call.sandbox.installations.values()), lambda each: _installation(call, each)
    )


def get_installation(call: Call) -> Answer:
    return ok(_installation(call, _asked(call)))


def repository_installation(call: Call) -> Answer:
    found = call.sandbox.installation_of(call.repo)
    if found is None:
        raise not_found()
    return ok(_installation(call, found))


def create_token(call: Call) -> Answer:
    sandbox, installation = call.sandbox, _asked(call)
    token = issue_token(sandbox, installation, call.fields)
    everything = token.repositories is None and installation.repositories is None
    body: dict[str, Any] = {
        "token": token.text,
        "expires_at": moment(token.expires_at),
        "permissions": dict(token.permissions),
        "repository_selection": "all" if everything else "selected",
    }
    if token.repositories is not None:
        body["repositories"] = [
            repository(sandbox.site, sandbox.repositories[id]) for id in sorted(token.repositories)
        ]
    return created(body)


def list_repositories(call: Call) -> Answer:
    token = call.token
    assert token is not None
    reached = [repo for repo in call.sandbox.repositories.values() if token.reaches(repo)]

    def shown(repo: Repository) -> Any:
        return repository(call.sandbox.site, repo)

    answer = paged(call, reached, shown, under="repositories")
    answer.body["repository_selection"] = (
        "all" if token.installation.repositories is None else "selected"
    )
    return answer


def _asked(call: Call) -> Installation:
    found = call.sandbox.installations.get(call.number("installation"))
    if found is None:
        raise not_found()
    return found


def _installation(call: Call, installation: Installation) -> Any:
    return render.installation(call.sandbox.site, installation, call.sandbox.app)


INSTALLATION = "/app/installations/{installation}"
ENDPOINTS = (
    Endpoint(method="GET", path="/app", answer=get_app, caller="app"),
    Endpoint(method="POST", path="/app-manifests/{code}/conversions", answer=convert_manifest),
    Endpoint(method="GET", path="/app/installations", answer=list_installations, caller="app"),
    Endpoint(method="GET", path=INSTALLATION, answer=get_installation, caller="app"),
    Endpoint(
        method="POST", path=f"{INSTALLATION}/access_tokens", answer=create_token, caller="app"
    ),
    Endpoint(
        method="GET",
        path="/repos/{owner}/{repo}/installation",
        answer=repository_installation,
        caller="app",
    ),
    Endpoint(
        method="GET",
        path="/installation/repositories",
        answer=list_repositories,
        caller="installation",
    ),
)
