"""The learnings file changed on the default branch: what stands there is the truth about entries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.handlers.recollection import read_default_branch
from bot.jobs import Job
from bot.learnings import parse
from bot.ports import Context, Repo, ThreadCopy
from bot.proposals import settle_merged

# Reading the threads behind a long file is spread over several jobs.
THREADS_AT_ONCE: Final = 50
PAUSE: Final = timedelta(minutes=1)


def read_entries(ctx: Context, job: Job) -> None:
    repo = ctx.open_repo(job)
    unread = ctx.step("read", lambda: _read(ctx, repo, job))
    if unread:
        ctx.engine.add(replace(job, cause=f"{job.cause}+"), delay=PAUSE)
    ctx.engine.add(replace(job, kind="update_proposal"))


def _read(ctx: Context, repo: Repo, job: Job) -> int:
    """How many threads behind the entries are still to be read."""
    kept = read_default_branch(ctx, repo, job)
    ctx.store.keep_entries(
        job.repo_id, settle_merged(ctx.store.proposed_entries(job.repo_id), document=kept.document or "")
    )
    numbers = [number for entry in parse(kept.document or "").entries for number in entry.numbers]
    missing = [number for number in dict.fromkeys(numbers) if number not in ctx.store.threads(job.repo_id)]
    _keep_threads(ctx, repo, job, missing[:THREADS_AT_ONCE])
    ctx.note("entries_read", entries=len(numbers), unread=len(missing[THREADS_AT_ONCE:]))
    return len(missing[THREADS_AT_ONCE:])


def _keep_threads(ctx: Context, repo: Repo, job: Job, numbers: Sequence[int]) -> None:
    for number in numbers:
        found = repo.summary(number)
        # A number that leads nowhere is kept as empty, so that it is not asked for again.
        copy = ThreadCopy(
            number=number,
            title=found.title if found else "",
            text=found.text if found else "",
            closed_at=found.closed_at if found else None,
        )
        ctx.store.keep_thread(job.repo_id, copy)
