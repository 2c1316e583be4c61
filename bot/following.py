"""When to look again at a comment of ours: a few times in its first week, then no more."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.jobs import Job

# GitHub sends no webhook for reactions.
LOOKS: Final = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))


def next_look(job: Job, *, comment_id: int, age: timedelta) -> tuple[Job, timedelta] | None:
    """The job that looks next and how long until then; None after the last time. `job` names the issue."""
    after = next((look for look in LOOKS if look > age), None)
    if after is None:
        return None
    return replace(job, kind="follow_comment", cause=f"comment:{comment_id}:{after}"), after - age
