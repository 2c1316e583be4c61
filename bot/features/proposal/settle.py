"""What people did to the lines: on the open pull request, and by merging or closing it."""

from dataclasses import replace

from bot.core.jobs import Job
from bot.core.proposal.branch import Proposal, Written
from bot.core.proposal.life import updated
from bot.core.proposal.review import Proposed, as_reviewed, read_review
from bot.core.proposal.settle import settle_closed, settle_proposed
from bot.features.proposal.look import Seen, last_seen
from bot.ports import Context, Repo


def settle(ctx: Context, repo: Repo, job: Job, seen: Seen, *, path: str) -> None:
    """What became of the lines of a pull request that is no longer open.

    What people did to them before it was closed counts first: whoever closed it need not be one of
    them.
    """
    pull = seen.pull
    assert pull is not None
    by_writer, merged = repo.writes(pull.closed_by or ""), pull.state == "merged"
    if not merged:
        proposal = ctx.store.proposal(job.repo_id)
        seen = replace(seen, branch=last_seen(repo, proposal, seen, path=path))
    lines = keep_review(ctx, job, seen)
    changed = settle_closed(
        lines, document=seen.base, body=pull.body, merged=merged, by_writer=by_writer
    )
    ctx.store.keep_lines(job.repo_id, changed)
    ctx.store.keep_proposal(job.repo_id, Proposal(settled=pull.number))
    ctx.note("proposal_settled", number=pull.number, state=pull.state, lines=len(changed))


def keep_review(ctx: Context, job: Job, seen: Seen) -> list[Proposed]:
    """The lines as people left them: set aside, reworded, put back."""
    lines = list(ctx.store.proposed_lines(job.repo_id))
    pull, branch = seen.pull, seen.branch
    if pull is None or branch is None:
        return lines
    changed = read_review(lines, branch, base=seen.base, body=pull.body)
    ctx.store.keep_lines(job.repo_id, changed)
    # From here on a line that was gone and is there again is one that a person put back.
    proposal = ctx.store.proposal(job.repo_id)
    if proposal.written:
        reviewed = replace(proposal.written, document=as_reviewed(branch, lines))
        ctx.store.keep_proposal(job.repo_id, replace(proposal, written=reviewed))
    return updated(lines, changed)


def keep_arrival(ctx: Context, job: Job, under_way: Written) -> None:
    """What we wrote is on the branch."""
    proposal = ctx.store.proposal(job.repo_id)
    ctx.store.keep_proposal(job.repo_id, replace(proposal, written=under_way, under_way=None))
    lines = ctx.store.proposed_lines(job.repo_id)
    ctx.store.keep_lines(job.repo_id, settle_proposed(lines, written=under_way, now=ctx.clock()))
