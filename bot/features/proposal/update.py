"""Keep the one rolling pull request: read what people did to it, write what is still to be
proposed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.core.errors import GiveUp, SecretFound
from bot.core.jobs import JudgeThread, ProposeRest, UpdateProposal
from bot.core.proposal.stuck_note import stuck_note
from bot.features.proposal.needs import Context, Repo
from bot.features.proposal.notes import tell
from bot.features.proposal.show import show
from bot.features.proposal.write import commit, move_branch
from bot.ports.world import T

# So far apart that each finds the branch as the one before has left it.
ALONE: Final = timedelta(minutes=1)


def update_proposal(ctx: Context, job: UpdateProposal) -> None:
    try:
        _update(ctx, ctx.open_repo(job), job)
    except SecretFound:
        _quarantine(ctx, job)
        raise


def _update(ctx: Context, repo: Repo, job: UpdateProposal) -> None:
    move = ctx.step("commit", lambda: _or_tell(ctx, repo, lambda: commit(ctx, repo, job)))
    if move is not None:
        ctx.step("branch", lambda: _or_tell(ctx, repo, lambda: move_branch(ctx, repo, job, move)))
    ctx.step("pull_request", lambda: show(ctx, repo, job))


def _or_tell(ctx: Context, repo: Repo, write: Callable[[], T]) -> T:
    """What nobody but people can put right is said on the open pull request, once, and then waited
    for."""
    try:
        return write()
    except SecretFound:
        raise
    except GiveUp as error:
        with suppress(GiveUp):
            tell(ctx, repo, stuck_note(error))
        raise


def _quarantine(ctx: Context, job: UpdateProposal) -> None:
    """Nobody tells us which line it is: each is tried again alone, and one that is refused alone
    stays away."""
    known = ctx.store.proposed_entries(job.repo_id)
    entries = [entry for entry in known if entry.life in ("waiting", "held")]
    ctx.store.keep_lines(job.repo_id, [replace(entry, life="withdrawn") for entry in entries])
    ctx.note("drafts_quarantined", entries=len(entries), why="push protection found a secret")
    for place, entry in enumerate(entries if len(entries) > 1 else ()):
        origin = job.under(f"{job.cause}+alone:{entry.number}")
        ctx.engine.add(JudgeThread(**origin, number=entry.number), delay=ALONE * (place + 1))


def propose_rest(ctx: Context, job: ProposeRest) -> None:
    """There is room again for what had to wait. A kind of its own: what waits for tomorrow must not
    hold up today."""
    ctx.engine.add(UpdateProposal(**job.origin))
