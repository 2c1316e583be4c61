"""People, the App and its installations as GitHub renders them."""

from github_sandbox.payloads import Payload, Site, moment, moment_or_none, node_id
from github_sandbox.state import Account, App, Installation, Repository, Role


def account(site: Site, who: Account) -> Payload:
    api = f"{site.api}/users/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node_id("U", who.id),
        "avatar_url": f"{site.web}/avatars/{who.login}.svg",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{site.web}/{who.login}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": who.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def account_or_none(site: Site, who: Account | None) -> Payload | None:
    return account(site, who) if who else None


def organization(site: Site, who: Account) -> Payload:
    """The member that webhooks have when the repository's owner is an organisation; else
    nothing."""
    if who.type != "Organization":
        return {}
    api = f"{site.api}/orgs/{who.login}"
    shown = account(site, who)
    kept = {name: shown[name] for name in ("login", "id", "node_id", "avatar_url")}
    links = {f"{name}_url": f"{api}/{name}" for name in ("hooks", "issues", "events", "repos")}
    members = {
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
    }
    return {"organization": kept | links | members | {"url": api, "description": who.name}}


def association(repo: Repository, who: Account) -> str:
    """How GitHub names somebody's tie to a repository.
    https://docs.github.com/graphql/reference/enums#commentauthorassociation"""
    role = repo.role_of(who)
    if who is repo.account:
        return "OWNER"
    if role in ("admin", "maintain") and repo.account.type == "Organization":
        return "MEMBER"
    if role in ("admin", "maintain", "write", "triage"):
        return "COLLABORATOR"
    return "CONTRIBUTOR" if who.login in repo.contributors else "NONE"


def app(site: Site, app: App, *, installations: int | None = None) -> Payload:
    rendered = {
        "id": app.id,
        "slug": app.slug,
        "client_id": app.client_id,
        "node_id": node_id("A", app.id),
        "owner": account(site, app.owner),
        "name": app.name,
        "description": "",
        "external_url": site.web,
        "html_url": f"{site.web}/apps/{app.slug}",
        "created_at": moment(app.created_at),
        "updated_at": moment(app.created_at),
        "permissions": dict(app.permissions),
        "events": list(app.events),
    }
    return rendered if installations is None else rendered | {"installations_count": installations}


def installation(site: Site, installation: Installation, app: App) -> Payload:
    api = f"{site.api}/app/installations/{installation.id}"
    return {
        "id": installation.id,
        "node_id": node_id("I", installation.id),
        "client_id": app.client_id,
        "account": account(site, installation.account),
        "repository_selection": "all" if installation.repositories is None else "selected",
        "access_tokens_url": f"{api}/access_tokens",
        "repositories_url": f"{site.api}/installation/repositories",
        "html_url": f"{site.web}/settings/installations/{installation.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": installation.account.id,
        "target_type": installation.account.type,
        "permissions": dict(installation.permissions),
        "events": list(installation.events),
        "created_at": moment(installation.created_at),
        "updated_at": moment(installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account_or_none(
            site, installation.account if installation.suspended_at else None
        ),
        "suspended_at": moment_or_none(installation.suspended_at),
    }


def collaborator(site: Site, who: Account, role: Role | None, *, private: bool) -> Payload:
    """https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user"""
    # GitHub's older four words: maintain reads as write, triage as read; anybody reads a public
    # repository.
    legacy = {"maintain": "write", "triage": "read"}
    name = role or ("none" if private else "read")
    permission = legacy.get(name, name)
    user = account(site, who) | {"permissions": ladder(name), "role_name": name}
    return {"permission": permission, "role_name": name, "user": user}


def ladder(role: str) -> Payload:
    """What a role comes to, step by step."""
    return {
        "pull": role != "none",
        "triage": role not in ("none", "read"),
        "push": role in ("admin", "maintain", "write"),
        "maintain": role in ("admin", "maintain"),
        "admin": role == "admin",
    }


def signed_in(site: Site, who: Account, *, repositories: int) -> Payload:
    """Somebody about themselves, to an App that may not read their private side.

    https://docs.github.com/rest/users/users#get-the-authenticated-user
    """
    unsaid = dict.fromkeys(("company", "location", "email", "hireable", "bio", "twitter_username"))
    counted = {"public_repos": repositories, "public_gists": 0, "followers": 0, "following": 0}
    since = {"created_at": moment(who.created_at), "updated_at": moment(who.created_at)}
    return account(site, who) | {"name": who.name, "blog": "", **unsaid, **counted, **since}
