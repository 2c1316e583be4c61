"""A person told us something by a slash command: look who it is, obey or say why not, once."""

from dataclasses import replace
from typing import Final, TypedDict

from bot.core.commands import Command, parse_command
from bot.core.conversation.reply_marker import marker_of, signed
from bot.core.errors import Declined
from bot.core.jobs import Job, Kind
from bot.features.command.decide import Scene, follow_ups, obey, record
from bot.features.shared.snapshot import recollect
from bot.ports import Context, KeptCommand, Repo, SaidComment

OBEYED: Final = "+1"
NOT_OBEYED: Final = "confused"


class Outcome(TypedDict):
    """What came of a command about the thread ``number``. ``reply`` is None where the reaction says
    it all."""

    number: int
    obeyed: bool
    reply: str | None
    then: list[Kind]


def run_command(ctx: Context, job: Job) -> None:
    repo = ctx.open_repo(job)
    outcome = ctx.step("obey", lambda: _obey_once(ctx, repo, job))
    if outcome is None:
        return
    for kind in outcome["then"]:
        ctx.engine.add(replace(job, kind=kind, number=outcome["number"]))
    if outcome["reply"]:
        ctx.step("answer", lambda: _answer(ctx, repo, job, outcome))
    ctx.step("react", lambda: _react(repo, job, outcome))


def _react(repo: Repo, job: Job, outcome: Outcome) -> None:
    assert job.comment_id is not None
    repo.react(job.comment_id, OBEYED if outcome["obeyed"] else NOT_OBEYED)


def _answer(ctx: Context, repo: Repo, job: Job, outcome: Outcome) -> None:
    assert job.comment_id is not None
    assert job.number is not None
    marker = marker_of("answer", job.comment_id)
    if repo.own_comment(job.number, marker) is None:
        repo.comment(job.number, signed(outcome["reply"] or "", marker))
        ctx.reached("answer.posted")


def _obey_once(ctx: Context, repo: Repo, job: Job) -> Outcome | None:
    """None where nobody who may gave a command: then nothing happens at all."""
    assert job.comment_id is not None
    kept = ctx.commands.find(job.repo_id, job.comment_id)
    if kept is None:
        kept = _obeyed(ctx, repo, job)
        if kept is None:
            return None
        ctx.commands.keep(job.repo_id, kept)
        ctx.reached("command.kept")
    ctx.note("command_run", verb=kept.verb, about=kept.number, obeyed=kept.obeyed)
    then = follow_ups(kept, ctx.commands.find(job.repo_id, kept.undoes) if kept.undoes else None)
    return {"number": kept.number, "obeyed": kept.obeyed, "reply": kept.reply, "then": then}


def _obeyed(ctx: Context, repo: Repo, job: Job) -> KeptCommand | None:
    said = _said(repo, job)
    command = parse_command(said.text) if said else None
    if said is None or command is None:
        ctx.note("command_ignored", why="no command of a person stands there")
        return None
    kept = recollect(ctx, repo, job)
    if said.author in kept.settings.ignore_authors or not _may(ctx, repo, job, said, command):
        ctx.note("command_ignored", why="its author may not")
        return None
    entries = ctx.store.proposed_entries(job.repo_id)
    scene = Scene(
        ctx=ctx, repo=repo, job=job, said=said, command=command, kept=kept, entries=entries
    )
    try:
        return obey(scene)
    except Declined as declined:
        # The one place where a no to a person becomes a reply.
        return replace(record(scene), obeyed=False, reply=str(declined))


def _said(repo: Repo, job: Job) -> SaidComment | None:
    """The comment as a person wrote it. GitHub does not tell who edited one: edited, it is nobody's
    word."""
    assert job.number is not None
    assert job.comment_id is not None
    said = repo.find_comment(job.number, job.comment_id)
    if said is None or said.automatic:
        return None
    return None if job.at and said.updated_at > job.at else said


def _may(ctx: Context, repo: Repo, job: Job, said: SaidComment, command: Command) -> bool:
    """Whoever may write, now. And whoever opened an issue may say that our comment under it is
    wrong."""
    if repo.writes(said.author):
        return True
    if command.verb != "wrong" or command.number not in (None, said.number):
        return False
    posted = ctx.store.posted_comment(job.repo_id, said.number)
    issue = repo.summary(said.number) if posted and posted.comment_id else None
    return issue is not None and issue.author == said.author
