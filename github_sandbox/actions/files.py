"""Acts on branches and files, and everything a push sets in motion."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from github_sandbox.actions.issues import close, notify, record, set_closed
from github_sandbox.actions.rights import require
from github_sandbox.errors import Refused, unprocessable
from github_sandbox.git import Signature
from github_sandbox.payloads import Payload
from github_sandbox.payloads.gitdata import pushed_commit
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Issue, Repository

NOWHERE = "0" * 40
# https://docs.github.com/webhooks/webhook-events-and-payloads#push
MOST_COMMITS_LISTED = 2048
# Commits made on the server are committed and signed by GitHub itself.
GITHUB_NAME, GITHUB_EMAIL = "GitHub", "noreply@github.com"

# https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+/[\w.-]+))?#(\d+)\b", re.IGNORECASE
)


def commit_files(
    sandbox: Sandbox,
    repo: Repository,
    by: Account,
    *,
    branch: str,
    files: Mapping[str, str | None],
    message: str,
) -> str:
    """One commit on a branch, as the web editor makes it; None removes a file. Answers the commit's
    id."""
    with sandbox.turn():
        require(repo.may_push(by), by)
        head = repo.git.head(branch)
        if head is None:
            raise Refused(404, f"Branch {branch} not found")
        tree = repo.git.tree_with(files, on=head)
        sha = signed_commit(sandbox, repo, by, tree=tree, parents=[head], message=message)
        move_ref(sandbox, repo, by, f"refs/heads/{branch}", sha)
        return sha


def signed_commit(
    sandbox: Sandbox, repo: Repository, by: Account, *, tree: str, parents: list[str], message: str
) -> str:
    now = sandbox.clock()
    sha = repo.git.add_commit(
        tree,
        message=message,
        parents=parents,
        author=Signature(name=by.login if by.type == "Bot" else by.name, email=by.email, at=now),
        committer=Signature(name=GITHUB_NAME, email=GITHUB_EMAIL, at=now),
    )
    repo.verified_commits.add(sha)
    return sha


def create_branch(sandbox: Sandbox, repo: Repository, by: Account, *, branch: str, at: str) -> None:
    with sandbox.turn():
        require(repo.may_push(by), by)
        create_ref(sandbox, repo, by, f"refs/heads/{branch}", at)


def move_branch(
    sandbox: Sandbox, repo: Repository, by: Account, *, branch: str, to: str, force: bool = False
) -> None:
    """What `git push` to an existing branch does."""
    with sandbox.turn():
        require(repo.may_push(by), by)
        move_ref(sandbox, repo, by, f"refs/heads/{branch}", to, force=force)


def delete_branch(sandbox: Sandbox, repo: Repository, by: Account, *, branch: str) -> None:
    with sandbox.turn():
        require(repo.may_push(by), by)
        delete_ref(sandbox, repo, by, f"refs/heads/{branch}")


def create_ref(sandbox: Sandbox, repo: Repository, by: Account, ref: str, sha: str) -> None:
    if ref in repo.git.refs():
        raise unprocessable("Reference already exists")
    if repo.git.find_commit(sha) is None:
        raise unprocessable("Object does not exist")
    repo.git.set_ref(ref, sha)
    _pushed(sandbox, repo, by, Push(ref=ref, before=None, after=sha))


def move_ref(
    sandbox: Sandbox, repo: Repository, by: Account, ref: str, sha: str, *, force: bool = False
) -> None:
    before = repo.git.refs().get(ref)
    if before is None:
        raise unprocessable("Reference does not exist")
    if repo.git.find_commit(sha) is None:
        raise unprocessable("Object does not exist")
    forward = repo.git.is_ancestor(before, sha)
    if not forward and not force:
        raise unprocessable("Update is not a fast forward")
    if before != sha:
        repo.git.set_ref(ref, sha)
        _pushed(sandbox, repo, by, Push(ref=ref, before=before, after=sha, forced=not forward))


def delete_ref(sandbox: Sandbox, repo: Repository, by: Account, ref: str) -> None:
    before = repo.git.refs().get(ref)
    if before is None:
        raise unprocessable("Reference does not exist")
    if ref == f"refs/heads/{repo.default_branch}":
        raise unprocessable("Cannot delete the default branch")
    repo.git.delete_ref(ref)
    _pushed(sandbox, repo, by, Push(ref=ref, before=before, after=None))


@dataclass(frozen=True, kw_only=True)
class Push:
    """A ref that moved; None before it was created and after it was deleted."""

    ref: str
    before: str | None
    after: str | None
    forced: bool = False

    @property
    def branch(self) -> str:
        return self.ref.removeprefix("refs/heads/")


def _pushed(sandbox: Sandbox, repo: Repository, by: Account, push: Push) -> None:
    repo.pushed_at = sandbox.clock()
    new = _new_commits(repo, push)
    sandbox.notify("push", repo, by, _push_payload(sandbox, repo, by, push, new))
    _update_pulls(sandbox, repo, by, push)
    if push.after and push.branch == repo.default_branch:
        for sha in new:
            close_mentioned(sandbox, repo, by, repo.git.commit(sha).message.decode(), commit=sha)


def _push_payload(
    sandbox: Sandbox, repo: Repository, by: Account, push: Push, new: Sequence[str]
) -> Payload:
    """https://docs.github.com/webhooks/webhook-events-and-payloads#push"""
    people = sandbox.people()
    before, after = push.before or NOWHERE, push.after or NOWHERE
    return {
        "ref": push.ref,
        "before": before,
        "after": after,
        "base_ref": None,
        "created": push.before is None,
        "deleted": push.after is None,
        "forced": push.forced,
        "compare": f"{sandbox.site.web}/{repo.full_name}/compare/{before[:12]}...{after[:12]}",
        "commits": [
            pushed_commit(sandbox.site, repo, sha, people=people)
            for sha in new[:MOST_COMMITS_LISTED]
        ],
        "head_commit": pushed_commit(sandbox.site, repo, push.after, people=people)
        if push.after
        else None,
        "pusher": {"name": by.login, "email": by.email},
    }


def _new_commits(repo: Repository, push: Push) -> list[str]:
    known = push.before or repo.git.head(repo.default_branch)
    return repo.git.commits_between(known, push.after) if known and push.after else []


def _update_pulls(sandbox: Sandbox, repo: Repository, by: Account, push: Push) -> None:
    """A head follows its branch and closes with it; a base that came to hold the head has merged
    it."""
    for issue, pull in list(repo.pulls(head=push.branch)):
        if push.after is None:
            set_closed(sandbox, issue, by, reason=None)
            notify(sandbox, issue, "closed", by)
        elif push.after != pull.head_sha:
            pull.head_sha = push.after
            pull.base_sha = repo.git.head(pull.base) or pull.base_sha
            issue.updated_at = sandbox.clock()
            notify(sandbox, issue, "synchronize", by, before=push.before, after=push.after)
    for issue, pull in list(repo.pulls(base=push.branch)):
        if push.after and repo.git.is_ancestor(pull.head_sha, push.after):
            set_merged(sandbox, issue, by, commit=push.after)


def set_merged(sandbox: Sandbox, issue: Issue, by: Account, *, commit: str) -> None:
    """Closed as merged, announced, and what its description says it closes is closed."""
    pull, repo = issue.pull, issue.repo
    assert pull is not None
    pull.merged_at = sandbox.clock()
    pull.merged_by = by
    pull.merge_commit = commit
    repo.contributors.add(issue.author.login)
    record(sandbox, issue, "merged", by, commit=commit)
    set_closed(sandbox, issue, by, reason=None)
    notify(sandbox, issue, "closed", by)
    if pull.base == repo.default_branch:
        close_mentioned(sandbox, repo, by, issue.body or "", commit=None)


def close_mentioned(
    sandbox: Sandbox, repo: Repository, by: Account, text: str, *, commit: str | None
) -> None:
    for elsewhere, number in CLOSING.findall(text):
        mentioned = repo.issues.get(int(number))
        here = not elsewhere or elsewhere.lower() == repo.full_name.lower()
        if here and mentioned and mentioned.open and not mentioned.pull:
            close(sandbox, mentioned, by, commit=commit)
