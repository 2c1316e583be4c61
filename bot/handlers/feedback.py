"""After our comment, or our silence: what people think of it, and away with it when it does not help."""

from collections.abc import Sequence
from dataclasses import replace

from bot.following import NOT_HELPFUL, find_missed, judge_outcome, next_look
from bot.handlers.recollection import recollect
from bot.jobs import Job
from bot.learnings import parse
from bot.ports import Context, PostedComment, Reaction, Repo


def follow_comment(ctx: Context, job: Job) -> None:
    assert job.number is not None
    repo, posted = ctx.open_repo(job), ctx.store.posted_comment(job.repo_id, job.number)
    if posted is None:
        ctx.step("look_for_missed", lambda: _look_for_missed(ctx, repo, job))
    if posted is None or posted.state != "posted" or posted.comment_id is None:
        return
    ctx.step("read_reactions", lambda: _read_reactions(ctx, repo, job, posted))
    following = next_look(job, comment_id=posted.comment_id, age=ctx.clock() - posted.at)
    if following is not None:
        look, delay = following
        ctx.engine.add(look, delay=delay)


def _look_for_missed(ctx: Context, repo: Repo, job: Job) -> None:
    assert job.number is not None
    entries = parse(recollect(ctx, repo, job).document or "").entries
    issue = repo.thread(job.number) if entries else None
    entry = find_missed(issue, entries) if issue else None
    if issue is None or entry is None:
        return
    missed = PostedComment(
        number=issue.number,
        entry=entry,
        state="silent",
        text="",
        at=ctx.clock(),
        author=issue.author,
        version=ctx.judge.version,
        outcome="missed",
    )
    ctx.store.keep_comment(job.repo_id, missed)
    ctx.note("decision_missed", number=issue.number, entry=entry)


def _read_reactions(ctx: Context, repo: Repo, job: Job, posted: PostedComment) -> None:
    assert posted.comment_id is not None
    reactions = repo.reactions(posted.comment_id)
    if reactions is None:
        _withdraw(ctx, job, posted, gone=True)
        return
    issue = repo.thread(posted.number)
    if _is_unwanted(repo, issue.author, reactions):
        repo.delete_comment(posted.comment_id)
        _withdraw(ctx, job, posted, gone=False)
        return
    said = {each.content for each in reactions}
    outcome = judge_outcome(issue, entry=posted.entry, commented_at=posted.at, reactions=said)
    ctx.store.keep_comment(job.repo_id, replace(posted, outcome=outcome))
    ctx.note("comment_followed", number=posted.number, outcome=outcome)


def _is_unwanted(repo: Repo, author: str, reactions: Sequence[Reaction]) -> bool:
    """The author of the issue and whoever may write have a say."""
    against = [each.author for each in reactions if each.content == NOT_HELPFUL]
    return any(who == author or repo.writes(who) for who in against)


def _withdraw(ctx: Context, job: Job, posted: PostedComment, *, gone: bool) -> None:
    ctx.store.keep_comment(job.repo_id, replace(posted, state="withdrawn", outcome="noise"))
    ctx.note("comment_withdrawn", number=posted.number, entry=posted.entry, gone=gone)
