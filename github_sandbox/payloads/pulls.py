"""Pull requests, their files, reviews and review comments as GitHub renders them."""

from github_sandbox.diff import FileChange, pull_files
from github_sandbox.payloads import Payload, Site, moment, moment_or_none, node_id
from github_sandbox.payloads.accounts import account, account_or_none, association
from github_sandbox.payloads.repositories import repository
from github_sandbox.payloads.threads import issue as render_issue
from github_sandbox.payloads.threads import page, rollup
from github_sandbox.state import Issue, Pull, Repository, Review, ReviewComment

SHARED_WITH_ISSUES = (
    *(
        "number",
        "state",
        "locked",
        "title",
        "user",
        "body",
        "labels",
        "milestone",
        "active_lock_reason",
    ),
    *(
        "created_at",
        "updated_at",
        "closed_at",
        "author_association",
        "assignee",
        "assignees",
        "html_url",
    ),
)


def pull(site: Site, issue: Issue) -> Payload:
    """As asked for by itself and in pull_request webhooks, with the counts that cost a merge to
    know."""
    pull = issue.pull
    assert pull is not None
    git = issue.repo.git
    files = pull_files(git, pull.base_sha, pull.head_sha)
    mergeable = (
        git.merged_tree(base_tip(issue.repo, pull), pull.head_sha) is not None
        if issue.open
        else None
    )
    return simple_pull(site, issue) | {
        "merged": pull.merged_at is not None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": "unknown" if mergeable is None else "clean" if mergeable else "dirty",
        "merged_by": account_or_none(site, pull.merged_by),
        "comments": len(issue.comments),
        "review_comments": len(pull.review_comments),
        "maintainer_can_modify": False,
        "commits": len(git.commits_between(pull.base_sha, pull.head_sha)),
        "additions": sum(change.additions for change in files),
        "deletions": sum(change.deletions for change in files),
        "changed_files": len(files),
    }


def base_tip(repo: Repository, pull: Pull) -> str:
    return repo.git.head(pull.base) or pull.base_sha


def simple_pull(site: Site, issue: Issue) -> Payload:
    """As it stands in lists and in review webhooks."""
    pull, repo = issue.pull, issue.repo
    assert pull is not None
    api = f"{site.api}/repos/{repo.full_name}"
    url = f"{api}/pulls/{issue.number}"
    shared = render_issue(site, issue)
    links = {
        "self": url,
        "html": shared["html_url"],
        "issue": shared["url"],
        "comments": shared["comments_url"],
        "review_comments": f"{url}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{api}/statuses/{pull.head_sha}",
    }
    return {name: shared[name] for name in SHARED_WITH_ISSUES} | {
        "url": url,
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "diff_url": f"{shared['html_url']}.diff",
        "patch_url": f"{shared['html_url']}.patch",
        "issue_url": links["issue"],
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "_links": {name: {"href": href} for name, href in links.items()},
        "head": _side(site, repo, pull.head, pull.head_sha),
        "base": _side(site, repo, pull.base, pull.base_sha),
        "draft": pull.draft,
        "merged_at": moment_or_none(pull.merged_at),
        "merge_commit_sha": pull.merge_commit,
        "requested_reviewers": [],
        "requested_teams": [],
        "auto_merge": None,
    }


def _side(site: Site, repo: Repository, branch: str, sha: str) -> Payload:
    return {
        "label": f"{repo.account.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": account(site, repo.account),
        "repo": repository(site, repo),
    }


def file(site: Site, repo: Repository, change: FileChange, *, commit: str) -> Payload:
    rendered: Payload = {
        "sha": change.blob,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{site.web}/{repo.full_name}/blob/{commit}/{change.path}",
        "raw_url": f"{site.web}/{repo.full_name}/raw/{commit}/{change.path}",
        "contents_url": f"{site.api}/repos/{repo.full_name}/contents/{change.path}?ref={commit}",
    }
    if change.patch is not None:
        rendered["patch"] = change.patch
    if change.old_path:
        rendered["previous_filename"] = change.old_path
    return rendered


def review(site: Site, review: Review) -> Payload:
    issue = review.issue
    html = f"{page(site, issue)}#pullrequestreview-{review.id}"
    pull_url = f"{site.api}/repos/{issue.repo.full_name}/pulls/{issue.number}"
    return {
        "id": review.id,
        "node_id": node_id("PRR", review.id),
        "user": account(site, review.author),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": pull_url,
        "_links": {"html": {"href": html}, "pull_request": {"href": pull_url}},
        "submitted_at": moment(review.submitted_at),
        "commit_id": review.commit,
        "author_association": association(issue.repo, review.author),
    }


def hooked_review(site: Site, given: Review) -> Payload:
    """Webhooks name the state of a review in lower case and add when it was updated."""
    rendered = review(site, given)
    return rendered | {"state": given.state.lower(), "updated_at": rendered["submitted_at"]}


def review_comment(site: Site, comment: ReviewComment) -> Payload:
    issue = comment.review.issue
    api = f"{site.api}/repos/{issue.repo.full_name}"
    url, pull_url = f"{api}/pulls/comments/{comment.id}", f"{api}/pulls/{issue.number}"
    html = f"{page(site, issue)}#discussion_r{comment.id}"
    rendered: Payload = {
        "id": comment.id,
        "node_id": node_id("PRRC", comment.id),
        "url": url,
        "html_url": html,
        "pull_request_url": pull_url,
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "pull_request": {"href": pull_url},
        },
        "pull_request_review_id": comment.review.id,
        "diff_hunk": comment.hunk,
        "path": comment.path,
        "position": 1,
        "original_position": 1,
        "commit_id": comment.commit,
        "original_commit_id": comment.commit,
        "user": account(site, comment.author),
        "body": comment.body,
        "created_at": moment(comment.created_at),
        "updated_at": moment(comment.updated_at),
        "author_association": association(issue.repo, comment.author),
        "reactions": rollup(url, comment.reactions),
        "line": comment.line,
        "original_line": comment.line,
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        "side": "RIGHT",
        "subject_type": "line",
    }
    if comment.in_reply_to:
        rendered["in_reply_to_id"] = comment.in_reply_to
    return rendered
