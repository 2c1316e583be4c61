"""Check runs of an App on commits. https://docs.github.com/rest/checks/runs"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from github_sandbox import actions
from github_sandbox.errors import not_found, unprocessable
from github_sandbox.payloads import checks as render
from github_sandbox.rest.call import Answer, Call, created, ok, paged, reads, writes
from github_sandbox.state import Annotation, AnnotationLevel, CheckRun, CheckStatus, Conclusion

T = TypeVar("T")

# https://docs.github.com/rest/checks/runs#create-a-check-run: more are added by further requests.
MOST_ANNOTATIONS_AT_ONCE = 50
STATUSES: Sequence[CheckStatus] = get_args(CheckStatus)
CONCLUSIONS: Sequence[Conclusion] = get_args(Conclusion)
LEVELS: Sequence[AnnotationLevel] = get_args(AnnotationLevel)


def create_run(call: Call) -> Answer:
    asked = call.required("head_sha", str)
    name, sha = call.required("name", str), call.repo.git.resolve(asked)
    if sha is None or sha != asked:
        raise unprocessable(f"No commit found for SHA: {asked}")
    run = CheckRun(
        id=call.sandbox.new_id(), name=name, head_sha=sha, started_at=call.sandbox.clock()
    )
    _write(call, run)
    actions.keep_run(call.sandbox, call.repo, run, concluded=run.conclusion is not None)
    return created(_shown(call, run))


def update_run(call: Call) -> Answer:
    run = _asked(call)
    run.name = call.optional("name", str) or run.name
    _write(call, run)
    actions.keep_run(
        call.sandbox, call.repo, run, concluded=call.optional("conclusion", str) is not None
    )
    return ok(_shown(call, run))


def _write(call: Call, run: CheckRun) -> None:
    """All of it or, where something is refused, nothing."""
    output = call.optional("output", dict) or {}
    annotations = [_annotation(fields) for fields in output.get("annotations") or ()]
    if len(annotations) > MOST_ANNOTATIONS_AT_ONCE:
        raise unprocessable(
            f"Invalid request.\n\nNo more than {MOST_ANNOTATIONS_AT_ONCE} annotations are allowed."
        )
    if output and "summary" not in output:
        raise unprocessable('Invalid request.\n\n"summary" wasn\'t supplied.')
    status = _member(call.optional("status", str), STATUSES)
    conclusion = _member(call.optional("conclusion", str), CONCLUSIONS)
    if status == "completed" and conclusion is None:
        raise unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.')
    if conclusion:
        run.status, run.conclusion, run.completed_at = "completed", conclusion, call.sandbox.clock()
    elif status:
        run.status, run.conclusion, run.completed_at = status, None, None
    run.details_url = call.optional("details_url", str) or run.details_url
    run.external_id = call.optional("external_id", str) or run.external_id
    run.title, run.summary = output.get("title", run.title), output.get("summary", run.summary)
    run.text = output.get("text", run.text)
    run.annotations += annotations


def _member(asked: str | None, allowed: Sequence[T]) -> T | None:
    found = next((each for each in allowed if each == asked), None)
    if asked is not None and found is None:
        raise unprocessable(
            f"Invalid request.\n\n{asked!r:.40} is not a member of {list(allowed)}."
        )
    return found


def _annotation(fields: Mapping[str, Any]) -> Annotation:
    missing = [
        name
        for name in ("path", "start_line", "end_line", "annotation_level", "message")
        if name not in fields
    ]
    if missing:
        raise unprocessable(f'Invalid request.\n\n"{missing[0]}" wasn\'t supplied.')
    level = _member(str(fields["annotation_level"]), LEVELS)
    assert level is not None
    return Annotation(
        path=fields["path"],
        start_line=fields["start_line"],
        end_line=fields["end_line"],
        level=level,
        message=fields["message"],
        title=fields.get("title"),
        raw_details=fields.get("raw_details"),
    )


def get_run(call: Call) -> Answer:
    return ok(_shown(call, _asked(call)))


def rerequest(call: Call) -> Answer:
    actions.rerequest(call.sandbox, call.repo, _asked(call), call.actor)
    return created({})


def list_annotations(call: Call) -> Answer:
    run = _asked(call)
    return paged(
        call,
        run.annotations,
        lambda each: render.annotation(call.sandbox.site, call.repo, run, each),
    )


def list_for_ref(call: Call) -> Answer:
    """Newest first; of each name the latest alone, unless all are asked for."""
    sha = call.repo.git.resolve(call.parameters["ref"])
    if sha is None:
        raise unprocessable(f"No commit found for SHA: {call.parameters['ref']}")
    found = [
        run
        for run in reversed(call.repo.check_runs.values())
        if run.head_sha == sha and _asked_for(call, run)
    ]
    if call.query.get("filter", "latest") == "latest":
        found = list({run.name: run for run in reversed(found)}.values())[::-1]
    return paged(call, found, lambda run: _shown(call, run), under="check_runs")


def _asked_for(call: Call, run: CheckRun) -> bool:
    return (
        call.query.get("check_name", run.name) == run.name
        and call.query.get("status", run.status) == run.status
    )


def _asked(call: Call) -> CheckRun:
    found = call.repo.check_runs.get(call.number("run"))
    if found is None:
        raise not_found()
    return found


def _shown(call: Call, run: CheckRun) -> Any:
    return render.check_run(call.sandbox.site, call.repo, run, call.sandbox.app)


RUNS = "/repos/{owner}/{repo}/check-runs"
RUN = f"{RUNS}/{{run}}"
ENDPOINTS = (
    writes("POST", RUNS, create_run, "checks"),
    reads(RUN, get_run, "checks"),
    writes("PATCH", RUN, update_run, "checks"),
    writes("POST", f"{RUN}/rerequest", rerequest, "checks"),
    reads(f"{RUN}/annotations", list_annotations, "checks"),
    reads("/repos/{owner}/{repo}/commits/{ref:path}/check-runs", list_for_ref, "checks"),
)
