"""Commits that bring our branch to where it should be, and the branch moved onto them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypedDict

from bot.core.jobs import BRANCH, ProposeRest, UpdateProposal
from bot.core.learnings import Unwritable
from bot.core.limits import DAY
from bot.core.proposal.branch import Proposal, Written
from bot.core.proposal.guard import why_unsound
from bot.core.proposal.life import came_back, paused_until, updated
from bot.core.proposal.plan import Plan, as_one_commit, plan_changes
from bot.core.proposal.review import Proposed
from bot.core.proposal.sign_off import signed_off
from bot.core.proposal.stuck_note import Stuck
from bot.features.proposal.look import Seen, look
from bot.features.proposal.needs import Context, Repo
from bot.features.proposal.settle import keep_arrival, keep_review, settle
from bot.features.shared.snapshot import recollect

NEW_FILE: Final = "100644"


class Move(TypedDict):
    """Where the branch has to go. ``found`` is None when there is no branch yet."""

    found: str | None
    head: str


def commit(ctx: Context, repo: Repo, job: UpdateProposal) -> Move | None:
    """Commits that nothing points to yet. None when the branch is as it should be."""
    settings = recollect(ctx, repo, job).settings
    seen = look(ctx, repo, job, path=settings.path)
    if seen.pull and seen.pull.state != "open":
        settle(ctx, repo, job, seen, settings=settings)
        seen = look(ctx, repo, job, path=settings.path)
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and seen.found and under_way.head in repo.history(seen.found):
        # It arrived, although the answer that would have said so did not.
        keep_arrival(ctx, job, under_way)
    lines = _with_what_came_back(ctx, job, keep_review(ctx, job, seen))
    if seen.pull is None and _is_paused(ctx, job, lines):
        return None
    room = settings.max_new_entries_per_day - _proposed_today(ctx, lines)
    plan = _plan(seen, lines, room=max(room, 0) if settings.propose else 0)
    if not plan.changes:
        return None
    if settings.sign_off:
        plan = signed_off(
            plan, _signature(repo, ctx.store.proposal(job.repo_id), seen, path=settings.path)
        )
    head = _chain(repo, plan, seen, path=settings.path)
    under_way = Written(
        head=head, document=plan.changes[-1].document, base=seen.base, path=settings.path
    )
    ctx.store.keep_proposal(
        job.repo_id, replace(ctx.store.proposal(job.repo_id), under_way=under_way)
    )
    ctx.reached("commit.done")
    return {"found": seen.found, "head": head}


def _with_what_came_back(
    ctx: Context, job: UpdateProposal, lines: list[Proposed]
) -> list[Proposed]:
    back = came_back(lines, now=ctx.clock())
    ctx.store.keep_lines(job.repo_id, back)
    return updated(lines, back)


def _is_paused(ctx: Context, job: UpdateProposal, lines: Sequence[Proposed]) -> bool:
    """Nothing new is opened before a moment that a person or a machine's close has set; then this
    is done again."""
    now = ctx.clock()
    held = [line.act.until for line in lines if line.life == "held" and line.act]
    later = [until for until in held if until and until > now]
    if later:
        at = min(later)
        again = ProposeRest(**job.under(f"back:{job.repo_id}:{at.isoformat()}"))
        ctx.engine.add(again, delay=at - now)
    return paused_until(lines, now=now) is not None


def _plan(seen: Seen, lines: Sequence[Proposed], *, room: int) -> Plan:
    try:
        plan = plan_changes(seen.base, seen.branch, lines, room=room)
    except Unwritable as error:
        raise Stuck(str(error), "file") from error
    if plan.changes:
        why = why_unsound(seen.base, seen.branch, lines, plan.changes[-1].document)
        if why:
            raise Stuck(why, "unsound")
    return as_one_commit(plan)


def _proposed_today(ctx: Context, lines: Sequence[Proposed]) -> int:
    yesterday = ctx.clock() - DAY
    return sum(each.proposed_at is not None and each.proposed_at > yesterday for each in lines)


def _signature(repo: Repo, proposal: Proposal, seen: Seen, *, path: str) -> str:
    """The App's bot as GitHub names it on commits of ours. Before there is one, one is made that
    leads nowhere."""
    if proposal.written:
        return repo.author(proposal.written.head)
    at = seen.base_head
    return repo.author(
        repo.commit_file(path, None, mode=NEW_FILE, message="Who am I?", tree_of=at, parents=[at])
    )


def _chain(repo: Repo, plan: Plan, seen: Seen, *, path: str) -> str:
    """Its first commit has our branch and, where it starts over, the default branch as parents: so
    the branch only ever moves forward, and nobody's commit is dropped from it."""
    onto_base = plan.onto_base or seen.found is None
    tree_of = seen.base_head if onto_base else seen.found
    parents = [head for head in (seen.found, seen.base_head if onto_base else None) if head]
    assert tree_of is not None
    mode = seen.file.mode if seen.file else NEW_FILE
    for change in plan.changes:
        # Empty means that every entry was refused and the default branch, on which we start over,
        # has no such file.
        text = change.document or None
        message = change.message
        tree_of = repo.commit_file(
            path, text, mode=mode, message=message, tree_of=tree_of, parents=parents
        )
        parents = [tree_of]
    return tree_of


def move_branch(ctx: Context, repo: Repo, job: UpdateProposal, move: Move) -> None:
    if repo.head(BRANCH) != move["head"]:
        if move["found"] is None:
            repo.create_branch(BRANCH, move["head"])
        else:
            repo.advance_branch(BRANCH, move["head"])
    ctx.reached("ref.created")
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and under_way.head == move["head"]:
        keep_arrival(ctx, job, under_way)
