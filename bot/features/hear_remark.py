"""Somebody said something under a thread that was closed a while ago: the reason often comes
then."""

from datetime import timedelta
from typing import Final, Protocol

from bot.core.jobs import HearRemark, JudgeThread
from bot.core.proposal.body import is_proposal
from bot.ports.github import Conversation, People, Summaries
from bot.ports.parts import Attempt, Opens

# Remarks that follow one another are judged together.
PAUSE: Final = timedelta(minutes=2)


class Repo(Conversation, People, Summaries, Protocol): ...


class Context(Attempt, Opens[Repo], Protocol): ...


def hear_remark(ctx: Context, job: HearRemark) -> None:
    """Judge the thread again where whoever spoke may decide."""
    repo = ctx.open_repo(job)
    if ctx.step("hear", lambda: _is_of_weight(repo, job)):
        origin = job.under(f"heard:{job.cause}")
        ctx.engine.add(JudgeThread(**origin, number=job.number, again=True), delay=PAUSE)


def _is_of_weight(repo: Repo, job: HearRemark) -> bool:
    said = repo.find_comment(job.number, job.comment_id)
    if said is None or said.automatic or not repo.writes(said.author):
        return False
    thread = repo.summary(job.number)
    return thread is not None and not thread.is_open and not is_proposal(thread)
