"""The learnings file changed on the default branch: what stands there is the truth about
entries."""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import timedelta
from typing import Final, Protocol

from bot.core.jobs import JudgeThread, LintCheck, ReadEntries, UpdateProposal
from bot.core.learnings import parse
from bot.core.proposal.proposed_entry import entries_of
from bot.core.proposal.review import Proposed
from bot.core.proposal.settlement import settle_merged
from bot.core.threads import ThreadCopy
from bot.features.shared.snapshot import read_default_branch, recollect
from bot.ports.github import Files, Summaries
from bot.ports.parts import Attempt, Keeps, Opens
from bot.ports.store import Lines, Snapshots, ThreadCopies

# Reading the threads behind a long file is spread over several jobs.
THREADS_AT_ONCE: Final = 50
PAUSE: Final = timedelta(minutes=1)


class Repo(Files, Summaries, Protocol): ...


class Store(Lines, Snapshots, ThreadCopies, Protocol): ...


class Context(Attempt, Opens[Repo], Keeps[Store], Protocol): ...


def read_entries(ctx: Context, job: ReadEntries) -> None:
    repo = ctx.open_repo(job)
    unread = ctx.step("read", lambda: _read(ctx, repo, job))
    if ctx.step("settings", lambda: recollect(ctx, repo, job).mistake) is not None:
        ctx.engine.add(LintCheck(**job.origin))
    if unread:
        ctx.engine.add(replace(job, cause=f"{job.cause}+"), delay=PAUSE)
    ctx.engine.add(UpdateProposal(**job.origin))


def _read(ctx: Context, repo: Repo, job: ReadEntries) -> int:
    """How many threads behind the entries are still to be read."""
    kept = read_default_branch(ctx, repo, job)
    document = kept.document or ""
    lines = ctx.store.proposed_lines(job.repo_id)
    settled = settle_merged(lines, document=document)
    withdrawn = {entry.number for entry in entries_of(lines) if entry.life == "withdrawn"}
    _judge_again(ctx, job, withdrawn, settled)
    ctx.store.keep_lines(job.repo_id, settled)
    numbers = [number for entry in parse(document).entries for number in entry.numbers]
    known = ctx.store.threads(job.repo_id, numbers)
    missing = [number for number in dict.fromkeys(numbers) if number not in known]
    _keep_threads(ctx, repo, job, missing[:THREADS_AT_ONCE])
    ctx.note("entries_read", entries=len(numbers), unread=len(missing[THREADS_AT_ONCE:]))
    return len(missing[THREADS_AT_ONCE:])


def _judge_again(
    ctx: Context, job: ReadEntries, withdrawn: Set[int], settled: Sequence[Proposed]
) -> None:
    """A thread was reopened while people merged its entry: now that it stands, there is a line to
    change."""
    for number in sorted(withdrawn & {entry.number for entry in entries_of(settled)}):
        ctx.engine.add(JudgeThread(**job.under(f"{job.cause}:{number}"), number=number))


def _keep_threads(ctx: Context, repo: Repo, job: ReadEntries, numbers: Sequence[int]) -> None:
    for number in numbers:
        found = repo.summary(number)
        # A number that leads nowhere is kept as empty, so that it is not asked for again.
        copy = ThreadCopy(
            number=number,
            title=found.title if found else "",
            text=found.text if found else "",
            created_at=found.created_at if found else None,
            closed_at=found.closed_at if found else None,
        )
        ctx.store.keep_thread(job.repo_id, copy)
