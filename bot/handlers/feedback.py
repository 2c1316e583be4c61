"""Our comment was posted: read what people think of it, a few times, and take it away when it does not help."""

from dataclasses import replace
from typing import Final

from bot.following import next_look
from bot.jobs import Job
from bot.ports import Context, PostedComment, Repo

NOT_HELPFUL: Final = "-1"


def follow_comment(ctx: Context, job: Job) -> None:
    assert job.number is not None
    repo, posted = ctx.open_repo(job), ctx.store.posted_comment(job.repo_id, job.number)
    if posted is None or posted.state != "posted" or posted.comment_id is None:
        return
    ctx.step("read_reactions", lambda: _read_reactions(ctx, repo, job, posted))
    following = next_look(job, comment_id=posted.comment_id, age=ctx.clock() - posted.at)
    if following is not None:
        look, delay = following
        ctx.engine.add(look, delay=delay)


def _read_reactions(ctx: Context, repo: Repo, job: Job, posted: PostedComment) -> None:
    assert posted.comment_id is not None
    reactions, issue = repo.reactions(posted.comment_id), repo.summary(posted.number)
    author = issue.author if issue else None
    against = [each.author for each in reactions or () if each.content == NOT_HELPFUL]
    if reactions is not None and not any(who == author or repo.writes(who) for who in against):
        return
    if reactions is not None:
        repo.delete_comment(posted.comment_id)
    ctx.store.keep_comment(job.repo_id, replace(posted, state="withdrawn"))
    ctx.note("comment_withdrawn", number=posted.number, entry=posted.entry, gone=reactions is None)
