"""Pull requests, reviews, review comments. https://docs.github.com/rest/pulls"""

from collections.abc import Callable, Iterator
from datetime import datetime

from github_sandbox import actions
from github_sandbox.diff import pull_files
from github_sandbox.errors import not_found, unprocessable
from github_sandbox.payloads import pulls as render
from github_sandbox.rest.call import Answer, Call, created, no_content, ok, paged, reads, writes
from github_sandbox.rest.issues import set_state
from github_sandbox.rest.repositories import commit
from github_sandbox.state import Issue, Pull, ReviewComment, ReviewState

SORTS: dict[str, Callable[[Issue], tuple[datetime, int]]] = {
    "created": lambda issue: (issue.created_at, issue.number),
    "updated": lambda issue: (issue.updated_at, issue.number),
}
# What is asked for -> how the review then stands. https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request
REVIEW_EVENTS: dict[str, ReviewState] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


def list_pulls(call: Call) -> Answer:
    sort = call.query.get("sort", "created")
    descending = call.query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    found = [
        issue
        for issue in call.repo.issues.values()
        if issue.pull and _asked_for(call, issue, issue.pull)
    ]
    found.sort(key=SORTS.get(sort, SORTS["created"]), reverse=descending)
    return paged(call, found, lambda issue: render.simple_pull(call.sandbox.site, issue))


def _asked_for(call: Call, issue: Issue, pull: Pull) -> bool:
    """`head` is `owner:branch`; GitHub ignores one without the owner."""
    head = call.query.get("head", "")
    return (
        call.query.get("state", "open") in ("all", issue.state)
        and (":" not in head or head == f"{call.repo.account.login}:{pull.head}")
        and call.query.get("base", pull.base) == pull.base
    )


def get_pull(call: Call) -> Answer:
    return ok(render.pull(call.sandbox.site, call.pull_issue))


def create_pull(call: Call) -> Answer:
    issue = actions.open_pull(
        call.sandbox,
        call.repo,
        call.actor,
        head=call.required("head", str).removeprefix(f"{call.repo.account.login}:"),
        base=call.required("base", str),
        title=call.required("title", str),
        body=call.optional("body", str),
    )
    return created(render.pull(call.sandbox.site, issue))


def update_pull(call: Call) -> Answer:
    issue = call.pull_issue
    actions.edit(
        call.sandbox,
        issue,
        call.actor,
        title=call.optional("title", str),
        body=call.optional("body", str),
    )
    set_state(call, issue)
    return ok(render.pull(call.sandbox.site, issue))


def list_files(call: Call) -> Answer:
    pull = _pull(call)
    changes = pull_files(call.repo.git, pull.base_sha, pull.head_sha)
    return paged(
        call,
        changes,
        lambda each: render.file(call.sandbox.site, call.repo, each, commit=pull.head_sha),
    )


def list_commits(call: Call) -> Answer:
    pull = _pull(call)
    shas = call.repo.git.commits_between(pull.base_sha, pull.head_sha)
    return paged(call, shas, lambda sha: commit(call, sha))


def check_merged(call: Call) -> Answer:
    if _pull(call).merged_at is None:
        raise not_found()
    return no_content()


def merge(call: Call) -> Answer:
    issue = call.pull_issue
    title, body = call.optional("commit_title", str), call.optional("commit_message", str)
    message = "\n\n".join(part for part in (title, body) if part) or None
    sha = actions.merge(
        call.sandbox, issue, call.actor, expected_head=call.optional("sha", str), message=message
    )
    return ok({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def list_reviews(call: Call) -> Answer:
    return paged(call, _pull(call).reviews, lambda each: render.review(call.sandbox.site, each))


def create_review(call: Call) -> Answer:
    state = REVIEW_EVENTS.get(call.required("event", str))
    if state is None:
        raise unprocessable(
            f'Invalid request.\n\n"event" is not a member of {list(REVIEW_EVENTS)}.'
        )
    body = call.optional("body", str) or ""
    given = actions.review(call.sandbox, call.pull_issue, call.actor, state=state, body=body)
    return ok(render.review(call.sandbox.site, given))


def list_review_comments(call: Call) -> Answer:
    return paged(
        call,
        _pull(call).review_comments,
        lambda each: render.review_comment(call.sandbox.site, each),
    )


def get_review_comment(call: Call) -> Answer:
    found = next(
        (each for pull in _pulls(call) for each in pull.review_comments if _is_asked(call, each)),
        None,
    )
    if found is None:
        raise not_found()
    return ok(render.review_comment(call.sandbox.site, found))


def reply(call: Call) -> Answer:
    to = next((each for each in _pull(call).review_comments if _is_asked(call, each)), None)
    if to is None:
        raise not_found()
    said = actions.reply_on_line(call.sandbox, to, call.actor, call.required("body", str))
    return created(render.review_comment(call.sandbox.site, said))


def _is_asked(call: Call, comment: ReviewComment) -> bool:
    return comment.id == call.number("comment")


def _pulls(call: Call) -> Iterator[Pull]:
    return (issue.pull for issue in call.repo.issues.values() if issue.pull)


def _pull(call: Call) -> Pull:
    pull = call.pull_issue.pull
    assert pull is not None
    return pull


PULLS = "/repos/{owner}/{repo}/pulls"
PULL = f"{PULLS}/{{number}}"
ENDPOINTS = (
    reads(PULLS, list_pulls, "pull_requests"),
    writes("POST", PULLS, create_pull, "pull_requests"),
    reads(f"{PULLS}/comments/{{comment}}", get_review_comment, "pull_requests"),
    reads(PULL, get_pull, "pull_requests"),
    writes("PATCH", PULL, update_pull, "pull_requests"),
    reads(f"{PULL}/files", list_files, "pull_requests"),
    reads(f"{PULL}/commits", list_commits, "pull_requests"),
    reads(f"{PULL}/merge", check_merged, "contents"),
    writes("PUT", f"{PULL}/merge", merge, "contents"),
    reads(f"{PULL}/reviews", list_reviews, "pull_requests"),
    writes("POST", f"{PULL}/reviews", create_review, "pull_requests"),
    reads(f"{PULL}/comments", list_review_comments, "pull_requests"),
    writes("POST", f"{PULL}/comments/{{comment}}/replies", reply, "pull_requests"),
)
