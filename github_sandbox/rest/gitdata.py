"""Blobs, trees, commits and refs as such. https://docs.github.com/rest/git"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dulwich.refs import Ref, check_ref_format

from github_sandbox.actions.files import create_ref, delete_ref, move_ref, signed_commit
from github_sandbox.errors import Refused, not_found, unprocessable
from github_sandbox.git import Signature
from github_sandbox.payloads import gitdata as render
from github_sandbox.rest.call import Answer, Call, created, no_content, ok, paged, reads, writes
from github_sandbox.rest.contents import check_path, decode

# File, executable, symbolic link, directory. Submodules are not needed here.
MODES = {mode: int(mode, 8) for mode in ("100644", "100755", "120000", "040000")}


def get_ref(call: Call) -> Answer:
    name = f"refs/{call.parameters['ref']}"
    sha = call.repo.git.refs().get(name)
    if sha is None:
        raise not_found()
    return ok(render.ref(call.sandbox.site, call.repo, name, sha))


def list_matching_refs(call: Call) -> Answer:
    found = list(call.repo.git.refs(f"refs/{call.parameters['ref']}").items())
    return paged(call, found, lambda each: render.ref(call.sandbox.site, call.repo, *each))


def post_ref(call: Call) -> Answer:
    name, sha = call.required("ref", str), call.required("sha", str)
    if not name.startswith("refs/") or name.count("/") < 2:
        raise unprocessable(
            "Reference name must start with 'refs/' and contain at least two slashes."
        )
    if not check_ref_format(Ref(name.encode())):
        raise unprocessable(f"{name} is not a valid ref name.")
    create_ref(call.sandbox, call.repo, call.actor, name, sha)
    return created(render.ref(call.sandbox.site, call.repo, name, sha))


def patch_ref(call: Call) -> Answer:
    name, sha = f"refs/{call.parameters['ref']}", call.required("sha", str)
    move_ref(
        call.sandbox, call.repo, call.actor, name, sha, force=call.optional("force", bool) or False
    )
    return ok(render.ref(call.sandbox.site, call.repo, name, sha))


def drop_ref(call: Call) -> Answer:
    delete_ref(call.sandbox, call.repo, call.actor, f"refs/{call.parameters['ref']}")
    return no_content()


def get_blob(call: Call) -> Answer:
    sha = call.parameters["sha"]
    content = call.repo.git.find_blob(sha)
    if content is None:
        raise not_found()
    return ok(render.blob(call.sandbox.site, call.repo, sha, content))


def post_blob(call: Call) -> Answer:
    text = call.required("content", str)
    content = decode(text) if call.optional("encoding", str) == "base64" else text.encode()
    sha = call.repo.git.add_blob(content)
    return created(
        {"sha": sha, "url": f"{call.sandbox.site.api}/repos/{call.repo.full_name}/git/blobs/{sha}"}
    )


def get_tree(call: Call) -> Answer:
    """Any value of `recursive`, even `false`, makes it so; without it only the top is listed."""
    git = call.repo.git
    tree = git.find_tree(git.resolve(call.parameters["sha"]) or call.parameters["sha"])
    if tree is None:
        raise not_found()
    sha = tree.id.decode()
    entries = git.walk_tree(sha, recursive="recursive" in call.query)
    return ok(render.tree(call.sandbox.site, call.repo, sha, entries))


def post_tree(call: Call) -> Answer:
    git, base = call.repo.git, call.optional("base_tree", str)
    if base is not None and git.find_tree(base) is None:
        raise unprocessable("base_tree is not a valid tree oid")
    changes = dict(_tree_change(call, entry) for entry in call.required("tree", list))
    try:
        sha = git.add_tree(changes, base=base)
    except KeyError:
        raise unprocessable(
            "GitRPC::BadObjectState"
        ) from None  # what GitHub says when a path to delete is not there
    return created(
        render.tree(call.sandbox.site, call.repo, sha, git.walk_tree(sha, recursive=False))
    )


def _tree_change(call: Call, entry: Any) -> tuple[str, tuple[int, str] | None]:
    """Content given in place makes a blob; a sha of null removes the path."""
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        raise unprocessable("tree.path is missing")
    path, mode = entry["path"], MODES.get(str(entry.get("mode", "100644")))
    check_path(path)
    if mode is None:
        raise unprocessable("tree.mode must be one of the valid file modes")
    if isinstance(entry.get("content"), str):
        return path, (mode, call.repo.git.add_blob(entry["content"].encode()))
    sha = entry.get("sha")
    if sha is None and "sha" in entry:
        return path, None
    if not isinstance(sha, str) or (
        call.repo.git.find_blob(sha) is None and call.repo.git.find_tree(sha) is None
    ):
        raise unprocessable(f"tree.sha {sha} is not a valid object")
    return path, (mode, sha)


def get_commit(call: Call) -> Answer:
    sha = call.parameters["sha"]
    if call.repo.git.find_commit(sha) is None:
        raise not_found()
    return ok(render.git_commit(call.sandbox.site, call.repo, sha))


def post_commit(call: Call) -> Answer:
    """Signed by GitHub if the App says neither author nor committer, as its own bot's work."""
    git = call.repo.git
    message, tree = call.required("message", str), call.required("tree", str)
    parents = [str(parent) for parent in call.optional("parents", list) or []]
    if git.find_tree(tree) is None:
        raise unprocessable("Tree SHA does not exist")
    if any(git.find_commit(parent) is None for parent in parents):
        raise unprocessable("Parent SHA does not exist or is not a commit object")
    sha = _add_commit(call, tree, parents, message)
    return created(render.git_commit(call.sandbox.site, call.repo, sha))


def _add_commit(call: Call, tree: str, parents: Sequence[str], message: str) -> str:
    given = call.optional("author", dict), call.optional("committer", dict)
    if given == (None, None):
        return signed_commit(
            call.sandbox, call.repo, call.actor, tree=tree, parents=list(parents), message=message
        )
    author = _signature(call, given[0] or given[1] or {})
    committer = _signature(call, given[1] or given[0] or {})
    return call.repo.git.add_commit(
        tree, message=message, parents=parents, author=author, committer=committer
    )


def _signature(call: Call, given: dict[str, Any]) -> Signature:
    try:
        at = datetime.fromisoformat(given["date"]) if "date" in given else call.sandbox.clock()
        return Signature(name=str(given["name"]), email=str(given["email"]), at=at)
    except (KeyError, TypeError, ValueError):
        raise Refused(422, "Invalid request.\n\nauthor needs a name and an email.") from None


GIT = "/repos/{owner}/{repo}/git"
ENDPOINTS = (
    reads(f"{GIT}/ref/{{ref:path}}", get_ref, "contents"),
    reads(f"{GIT}/matching-refs/{{ref:path}}", list_matching_refs, "contents"),
    writes("POST", f"{GIT}/refs", post_ref, "contents"),
    writes("PATCH", f"{GIT}/refs/{{ref:path}}", patch_ref, "contents"),
    writes("DELETE", f"{GIT}/refs/{{ref:path}}", drop_ref, "contents"),
    reads(f"{GIT}/blobs/{{sha}}", get_blob, "contents"),
    writes("POST", f"{GIT}/blobs", post_blob, "contents"),
    reads(f"{GIT}/trees/{{sha:path}}", get_tree, "contents"),
    writes("POST", f"{GIT}/trees", post_tree, "contents"),
    reads(f"{GIT}/commits/{{sha}}", get_commit, "contents"),
    writes("POST", f"{GIT}/commits", post_commit, "contents"),
)
