"""Jobs as rows of the table, and back. Rows of earlier releases stay readable."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Final, get_args

import sqlalchemy as sa

from bot.core.jobs import Job, Task, lane_of, slot_of

CLASSES: Final[Mapping[str, type[Job]]] = {each.kind: each for each in get_args(Job)}
# What a row says where its kind has no such field.
LACKING: Final = {"number": None, "at": None, "comment_id": None, "again": False}


@dataclass(frozen=True, kw_only=True)
class UnknownJob(Task):
    """Of another release: a kind that this one does not know, or without what it needs. It can be
    shown, and not be run."""

    kind: str  # type: ignore[misc]  # of the row, where a job has it of its class
    number: int | None


def row_of(job: Job) -> dict[str, Any]:
    """With every column that any kind needs, as rows of several kinds are added at once."""
    own = {"kind": job.kind, "id": job.id, "lane": lane_of(job), "slot": slot_of(job)}
    return {**LACKING, **asdict(job), **own}


def job_of(row: sa.RowMapping) -> Job | UnknownJob:
    found = CLASSES.get(row["kind"])
    if found is None or any(row[name] is None for name in _required(found)):
        return UnknownJob(**{each.name: row[each.name] for each in fields(UnknownJob)})
    return found(**{each.name: row[each.name] for each in fields(found)})


def _required(found: type[Job]) -> list[str]:
    return [each.name for each in fields(found) if each.default is MISSING]
