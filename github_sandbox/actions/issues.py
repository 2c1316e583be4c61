"""Acts on issues, and on pull requests where they are issues too: words, labels, reactions, open
and closed."""

from collections.abc import Sequence
from typing import Any

from github_sandbox.actions.mentions import cross_reference
from github_sandbox.actions.rights import check_length, require, require_triage
from github_sandbox.errors import Refused, invalid
from github_sandbox.payloads import Payload
from github_sandbox.payloads import pulls as render_pull
from github_sandbox.payloads import threads as render
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import (
    REACTIONS,
    Account,
    CloseReason,
    Comment,
    Issue,
    Label,
    Reaction,
    Repository,
    ReviewComment,
    StateReason,
    TimelineEvent,
)


def open_issue(
    sandbox: Sandbox,
    repo: Repository,
    by: Account,
    *,
    title: str,
    body: str | None = None,
    labels: Sequence[str] = (),
) -> Issue:
    with sandbox.turn():
        issue = new_issue(sandbox, repo, by, title=title, body=body)
        issue.labels = [_label(sandbox, repo, name) for name in labels]
        notify(sandbox, issue, "opened", by)
        for label in issue.labels:
            notify(sandbox, issue, "labeled", by, label=render.label(sandbox.site, repo, label))
        return issue


def new_issue(
    sandbox: Sandbox, repo: Repository, by: Account, *, title: str, body: str | None
) -> Issue:
    """Kept, not yet announced: the common beginning of issues and pull requests."""
    if not title.strip():
        raise invalid("Issue", "title", code="missing_field")
    check_length("Issue", body)
    now = sandbox.clock()
    repo.last_number += 1
    issue = Issue(
        id=sandbox.new_id(),
        repo=repo,
        number=repo.last_number,
        title=title.strip(),
        body=body,
        author=by,
        created_at=now,
        updated_at=now,
    )
    repo.issues[issue.number] = issue
    cross_reference(sandbox, issue, by, body or "")
    return issue


def edit(
    sandbox: Sandbox,
    issue: Issue,
    by: Account,
    *,
    title: str | None = None,
    body: str | None = None,
) -> None:
    with sandbox.turn():
        require(by is issue.author or issue.repo.may_push(by), by)
        check_length("Issue", body)
        changes: dict[str, Any] = {}
        if title is not None and title != issue.title:
            if not title.strip():
                raise invalid("Issue", "title", code="missing_field")
            changes["title"] = {"from": issue.title}
            record(sandbox, issue, "renamed", by, renamed=(issue.title, title))
            issue.title = title
        if body is not None and body != issue.body:
            changes["body"] = {"from": issue.body or ""}
            issue.body = body
            cross_reference(sandbox, issue, by, body)
        if changes:
            issue.updated_at = sandbox.clock()
            notify(sandbox, issue, "edited", by, changes=changes)


def close(
    sandbox: Sandbox,
    issue: Issue,
    by: Account,
    *,
    reason: CloseReason | None = "completed",
    commit: str | None = None,
) -> None:
    """An author may close their own. None is how issues were closed before there were reasons."""
    with sandbox.turn():
        require_triage(issue, by)
        if not issue.open:
            return
        set_closed(sandbox, issue, by, reason=None if issue.pull else reason, commit=commit)
        notify(sandbox, issue, "closed", by)


def set_closed(
    sandbox: Sandbox,
    issue: Issue,
    by: Account,
    *,
    reason: StateReason | None,
    commit: str | None = None,
) -> None:
    issue.open = False
    issue.state_reason = reason
    issue.closed_at = issue.updated_at = sandbox.clock()
    issue.closed_by = by
    record(sandbox, issue, "closed", by, state_reason=reason, commit=commit)


def reopen(sandbox: Sandbox, issue: Issue, by: Account) -> None:
    with sandbox.turn():
        require_triage(issue, by)
        # An author cannot overrule somebody else's close.
        require(by is issue.closed_by or issue.repo.may_push(by), by)
        if issue.open:
            return
        if issue.pull:
            _follow_branch_again(issue)
        issue.open = True
        issue.state_reason = None if issue.pull else "reopened"
        issue.closed_at = issue.closed_by = None
        issue.updated_at = sandbox.clock()
        record(sandbox, issue, "reopened", by, state_reason=issue.state_reason)
        notify(sandbox, issue, "reopened", by)


def _follow_branch_again(issue: Issue) -> None:
    pull, repo = issue.pull, issue.repo
    assert pull is not None
    tip = repo.git.head(pull.head)
    why = None
    if pull.merged_at:
        why = "The pull request is already merged."
    elif tip is None:
        why = f"The {pull.head} branch has been deleted."
    elif any(repo.pulls(head=pull.head, base=pull.base)):
        why = f"There is already an open pull request from {pull.head} to {pull.base}."
    if why or tip is None:
        raise invalid("PullRequest", "state", message=f"state cannot be changed. {why}")
    pull.head_sha = tip


def comment(sandbox: Sandbox, issue: Issue, by: Account, body: str) -> Comment:
    with sandbox.turn():
        if not body.strip():
            raise invalid("IssueComment", "body", code="missing_field")
        check_length("IssueComment", body)
        now = sandbox.clock()
        said = Comment(
            id=sandbox.new_id(), issue=issue, author=by, body=body, created_at=now, updated_at=now
        )
        issue.comments.append(said)
        cross_reference(sandbox, issue, by, body)
        issue.updated_at = now
        _notify_comment(sandbox, said, "created", by)
        return said


def edit_comment(sandbox: Sandbox, said: Comment, by: Account, body: str) -> None:
    with sandbox.turn():
        require(by is said.author or said.issue.repo.may_push(by), by)
        check_length("IssueComment", body)
        before, said.body, said.updated_at = said.body, body, sandbox.clock()
        cross_reference(sandbox, said.issue, by, body)
        _notify_comment(sandbox, said, "edited", by, changes={"body": {"from": before}})


def delete_comment(sandbox: Sandbox, said: Comment, by: Account) -> None:
    with sandbox.turn():
        require(by is said.author or said.issue.repo.may_push(by), by)
        said.issue.comments.remove(said)
        _notify_comment(sandbox, said, "deleted", by)


def add_labels(sandbox: Sandbox, issue: Issue, by: Account, names: Sequence[str]) -> None:
    with sandbox.turn():
        require(issue.repo.role_of(by) not in (None, "read"), by)
        for name in names:
            label = _label(sandbox, issue.repo, name)
            if label not in issue.labels:
                issue.labels.append(label)
                issue.updated_at = sandbox.clock()
                record(sandbox, issue, "labeled", by, label=label)
                notify(
                    sandbox,
                    issue,
                    "labeled",
                    by,
                    label=render.label(sandbox.site, issue.repo, label),
                )


def remove_label(sandbox: Sandbox, issue: Issue, by: Account, name: str) -> None:
    with sandbox.turn():
        require(issue.repo.role_of(by) not in (None, "read"), by)
        label = next((each for each in issue.labels if each.name.lower() == name.lower()), None)
        if label is None:
            raise Refused(404, "Label does not exist")
        issue.labels.remove(label)
        issue.updated_at = sandbox.clock()
        record(sandbox, issue, "unlabeled", by, label=label)
        notify(sandbox, issue, "unlabeled", by, label=render.label(sandbox.site, issue.repo, label))


def _label(sandbox: Sandbox, repo: Repository, name: str) -> Label:
    """Labels that do not exist are made, as GitHub does for whoever may label."""
    return repo.labels.setdefault(name.lower(), Label(id=sandbox.new_id(), name=name))


def react(
    sandbox: Sandbox, to: Issue | Comment | ReviewComment, by: Account, content: str
) -> tuple[Reaction, bool]:
    """The reaction, and whether it is new: the same one twice is one. GitHub sends no webhook for
    it."""
    with sandbox.turn():
        if content not in REACTIONS:
            raise invalid("Reaction", "content")
        existing = next(
            (each for each in to.reactions if each.user is by and each.content == content), None
        )
        if existing:
            return existing, False
        reaction = Reaction(
            id=sandbox.new_id(), user=by, content=content, created_at=sandbox.clock()
        )
        to.reactions.append(reaction)
        return reaction, True


def remove_reaction(
    sandbox: Sandbox, on: Issue | Comment | ReviewComment, by: Account, content: str
) -> None:
    with sandbox.turn():
        on.reactions[:] = [
            each for each in on.reactions if each.user is not by or each.content != content
        ]


def record(sandbox: Sandbox, issue: Issue, name: str, by: Account, **more: Any) -> None:
    issue.events.append(
        TimelineEvent(id=sandbox.new_id(), name=name, actor=by, at=sandbox.clock(), **more)
    )


def notify(sandbox: Sandbox, issue: Issue, action: str, by: Account, **more: Any) -> None:
    """An `issues` or a `pull_request` webhook, whichever it is."""
    payload: Payload = {"action": action, **more}
    if issue.pull:
        payload |= {"number": issue.number, "pull_request": render_pull.pull(sandbox.site, issue)}
    else:
        payload |= {"issue": render.issue(sandbox.site, issue)}
    sandbox.notify("pull_request" if issue.pull else "issues", issue.repo, by, payload)


def _notify_comment(sandbox: Sandbox, said: Comment, action: str, by: Account, **more: Any) -> None:
    payload = {
        "action": action,
        "issue": render.issue(sandbox.site, said.issue),
        "comment": render.comment(sandbox.site, said),
        **more,
    }
    sandbox.notify("issue_comment", said.issue.repo, by, payload)
