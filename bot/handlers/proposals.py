"""Keep the one rolling pull request: read what people did to it, write what is still to be proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypedDict

from bot.errors import GiveUp, TryLater
from bot.files import TextFile, UneditableFile
from bot.handlers.recollection import recollect
from bot.jobs import BRANCH, Job
from bot.learnings import Unwritable
from bot.ports import Context, PullRequest, Repo
from bot.proposals import (
    Branch,
    Plan,
    Proposal,
    ProposedEntry,
    Written,
    as_reviewed,
    body_of,
    body_over,
    plan_changes,
    read_review,
    settle_closed,
    settle_proposed,
    title_of,
    title_over,
    unticked,
    updated,
    why_unsound,
)

DAY: Final = timedelta(days=1)
NEW_FILE: Final = "100644"


class Move(TypedDict):
    """Where the branch has to go. ``found`` is None when there is no branch yet."""

    found: str | None
    head: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What GitHub holds now. ``pull`` is the newest pull request that is not settled; ``branch`` what is on it.

    ``file`` is on the branch it is to be merged into; None where there is none yet.
    """

    base_head: str
    file: TextFile | None
    pull: PullRequest | None
    found: str | None
    branch: Branch | None

    @property
    def base(self) -> str:
        return _text(self.file)


def update_proposal(ctx: Context, job: Job) -> None:
    repo = ctx.open_repo(job)
    move = ctx.step("commit", lambda: _commit(ctx, repo, job))
    if move is not None:
        ctx.step("branch", lambda: _move_branch(ctx, repo, job, move))
    ctx.step("pull_request", lambda: _show(ctx, repo, job))


# --- step 1: what people did, and commits that answer it


def _commit(ctx: Context, repo: Repo, job: Job) -> Move | None:
    """Commits that nothing points to yet. None when the branch is as it should be."""
    settings = recollect(ctx, repo, job).settings
    seen = _look(ctx, repo, job, path=settings.path)
    if seen.pull and seen.pull.state != "open":
        _settle(ctx, repo, job, seen.pull, document=seen.base)
        seen = _look(ctx, repo, job, path=settings.path)
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and seen.found and under_way.head in repo.history(seen.found):
        # It arrived, although the answer that would have said so did not.
        _keep_arrival(ctx, job, under_way)
    entries = _read_review(ctx, job, seen)
    room = settings.max_new_entries_per_day - _proposed_today(ctx, entries)
    plan = _plan(seen, entries, room=max(room, 0))
    if not plan.changes:
        return None
    head = _chain(repo, plan, seen, path=settings.path)
    under_way = Written(head=head, document=plan.changes[-1].document, base=seen.base)
    ctx.store.keep_proposal(job.repo_id, replace(ctx.store.proposal(job.repo_id), under_way=under_way))
    ctx.reached("commit.done")
    return {"found": seen.found, "head": head}


def _look(ctx: Context, repo: Repo, job: Job, *, path: str) -> Seen:
    proposal, pull = ctx.store.proposal(job.repo_id), repo.find_pull_request(BRANCH)
    if pull and pull.number == proposal.settled:
        pull = _reopened(ctx, job, pull)
    # Where a person sent it: elsewhere than to the default branch if they like.
    into = pull.base if pull else repo.default_branch
    base_head, found = repo.head(into), repo.head(BRANCH)
    if base_head is None:
        raise GiveUp(f"{repo.full_name} has no commit on {into} yet")
    if found is None and pull and pull.state == "open":
        raise TryLater(f"{repo.full_name} has pull request {pull.number} open, yet shows no branch {BRANCH}")
    file = _editable(repo, path, commit=base_head)
    seen = Seen(base_head=base_head, file=file, pull=pull, found=found, branch=None)
    return replace(seen, branch=_branch(repo, proposal, seen, path=path))


def _reopened(ctx: Context, job: Job, pull: PullRequest) -> PullRequest | None:
    """A settled pull request counts again once somebody opens it again."""
    if pull.state != "open":
        return None
    ctx.store.keep_proposal(job.repo_id, replace(ctx.store.proposal(job.repo_id), number=pull.number, settled=None))
    return pull


def _branch(repo: Repo, proposal: Proposal, seen: Seen, *, path: str) -> Branch | None:
    """None where our branch is a leftover, or there is none."""
    if seen.found is None or (seen.pull and seen.pull.state != "open"):
        return None
    written = _by_head(proposal, [seen.found])
    if written:
        document = _text(_editable(repo, path, commit=seen.found))
        return Branch(document=document, before=written.document, fork=written.base)
    if not (seen.pull or proposal.written or proposal.under_way):
        return None
    # Somebody pushed, or merged the default branch into ours: git knows where the two parted.
    written = _by_head(proposal, repo.history(seen.found))
    if written is None and seen.pull is None:
        return None
    document = _text(_editable(repo, path, commit=seen.found))
    fork = _text(_editable(repo, path, commit=repo.merge_base(seen.base_head, seen.found)))
    return Branch(document=document, before=written.document if written else fork, fork=fork)


def _editable(repo: Repo, path: str, *, commit: str) -> TextFile | None:
    try:
        return repo.read_file(path, commit=commit)
    except UneditableFile as error:
        raise GiveUp(str(error)) from error


def _text(file: TextFile | None) -> str:
    return file.text if file else ""


def _by_head(proposal: Proposal, commits: Sequence[str]) -> Written | None:
    """What we last wrote that is among these commits: the write under way if it arrived, else the one before."""
    known = [written for written in (proposal.under_way, proposal.written) if written and written.head in commits]
    return known[0] if known else None


def _settle(ctx: Context, repo: Repo, job: Job, pull: PullRequest, *, document: str) -> None:
    """What became of the entries of a pull request that is no longer open."""
    entries = ctx.store.proposed_entries(job.repo_id)
    by_writer = repo.writes(pull.closed_by or "")
    merged = pull.state == "merged"
    changed = settle_closed(entries, document=document, body=pull.body, merged=merged, by_writer=by_writer)
    ctx.store.keep_entries(job.repo_id, changed)
    ctx.store.keep_proposal(job.repo_id, Proposal(settled=pull.number))
    ctx.note("proposal_settled", number=pull.number, state=pull.state, entries=len(changed))


def _read_review(ctx: Context, job: Job, seen: Seen) -> Sequence[ProposedEntry]:
    """The entries as people left them: refused, reworded, put back."""
    entries, pull, branch = ctx.store.proposed_entries(job.repo_id), seen.pull, seen.branch
    if pull is None or branch is None:
        return entries
    changed = read_review(entries, branch, base=seen.base, body=pull.body)
    ctx.store.keep_entries(job.repo_id, changed)
    # From here on a line that was gone and is there again is one that a person put back.
    proposal = ctx.store.proposal(job.repo_id)
    if proposal.written:
        reviewed = replace(proposal.written, document=as_reviewed(branch, entries))
        ctx.store.keep_proposal(job.repo_id, replace(proposal, written=reviewed))
    return updated(entries, changed)


def _plan(seen: Seen, entries: Sequence[ProposedEntry], *, room: int) -> Plan:
    try:
        plan = plan_changes(seen.base, seen.branch, entries, room=room)
    except Unwritable as error:
        raise GiveUp(str(error)) from error
    if plan.changes:
        why = why_unsound(seen.base, seen.branch, entries, plan.changes[-1].document)
        if why:
            raise GiveUp(why)
    return plan


def _proposed_today(ctx: Context, entries: Sequence[ProposedEntry]) -> int:
    yesterday = ctx.clock() - DAY
    return sum(entry.proposed_at is not None and entry.proposed_at > yesterday for entry in entries)


def _chain(repo: Repo, plan: Plan, seen: Seen, *, path: str) -> str:
    """One commit for each change. The first has our branch and, where it starts over, the default branch as parents:
    so the branch only ever moves forward, and nobody's commit is dropped from it."""
    onto_base = plan.onto_base or seen.found is None
    tree_of = seen.base_head if onto_base else seen.found
    parents = [head for head in (seen.found, seen.base_head if onto_base else None) if head]
    assert tree_of is not None
    mode = seen.file.mode if seen.file else NEW_FILE
    for change in plan.changes:
        # Empty means that every entry was refused and the default branch, on which we start over, has no such file.
        text = change.document or None
        message = change.message
        tree_of = repo.commit_file(path, text, mode=mode, message=message, tree_of=tree_of, parents=parents)
        parents = [tree_of]
    return tree_of


# --- step 2: the branch


def _move_branch(ctx: Context, repo: Repo, job: Job, move: Move) -> None:
    if repo.head(BRANCH) != move["head"]:
        if move["found"] is None:
            repo.create_branch(BRANCH, move["head"])
        else:
            repo.advance_branch(BRANCH, move["head"])
    ctx.reached("ref.created")
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and under_way.head == move["head"]:
        _keep_arrival(ctx, job, under_way)


def _keep_arrival(ctx: Context, job: Job, under_way: Written) -> None:
    proposal = ctx.store.proposal(job.repo_id)
    ctx.store.keep_proposal(job.repo_id, replace(proposal, written=under_way, under_way=None))
    entries = ctx.store.proposed_entries(job.repo_id)
    arrived = settle_proposed(entries, document=under_way.document, now=ctx.clock())
    ctx.store.keep_entries(job.repo_id, arrived)


# --- step 3: the pull request


def _show(ctx: Context, repo: Repo, job: Job) -> None:
    proposal = ctx.store.proposal(job.repo_id)
    entries = [entry for entry in ctx.store.proposed_entries(job.repo_id) if entry.life == "proposed"]
    if proposal.written is None:
        return
    if not entries:
        _close_if_empty(repo, proposal)
        return
    body = body_of(entries, path=recollect(ctx, repo, job).settings.path)
    pull = repo.find_pull_request(BRANCH)
    if pull is None or (pull.number == proposal.settled and pull.state != "open"):
        pull = repo.open_pull_request(title=title_of(entries), body=body, branch=BRANCH, base=repo.default_branch)
        ctx.reached("pr.created")
        ctx.note("proposal_opened", number=pull.number, entries=len(entries))
    elif pull.state == "open":
        _renew(ctx, repo, job, pull, entries, body=body)
    if pull.state == "open":
        ctx.store.keep_proposal(job.repo_id, replace(proposal, number=pull.number))


def _close_if_empty(repo: Repo, proposal: Proposal) -> None:
    """Everything on it was refused: nobody should have to look at a pull request without changes."""
    pull = repo.find_pull_request(BRANCH)
    unchanged = proposal.written and proposal.written.document == proposal.written.base
    if unchanged and pull and pull.number == proposal.number and pull.state == "open":
        repo.close_pull_request(pull.number)


def _renew(
    ctx: Context, repo: Repo, job: Job, pull: PullRequest, entries: Sequence[ProposedEntry], *, body: str
) -> None:
    if unticked(pull.body) & {entry.number for entry in entries}:
        # Somebody unticked a box after we read the boxes: writing now would tick it again.
        ctx.engine.add(replace(job, cause=f"{job.cause}+"))
        return
    title, body = title_over(pull.title, entries), body_over(pull.body, body)
    if (pull.title, pull.body) != (title, body):
        repo.edit_pull_request(pull.number, title=title, body=body)
