"""What each form does; the answer is where to go next."""

from typing import get_args

from starlette.datastructures import FormData

from github_sandbox import actions
from github_sandbox.errors import not_found, unprocessable
from github_sandbox.pages.visit import Visit
from github_sandbox.state import Comment, Issue, ReviewState


def open_issue(visit: Visit, fields: FormData) -> str:
    title, body = _text(fields, "title"), _text(fields, "body")
    return visit.place(
        actions.open_issue(visit.sandbox, visit.repo, visit.who, title=title, body=body)
    )


def comment(visit: Visit, fields: FormData) -> str:
    """The comment box: alone, or together with closing or reopening."""
    issue, body, then = visit.issue, _text(fields, "body"), _text(fields, "then")
    if body.strip():
        actions.comment(visit.sandbox, issue, visit.who, body)
    match then:
        case "reopen":
            actions.reopen(visit.sandbox, issue, visit.who)
        case "comment":
            pass
        case "completed" | "not_planned" | "duplicate" as reason:
            actions.close(visit.sandbox, issue, visit.who, reason=reason)
        case _:
            raise unprocessable(f"nothing is called {then!r:.40}")
    return visit.place(issue)


def edit(visit: Visit, fields: FormData) -> str:
    actions.edit(
        visit.sandbox,
        visit.issue,
        visit.who,
        title=_text(fields, "title"),
        body=_text(fields, "body"),
    )
    return visit.place(visit.issue)


def react(visit: Visit, fields: FormData) -> str:
    """The same reaction again takes it back."""
    to = _reacted_to(visit.issue, _text(fields, "comment"))
    _, new = actions.react(visit.sandbox, to, visit.who, _text(fields, "content"))
    if not new:
        actions.remove_reaction(visit.sandbox, to, visit.who, _text(fields, "content"))
    return visit.place(visit.issue)


def _reacted_to(issue: Issue, comment_id: str) -> Issue | Comment:
    if not comment_id:
        return issue
    found = next((said for said in issue.comments if str(said.id) == comment_id), None)
    if found is None:
        raise not_found()
    return found


def merge(visit: Visit, _: FormData) -> str:
    actions.merge(visit.sandbox, visit.issue, visit.who)
    return visit.place(visit.issue)


def revert(visit: Visit, _: FormData) -> str:
    return visit.place(actions.revert(visit.sandbox, visit.issue, visit.who))


def delete_branch(visit: Visit, _: FormData) -> str:
    if visit.issue.pull is None:
        raise not_found()
    actions.delete_branch(visit.sandbox, visit.repo, visit.who, branch=visit.issue.pull.head)
    return visit.place(visit.issue)


def review(visit: Visit, fields: FormData) -> str:
    asked = _text(fields, "state")
    state = next((each for each in get_args(ReviewState) if each == asked), None)
    if state is None:
        raise unprocessable("choose how to review")
    actions.review(visit.sandbox, visit.issue, visit.who, state=state, body=_text(fields, "body"))
    return visit.place(visit.issue)


def comment_on_line(visit: Visit, fields: FormData) -> str:
    line = _text(fields, "line")
    if not line.isdecimal():
        raise unprocessable("the line must be a number")
    actions.comment_on_line(
        visit.sandbox,
        visit.issue,
        visit.who,
        path=_text(fields, "path"),
        line=int(line),
        body=_text(fields, "body"),
    )
    return visit.place(visit.issue)


def reply_on_line(visit: Visit, fields: FormData) -> str:
    said = visit.issue.pull.review_comments if visit.issue.pull else []
    to = next((each for each in said if str(each.id) == _text(fields, "comment")), None)
    if to is None:
        raise not_found()
    actions.reply_on_line(visit.sandbox, to, visit.who, _text(fields, "body"))
    return visit.place(visit.issue)


def edit_pull_file(visit: Visit, fields: FormData) -> str:
    path = visit.request.path_params["path"]
    actions.edit_pull_file(
        visit.sandbox,
        visit.issue,
        visit.who,
        path=path,
        text=_text(fields, "text"),
        message=_text(fields, "message"),
    )
    return visit.place(visit.issue)


def propose_edit(visit: Visit, fields: FormData) -> str:
    path = visit.request.path_params["path"]
    title = _text(fields, "message") or f"Update {path}"
    files, body = {path: _text(fields, "text")}, _text(fields, "body")
    issue = actions.propose_edit(
        visit.sandbox, visit.repo, visit.who, files=files, title=title, body=body
    )
    return visit.place(issue)


def rerequest(visit: Visit, fields: FormData) -> str:
    pull, wanted = visit.issue.pull, _text(fields, "run")
    runs = visit.repo.latest_runs(pull.head_sha) if pull else []
    run = next((each for each in runs if str(each.id) == wanted), None)
    if run is None:
        raise not_found()
    actions.rerequest(visit.sandbox, visit.repo, run, visit.who)
    return visit.place(visit.issue)


def redeliver(visit: Visit, _: FormData) -> str:
    visit.sandbox.redeliver(visit.webhook)
    return "/webhooks"


def _text(fields: FormData, name: str) -> str:
    """Browsers send lines ended by carriage return and line feed; files and comments have line
    feeds."""
    value = fields.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


REPO = "/{owner}/{repo}"
THREAD = f"{REPO}/issues/{{number:int}}"
FORMS = (
    ("/webhooks/{id:int}/redeliver", redeliver),
    (f"{REPO}/issues/new", open_issue),
    (f"{THREAD}/comment", comment),
    (f"{THREAD}/edit", edit),
    (f"{THREAD}/react", react),
    (f"{THREAD}/merge", merge),
    (f"{THREAD}/revert", revert),
    (f"{THREAD}/delete-branch", delete_branch),
    (f"{THREAD}/review", review),
    (f"{THREAD}/comment-on-line", comment_on_line),
    (f"{THREAD}/reply-on-line", reply_on_line),
    (f"{THREAD}/rerequest", rerequest),
    (f"{REPO}/pull/{{number:int}}/edit/{{path:path}}", edit_pull_file),
    (f"{REPO}/edit/{{path:path}}", propose_edit),
)
