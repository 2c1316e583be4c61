"""Acts of reviewers: a verdict on a pull request, remarks on its lines, answers to those."""

from typing import Any

from github_sandbox.actions.mentions import cross_reference
from github_sandbox.actions.pulls import pull_of
from github_sandbox.actions.rights import check_length
from github_sandbox.diff import pull_files
from github_sandbox.errors import invalid, unprocessable
from github_sandbox.payloads import pulls as render
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Issue, Pull, Review, ReviewComment, ReviewState


def review(
    sandbox: Sandbox, issue: Issue, by: Account, *, state: ReviewState, body: str = ""
) -> Review:
    with sandbox.turn():
        pull = pull_of(issue)
        check_length("PullRequestReview", body)
        if by is issue.author and state != "COMMENTED":
            verb = "approve" if state == "APPROVED" else "request changes on"
            raise unprocessable(f"Can not {verb} your own pull request")
        if state != "APPROVED" and not body.strip():
            raise unprocessable("Body can not be blank")
        given = _new_review(sandbox, issue, pull, by, state=state, body=body)
        _notify_review(sandbox, given, by)
        return given


def comment_on_line(
    sandbox: Sandbox, issue: Issue, by: Account, *, path: str, line: int, body: str
) -> ReviewComment:
    """One remark on one line of the new side of the diff: a review of its own, as the page makes
    it."""
    with sandbox.turn():
        pull = pull_of(issue)
        changes = pull_files(issue.repo.git, pull.base_sha, pull.head_sha)
        change = next((each for each in changes if each.path == path), None)
        if change is None:
            raise invalid("PullRequestReviewComment", "path")
        place = {"path": path, "line": line, "commit": pull.head_sha, "hunk": change.patch or ""}
        return _say(sandbox, issue, by, body, **place)


def reply_on_line(sandbox: Sandbox, to: ReviewComment, by: Account, body: str) -> ReviewComment:
    """https://docs.github.com/rest/pulls/comments#create-a-reply-for-a-review-comment"""
    with sandbox.turn():
        if to.in_reply_to:
            raise unprocessable("Replies to replies are not supported.")
        place = {"path": to.path, "line": to.line, "commit": to.commit, "hunk": to.hunk}
        return _say(sandbox, to.review.issue, by, body, in_reply_to=to.id, **place)


def _say(sandbox: Sandbox, issue: Issue, by: Account, body: str, **where: Any) -> ReviewComment:
    check_length("PullRequestReviewComment", body)
    if not body.strip():
        raise invalid("PullRequestReviewComment", "body")
    now = sandbox.clock()
    given = _new_review(sandbox, issue, pull_of(issue), by, state="COMMENTED", body="")
    said = ReviewComment(
        id=sandbox.new_id(),
        review=given,
        author=by,
        body=body,
        created_at=now,
        updated_at=now,
        **where,
    )
    given.comments.append(said)
    cross_reference(sandbox, issue, by, body)
    _notify_review(sandbox, given, by)
    payload = {"action": "created", "comment": render.review_comment(sandbox.site, said)}
    _notify(sandbox, "pull_request_review_comment", issue, by, payload)
    return said


def _new_review(
    sandbox: Sandbox, issue: Issue, pull: Pull, by: Account, *, state: ReviewState, body: str
) -> Review:
    given = Review(
        id=sandbox.new_id(),
        issue=issue,
        author=by,
        state=state,
        body=body,
        commit=pull.head_sha,
        submitted_at=sandbox.clock(),
    )
    pull.reviews.append(given)
    cross_reference(sandbox, issue, by, body)
    issue.updated_at = given.submitted_at
    return given


def _notify_review(sandbox: Sandbox, given: Review, by: Account) -> None:
    payload = {"action": "submitted", "review": render.hooked_review(sandbox.site, given)}
    _notify(sandbox, "pull_request_review", given.issue, by, payload)


def _notify(
    sandbox: Sandbox, event: str, issue: Issue, by: Account, payload: dict[str, Any]
) -> None:
    sandbox.notify(
        event, issue.repo, by, payload | {"pull_request": render.simple_pull(sandbox.site, issue)}
    )
