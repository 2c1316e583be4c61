"""A thread was edited, moved away or deleted: the copy we search by follows, where we have one."""

from dataclasses import replace
from typing import Protocol

from bot.core.jobs import RereadThread
from bot.ports.github import Summaries
from bot.ports.parts import Attempt, Keeps, Opens
from bot.ports.store import ThreadCopies


class Context(Attempt, Opens[Summaries], Keeps[ThreadCopies], Protocol): ...


def reread_thread(ctx: Context, job: RereadThread) -> None:
    ctx.step("reread", lambda: _reread(ctx, job))


def _reread(ctx: Context, job: RereadThread) -> None:
    known = ctx.store.threads(job.repo_id, [job.number]).get(job.number)
    if known is None:
        return
    found = ctx.open_repo(job).summary(job.number)
    # What is gone stays known as empty: nobody asks for it again.
    now = (
        replace(known, title=found.title, text=found.text)
        if found
        else replace(known, title="", text="", decided_as=None)
    )
    ctx.store.keep_thread(job.repo_id, now)
    ctx.note("thread_reread", number=job.number, gone=found is None)
