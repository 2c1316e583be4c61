"""A person told us something by a slash command: look who it is, obey or say why not, once."""

from dataclasses import replace
from typing import Final, Protocol, TypedDict, assert_never

from bot.core.commands import Command, parse_command
from bot.core.conversation.reply_marker import marker_of, signed
from bot.core.errors import Declined
from bot.core.jobs import (
    Job,
    JudgeThread,
    RestoreComment,
    RunCommand,
    UpdateProposal,
    WithdrawComment,
)
from bot.features.command import decide
from bot.features.command.decide import FollowUp, Scene, follow_ups, obey, record
from bot.features.shared.snapshot import recollect
from bot.ports.github import Comments, Conversation, SaidComment
from bot.ports.parts import Attempt, Drafts, Hears, Keeps, Opens
from bot.ports.store import Commands, KeptCommand

OBEYED: Final = "+1"
NOT_OBEYED: Final = "confused"


class Repo(decide.Repo, Comments, Conversation, Protocol): ...


class Context(Attempt, Drafts, Opens[Repo], Keeps[decide.Store], Hears[Commands], Protocol): ...


class Outcome(TypedDict):
    """What came of a command about the thread ``number``. ``reply`` is None where the reaction says
    it all."""

    number: int
    obeyed: bool
    reply: str | None
    then: list[FollowUp]


def run_command(ctx: Context, job: RunCommand) -> None:
    repo = ctx.open_repo(job)
    outcome = ctx.step("obey", lambda: _obey_once(ctx, repo, job))
    if outcome is None:
        return
    for kind in outcome["then"]:
        ctx.engine.add(_follow_up(job, kind, number=outcome["number"]))
    if outcome["reply"]:
        ctx.step("answer", lambda: _answer(ctx, repo, job, outcome))
    ctx.step("react", lambda: _react(repo, job, outcome))


def _follow_up(job: RunCommand, kind: FollowUp, *, number: int) -> Job:
    match kind:
        case "judge_thread":
            return JudgeThread(**job.origin, number=number)
        case "withdraw_comment":
            return WithdrawComment(**job.origin, number=number)
        case "restore_comment":
            return RestoreComment(**job.origin, number=number)
        case "update_proposal":
            return UpdateProposal(**job.origin)
        case _:
            assert_never(kind)


def _react(repo: Repo, job: RunCommand, outcome: Outcome) -> None:
    repo.react(job.comment_id, OBEYED if outcome["obeyed"] else NOT_OBEYED)


def _answer(ctx: Context, repo: Repo, job: RunCommand, outcome: Outcome) -> None:
    marker = marker_of("answer", job.comment_id)
    if repo.own_comment(job.number, marker) is None:
        repo.comment(job.number, signed(outcome["reply"] or "", marker))
        ctx.reached("answer.posted")


def _obey_once(ctx: Context, repo: Repo, job: RunCommand) -> Outcome | None:
    """None where nobody who may gave a command: then nothing happens at all."""
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


def _obeyed(ctx: Context, repo: Repo, job: RunCommand) -> KeptCommand | None:
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


def _said(repo: Repo, job: RunCommand) -> SaidComment | None:
    """The comment as a person wrote it. GitHub does not tell who edited one: edited, it is nobody's
    word."""
    said = repo.find_comment(job.number, job.comment_id)
    if said is None or said.automatic:
        return None
    return None if job.at and said.updated_at > job.at else said


def _may(ctx: Context, repo: Repo, job: RunCommand, said: SaidComment, command: Command) -> bool:
    """Whoever may write, now. And whoever opened an issue may say that our comment under it is
    wrong."""
    if repo.writes(said.author):
        return True
    if command.verb != "wrong" or command.number not in (None, said.number):
        return False
    posted = ctx.store.posted_comment(job.repo_id, said.number)
    issue = repo.summary(said.number) if posted and posted.comment_id else None
    return issue is not None and issue.author == said.author
