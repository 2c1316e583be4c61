"""Repositories, their collaborators, branches, commits. https://docs.github.com/rest/repos"""

from github_sandbox.diff import changed_files, pull_files
from github_sandbox.errors import not_found, unprocessable
from github_sandbox.payloads import Payload, gitdata
from github_sandbox.payloads.accounts import collaborator
from github_sandbox.payloads.pulls import file
from github_sandbox.payloads.repositories import full_repository
from github_sandbox.rest.call import Answer, Call, ok, paged, reads


def get_repository(call: Call) -> Answer:
    return ok(full_repository(call.sandbox.site, call.repo))


def get_permission(call: Call) -> Answer:
    who = call.sandbox.user(call.parameters["username"])
    return ok(
        collaborator(call.sandbox.site, who, call.repo.role_of(who), private=call.repo.private)
    )


def get_branch(call: Call) -> Answer:
    name = call.parameters["branch"]
    head = call.repo.git.head(name)
    if head is None:
        raise not_found()
    url = f"{call.sandbox.site.api}/repos/{call.repo.full_name}/branches/{name}"
    protection = {
        "protected": False,
        "protection": {"enabled": False},
        "protection_url": f"{url}/protection",
    }
    links = {"self": url, "html": f"{call.sandbox.site.web}/{call.repo.full_name}/tree/{name}"}
    return ok({"name": name, "commit": commit(call, head), "_links": links, **protection})


def list_commits(call: Call) -> Answer:
    start = call.repo.git.resolve(call.query.get("sha") or call.repo.default_branch)
    if start is None:
        raise not_found()
    history = call.repo.git.history(start, path=call.query.get("path"))
    return paged(call, history, lambda sha: commit(call, sha))


def get_commit(call: Call) -> Answer:
    sha = call.repo.git.resolve(call.parameters["ref"])
    if sha is None:
        raise unprocessable(f"No commit found for SHA: {call.parameters['ref']}")
    parents = call.repo.git.commit(sha).parents
    changes = changed_files(call.repo.git, parents[0].decode() if parents else None, sha)
    added, deleted = (
        sum(each.additions for each in changes),
        sum(each.deletions for each in changes),
    )
    stats = {"total": added + deleted, "additions": added, "deletions": deleted}
    files = [file(call.sandbox.site, call.repo, change, commit=sha) for change in changes]
    return ok(commit(call, sha) | {"stats": stats, "files": files})


def compare(call: Call) -> Answer:
    """Three dots: from where the two parted. https://docs.github.com/rest/commits/commits#compare-two-commits"""
    git, basehead = call.repo.git, call.parameters["basehead"]
    one, _, other = basehead.partition("...")
    base, head = (git.resolve(side.rpartition(":")[2]) for side in (one, other))
    common = git.merge_base(base, head) if base and head else None
    if base is None or head is None or common is None:
        raise not_found()
    ahead, behind = git.commits_between(base, head), git.commits_between(head, base)
    status = (
        "diverged"
        if ahead and behind
        else "ahead"
        if ahead
        else "behind"
        if behind
        else "identical"
    )
    site, name = call.sandbox.site, call.repo.full_name
    listed = paged(call, ahead, lambda sha: commit(call, sha))
    html = f"{site.web}/{name}/compare/{basehead}"
    body = {
        "url": f"{site.api}/repos/{name}/compare/{basehead}",
        "html_url": html,
        "permalink_url": f"{site.web}/{name}/compare/{base}...{head}",
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit(call, base),
        "merge_base_commit": commit(call, common),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": listed.body,
        "files": [
            file(site, call.repo, change, commit=head) for change in pull_files(git, base, head)
        ],
    }
    return Answer(200, body, listed.headers)


def commit(call: Call, sha: str) -> Payload:
    return gitdata.commit(call.sandbox.site, call.repo, sha, people=call.sandbox.people())


REPO = "/repos/{owner}/{repo}"
REPO_BY_ID = "/repositories/{id}"
ENDPOINTS = (
    reads(REPO, get_repository, "metadata"),
    reads(REPO_BY_ID, get_repository, "metadata"),
    reads(f"{REPO}/collaborators/{{username}}/permission", get_permission, "metadata"),
    reads(f"{REPO}/branches/{{branch:path}}", get_branch, "contents"),
    reads(f"{REPO}/commits", list_commits, "contents"),
    reads(f"{REPO}/commits/{{ref:path}}", get_commit, "contents"),
    reads(f"{REPO}/compare/{{basehead:path}}", compare, "contents"),
)
