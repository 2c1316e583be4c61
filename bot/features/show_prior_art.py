"""A new issue opened: if a merged decision truly applies, one short comment; otherwise silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal, Protocol, TypedDict

from bot.core.errors import TryLater
from bot.core.jobs import ShowPriorArt
from bot.core.learnings import Entry, parse
from bot.core.limits import BURST_WITHIN, DAY, LATEST, is_in_burst, why_enough
from bot.core.proposal.amendment import in_doubt
from bot.core.recall.comment import PRIOR_DECISION_MARKER, PriorDecision, prior_decision_comment
from bot.core.recall.comment_outcome import next_look
from bot.core.recall.gate import Match
from bot.core.recall.opened import as_opened
from bot.core.recall.precedents import Known, ask, find_unwritten, recall_decisions
from bot.core.recall.research import why_withheld
from bot.core.threads import Summary
from bot.features.shared.snapshot import recollect
from bot.ports.github import Comments, Files, People, Summaries
from bot.ports.parts import Attempt, Judges, Keeps, Opens, Recalls
from bot.ports.store import (
    Amendments,
    KeptComments,
    PostedComment,
    Recollection,
    Snapshots,
    ThreadCopies,
    name_of,
)

EDIT_WINDOW: Final = timedelta(hours=1)


class Repo(Comments, Files, People, Summaries, Protocol): ...


class Store(Amendments, KeptComments, Snapshots, ThreadCopies, Protocol): ...


class Context(Attempt, Judges, Recalls, Opens[Repo], Keeps[Store], Protocol): ...


class Answer(TypedDict):
    """What to do about the one comment. ``entries`` are the numbers told of, the one in full first.

    "note" only enters that a decided thread applies of which no entry was merged.
    """

    act: Literal["post", "shadow", "withdraw", "note"]
    entries: list[int]
    author: str
    text: str


def show_prior_art(ctx: Context, job: ShowPriorArt) -> None:
    repo = ctx.open_repo(job)
    answer = ctx.step("decide", lambda: _decide(ctx, repo, job))
    if answer is None:
        return
    comment = ctx.step("comment", lambda: _answer(ctx, repo, job, answer))
    first = next_look(job, comment=comment, age=timedelta()) if comment else None
    if first:
        look, delay = first
        ctx.engine.add(look, delay=delay)


def _decide(ctx: Context, repo: Repo, job: ShowPriorArt) -> Answer | None:
    kept = recollect(ctx, repo, job)
    issue = repo.summary(job.number)
    before = ctx.store.posted_comment(job.repo_id, job.number)
    posted = before if before and before.state != "silent" else None
    why_silent = _why_silent(ctx, kept, issue, posted)
    if why_silent is None and posted is None and issue is not None:
        why_silent = _why_hold_back(ctx, repo, job, kept, issue)
    if why_silent or issue is None:
        ctx.note("stayed_quiet", number=job.number, why=why_silent)
        return None
    known = _what_is_known(ctx, job, kept, issue)
    doubtful = in_doubt(ctx.store.amendments(job.repo_id))
    found = _matches_in_time(ctx, known, issue)
    matches = [match for match in found if not doubtful.intersection(match.numbers)]
    if matches:
        return _told(kept, issue, known, matches)
    ctx.note(
        "stayed_quiet",
        number=job.number,
        why="what applies is in doubt" if found else "no decision applies",
    )
    if posted:
        return {"act": "withdraw", "entries": [*posted.entries], "author": issue.author, "text": ""}
    unwritten = find_unwritten(issue.title, issue.text, known) if before is None else None
    if unwritten is None:
        return None
    return {"act": "note", "entries": [unwritten], "author": issue.author, "text": ""}


def _why_silent(
    ctx: Context, kept: Recollection, issue: Summary | None, posted: PostedComment | None
) -> str | None:
    """The reason not even to look; None when there is none."""
    now = ctx.clock()
    if kept.settings.comment == "off":
        return "comments are off"
    if issue is None or not issue.is_open:
        return "the issue is not open"
    if issue.author_is_bot or issue.author.lower() in map(str.lower, kept.settings.ignore_authors):
        return "its author is a bot or ignored"
    if now - issue.created_at > (EDIT_WINDOW if posted else LATEST):
        return "the issue is too old"
    if posted and posted.state == "withdrawn":
        return "our comment was withdrawn"
    return None


def _why_hold_back(
    ctx: Context, repo: Repo, job: ShowPriorArt, kept: Recollection, issue: Summary
) -> str | None:
    """The reason not to say anything new; None when there is none."""
    now = ctx.clock()
    opened = ctx.store.opened_since(job.repo_id, now - BURST_WITHIN)
    if is_in_burst(issue.number, opened) and not repo.writes(issue.author):
        return "many issues at once"
    told = ctx.store.told_since(job.repo_id, now - DAY)
    return why_enough(told, issue.author, most=kept.settings.max_comments_per_day)


def _matches_in_time(ctx: Context, kept: Known, issue: Summary) -> Sequence[Match]:
    """Wait for the judge only while its answer would still be of use."""
    try:
        return ctx.judge.judge(as_opened(issue), kept)
    except TryLater as error:
        if error.not_before and error.not_before - issue.created_at > LATEST:
            return []
        raise


def _what_is_known(ctx: Context, job: ShowPriorArt, kept: Recollection, issue: Summary) -> Known:
    entries = [entry for entry in parse(kept.document or "").entries if entry.numbers]
    found = ctx.recall.find(job.repo_id, ask(as_opened(issue), entries))
    earlier = [entry for entry in entries if _came_before(entry, issue.number)]
    numbers = {number for entry in earlier for number in entry.numbers}
    return recall_decisions(
        earlier, ctx.store.threads(job.repo_id, {*numbers, *found.threads}), found
    )


def _came_before(entry: Entry, number: int) -> bool:
    """Not about the issue itself, nor about what was opened after it."""
    return min(entry.numbers) < number and number not in entry.numbers


def _told(kept: Recollection, issue: Summary, known: Known, matches: Sequence[Match]) -> Answer:
    shown = [_as_shown(kept, known, match) for match in matches]
    return {
        "act": "post" if kept.settings.comment == "on" else "shadow",
        "entries": [decision.number for decision in shown],
        "author": issue.author,
        "text": prior_decision_comment(shown[0], further=shown[1:]),
    }


def _as_shown(kept: Recollection, known: Known, match: Match) -> PriorDecision:
    number = match.entry.numbers[0]
    thread = known.threads.get(number)
    return PriorDecision(
        number=number,
        state=match.entry.state,
        takeaway=None if why_withheld(match.entry) else match.entry.takeaway,
        decided_at=thread.closed_at if thread else None,
        shown_because=match.reason,
        path=kept.settings.path,
    )


def _answer(ctx: Context, repo: Repo, job: ShowPriorArt, answer: Answer) -> str | None:
    """A name for what should be followed: the comment that now stands on GitHub, or would; None
    where there is none."""
    before = ctx.store.posted_comment(job.repo_id, job.number)
    comment = PostedComment(
        number=job.number,
        entry=answer["entries"][0],
        further=answer["entries"][1:],
        state="silent" if answer["act"] == "note" else "shadow",
        text=answer["text"],
        at=ctx.clock(),
        author=answer["author"],
        version=ctx.judge.version,
    )
    if answer["act"] in ("post", "withdraw"):
        comment = _write(ctx, repo, comment, before=before, withdraw=answer["act"] == "withdraw")
    ctx.store.keep_comment(job.repo_id, comment)
    ctx.note("comment_decided", number=job.number, act=answer["act"], entry=comment.entry)
    return name_of(job, comment)


def _write(
    ctx: Context,
    repo: Repo,
    comment: PostedComment,
    *,
    before: PostedComment | None,
    withdraw: bool,
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
