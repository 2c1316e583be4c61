"""Issues, comments, labels, reactions, timeline, sub-issues. https://docs.github.com/rest/issues"""

from collections.abc import Callable
from typing import Any, get_args

from github_sandbox import actions
from github_sandbox.errors import not_found, unprocessable
from github_sandbox.payloads import Payload
from github_sandbox.payloads import threads as render
from github_sandbox.payloads.pulls import review as render_review
from github_sandbox.rest.call import Answer, Call, created, no_content, ok, paged, reads, writes
from github_sandbox.state import CloseReason, Comment, Issue, Reaction

SORTS: dict[str, Callable[[Issue], Any]] = {
    "created": lambda issue: (issue.created_at, issue.number),
    "updated": lambda issue: (issue.updated_at, issue.number),
    "comments": lambda issue: (len(issue.comments), issue.number),
}
REASONS: tuple[CloseReason, ...] = get_args(CloseReason)


def list_issues(call: Call) -> Answer:
    """Pull requests are issues and are in this list too."""
    found = [issue for issue in call.repo.issues.values() if _asked_for(call, issue)]
    found.sort(
        key=SORTS.get(call.query.get("sort", ""), SORTS["created"]), reverse=_newest_first(call)
    )
    return paged(call, found, lambda issue: render.issue(call.sandbox.site, issue))


def _asked_for(call: Call, issue: Issue) -> bool:
    state, since = call.query.get("state", "open"), call.since
    labels = {name for name in call.query.get("labels", "").split(",") if name}
    return (
        state in ("all", issue.state)
        and (since is None or issue.updated_at >= since)
        and labels <= {label.name for label in issue.labels}
        and call.query.get("creator", issue.author.login) == issue.author.login
    )


def _newest_first(call: Call) -> bool:
    return call.query.get("direction", "desc") == "desc"


def get_issue(call: Call) -> Answer:
    return ok(render.issue(call.sandbox.site, call.issue))


def create_issue(call: Call) -> Answer:
    issue = actions.open_issue(
        call.sandbox,
        call.repo,
        call.actor,
        title=call.required("title", str),
        body=call.optional("body", str),
        labels=[_label_name(label) for label in call.optional("labels", list) or []],
    )
    return created(render.issue(call.sandbox.site, issue))


def update_issue(call: Call) -> Answer:
    issue, sandbox = call.issue, call.sandbox
    actions.edit(
        sandbox,
        issue,
        call.actor,
        title=call.optional("title", str),
        body=call.optional("body", str),
    )
    labels = call.optional("labels", list)
    if labels is not None:
        _replace_labels(call, issue, [_label_name(label) for label in labels])
    set_state(call, issue)
    return ok(render.issue(sandbox.site, issue))


def set_state(call: Call, issue: Issue) -> None:
    match call.optional("state", str):
        case "closed":
            asked = call.optional("state_reason", str) or "completed"
            reason = next((each for each in REASONS if each == asked), None)
            if reason is None:
                raise unprocessable(
                    f"Invalid request.\n\n{asked!r:.40} is not a member of {list(REASONS)}."
                )
            actions.close(call.sandbox, issue, call.actor, reason=reason)
        case "open":
            actions.reopen(call.sandbox, issue, call.actor)
        case None:
            pass
        case other:
            raise unprocessable(
                f'Invalid request.\n\n{other!r:.40} is not a member of ["open", "closed"].'
            )


def _replace_labels(call: Call, issue: Issue, names: list[str]) -> None:
    for label in list(issue.labels):
        if label.name not in names:
            actions.remove_label(call.sandbox, issue, call.actor, label.name)
    actions.add_labels(call.sandbox, issue, call.actor, names)


def _label_name(label: Any) -> str:
    return str(label["name"]) if isinstance(label, dict) else str(label)


def list_comments(call: Call) -> Answer:
    since = call.since
    found = [said for said in call.issue.comments if since is None or said.updated_at >= since]
    return paged(call, found, lambda said: render.comment(call.sandbox.site, said))


def create_comment(call: Call) -> Answer:
    said = actions.comment(call.sandbox, call.issue, call.actor, call.required("body", str))
    return created(render.comment(call.sandbox.site, said))


def get_comment(call: Call) -> Answer:
    return ok(render.comment(call.sandbox.site, _comment(call)))


def update_comment(call: Call) -> Answer:
    said = _comment(call)
    actions.edit_comment(call.sandbox, said, call.actor, call.required("body", str))
    return ok(render.comment(call.sandbox.site, said))


def delete_comment(call: Call) -> Answer:
    actions.delete_comment(call.sandbox, _comment(call), call.actor)
    return no_content()


def _comment(call: Call) -> Comment:
    wanted = call.number("comment")
    everything = (said for issue in call.repo.issues.values() for said in issue.comments)
    found = next((said for said in everything if said.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def list_events(call: Call) -> Answer:
    # Cross-references stand in the timeline only.
    events = [event for event in call.issue.events if event.source is None]
    return paged(call, events, lambda event: render.event(call.sandbox.site, call.issue, event))


def list_timeline(call: Call) -> Answer:
    """Events, comments and reviews in the order they happened. https://docs.github.com/rest/issues/timeline"""
    issue, site = call.issue, call.sandbox.site
    comments = [render.comment(site, said) for said in issue.comments]
    reviews = [render_review(site, review) for review in (issue.pull.reviews if issue.pull else ())]
    happened = [
        *(render.event(site, issue, event) for event in issue.events),
        *(shown | {"event": "commented", "actor": shown["user"]} for shown in comments),
        *(shown | {"event": "reviewed"} for shown in reviews),
    ]
    happened.sort(key=lambda shown: shown.get("created_at") or shown["submitted_at"])
    return paged(call, happened, lambda shown: shown)


def list_sub_issues(call: Call) -> Answer:
    return paged(call, call.issue.sub_issues, lambda issue: render.issue(call.sandbox.site, issue))


def add_sub_issue(call: Call) -> Answer:
    replace_parent = call.optional("replace_parent", bool) or False
    wanted = call.required("sub_issue_id", int)
    actions.add_sub_issue(
        call.sandbox, call.issue, call.actor, wanted, replace_parent=replace_parent
    )
    return created(render.issue(call.sandbox.site, call.issue))


def remove_sub_issue(call: Call) -> Answer:
    actions.remove_sub_issue(
        call.sandbox, call.issue, call.actor, call.required("sub_issue_id", int)
    )
    return ok(render.issue(call.sandbox.site, call.issue))


def get_parent(call: Call) -> Answer:
    if call.issue.parent is None:
        raise not_found()
    return ok(render.issue(call.sandbox.site, call.issue.parent))


def list_labels(call: Call) -> Answer:
    return paged(
        call, call.issue.labels, lambda label: render.label(call.sandbox.site, call.repo, label)
    )


def add_labels(call: Call) -> Answer:
    names = [_label_name(label) for label in call.required("labels", list)]
    actions.add_labels(call.sandbox, call.issue, call.actor, names)
    return ok([render.label(call.sandbox.site, call.repo, label) for label in call.issue.labels])


def remove_label(call: Call) -> Answer:
    actions.remove_label(call.sandbox, call.issue, call.actor, call.parameters["name"])
    return ok([render.label(call.sandbox.site, call.repo, label) for label in call.issue.labels])


def list_repository_labels(call: Call) -> Answer:
    labels = list(call.repo.labels.values())
    return paged(call, labels, lambda label: render.label(call.sandbox.site, call.repo, label))


def list_issue_reactions(call: Call) -> Answer:
    return _reactions(call, call.issue)


def react_to_issue(call: Call) -> Answer:
    return _react(call, call.issue)


def list_comment_reactions(call: Call) -> Answer:
    return _reactions(call, _comment(call))


def react_to_comment(call: Call) -> Answer:
    return _react(call, _comment(call))


def _reactions(call: Call, to: Issue | Comment) -> Answer:
    wanted = call.query.get("content")

    def shown(reaction: Reaction) -> Payload:
        return render.reaction(call.sandbox.site, reaction)

    return paged(call, [each for each in to.reactions if wanted in (None, each.content)], shown)


def _react(call: Call, to: Issue | Comment) -> Answer:
    """200 for one that was there already, 201 for a new one."""
    reaction, new = actions.react(call.sandbox, to, call.actor, call.required("content", str))
    return Answer(201 if new else 200, render.reaction(call.sandbox.site, reaction))


ISSUES = "/repos/{owner}/{repo}/issues"
ISSUE = f"{ISSUES}/{{number}}"
COMMENT = f"{ISSUES}/comments/{{comment}}"
# A pull request's conversation can be reached with either permission.
EITHER = ("issues", "pull_requests")
ENDPOINTS = (
    reads(ISSUES, list_issues, *EITHER),
    writes("POST", ISSUES, create_issue, "issues"),
    reads(COMMENT, get_comment, *EITHER),
    writes("PATCH", COMMENT, update_comment, *EITHER),
    writes("DELETE", COMMENT, delete_comment, *EITHER),
    reads(f"{COMMENT}/reactions", list_comment_reactions, *EITHER),
    writes("POST", f"{COMMENT}/reactions", react_to_comment, *EITHER),
    reads(ISSUE, get_issue, *EITHER),
    writes("PATCH", ISSUE, update_issue, *EITHER),
    reads(f"{ISSUE}/comments", list_comments, *EITHER),
    writes("POST", f"{ISSUE}/comments", create_comment, *EITHER),
    reads(f"{ISSUE}/events", list_events, *EITHER),
    reads(f"{ISSUE}/timeline", list_timeline, *EITHER),
    reads(f"{ISSUE}/sub_issues", list_sub_issues, "issues"),
    writes("POST", f"{ISSUE}/sub_issues", add_sub_issue, "issues"),
    writes("DELETE", f"{ISSUE}/sub_issue", remove_sub_issue, "issues"),
    reads(f"{ISSUE}/parent", get_parent, "issues"),
    reads(f"{ISSUE}/labels", list_labels, *EITHER),
    writes("POST", f"{ISSUE}/labels", add_labels, *EITHER),
    writes("DELETE", f"{ISSUE}/labels/{{name}}", remove_label, *EITHER),
    reads(f"{ISSUE}/reactions", list_issue_reactions, *EITHER),
    writes("POST", f"{ISSUE}/reactions", react_to_issue, *EITHER),
    reads("/repos/{owner}/{repo}/labels", list_repository_labels, *EITHER),
)
