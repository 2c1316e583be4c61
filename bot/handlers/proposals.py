"""Keep the one rolling pull request: read what people did to it, write what is still to be proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypedDict

from bot.errors import GiveUp
from bot.files import UneditableFile
from bot.handlers.recollection import recollect
from bot.jobs import BRANCH, Job
from bot.ports import Context, PullRequest, Repo
from bot.proposals import (
    Branch,
    Plan,
    Proposal,
    ProposedEntry,
    Written,
    body_of,
    digest,
    plan_changes,
    read_review,
    settle_closed,
    settle_proposed,
    title_of,
    updated,
)

DAY: Final = timedelta(days=1)


class Move(TypedDict):
    """Where the branch has to go. ``found`` is None when there is no branch yet."""

    found: str | None
    head: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What GitHub holds now. ``pull`` is the newest pull request that is not settled; ``branch`` what is on it."""

    base_head: str
    base: str
    pull: PullRequest | None
    found: str | None
    branch: Branch | None


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
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and seen.found and under_way.head in repo.history(seen.found):
        # It arrived, although the answer that would have said so did not.
        _keep_arrival(ctx, job, under_way)
    entries = _read_people(ctx, repo, job, seen)
    room = settings.max_new_entries_per_day - _proposed_today(ctx, entries)
    plan = plan_changes(seen.base, seen.branch, entries, room=max(room, 0))
    if not plan.changes:
        return None
    head = _chain(repo, plan, seen, path=settings.path)
    under_way = Written(head=head, document=plan.changes[-1].document, base=digest(seen.base))
    ctx.store.keep_proposal(job.repo_id, replace(ctx.store.proposal(job.repo_id), under_way=under_way))
    ctx.reached("commit.done")
    return {"found": seen.found, "head": head}


def _look(ctx: Context, repo: Repo, job: Job, *, path: str) -> Seen:
    base_head = repo.head(repo.default_branch)
    if base_head is None:
        raise GiveUp(f"{repo.full_name} has no commit on {repo.default_branch} yet")
    proposal, pull = ctx.store.proposal(job.repo_id), repo.find_pull_request(BRANCH)
    if pull and pull.number == proposal.settled:
        pull = None
    found, base = repo.head(BRANCH), _editable(repo, path, commit=base_head)
    branch = None
    if found and (pull.state == "open" if pull else _by_head(proposal, [found])):
        branch = _branch(repo, proposal, found=found, path=path, base_head=base_head, base=base)
    return Seen(base_head=base_head, base=base, pull=pull, found=found, branch=branch)


def _branch(repo: Repo, proposal: Proposal, *, found: str, path: str, base_head: str, base: str) -> Branch:
    document = _editable(repo, path, commit=found)
    written = _by_head(proposal, [found])
    if written:
        return Branch(document=document, before=written.document, stale=written.base != digest(base))
    # Somebody pushed, or merged the default branch into ours: git knows where the two parted.
    fork = _editable(repo, path, commit=repo.merge_base(base_head, found))
    written = _by_head(proposal, repo.history(found))
    return Branch(document=document, before=written.document if written else fork, stale=fork != base)


def _editable(repo: Repo, path: str, *, commit: str) -> str:
    try:
        found = repo.read_file(path, commit=commit)
    except UneditableFile as error:
        raise GiveUp(str(error)) from error
    return found.text if found else ""


def _by_head(proposal: Proposal, commits: Sequence[str]) -> Written | None:
    """What we last wrote that is among these commits: the write under way if it arrived, else the one before."""
    known = [written for written in (proposal.under_way, proposal.written) if written and written.head in commits]
    return known[0] if known else None


def _read_people(ctx: Context, repo: Repo, job: Job, seen: Seen) -> Sequence[ProposedEntry]:
    """The entries as people left them: merged, refused, reworded."""
    entries, pull = ctx.store.proposed_entries(job.repo_id), seen.pull
    if pull and pull.state != "open":
        by_writer = repo.writes(pull.closed_by or "")
        changed = settle_closed(entries, document=seen.base, merged=pull.state == "merged", by_writer=by_writer)
        ctx.store.keep_proposal(job.repo_id, Proposal(settled=pull.number))
        ctx.note("proposal_settled", number=pull.number, state=pull.state, entries=len(changed))
    elif pull and seen.branch:
        changed = read_review(entries, seen.branch, body=pull.body)
    else:
        return entries
    ctx.store.keep_entries(job.repo_id, changed)
    return updated(entries, changed)


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
    for change in plan.changes:
        # Empty means that every entry was refused and the default branch, on which we start over, has no such file.
        text = change.document or None
        tree_of = repo.commit_file(path, text, message=change.message, tree_of=tree_of, parents=parents)
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
    if proposal.written is None or not entries:
        return
    path = recollect(ctx, repo, job).settings.path
    title, body = title_of(entries), body_of(entries, path=path)
    pull = repo.find_pull_request(BRANCH)
    if pull is None or pull.number == proposal.settled:
        pull = repo.open_pull_request(title=title, body=body, branch=BRANCH, base=repo.default_branch)
        ctx.reached("pr.created")
        ctx.note("proposal_opened", number=pull.number, entries=len(entries))
    elif pull.state == "open" and (pull.title, pull.body) != (title, body):
        repo.edit_pull_request(pull.number, title=title, body=body)
    if pull.state == "open":
        ctx.store.keep_proposal(job.repo_id, replace(proposal, number=pull.number))
