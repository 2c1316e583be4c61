"""What people did to the lines: on the open pull request, and by merging or closing it."""

from dataclasses import replace
from datetime import timedelta

from bot.core.jobs import ReadEntries, UpdateProposal
from bot.core.proposal.branch import Proposal, Written
from bot.core.proposal.closing import (
    CLOSED_MARKER,
    Closing,
    act_of,
    closing_answer,
    says_not_now,
)
from bot.core.proposal.life import Act, taken_off_by, updated
from bot.core.proposal.review import Proposed, as_reviewed, read_review, with_acts
from bot.core.proposal.settlement import settle_closed, settle_proposed
from bot.core.repository_settings import RepositorySettings
from bot.features.proposal.look import Seen, last_seen
from bot.features.proposal.needs import Context, Repo
from bot.ports.github import PullRequest


def settle(
    ctx: Context, repo: Repo, job: UpdateProposal, seen: Seen, *, settings: RepositorySettings
) -> None:
    """What became of the lines of a pull request that is no longer open.

    What people did to them before it was closed counts first: whoever closed it need not be one of
    them.
    """
    pull = seen.pull
    assert pull is not None
    if pull.state == "merged":
        lines = keep_review(ctx, job, seen)
        by = pull.closed_by or ""
        left_out = Act(how="left out", at=ctx.clock(), pull=pull.number, who=by)
        changed = settle_closed(
            lines,
            document=seen.base,
            body=pull.body,
            merged=True,
            by_writer=True,
            act=lambda _: left_out,
        )
        ctx.store.keep_lines(job.repo_id, changed)
        # Also where the push that tells of it is late, or never comes.
        ctx.engine.add(ReadEntries(**job.origin))
    else:
        proposal = ctx.store.proposal(job.repo_id)
        seen = replace(seen, branch=last_seen(repo, proposal, seen, path=settings.path))
        lines, closing = keep_review(ctx, job, seen), _read_closing(ctx, repo, pull, settings)
        changed = settle_closed(
            lines,
            document=seen.base,
            body=pull.body,
            merged=False,
            by_writer=closing.refuses,
            act=lambda line: act_of(closing, line),
        )
        ctx.store.keep_lines(job.repo_id, changed)
        _answer(ctx, repo, job, pull)
    ctx.store.keep_proposal(job.repo_id, Proposal(settled=pull.number))
    ctx.note("proposal_settled", number=pull.number, state=pull.state, lines=len(changed))


def _read_closing(
    ctx: Context, repo: Repo, pull: PullRequest, settings: RepositorySettings
) -> Closing:
    who, at = pull.closed_by or "", pull.closed_at or ctx.clock()
    closing = Closing(pull=pull.number, who=who, closer="stranger", at=at)
    if pull.closed_by_bot:
        return replace(closing, closer="machine")
    if not repo.writes(who):
        return closing
    closing = replace(closing, closer="writer")
    remarks = repo.thread(pull.number).remarks if pull.commented else ()
    put_off = says_not_now(remarks, who=who, closed_at=at)
    return replace(closing, paused_for=timedelta(days=settings.pause_days)) if put_off else closing


def _answer(ctx: Context, repo: Repo, job: UpdateProposal, pull: PullRequest) -> None:
    """Once for each close: what was said to an earlier one went when it was opened again."""
    gone = taken_off_by(ctx.store.proposed_lines(job.repo_id), pull.number)
    if gone and repo.own_comment(pull.number, CLOSED_MARKER) is None:
        repo.comment(pull.number, closing_answer(gone))
        ctx.reached("answer.posted")


def keep_review(ctx: Context, job: UpdateProposal, seen: Seen) -> list[Proposed]:
    """The lines as people left them: set aside, reworded, put back."""
    lines = list(ctx.store.proposed_lines(job.repo_id))
    pull, branch = seen.pull, seen.branch
    if pull is None or branch is None:
        return lines
    reviewed = read_review(lines, branch, base=seen.base, body=pull.body)
    changed = with_acts(lines, reviewed, body=pull.body, pull=pull.number, now=ctx.clock())
    ctx.store.keep_lines(job.repo_id, changed)
    # From here on a line that was gone and is there again is one that a person put back.
    proposal = ctx.store.proposal(job.repo_id)
    if proposal.written:
        document = as_reviewed(branch, lines)
        reviewed_branch = replace(proposal.written, document=document)
        ctx.store.keep_proposal(job.repo_id, replace(proposal, written=reviewed_branch))
    return updated(lines, changed)


def keep_arrival(ctx: Context, job: UpdateProposal, under_way: Written) -> None:
    """What we wrote is on the branch."""
    proposal = ctx.store.proposal(job.repo_id)
    ctx.store.keep_proposal(job.repo_id, replace(proposal, written=under_way, under_way=None))
    lines = ctx.store.proposed_lines(job.repo_id)
    ctx.store.keep_lines(job.repo_id, settle_proposed(lines, written=under_way, now=ctx.clock()))
