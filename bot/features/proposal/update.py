"""Keep the one rolling pull request: read what people did to it, write what is still to be
proposed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol, TypedDict

from bot.core.errors import GiveUp, SecretFound, TryLater
from bot.core.files import TextFile, UneditableFile
from bot.core.jobs import BRANCH, JudgeThread, ProposeRest, UpdateProposal
from bot.core.learnings import Unwritable, parse
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.amendment_review import (
    as_amended,
    is_unticked,
    review_amendments,
    settle_closed_amendments,
    settle_proposed_amendments,
    updated_amendments,
)
from bot.core.proposal.body import body_of, body_over, shown_amendments, title_of, title_over
from bot.core.proposal.doubtful_entries import find_suspects, suspects_fold
from bot.core.proposal.guard import why_unsound
from bot.core.proposal.plan_branch import plan_changes
from bot.core.proposal.plan_entries import Plan
from bot.core.proposal.proposed_entry import (
    Branch,
    Proposal,
    ProposedEntry,
    Written,
    as_reviewed,
    read_review,
    settle_closed,
    settle_proposed,
    unticked,
    updated,
)
from bot.core.proposal.sign_off import signed_off
from bot.core.proposal.stuck_note import NOTE_MARKER, Stuck, stuck_note
from bot.features.shared.snapshot import recollect
from bot.ports.github import Address, Branches, Comments, Files, People, PullRequest, PullRequests
from bot.ports.parts import Attempt, Keeps, Opens
from bot.ports.store import Amendments, Entries, Proposals, Snapshots, ThreadCopies
from bot.ports.world import T

DAY: Final = timedelta(days=1)
NEW_FILE: Final = "100644"
# So far apart that each finds the branch as the one before has left it.
ALONE: Final = timedelta(minutes=1)


class Repo(Address, Branches, Comments, Files, People, PullRequests, Protocol): ...


class Store(Amendments, Entries, Proposals, Snapshots, ThreadCopies, Protocol): ...


class Context(Attempt, Opens[Repo], Keeps[Store], Protocol): ...


class Move(TypedDict):
    """Where the branch has to go. ``found`` is None when there is no branch yet."""

    found: str | None
    head: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What GitHub holds now. ``pull`` is the newest pull request that is not settled; ``branch``
    what is on it.

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


def update_proposal(ctx: Context, job: UpdateProposal) -> None:
    try:
        _update(ctx, ctx.open_repo(job), job)
    except SecretFound:
        _quarantine(ctx, job)
        raise


def _update(ctx: Context, repo: Repo, job: UpdateProposal) -> None:
    move = ctx.step("commit", lambda: _or_tell(ctx, repo, lambda: _commit(ctx, repo, job)))
    if move is not None:
        ctx.step("branch", lambda: _or_tell(ctx, repo, lambda: _move_branch(ctx, repo, job, move)))
    ctx.step("pull_request", lambda: _show(ctx, repo, job))


def _quarantine(ctx: Context, job: UpdateProposal) -> None:
    """Nobody tells us which line it is: each is tried again alone, and one that is refused alone
    stays away."""
    entries = [
        entry
        for entry in ctx.store.proposed_entries(job.repo_id)
        if entry.life in ("waiting", "held")
    ]
    ctx.store.keep_entries(job.repo_id, [replace(entry, life="withdrawn") for entry in entries])
    ctx.note("drafts_quarantined", entries=len(entries), why="push protection found a secret")
    for place, entry in enumerate(entries if len(entries) > 1 else ()):
        origin = job.under(f"{job.cause}+alone:{entry.number}")
        ctx.engine.add(JudgeThread(**origin, number=entry.number), delay=ALONE * (place + 1))


def propose_rest(ctx: Context, job: ProposeRest) -> None:
    """There is room again for what had to wait. A kind of its own: what waits for tomorrow must not
    hold up today."""
    ctx.engine.add(UpdateProposal(**job.origin))


def _or_tell(ctx: Context, repo: Repo, write: Callable[[], T]) -> T:
    """What nobody but people can put right is said on the open pull request, once, and then waited
    for."""
    try:
        return write()
    except SecretFound:
        raise
    except GiveUp as error:
        with suppress(GiveUp):
            _tell(ctx, repo, stuck_note(error))
        raise


def _tell(ctx: Context, repo: Repo, note: str) -> None:
    pull = repo.find_pull_request(BRANCH)
    if pull is None or pull.state != "open":
        return
    said = repo.own_comment(pull.number, NOTE_MARKER)
    if said is None:
        repo.comment(pull.number, note)
        ctx.reached("comment.created")
    elif said.text != note:
        repo.edit_comment(said.id, note)


def _take_back_note(repo: Repo, pull: PullRequest) -> None:
    said = repo.own_comment(pull.number, NOTE_MARKER) if pull.commented else None
    if said:
        repo.delete_comment(said.id)


# --- step 1: what people did, and commits that answer it


def _commit(ctx: Context, repo: Repo, job: UpdateProposal) -> Move | None:
    """Commits that nothing points to yet. None when the branch is as it should be."""
    settings = recollect(ctx, repo, job).settings
    seen = _look(ctx, repo, job, path=settings.path)
    if seen.pull and seen.pull.state != "open":
        _settle(ctx, repo, job, seen, path=settings.path)
        seen = _look(ctx, repo, job, path=settings.path)
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and seen.found and under_way.head in repo.history(seen.found):
        # It arrived, although the answer that would have said so did not.
        _keep_arrival(ctx, job, under_way)
    entries, amendments = _read_review(ctx, job, seen)
    room = settings.max_new_entries_per_day - _proposed_today(ctx, entries, amendments)
    plan = _plan(seen, entries, amendments, room=max(room, 0) if settings.propose else 0)
    if not plan.changes:
        return None
    if settings.sign_off:
        plan = signed_off(
            plan, _signature(repo, ctx.store.proposal(job.repo_id), seen, path=settings.path)
        )
    head = _chain(repo, plan, seen, path=settings.path)
    under_way = Written(head=head, document=plan.changes[-1].document, base=seen.base)
    ctx.store.keep_proposal(
        job.repo_id, replace(ctx.store.proposal(job.repo_id), under_way=under_way)
    )
    ctx.reached("commit.done")
    return {"found": seen.found, "head": head}


def _look(ctx: Context, repo: Repo, job: UpdateProposal, *, path: str) -> Seen:
    proposal, pull = ctx.store.proposal(job.repo_id), repo.find_pull_request(BRANCH)
    if pull and pull.number == proposal.settled:
        pull = _reopened(ctx, job, pull)
    # Where a person sent it: elsewhere than to the default branch if they like.
    into = pull.base if pull else repo.default_branch
    base_head, found = repo.head(into), repo.head(BRANCH)
    if base_head is None:
        raise GiveUp(f"{repo.full_name} has no commit on {into} yet")
    if found is None and pull and pull.state == "open":
        raise TryLater(
            f"{repo.full_name} has pull request {pull.number} open, yet shows no branch {BRANCH}"
        )
    file = _editable(repo, path, commit=base_head)
    seen = Seen(base_head=base_head, file=file, pull=pull, found=found, branch=None)
    return replace(seen, branch=_branch(repo, proposal, seen, path=path))


def _reopened(ctx: Context, job: UpdateProposal, pull: PullRequest) -> PullRequest | None:
    """A settled pull request counts again once somebody opens it again."""
    if pull.state != "open":
        return None
    ctx.store.keep_proposal(
        job.repo_id, replace(ctx.store.proposal(job.repo_id), number=pull.number, settled=None)
    )
    return pull


def _branch(repo: Repo, proposal: Proposal, seen: Seen, *, path: str) -> Branch | None:
    """None where our branch is a leftover, or there is none."""
    if seen.found is None or (seen.pull and seen.pull.state != "open"):
        return None
    return _read_branch(repo, proposal, seen, found=seen.found, path=path)


def _read_branch(
    repo: Repo, proposal: Proposal, seen: Seen, *, found: str, path: str
) -> Branch | None:
    written = _by_head(proposal, [found])
    if written:
        document = _text(_editable(repo, path, commit=found))
        return Branch(document=document, before=written.document, fork=written.base)
    if not (seen.pull or proposal.written or proposal.under_way):
        return None
    # Somebody pushed, or merged the default branch into ours: git knows where the two parted.
    written = _by_head(proposal, repo.history(found))
    if written is None and seen.pull is None:
        return None
    document = _text(_editable(repo, path, commit=found))
    fork = _text(_editable(repo, path, commit=repo.merge_base(seen.base_head, found)))
    return Branch(document=document, before=written.document if written else fork, fork=fork)


def _editable(repo: Repo, path: str, *, commit: str) -> TextFile | None:
    try:
        return repo.read_file(path, commit=commit)
    except UneditableFile as error:
        raise Stuck(str(error), "file") from error


def _text(file: TextFile | None) -> str:
    return file.text if file else ""


def _by_head(proposal: Proposal, commits: Sequence[str]) -> Written | None:
    """What we last wrote that is among these commits: the write under way if it arrived, else the
    one before."""
    known = [
        written
        for written in (proposal.under_way, proposal.written)
        if written and written.head in commits
    ]
    return known[0] if known else None


def _settle(ctx: Context, repo: Repo, job: UpdateProposal, seen: Seen, *, path: str) -> None:
    """What became of the entries of a pull request that is no longer open.

    What people did to its lines before it was closed counts first: whoever closed it need not be
    one of them.
    """
    pull = seen.pull
    assert pull is not None
    by_writer, merged = repo.writes(pull.closed_by or ""), pull.state == "merged"
    if not merged:
        seen = replace(
            seen, branch=_last_seen(repo, ctx.store.proposal(job.repo_id), seen, path=path)
        )
    entries, amendments = _read_review(ctx, job, seen)
    changed = settle_closed(
        entries, document=seen.base, body=pull.body, merged=merged, by_writer=by_writer
    )
    amended = settle_closed_amendments(
        amendments, document=seen.base, body=pull.body, merged=merged, by_writer=by_writer
    )
    ctx.store.keep_entries(job.repo_id, changed)
    ctx.store.keep_amendments(job.repo_id, amended)
    ctx.store.keep_proposal(job.repo_id, Proposal(settled=pull.number))
    ctx.note(
        "proposal_settled",
        number=pull.number,
        state=pull.state,
        entries=len(changed),
        amended=len(amended),
    )


def _last_seen(repo: Repo, proposal: Proposal, seen: Seen, *, path: str) -> Branch | None:
    """The branch of a pull request that was closed; None where it is gone, or holds no text any
    more."""
    try:
        return (
            _read_branch(repo, proposal, seen, found=seen.found, path=path) if seen.found else None
        )
    except GiveUp:
        return None


def _read_review(
    ctx: Context, job: UpdateProposal, seen: Seen
) -> tuple[Sequence[ProposedEntry], Sequence[Amendment]]:
    """The entries and amendments as people left them: refused, reworded, put back."""
    entries, amendments = ctx.store.proposed_entries(job.repo_id), ctx.store.amendments(job.repo_id)
    pull, branch = seen.pull, seen.branch
    if pull is None or branch is None:
        return entries, amendments
    changed = read_review(entries, branch, base=seen.base, body=pull.body)
    ctx.store.keep_entries(job.repo_id, changed)
    amended = review_amendments(amendments, branch, body=pull.body)
    ctx.store.keep_amendments(job.repo_id, amended)
    # From here on a line that was gone and is there again is one that a person put back.
    proposal = ctx.store.proposal(job.repo_id)
    if proposal.written:
        document = as_amended(branch, as_reviewed(branch, entries), amendments)
        reviewed = replace(proposal.written, document=document)
        ctx.store.keep_proposal(job.repo_id, replace(proposal, written=reviewed))
    return updated(entries, changed), updated_amendments(amendments, amended)


def _plan(
    seen: Seen, entries: Sequence[ProposedEntry], amendments: Sequence[Amendment], *, room: int
) -> Plan:
    try:
        plan = plan_changes(seen.base, seen.branch, entries, amendments, room=room)
    except Unwritable as error:
        raise Stuck(str(error), "file") from error
    if plan.changes:
        why = why_unsound(seen.base, seen.branch, entries, plan.changes[-1].document, amendments)
        if why:
            raise Stuck(why, "unsound")
    return plan


def _proposed_today(
    ctx: Context, entries: Sequence[ProposedEntry], amendments: Sequence[Amendment]
) -> int:
    yesterday = ctx.clock() - DAY
    proposed = [
        *(entry.proposed_at for entry in entries),
        *(each.proposed_at for each in amendments),
    ]
    return sum(at is not None and at > yesterday for at in proposed)


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
    """One commit for each change. The first has our branch and, where it starts over, the default
    branch as parents: so the branch only ever moves forward, and nobody's commit is dropped from
    it."""
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


# --- step 2: the branch


def _move_branch(ctx: Context, repo: Repo, job: UpdateProposal, move: Move) -> None:
    if repo.head(BRANCH) != move["head"]:
        if move["found"] is None:
            repo.create_branch(BRANCH, move["head"])
        else:
            repo.advance_branch(BRANCH, move["head"])
    ctx.reached("ref.created")
    under_way = ctx.store.proposal(job.repo_id).under_way
    if under_way and under_way.head == move["head"]:
        _keep_arrival(ctx, job, under_way)


def _keep_arrival(ctx: Context, job: UpdateProposal, under_way: Written) -> None:
    proposal = ctx.store.proposal(job.repo_id)
    ctx.store.keep_proposal(job.repo_id, replace(proposal, written=under_way, under_way=None))
    entries, amendments = ctx.store.proposed_entries(job.repo_id), ctx.store.amendments(job.repo_id)
    arrived = settle_proposed(entries, document=under_way.document, now=ctx.clock())
    amended = settle_proposed_amendments(amendments, entries, written=under_way, now=ctx.clock())
    ctx.store.keep_entries(job.repo_id, arrived)
    ctx.store.keep_amendments(job.repo_id, amended)


# --- step 3: the pull request


def _show(ctx: Context, repo: Repo, job: UpdateProposal) -> None:
    proposal = ctx.store.proposal(job.repo_id)
    entries = [
        entry for entry in ctx.store.proposed_entries(job.repo_id) if entry.life == "proposed"
    ]
    amendments = [each for each in ctx.store.amendments(job.repo_id) if each.life == "proposed"]
    if proposal.written is None:
        return
    if not entries and not amendments:
        _close_if_empty(repo, proposal)
        return
    shown = shown_amendments(amendments, proposal.written)
    path = recollect(ctx, repo, job).settings.path
    waiting = [
        entry.number for entry in ctx.store.proposed_entries(job.repo_id) if entry.life == "waiting"
    ]
    edit_url = f"{repo.web_url}/edit/{BRANCH}/{path}"
    fold = _suspects(ctx, job, proposal.written)
    body = body_of(entries, shown, path=path, edit_url=edit_url, waiting=waiting, fold=fold)
    title = title_of(len(entries), len(amendments))
    pull = repo.find_pull_request(BRANCH)
    if pull is None or (pull.number == proposal.settled and pull.state != "open"):
        pull = repo.open_pull_request(
            title=title, body=body, branch=BRANCH, base=repo.default_branch
        )
        ctx.reached("pr.created")
        ctx.note("proposal_opened", number=pull.number, entries=len(entries))
    elif pull.state == "open":
        boxes = unticked(pull.body) & {entry.number for entry in entries}
        if boxes or any(is_unticked(each, pull.body) for each in amendments):
            # Somebody unticked a box after we read the boxes: writing now would tick it again.
            ctx.engine.add(replace(job, cause=f"{job.cause}+"))
        else:
            _renew(repo, pull, title=title, body=body)
    if pull.state == "open":
        ctx.store.keep_proposal(job.repo_id, replace(proposal, number=pull.number))
        _take_back_note(repo, pull)
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


def _close_if_empty(repo: Repo, proposal: Proposal) -> None:
    """Everything on it was refused: nobody should have to look at a pull request without
    changes."""
    pull = repo.find_pull_request(BRANCH)
    if pull and pull.state == "open":
        _take_back_note(repo, pull)
    unchanged = proposal.written and proposal.written.document == proposal.written.base
    if unchanged and pull and pull.number == proposal.number and pull.state == "open":
        repo.close_pull_request(pull.number)


def _renew(repo: Repo, pull: PullRequest, *, title: str, body: str) -> None:
    title, body = title_over(pull.title, title), body_over(pull.body, body)
    if (pull.title, pull.body) != (title, body):
        repo.edit_pull_request(pull.number, title=title, body=body)
