"""A thread was closed or reopened: judge it anew, and keep a draft where there is a lesson."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.recollection import recollect
from bot.jobs import Job
from bot.learnings import parse
from bot.ports import Context, Recollection, Repo, ThreadCopy
from bot.proposals import revise, why_unfit
from bot.repository_settings import RepositorySettings
from bot.threads import Thread
from bot.verdicts import CaptureRules


def judge_closed_thread(ctx: Context, job: Job) -> None:
    repo = ctx.open_repo(job)
    if ctx.step("judge", lambda: _judge(ctx, repo, job)):
        ctx.engine.add(replace(job, kind="update_proposal"))


def _judge(ctx: Context, repo: Repo, job: Job) -> bool:
    """Whether the pull request may have to change."""
    assert job.number is not None
    kept = recollect(ctx, repo, job)
    if not kept.settings.propose:
        return False
    thread = repo.thread(job.number)
    verdict, draft = ctx.drafter.draft(thread, rules=_rules(kept.settings), vocabulary=_vocabulary(kept))
    ctx.reached("llm.returned")
    unfit = draft and why_unfit(draft, deny_words=kept.settings.deny_words)
    if unfit:
        ctx.note("draft_quarantined", why=unfit)
        draft = None
    now = ctx.clock()
    changed = revise(
        ctx.store.proposed_entries(job.repo_id),
        thread=thread,
        verdict=verdict,
        draft=draft,
        document=kept.document or "",
        now=now,
    )
    ctx.store.keep_verdict(
        job.repo_id, thread.number, verdict, input_hash=_hash(thread), version=ctx.drafter.version, at=now
    )
    ctx.store.keep_entries(job.repo_id, changed)
    if verdict.admit:
        ctx.store.keep_thread(job.repo_id, _copy(thread))
    ctx.reached("draft.stored")
    ctx.note("thread_judged", admit=verdict.admit, reason_class=verdict.reason_class, drafts=len(changed))
    # Not whether something changed just now: after a crash it changed the last time.
    return any(entry.number == thread.number for entry in ctx.store.proposed_entries(job.repo_id))


def _rules(settings: RepositorySettings) -> CaptureRules:
    return CaptureRules(
        wont_fix_labels=settings.wont_fix_labels,
        ignore_labels=settings.ignore_labels,
        ignore_authors=settings.ignore_authors,
    )


def _vocabulary(kept: Recollection) -> Sequence[str]:
    """The tags that may be used: those the repository lists, else those its entries carry."""
    used = (tag for entry in parse(kept.document or "").entries for tag in entry.tags)
    return kept.settings.tags or tuple(dict.fromkeys(used))


def _hash(thread: Thread) -> str:
    """Equal for threads that would be judged alike."""
    return hashlib.sha256(repr(thread).encode()).hexdigest()


def _copy(thread: Thread) -> ThreadCopy:
    return ThreadCopy(number=thread.number, title=thread.title, text=thread.description, closed_at=thread.closed_at)
