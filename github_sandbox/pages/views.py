"""What each page shows."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from github_sandbox.diff import pull_files
from github_sandbox.errors import not_found
from github_sandbox.pages.visit import Visit
from github_sandbox.state import Comment, Issue, Review, TimelineEvent

HOME_FILES = ("docs/learnings.md", "LEARNINGS.md", "README.md")
Shown = tuple[str, dict[str, Any]]


def repositories(_: Visit) -> Shown:
    return "repositories.html", {}


def webhooks(visit: Visit) -> Shown:
    """The newest only: a long play sends thousands."""
    return "webhooks.html", {"shown": visit.sandbox.webhooks[:-201:-1]}


def webhook(visit: Visit) -> Shown:
    found = visit.webhook
    payload = json.dumps(json.loads(found.body), indent=2, ensure_ascii=False)
    return "webhook.html", {"webhook": found, "payload": payload}


def repository(visit: Visit) -> Shown:
    repo = visit.repo
    path = next(
        (each for each in HOME_FILES if repo.git.read(repo.default_branch, each) is not None), None
    )
    text = repo.git.read(repo.default_branch, path) if path else None
    recent = sorted(
        repo.issues.values(), key=lambda issue: (issue.updated_at, issue.number), reverse=True
    )[:8]
    return "repository.html", {"path": path, "text": text, "recent": recent}


def issues(visit: Visit) -> Shown:
    return _thread_list(visit, pulls=False)


def pulls(visit: Visit) -> Shown:
    return _thread_list(visit, pulls=True)


def _thread_list(visit: Visit, *, pulls: bool) -> Shown:
    chosen = [issue for issue in visit.repo.issues.values() if bool(issue.pull) == pulls]
    closed = visit.request.query_params.get("state") == "closed"
    shown = sorted(
        (issue for issue in chosen if issue.open != closed), key=lambda issue: -issue.number
    )
    opened = sum(issue.open for issue in chosen)
    counts = {"open": opened, "closed": len(chosen) - opened}
    return "threads.html", {"shown": shown, "pulls": pulls, "closed": closed, "counts": counts}


def new_issue(visit: Visit) -> Shown:
    return "new_issue.html", {"repo": visit.repo}


@dataclass(frozen=True)
class Happening:
    """One thing in a conversation."""

    kind: Literal["comment", "review", "event"]
    at: datetime
    what: Comment | Review | TimelineEvent


def thread(visit: Visit) -> Shown:
    issue = visit.issue
    reviews = issue.pull.reviews if issue.pull else []
    happened = [
        *(Happening("comment", said.created_at, said) for said in issue.comments),
        *(Happening("event", event.at, event) for event in issue.events),
        *(
            Happening("review", review.submitted_at, review)
            for review in reviews
            if not review.only_answers
        ),
    ]
    happened.sort(key=lambda each: each.at)
    return "thread.html", {"issue": issue, "happened": happened, **_changes(visit, issue)}


def _changes(visit: Visit, issue: Issue) -> dict[str, Any]:
    pull, git = issue.pull, visit.repo.git
    if pull is None:
        return {}
    base = git.head(pull.base) or pull.base_sha
    return {
        "checks": visit.repo.latest_runs(pull.head_sha),
        "files": pull_files(git, pull.base_sha, pull.head_sha),
        "commits": [
            (sha, git.commit(sha).message.decode())
            for sha in git.commits_between(pull.base_sha, pull.head_sha)
        ],
        "mergeable": issue.open and git.merged_tree(base, pull.head_sha) is not None,
        "editable": issue.open and (visit.may_push or visit.who is issue.author),
    }


def edit_file(visit: Visit) -> Shown:
    """On a pull request's branch when there is a number, else on the default branch, as a
    proposal."""
    branch, path = _place(visit)
    return "edit_file.html", {
        "branch": branch,
        "path": path,
        "text": visit.repo.git.read(branch, path) or "",
    }


def _place(visit: Visit) -> tuple[str, str]:
    given = visit.request.path_params
    if "number" not in given:
        return visit.repo.default_branch, given["path"]
    if visit.issue.pull is None:
        raise not_found()
    return visit.issue.pull.head, given["path"]


def file(visit: Visit) -> Shown:
    given = visit.request.path_params
    text = visit.repo.git.read(given["ref"], given["path"])
    if text is None:
        raise not_found()
    return "file.html", {"ref": given["ref"], "path": given["path"], "text": text}


REPO = "/{owner}/{repo}"
PAGES = (
    ("/", repositories),
    ("/webhooks", webhooks),
    ("/webhooks/{id:int}", webhook),
    (REPO, repository),
    (f"{REPO}/issues", issues),
    (f"{REPO}/pulls", pulls),
    (f"{REPO}/issues/new", new_issue),
    (f"{REPO}/issues/{{number:int}}", thread),
    (f"{REPO}/pull/{{number:int}}", thread),
    (f"{REPO}/pull/{{number:int}}/edit/{{path:path}}", edit_file),
    (f"{REPO}/edit/{{path:path}}", edit_file),
    (f"{REPO}/blob/{{ref}}/{{path:path}}", file),
)
