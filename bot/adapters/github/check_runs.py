"""Check runs between GitHub's dictionaries and our values. https://docs.github.com/rest/checks/runs"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.learnings.check_run import Annotation, Check
from bot.ports.github import CheckRun


def read_check(run: Mapping[str, Any]) -> CheckRun:
    return CheckRun(
        id=int(run["id"]),
        key=run.get("external_id") or "",
        completed=run.get("status") == "completed",
        annotations=int((run.get("output") or {}).get("annotations_count") or 0),
    )


def check_body(check: Check, annotations: Sequence[Annotation], *, last: bool) -> dict[str, object]:
    progress: dict[str, object] = {"status": "in_progress"}
    if last:
        progress = {"status": "completed", "conclusion": check.conclusion}
    shown = [_shown(annotation) for annotation in annotations]
    output = {
        "title": check.title,
        "summary": check.summary,
        **({"annotations": shown} if shown else {}),
    }
    return {"external_id": check.key, **progress, "output": output}


def _shown(annotation: Annotation) -> dict[str, object]:
    # Shown as it stands, below the message.
    details = {"raw_details": annotation.better} if annotation.better else {}
    return {
        **details,
        "path": annotation.path,
        "start_line": annotation.line,
        "end_line": annotation.line,
        "annotation_level": annotation.level,
        "title": annotation.title,
        "message": annotation.message,
    }
