"""Commits, trees, blobs, refs and contents as GitHub renders them."""

from base64 import encodebytes
from collections.abc import Sequence
from datetime import UTC, datetime

from dulwich.objects import Commit, Tree, TreeEntry

from github_sandbox.diff import changed_files
from github_sandbox.git import DIRECTORY
from github_sandbox.payloads import Payload, Site, moment, node_id
from github_sandbox.payloads.accounts import account
from github_sandbox.state import Account, Repository

Directory = dict[str, Account]


def signature(commit: Commit, role: str) -> Payload:
    raw: bytes = commit.author if role == "author" else commit.committer
    seconds = commit.author_time if role == "author" else commit.commit_time
    name, _, email = raw.decode().rpartition(" <")
    return {
        "name": name,
        "email": email.rstrip(">"),
        "date": moment(datetime.fromtimestamp(seconds, UTC)),
    }


def verification(repo: Repository, sha: str) -> Payload:
    verified = sha in repo.verified_commits
    return {
        "verified": verified,
        "reason": "valid" if verified else "unsigned",
        "signature": "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n"
        if verified
        else None,
        "payload": repo.git.commit(sha).as_raw_string().decode() if verified else None,
        "verified_at": signature(repo.git.commit(sha), "committer")["date"] if verified else None,
    }


def git_commit(site: Site, repo: Repository, sha: str) -> Payload:
    """The git data API's view. https://docs.github.com/rest/git/commits"""
    commit = repo.git.commit(sha)
    api, web = f"{site.api}/repos/{repo.full_name}", f"{site.web}/{repo.full_name}"
    tree = commit.tree.decode()
    return {
        "sha": sha,
        "node_id": node_id("C", sha),
        "url": f"{api}/git/commits/{sha}",
        "html_url": f"{web}/commit/{sha}",
        "author": signature(commit, "author"),
        "committer": signature(commit, "committer"),
        "message": commit.message.decode(),
        "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
        "parents": [
            {
                "sha": parent,
                "url": f"{api}/git/commits/{parent}",
                "html_url": f"{web}/commit/{parent}",
            }
            for parent in (each.decode() for each in commit.parents)
        ],
        "verification": verification(repo, sha),
    }


def commit(site: Site, repo: Repository, sha: str, *, people: Directory) -> Payload:
    """The repository's view, with accounts found by e-mail. https://docs.github.com/rest/commits/commits"""
    inner = git_commit(site, repo, sha)
    api = f"{site.api}/repos/{repo.full_name}/commits"
    web = f"{site.web}/{repo.full_name}/commit"
    author, committer = (people.get(inner[role]["email"]) for role in ("author", "committer"))
    return {
        "sha": sha,
        "node_id": inner["node_id"],
        "url": f"{api}/{sha}",
        "html_url": inner["html_url"],
        "comments_url": f"{api}/{sha}/comments",
        "commit": {
            "url": inner["url"],
            "author": inner["author"],
            "committer": inner["committer"],
            "message": inner["message"],
            "tree": inner["tree"],
            "comment_count": 0,
            "verification": inner["verification"],
        },
        "author": account(site, author) if author else None,
        "committer": account(site, committer) if committer else None,
        "parents": [
            {"sha": each["sha"], "url": f"{api}/{each['sha']}", "html_url": f"{web}/{each['sha']}"}
            for each in inner["parents"]
        ],
    }


def pushed_commit(site: Site, repo: Repository, sha: str, *, people: Directory) -> Payload:
    """As listed in a push event, with the paths it touched."""
    commit = repo.git.commit(sha)
    changes = changed_files(repo.git, commit.parents[0].decode() if commit.parents else None, sha)
    rendered: Payload = {
        "id": sha,
        "tree_id": commit.tree.decode(),
        "distinct": True,
        "message": commit.message.decode(),
        "timestamp": datetime.fromtimestamp(commit.commit_time, UTC).isoformat(),
        "url": f"{site.web}/{repo.full_name}/commit/{sha}",
        "added": [
            change.path for change in changes if change.status in ("added", "copied", "renamed")
        ],
        "removed": [
            change.old_path or change.path
            for change in changes
            if change.status in ("removed", "renamed")
        ],
        "modified": [change.path for change in changes if change.status == "modified"],
    }
    for role in ("author", "committer"):
        person = signature(commit, role)
        known = people.get(person["email"])
        rendered[role] = person | ({"username": known.login} if known else {})
    return rendered


def ref(site: Site, repo: Repository, name: str, sha: str) -> Payload:
    api = f"{site.api}/repos/{repo.full_name}/git"
    return {
        "ref": name,
        "node_id": node_id("REF", name),
        "url": f"{api}/{name}",
        "object": {"type": "commit", "sha": sha, "url": f"{api}/commits/{sha}"},
    }


def blob(site: Site, repo: Repository, sha: str, content: bytes) -> Payload:
    return {
        "sha": sha,
        "node_id": node_id("B", sha),
        "size": len(content),
        "url": f"{site.api}/repos/{repo.full_name}/git/blobs/{sha}",
        "content": encodebytes(content).decode(),
        "encoding": "base64",
    }


def tree(site: Site, repo: Repository, sha: str, entries: Sequence[TreeEntry]) -> Payload:
    api = f"{site.api}/repos/{repo.full_name}/git"
    rendered: list[Payload] = []
    for entry in entries:
        assert entry.path is not None
        assert entry.sha is not None
        name, id = entry.path.decode(), entry.sha.decode()
        if entry.mode == DIRECTORY:
            rendered.append(
                {
                    "path": name,
                    "mode": "040000",
                    "type": "tree",
                    "sha": id,
                    "url": f"{api}/trees/{id}",
                }
            )
            continue
        size = len(repo.git.find_blob(id) or b"")
        one = {
            "path": name,
            "mode": f"{entry.mode:06o}",
            "type": "blob",
            "sha": id,
            "url": f"{api}/blobs/{id}",
        }
        rendered.append(one | {"size": size})
    return {"sha": sha, "url": f"{api}/trees/{sha}", "truncated": False, "tree": rendered}


def content(site: Site, repo: Repository, path: str, at: str, found: tuple[str, bytes]) -> Payload:
    """A file read through the contents API."""
    sha, raw = found
    return _content_entry(site, repo, path, at, sha=sha, size=len(raw)) | {
        "encoding": "base64",
        "content": encodebytes(raw).decode(),
    }


def directory(site: Site, repo: Repository, path: str, at: str, tree: Tree) -> list[Payload]:
    rendered = []
    for entry in tree.items():
        assert entry.path is not None
        assert entry.sha is not None
        inner = f"{path}/{entry.path.decode()}".lstrip("/")
        sha = entry.sha.decode()
        size = None if entry.mode == DIRECTORY else len(repo.git.find_blob(sha) or b"")
        rendered.append(_content_entry(site, repo, inner, at, sha=sha, size=size))
    return rendered


def _content_entry(
    site: Site, repo: Repository, path: str, at: str, *, sha: str, size: int | None
) -> Payload:
    """A directory has no size."""
    kind = "dir" if size is None else "file"
    api, web = f"{site.api}/repos/{repo.full_name}", f"{site.web}/{repo.full_name}"
    url = f"{api}/contents/{path}?ref={at}"
    git_url = f"{api}/git/{'trees' if kind == 'dir' else 'blobs'}/{sha}"
    html = f"{web}/{'tree' if kind == 'dir' else 'blob'}/{at}/{path}"
    return {
        "type": kind,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": size or 0,
        "url": url,
        "git_url": git_url,
        "html_url": html,
        "download_url": f"{web}/raw/{at}/{path}" if kind == "file" else None,
        "_links": {"self": url, "git": git_url, "html": html},
    }
