"""Issues under issues. https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/adding-sub-issues"""

from collections.abc import Iterator

from github_sandbox.actions.rights import require_triage
from github_sandbox.errors import not_found, unprocessable
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Issue

MOST_SUB_ISSUES = 100


def add_sub_issue(
    sandbox: Sandbox, parent: Issue, by: Account, sub_issue_id: int, *, replace_parent: bool = False
) -> None:
    """Within one owner's repositories; an issue has at most one parent."""
    with sandbox.turn():
        require_triage(parent, by)
        child = _issue(sandbox, parent, sub_issue_id)
        if child in (parent, *_above(parent)):
            raise unprocessable("Sub-issue cannot be the issue itself or one above it.")
        if child.parent and not replace_parent:
            raise unprocessable("Sub-issue may only have one parent")
        if len(parent.sub_issues) >= MOST_SUB_ISSUES:
            raise unprocessable(f"Parent cannot have more than {MOST_SUB_ISSUES} sub-issues")
        if child.parent:
            child.parent.sub_issues.remove(child)
        child.parent = parent
        parent.sub_issues.append(child)


def remove_sub_issue(sandbox: Sandbox, parent: Issue, by: Account, sub_issue_id: int) -> None:
    with sandbox.turn():
        require_triage(parent, by)
        child = next((each for each in parent.sub_issues if each.id == sub_issue_id), None)
        if child is None:
            raise not_found()
        parent.sub_issues.remove(child)
        child.parent = None


def _issue(sandbox: Sandbox, parent: Issue, wanted: int) -> Issue:
    account = parent.repo.account
    reachable = (repo for repo in sandbox.repositories.values() if repo.account is account)
    found = next(
        (issue for repo in reachable for issue in repo.issues.values() if issue.id == wanted), None
    )
    if found is None or found.pull:
        raise not_found()
    return found


def _above(issue: Issue) -> Iterator[Issue]:
    while issue.parent:
        issue = issue.parent
        yield issue
