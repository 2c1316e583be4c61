"""After our comment, or our silence: what people think of it, and away with it when it does not
help."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from bot.core.jobs import FollowComment, RestoreComment, WithdrawComment
from bot.core.learnings import parse
from bot.core.recall.comment import PRIOR_DECISION_MARKER
from bot.core.recall.comment_outcome import NOT_HELPFUL, find_missed, judge_outcome, next_look
from bot.core.threads import Thread
from bot.features.shared.snapshot import recollect
from bot.ports.github import Comments, Files, People, Reaction, Reactions, Threads
from bot.ports.parts import Attempt, Judges, Keeps, Opens
from bot.ports.store import KeptComments, PostedComment, Snapshots, name_of

AboutComment = FollowComment | WithdrawComment


class Repo(Comments, Files, People, Reactions, Threads, Protocol): ...


class Store(KeptComments, Snapshots, Protocol): ...


class Context(Attempt, Judges, Opens[Repo], Keeps[Store], Protocol): ...


def follow_comment(ctx: Context, job: FollowComment) -> None:
    repo, posted = ctx.open_repo(job), ctx.store.posted_comment(job.repo_id, job.number)
    if posted is None or posted.state == "silent":
        ctx.step("look_for_missed", lambda: _look_for_missed(ctx, repo, job))
        return
    comment = name_of(job, posted)
    if comment is None:
        return
    if posted.state == "shadow":
        ctx.step("read_thread", lambda: _follow_shadow(ctx, repo, job, posted))
    else:
        ctx.step("read_reactions", lambda: _read_reactions(ctx, repo, job, posted))
    _look_later(ctx, job, comment, age=ctx.clock() - posted.at)


def _look_for_missed(ctx: Context, repo: Repo, job: FollowComment) -> None:
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


def _read_reactions(ctx: Context, repo: Repo, job: FollowComment, posted: PostedComment) -> None:
    assert posted.comment_id is not None
    reactions = repo.reactions(posted.comment_id)
    if reactions is None:
        _withdraw(ctx, job, posted, gone=True)
        return
    issue = repo.thread(posted.number)
    if _is_unwanted(repo, issue.author, reactions):
        _take_away(ctx, repo, job, posted)
        return
    _keep_outcome(ctx, job, posted, issue, reactions={each.content for each in reactions})


def _follow_shadow(ctx: Context, repo: Repo, job: FollowComment, written: PostedComment) -> None:
    """What became of the issue without our comment: nobody saw it, so nobody reacted."""
    _keep_outcome(ctx, job, written, repo.thread(written.number), reactions=set())


def _keep_outcome(
    ctx: Context, job: FollowComment, comment: PostedComment, issue: Thread, *, reactions: set[str]
) -> None:
    outcome = judge_outcome(
        issue, entries=comment.entries, commented_at=comment.at, reactions=reactions
    )
    ctx.store.keep_comment(job.repo_id, replace(comment, outcome=outcome))
    ctx.note("comment_followed", number=comment.number, outcome=outcome)


def _is_unwanted(repo: Repo, author: str, reactions: Sequence[Reaction]) -> bool:
    """The author of the issue and whoever may write have a say."""
    against = [each.author for each in reactions if each.content == NOT_HELPFUL]
    return any(who == author or repo.writes(who) for who in against)


def withdraw_comment(ctx: Context, job: WithdrawComment) -> None:
    """Somebody who may said that it is wrong."""
    ctx.step("withdraw", lambda: _withdraw_posted(ctx, ctx.open_repo(job), job))


def restore_comment(ctx: Context, job: RestoreComment) -> None:
    """… and took that back."""
    comment = ctx.step("restore", lambda: _restore(ctx, ctx.open_repo(job), job))
    if comment:
        _look_later(ctx, job, comment, age=timedelta())


def _look_later(
    ctx: Context, job: FollowComment | RestoreComment, comment: str, *, age: timedelta
) -> None:
    following = next_look(job, comment=comment, age=age)
    if following is not None:
        look, delay = following
        ctx.engine.add(look, delay=delay)


def _withdraw_posted(ctx: Context, repo: Repo, job: WithdrawComment) -> None:
    posted = ctx.store.posted_comment(job.repo_id, job.number)
    if posted and posted.state == "posted":
        _take_away(ctx, repo, job, posted)


def _restore(ctx: Context, repo: Repo, job: RestoreComment) -> str | None:
    """The name of the comment that stands again."""
    posted = ctx.store.posted_comment(job.repo_id, job.number)
    if posted is None or posted.comment_id is None:
        return None
    existing = repo.own_comment(posted.number, PRIOR_DECISION_MARKER)
    comment_id = existing.id if existing else repo.comment(posted.number, posted.text)
    ctx.reached("comment.created")
    restored = replace(posted, state="posted", outcome="unknown", comment_id=comment_id)
    ctx.store.keep_comment(job.repo_id, restored)
    ctx.note("comment_restored", number=posted.number, entry=posted.entry)
    return name_of(job, restored)


def _take_away(ctx: Context, repo: Repo, job: AboutComment, posted: PostedComment) -> None:
    assert posted.comment_id is not None
    repo.delete_comment(posted.comment_id)
    _withdraw(ctx, job, posted, gone=False)


def _withdraw(ctx: Context, job: AboutComment, posted: PostedComment, *, gone: bool) -> None:
    ctx.store.keep_comment(job.repo_id, replace(posted, state="withdrawn", outcome="noise"))
    ctx.note("comment_withdrawn", number=posted.number, entry=posted.entry, gone=gone)
