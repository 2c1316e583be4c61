"""Check runs and their annotations as GitHub renders them."""

from github_sandbox.payloads import Payload, Site, moment, moment_or_none, node_id
from github_sandbox.payloads.accounts import app as render_app
from github_sandbox.state import Annotation, App, CheckRun, Issue, Pull, Repository


def check_run(site: Site, repo: Repository, run: CheckRun, app: App) -> Payload:
    url = f"{site.api}/repos/{repo.full_name}/check-runs/{run.id}"
    return {
        "id": run.id,
        "node_id": node_id("CR", run.id),
        "name": run.name,
        "head_sha": run.head_sha,
        "external_id": run.external_id or "",
        "url": url,
        "html_url": f"{site.web}/{repo.full_name}/runs/{run.id}",
        "details_url": run.details_url or site.web,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": moment(run.started_at),
        "completed_at": moment_or_none(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": None,
        "app": render_app(site, app) | ({"id": run.app_id} if run.app_id else {}),
        "pull_requests": [
            _minimal(site, issue, pull)
            for issue, pull in repo.pulls()
            if pull.head_sha == run.head_sha
        ],
    }


def hooked_run(site: Site, repo: Repository, run: CheckRun, app: App) -> Payload:
    """As webhooks carry it: with the suite of its commit. The sandbox knows suites by their commit
    alone."""
    shown = check_run(site, repo, run, app)
    suite = {
        "id": int(run.head_sha[:10], 16),
        "head_sha": run.head_sha,
        "head_branch": next(
            (pull.head for _, pull in repo.pulls() if pull.head_sha == run.head_sha), None
        ),
        **{name: shown[name] for name in ("status", "conclusion", "pull_requests", "app")},
        "created_at": shown["started_at"],
        "updated_at": shown["completed_at"] or shown["started_at"],
    }
    return shown | {"check_suite": suite}


def _minimal(site: Site, issue: Issue, pull: Pull) -> Payload:
    api = f"{site.api}/repos/{issue.repo.full_name}"
    inside = {"id": issue.repo.id, "url": api, "name": issue.repo.name}
    return {
        "id": pull.id,
        "number": issue.number,
        "url": f"{api}/pulls/{issue.number}",
        "head": {"ref": pull.head, "sha": pull.head_sha, "repo": inside},
        "base": {"ref": pull.base, "sha": pull.base_sha, "repo": inside},
    }


def annotation(site: Site, repo: Repository, run: CheckRun, annotation: Annotation) -> Payload:
    return {
        "path": annotation.path,
        "start_line": annotation.start_line,
        "end_line": annotation.end_line,
        "start_column": None,
        "end_column": None,
        "annotation_level": annotation.level,
        "title": annotation.title,
        "message": annotation.message,
        "raw_details": annotation.raw_details,
        "blob_href": f"{site.web}/{repo.full_name}/blob/{run.head_sha}/{annotation.path}",
    }
