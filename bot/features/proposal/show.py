"""The pull request as people see it: title and body."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.jobs import BRANCH, ProposeRest, UpdateProposal
from bot.core.learnings import parse
from bot.core.limits import DAY
from bot.core.proposal.amendment import amendments_of
from bot.core.proposal.body import (
    body_of,
    body_of_nothing,
    body_over,
    set_aside_fold,
    shown_amendments,
    title_of,
    title_over,
)
from bot.core.proposal.branch import Proposal, Written
from bot.core.proposal.doubtful_entries import find_suspects, suspects_fold
from bot.core.proposal.proposed_entry import ProposedEntry, entries_of
from bot.core.proposal.review import Proposed, is_asked_back, is_unticked
from bot.core.proposal.stuck_note import NOTE_MARKER
from bot.features.proposal.needs import Context, Repo
from bot.features.proposal.notes import take_back
from bot.features.shared.snapshot import recollect
from bot.ports.github import PullRequest


def show(ctx: Context, repo: Repo, job: UpdateProposal) -> None:
    proposal = ctx.store.proposal(job.repo_id)
    if proposal.written is None:
        return
    lines = ctx.store.proposed_lines(job.repo_id)
    proposed = [each for each in lines if each.life == "proposed"]
    if not proposed:
        _close_if_empty(repo, proposal, lines)
        return
    entries = entries_of(proposed)
    waiting = [entry.number for entry in entries_of(lines) if entry.life == "waiting"]
    pull = repo.find_pull_request(BRANCH)
    if pull and pull.number == proposal.settled and pull.state != "open":
        pull = None
    title = title_of(len(entries), len(proposed) - len(entries))
    path = recollect(ctx, repo, job).settings.path
    body = body_of(
        entries,
        shown_amendments(amendments_of(proposed), proposal.written),
        path=path,
        edit_url=f"{repo.web_url}/edit/{BRANCH}/{path}",
        waiting=waiting,
        folds=[
            _suspects(ctx, job, proposal.written),
            set_aside_fold(lines, pull.number) if pull else "",
        ],
    )
    if pull is None:
        pull = repo.open_pull_request(
            title=title, body=body, branch=BRANCH, base=repo.default_branch
        )
        ctx.reached("pr.created")
        ctx.note("proposal_opened", number=pull.number, entries=len(entries))
    elif pull.state == "open":
        if _is_overtaken(lines, pull.body):
            # Somebody ticked or emptied a box after we read the boxes: writing now would undo it.
            ctx.engine.add(replace(job, cause=f"{job.cause}+"))
        else:
            _renew(repo, pull, title=title, body=body)
    if pull.state == "open":
        ctx.store.keep_proposal(job.repo_id, replace(proposal, number=pull.number))
        take_back(repo, pull, NOTE_MARKER)
        if waiting:
            _come_back(ctx, job, entries)


def _come_back(ctx: Context, job: UpdateProposal, entries: Sequence[ProposedEntry]) -> None:
    """Once the first of today's entries is a day old, there is room for another."""
    today = [
        entry.proposed_at
        for entry in entries
        if entry.proposed_at and entry.proposed_at > ctx.clock() - DAY
    ]
    if today:
        at = min(today) + DAY
        rest = ProposeRest(**job.under(f"rest:{job.repo_id}:{at.isoformat()}"))
        ctx.engine.add(rest, delay=at - ctx.clock())


def _suspects(ctx: Context, job: UpdateProposal, written: Written) -> str:
    """From what was read before: nothing is asked of GitHub for it, and no pull request opened."""
    threads = ctx.store.threads(
        job.repo_id, [n for entry in parse(written.base).entries for n in entry.numbers]
    )
    amendments, today = ctx.store.amendments(job.repo_id), ctx.clock().date()
    return suspects_fold(
        find_suspects(written.base, threads=threads, amendments=amendments, today=today)
    )


def _close_if_empty(repo: Repo, proposal: Proposal, lines: Sequence[Proposed]) -> None:
    """Everything on it was set aside: nobody should have to look at a pull request without
    changes."""
    pull = repo.find_pull_request(BRANCH)
    if pull is None or pull.state != "open":
        return
    take_back(repo, pull, NOTE_MARKER)
    unchanged = proposal.written and proposal.written.document == proposal.written.base
    if unchanged and pull.number == proposal.number:
        # Where it is opened again, no box of a line that is set aside is among those of the branch.
        _renew(
            repo, pull, title=pull.title, body=body_of_nothing(set_aside_fold(lines, pull.number))
        )
        repo.close_pull_request(pull.number)


def _is_overtaken(lines: Sequence[Proposed], body: str) -> bool:
    return any(
        is_unticked(each, body) if each.life == "proposed" else is_asked_back(each, body)
        for each in lines
    )


def _renew(repo: Repo, pull: PullRequest, *, title: str, body: str) -> None:
    title, body = title_over(pull.title, title), body_over(pull.body, body)
    if (pull.title, pull.body) != (title, body):
        repo.edit_pull_request(pull.number, title=title, body=body)
