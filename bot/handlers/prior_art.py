"""A new issue opened: if a merged decision truly applies, one short comment; otherwise silence."""

from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal, TypedDict

from bot.comments import PRIOR_DECISION_MARKER, PriorDecision, prior_decision_comment
from bot.errors import TryLater
from bot.following import next_look
from bot.handlers.recollection import recollect
from bot.jobs import Job
from bot.learnings import Entry, parse
from bot.ports import Context, PostedComment, Recollection, Repo
from bot.research import why_withheld
from bot.restraint import BURST_WITHIN, DAY, is_in_burst, why_enough
from bot.retrieval.gate import Decision, Match
from bot.threads import Summary

# Later than this an answer is no help to whoever opened the issue, and looks like spam to everybody else.
LATEST: Final = timedelta(hours=6)
EDIT_WINDOW: Final = timedelta(hours=1)


class Answer(TypedDict):
    """What to do about the one comment. ``entry`` is the number whose rule is quoted."""

    act: Literal["post", "shadow", "withdraw"]
    entry: int
    author: str
    text: str


def show_prior_art(ctx: Context, job: Job) -> None:
    repo = ctx.open_repo(job)
    answer = ctx.step("decide", lambda: _decide(ctx, repo, job))
    if answer is None:
        return
    comment_id = ctx.step("comment", lambda: _answer(ctx, repo, job, answer))
    first = comment_id and next_look(job, comment_id=comment_id, age=timedelta())
    if first:
        look, delay = first
        ctx.engine.add(look, delay=delay)


def _decide(ctx: Context, repo: Repo, job: Job) -> Answer | None:
    assert job.number is not None
    kept = recollect(ctx, repo, job)
    issue = repo.summary(job.number)
    posted = ctx.store.posted_comment(job.repo_id, job.number)
    if posted and posted.state == "silent":
        posted = None
    why_silent = _why_silent(ctx, kept, issue, posted)
    if why_silent is None and posted is None and issue is not None:
        why_silent = _why_hold_back(ctx, repo, job, kept, issue)
    if why_silent or issue is None:
        ctx.note("stayed_quiet", number=job.number, why=why_silent)
        return None
    match = _match_in_time(ctx, job, kept, issue)
    if match is None:
        ctx.note("stayed_quiet", number=job.number, why="no decision applies")
        if posted is None:
            return None
        return {"act": "withdraw", "entry": posted.entry, "author": issue.author, "text": ""}
    text = prior_decision_comment(_as_shown(ctx, job, kept, match))
    act: Literal["post", "shadow"] = "post" if kept.settings.comment == "on" else "shadow"
    return {"act": act, "entry": match.entry.numbers[0], "author": issue.author, "text": text}


def _why_silent(ctx: Context, kept: Recollection, issue: Summary | None, posted: PostedComment | None) -> str | None:
    """The reason not even to look; None when there is none."""
    now = ctx.clock()
    if kept.settings.comment == "off":
        return "comments are off"
    if issue is None or not issue.is_open:
        return "the issue is not open"
    if issue.author_is_bot or issue.author in kept.settings.ignore_authors:
        return "its author is a bot or ignored"
    if now - issue.created_at > (EDIT_WINDOW if posted else LATEST):
        return "the issue is too old"
    if posted and posted.state == "withdrawn":
        return "our comment was withdrawn"
    return None


def _why_hold_back(ctx: Context, repo: Repo, job: Job, kept: Recollection, issue: Summary) -> str | None:
    """The reason not to say anything new; None when there is none."""
    now = ctx.clock()
    opened = ctx.store.opened_since(job.repo_id, now - BURST_WITHIN)
    if is_in_burst(issue.number, opened) and not repo.writes(issue.author):
        return "many issues at once"
    told = ctx.store.told_since(job.repo_id, now - DAY)
    return why_enough(told, issue.author, most=kept.settings.max_comments_per_day)


def _match_in_time(ctx: Context, job: Job, kept: Recollection, issue: Summary) -> Match | None:
    """Wait for the judge only while its answer would still be of use."""
    try:
        return _match(ctx, job, kept, issue)
    except TryLater as error:
        if error.not_before and error.not_before - issue.created_at > LATEST:
            return None
        raise


def _match(ctx: Context, job: Job, kept: Recollection, issue: Summary) -> Match | None:
    threads = ctx.store.threads(job.repo_id)
    decisions = [
        Decision(
            entry=entry,
            thread_title=" ".join(threads[n].title for n in entry.numbers if n in threads),
            thread_text="\n".join(threads[n].text for n in entry.numbers if n in threads),
        )
        for entry in parse(kept.document or "").entries
        if _came_before(entry, issue.number)
    ]
    return ctx.judge.judge(issue.title, issue.text, decisions)


def _came_before(entry: Entry, number: int) -> bool:
    """Not about the issue itself, nor about what was opened after it."""
    return bool(entry.numbers) and min(entry.numbers) < number and number not in entry.numbers


def _as_shown(ctx: Context, job: Job, kept: Recollection, match: Match) -> PriorDecision:
    number = match.entry.numbers[0]
    thread = ctx.store.threads(job.repo_id).get(number)
    return PriorDecision(
        number=number,
        state=match.entry.state,
        takeaway=None if why_withheld(match.entry) else match.entry.takeaway,
        decided_at=thread.closed_at if thread else None,
        shown_because=match.reason,
        path=kept.settings.path,
    )


def _answer(ctx: Context, repo: Repo, job: Job, answer: Answer) -> int | None:
    """The comment that now stands on GitHub, if any."""
    assert job.number is not None
    before = ctx.store.posted_comment(job.repo_id, job.number)
    comment = PostedComment(
        number=job.number,
        entry=answer["entry"],
        state="shadow",
        text=answer["text"],
        at=ctx.clock(),
        author=answer["author"],
        version=ctx.judge.version,
    )
    if answer["act"] != "shadow":
        comment = _write(ctx, repo, comment, before=before, withdraw=answer["act"] == "withdraw")
    ctx.store.keep_comment(job.repo_id, comment)
    ctx.note("comment_decided", number=job.number, act=answer["act"], entry=answer["entry"])
    return comment.comment_id


def _write(
    ctx: Context, repo: Repo, comment: PostedComment, *, before: PostedComment | None, withdraw: bool
) -> PostedComment:
    existing = repo.own_comment(comment.number, PRIOR_DECISION_MARKER)
    if existing is None and before and before.comment_id is not None:
        # A person took it away: it does not come back.
        return replace(comment, state="withdrawn", outcome="noise")
    if withdraw:
        if existing:
            repo.delete_comment(existing.id)
        return replace(comment, state="withdrawn")
    if existing is None:
        comment_id = repo.comment(comment.number, comment.text)
        ctx.reached("comment.created")
        return replace(comment, state="posted", comment_id=comment_id)
    if existing.text != comment.text:
        repo.edit_comment(existing.id, comment.text)
    return replace(comment, state="posted", comment_id=existing.id)
