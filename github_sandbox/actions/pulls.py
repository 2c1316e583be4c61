"""Acts on pull requests: open, edit, merge, revert."""

from collections.abc import Mapping

from github_sandbox.actions.files import create_ref, move_ref, signed_commit
from github_sandbox.actions.issues import new_issue, notify
from github_sandbox.actions.rights import require
from github_sandbox.errors import Refused, invalid, unprocessable
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Issue, Pull, Repository


def open_pull(  # noqa: PLR0913 - GitHub's own parameters
    sandbox: Sandbox,
    repo: Repository,
    by: Account,
    *,
    head: str,
    base: str,
    title: str,
    body: str | None = None,
) -> Issue:
    with sandbox.turn():
        head_sha, base_sha = _tip(repo, head, side="head"), _tip(repo, base, side="base")
        if any(repo.pulls(head=head, base=base)):
            label = f"{repo.account.login}:{head}"
            raise invalid(
                "PullRequest", "head", message=f"A pull request already exists for {label}."
            )
        if not repo.git.commits_between(base_sha, head_sha):
            raise invalid("PullRequest", "head", message=f"No commits between {base} and {head}")
        issue = new_issue(sandbox, repo, by, title=title, body=body)
        issue.pull = Pull(
            id=sandbox.new_id(), head=head, base=base, head_sha=head_sha, base_sha=base_sha
        )
        notify(sandbox, issue, "opened", by)
        return issue


def _tip(repo: Repository, branch: str, *, side: str) -> str:
    tip = repo.git.head(branch)
    if tip is None:
        raise invalid("PullRequest", side)
    return tip


def propose_edit(
    sandbox: Sandbox,
    repo: Repository,
    by: Account,
    *,
    files: Mapping[str, str | None],
    title: str,
    body: str | None = None,
) -> Issue:
    """GitHub's "propose changes": a new branch with one commit, and a pull request from it.

    The branch is in the same repository for everybody; the sandbox has no forks.
    """
    with sandbox.turn():
        into = repo.default_branch
        tip = _tip(repo, into, side="base")
        branch = _unused_branch(repo, f"{by.login}-patch")
        commit = signed_commit(
            sandbox, repo, by, tree=repo.git.tree_with(files, on=tip), parents=[tip], message=title
        )
        create_ref(sandbox, repo, by, f"refs/heads/{branch}", commit)
        return open_pull(sandbox, repo, by, head=branch, base=into, title=title, body=body)


def _unused_branch(repo: Repository, stem: str) -> str:
    taken = repo.git.branches()
    return next(
        name for name in (f"{stem}-{n}" for n in range(1, len(taken) + 2)) if name not in taken
    )


def edit_pull_file(
    sandbox: Sandbox, issue: Issue, by: Account, *, path: str, text: str, message: str | None = None
) -> str:
    """The web editor on a pull request's branch, open to its author and to whoever may push."""
    with sandbox.turn():
        pull = pull_of(issue)
        require(by is issue.author or issue.repo.may_push(by), by)
        head = issue.repo.git.head(pull.head)
        if head is None:
            raise Refused(404, f"Branch {pull.head} not found")
        tree = issue.repo.git.tree_with({path: text}, on=head)
        said = message or f"Update {path}"
        commit = signed_commit(sandbox, issue.repo, by, tree=tree, parents=[head], message=said)
        move_ref(sandbox, issue.repo, by, f"refs/heads/{pull.head}", commit)
        return commit


def merge(
    sandbox: Sandbox,
    issue: Issue,
    by: Account,
    *,
    expected_head: str | None = None,
    message: str | None = None,
) -> str:
    """A merge commit on the base branch.
    https://docs.github.com/rest/pulls/pulls#merge-a-pull-request"""
    with sandbox.turn():
        pull, repo = pull_of(issue), issue.repo
        require(repo.may_push(by), by)
        if not issue.open:
            raise Refused(405, "Pull Request is not mergeable")
        if expected_head and expected_head != pull.head_sha:
            raise Refused(409, "Head branch was modified. Review and try the merge again.")
        base = _tip(repo, pull.base, side="base")
        tree = repo.git.merged_tree(base, pull.head_sha)
        if tree is None:
            raise Refused(405, "Pull Request is not mergeable")
        default = (
            f"Merge pull request #{issue.number} from"
            f" {repo.account.login}/{pull.head}\n\n{issue.title}"
        )
        commit = signed_commit(
            sandbox, repo, by, tree=tree, parents=[base, pull.head_sha], message=message or default
        )
        # The push marks the pull request as merged, as any push that brings its head into the base
        # does.
        move_ref(sandbox, repo, by, f"refs/heads/{pull.base}", commit)
        return commit


def revert(sandbox: Sandbox, issue: Issue, by: Account) -> Issue:
    """GitHub's revert button: a branch, a commit that takes the merge back, a pull request that
    says so."""
    with sandbox.turn():
        pull, repo = pull_of(issue), issue.repo
        require(repo.may_push(by), by)
        if pull.merge_commit is None:
            raise unprocessable("Only a merged pull request can be reverted.")
        tip = _tip(repo, pull.base, side="base")
        tree = repo.git.reverted_tree(pull.merge_commit, on=tip)
        if tree is None:
            raise unprocessable("This pull request could not be reverted cleanly.")
        reverted = repo.git.commit(pull.merge_commit)
        subject, before = reverted.message.decode().partition("\n")[0], reverted.parents[0].decode()
        why = f"This reverts commit {pull.merge_commit}, reversing\nchanges made to {before}."
        message = f'Revert "{subject}"\n\n{why}'
        commit = signed_commit(sandbox, repo, by, tree=tree, parents=[tip], message=message)
        branch = f"revert-{issue.number}-{pull.head}"
        create_ref(sandbox, repo, by, f"refs/heads/{branch}", commit)
        return open_pull(
            sandbox,
            repo,
            by,
            head=branch,
            base=pull.base,
            title=f'Revert "{issue.title}"',
            body=f"Reverts {issue.full_name}",
        )


def pull_of(issue: Issue) -> Pull:
    if issue.pull is None:
        raise Refused(404, "Not Found")
    return issue.pull
