"""A repository as GitHub renders it."""

from github_sandbox.payloads import Payload, Site, moment, node_id
from github_sandbox.payloads.accounts import account
from github_sandbox.state import Repository

# Name of the link -> what follows the repository's own address.
LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def repository(site: Site, repo: Repository) -> Payload:
    """As it appears inside pull requests, webhooks and lists."""
    api, web = f"{site.api}/repos/{repo.full_name}", f"{site.web}/{repo.full_name}"
    open_issues = sum(issue.open for issue in repo.issues.values())
    return {
        "id": repo.id,
        "node_id": node_id("R", repo.id),
        "name": repo.name,
        "full_name": repo.full_name,
        "owner": account(site, repo.account),
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "html_url": web,
        "description": repo.description,
        "fork": False,
        "url": api,
        **{name: api + rest for name, rest in LINKS.items()},
        "git_url": f"git://{web.partition('://')[2]}.git",
        "ssh_url": f"git@localhost:{repo.full_name}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "topics": [],
        "size": 0,
        "default_branch": repo.default_branch,
        "forks": 0,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "open_issues": open_issues,
        "open_issues_count": open_issues,
        "has_issues": True,
        "has_projects": False,
        "has_downloads": False,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "has_pull_requests": True,
        "pull_request_creation_policy": "all",
        "archived": repo.archived,
        "disabled": False,
        "is_template": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "created_at": moment(repo.created_at),
        "updated_at": moment(repo.pushed_at),
        "pushed_at": moment(repo.pushed_at),
    }


def full_repository(site: Site, repo: Repository) -> Payload:
    """As it appears when asked for by itself."""
    return repository(site, repo) | {
        "subscribers_count": 0,
        "network_count": 0,
        "allow_merge_commit": True,
        "allow_squash_merge": False,
        "allow_rebase_merge": False,
        "allow_auto_merge": False,
        "delete_branch_on_merge": False,
    }


def pushed_repository(site: Site, repo: Repository) -> Payload:
    """In push events alone GitHub gives moments as seconds, and the owner with name and address.

    https://docs.github.com/webhooks/webhook-events-and-payloads#push
    """
    owner = account(site, repo.account) | {"name": repo.account.login, "email": None}
    return repository(site, repo) | {
        "owner": owner,
        "created_at": int(repo.created_at.timestamp()),
        "pushed_at": int(repo.pushed_at.timestamp()),
        "stargazers": 0,
        "master_branch": repo.default_branch,
    }
