"""Issues, comments, reactions, labels and their events as GitHub renders them."""

from collections.abc import Sequence

from github_sandbox.payloads import Payload, Site, moment, moment_or_none, node_id
from github_sandbox.payloads.accounts import account, account_or_none, association
from github_sandbox.payloads.repositories import repository
from github_sandbox.state import (
    REACTIONS,
    Comment,
    Issue,
    Label,
    Reaction,
    Repository,
    TimelineEvent,
)


def issue(site: Site, issue: Issue) -> Payload:
    repo = issue.repo
    api = f"{site.api}/repos/{repo.full_name}"
    url = f"{api}/issues/{issue.number}"
    rendered: Payload = {
        "id": issue.id,
        "node_id": node_id("I", issue.id),
        "url": url,
        "repository_url": api,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": page(site, issue),
        "number": issue.number,
        "state": issue.state,
        "state_reason": issue.state_reason,
        "title": issue.title,
        "body": issue.body,
        "user": account(site, issue.author),
        "author_association": association(repo, issue.author),
        "labels": [label(site, repo, each) for each in issue.labels],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(issue.comments),
        "reactions": rollup(url, issue.reactions),
        "created_at": moment(issue.created_at),
        "updated_at": moment(issue.updated_at),
        "closed_at": moment_or_none(issue.closed_at),
        "closed_by": account_or_none(site, issue.closed_by),
        "performed_via_github_app": None,
        "sub_issues_summary": _progress(issue),
    }
    if issue.parent:
        rendered["parent_issue_url"] = (
            f"{site.api}/repos/{issue.parent.repo.full_name}/issues/{issue.parent.number}"
        )
    if issue.pull:
        rendered["draft"] = issue.pull.draft
        rendered["pull_request"] = {
            "url": f"{api}/pulls/{issue.number}",
            "html_url": page(site, issue),
            "diff_url": f"{page(site, issue)}.diff",
            "patch_url": f"{page(site, issue)}.patch",
            "merged_at": moment_or_none(issue.pull.merged_at),
        }
    return rendered


def _progress(issue: Issue) -> Payload:
    total, completed = len(issue.sub_issues), sum(not each.open for each in issue.sub_issues)
    return {
        "total": total,
        "completed": completed,
        "percent_completed": completed * 100 // total if total else 0,
    }


def page(site: Site, issue: Issue) -> str:
    return f"{site.web}/{issue.repo.full_name}/{'pull' if issue.pull else 'issues'}/{issue.number}"


def label(site: Site, repo: Repository, label: Label) -> Payload:
    return {
        "id": label.id,
        "node_id": node_id("LA", label.id),
        "url": f"{site.api}/repos/{repo.full_name}/labels/{label.name}",
        "name": label.name,
        "color": label.color,
        "default": False,
        "description": label.description,
        "archived_at": None,
        "archived_by": None,
    }


def comment(site: Site, comment: Comment) -> Payload:
    issue = comment.issue
    api = f"{site.api}/repos/{issue.repo.full_name}"
    url = f"{api}/issues/comments/{comment.id}"
    return {
        "id": comment.id,
        "node_id": node_id("IC", comment.id),
        "url": url,
        "html_url": f"{page(site, issue)}#issuecomment-{comment.id}",
        "issue_url": f"{api}/issues/{issue.number}",
        "user": account(site, comment.author),
        "author_association": association(issue.repo, comment.author),
        "body": comment.body,
        "created_at": moment(comment.created_at),
        "updated_at": moment(comment.updated_at),
        "reactions": rollup(url, comment.reactions),
        "performed_via_github_app": None,
    }


def reaction(site: Site, reaction: Reaction) -> Payload:
    return {
        "id": reaction.id,
        "node_id": node_id("REA", reaction.id),
        "user": account(site, reaction.user),
        "content": reaction.content,
        "created_at": moment(reaction.created_at),
    }


def rollup(url: str, reactions: Sequence[Reaction]) -> Payload:
    counts = {content: sum(each.content == content for each in reactions) for content in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}


def event(site: Site, issue: Issue, event: TimelineEvent) -> Payload:
    """https://docs.github.com/rest/using-the-rest-api/issue-event-types"""
    if event.source:
        return _cross_reference(site, event, event.source)
    api = f"{site.api}/repos/{issue.repo.full_name}"
    rendered: Payload = {
        "id": event.id,
        "node_id": node_id("E", event.id),
        "url": f"{api}/issues/events/{event.id}",
        "actor": account(site, event.actor),
        "event": event.name,
        "commit_id": event.commit,
        "commit_url": f"{api}/commits/{event.commit}" if event.commit else None,
        "created_at": moment(event.at),
        "performed_via_github_app": None,
    }
    if event.name in ("closed", "reopened"):
        rendered["state_reason"] = event.state_reason
    if event.label:
        rendered["label"] = {"name": event.label.name, "color": event.label.color}
    if event.renamed:
        rendered["rename"] = {"from": event.renamed[0], "to": event.renamed[1]}
    return rendered


def _cross_reference(site: Site, event: TimelineEvent, source: Issue) -> Payload:
    """https://docs.github.com/rest/using-the-rest-api/issue-event-types#cross-referenced"""
    shown = issue(site, source) | {"repository": repository(site, source.repo)}
    return {
        "actor": account(site, event.actor),
        "created_at": moment(event.at),
        "updated_at": moment(event.at),
        "source": {"type": "issue", "issue": shown},
        "event": event.name,
    }
