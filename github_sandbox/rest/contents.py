"""Files through the contents API. https://docs.github.com/rest/repos/contents"""

from base64 import b64decode

from github_sandbox.actions.files import move_ref, signed_commit
from github_sandbox.errors import Refused, not_found, unprocessable
from github_sandbox.git import FILE, Git
from github_sandbox.payloads import gitdata as render
from github_sandbox.rest.call import Answer, Call, created, ok, reads, writes


def get_content(call: Call) -> Answer:
    ref = call.query.get("ref") or call.repo.default_branch
    path = call.parameters.get("path", "").strip("/")
    sha = call.repo.git.resolve(ref)
    if sha is None:
        raise Refused(404, f"No commit found for the ref {ref}")
    found = call.repo.git.find_path(sha, path)
    if found is None:
        raise not_found()
    if isinstance(found, tuple):
        return ok(render.content(call.sandbox.site, call.repo, path, ref, found))
    return ok(render.directory(call.sandbox.site, call.repo, path, ref, found))


def put_content(call: Call) -> Answer:
    """Makes a file (201) or replaces the one with the given sha (200)."""
    git, path, branch = call.repo.git, call.parameters["path"], _branch(call)
    check_path(path)
    head = _head(call, branch)
    before = _checked_blob(call, head)
    content = decode(call.required("content", str))
    tree = git.add_tree({path: (FILE, git.add_blob(content))}, base=head)
    commit = _commit(call, branch, head, tree)
    found = git.find_path(commit, path)
    assert isinstance(found, tuple)
    shown = render.content(call.sandbox.site, call.repo, path, branch, found)
    entry = {name: value for name, value in shown.items() if name not in ("content", "encoding")}
    answer = {"content": entry, "commit": render.git_commit(call.sandbox.site, call.repo, commit)}
    return ok(answer) if before else created(answer)


def delete_content(call: Call) -> Answer:
    branch = _branch(call)
    head = _head(call, branch)
    if _checked_blob(call, head) is None:
        raise not_found()
    tree = call.repo.git.add_tree({call.parameters["path"]: None}, base=head)
    commit = _commit(call, branch, head, tree)
    return ok({"content": None, "commit": render.git_commit(call.sandbox.site, call.repo, commit)})


def _branch(call: Call) -> str:
    return call.optional("branch", str) or call.repo.default_branch


def _head(call: Call, branch: str) -> str:
    head = call.repo.git.head(branch)
    if head is None:
        raise Refused(404, f"Branch {branch} not found")
    return head


def _checked_blob(call: Call, head: str) -> str | None:
    """The blob to be replaced; refused unless the caller names it, which is how a lost update is
    noticed."""
    path, named = call.parameters["path"], call.optional("sha", str)
    before = _blob_at(call.repo.git, head, path)
    if before and named is None:
        raise unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
    if named is not None and named != before:
        raise Refused(409, f"{path} does not match {named}")
    return before


def _blob_at(git: Git, commit: str, path: str) -> str | None:
    found = git.find_path(commit, path)
    return found[0] if isinstance(found, tuple) else None


def _commit(call: Call, branch: str, head: str, tree: str) -> str:
    message = call.required("message", str)
    commit = signed_commit(
        call.sandbox, call.repo, call.actor, tree=tree, parents=[head], message=message
    )
    move_ref(call.sandbox, call.repo, call.actor, f"refs/heads/{branch}", commit)
    return commit


def check_path(path: str) -> None:
    if any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise unprocessable("path contains a malformed path component")


def decode(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise unprocessable("content is not valid Base64") from None


CONTENT = "/repos/{owner}/{repo}/contents/{path:path}"
ENDPOINTS = (
    reads("/repos/{owner}/{repo}/contents", get_content, "contents"),
    reads(CONTENT, get_content, "contents"),
    writes("PUT", CONTENT, put_content, "contents"),
    writes("DELETE", CONTENT, delete_content, "contents"),
)
