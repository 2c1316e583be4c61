"""What GitHub holds now: the pull request, our branch, the file it is to be merged into."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.errors import GiveUp, TryLater
from bot.core.files import TextFile, UneditableFile
from bot.core.jobs import BRANCH, UpdateProposal
from bot.core.proposal.branch import Branch, Proposal, Written
from bot.core.proposal.closing import CLOSED_MARKER
from bot.core.proposal.life import taken_off_by, wanted_again
from bot.core.proposal.stuck_note import Stuck
from bot.features.proposal.needs import Context, Repo
from bot.features.proposal.notes import take_back
from bot.ports.github import PullRequest


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


def look(ctx: Context, repo: Repo, job: UpdateProposal, *, path: str) -> Seen:
    proposal, pull = ctx.store.proposal(job.repo_id), repo.find_pull_request(BRANCH)
    if pull and pull.number == proposal.settled:
        pull = _reopened(ctx, repo, job, pull)
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


def _reopened(
    ctx: Context, repo: Repo, job: UpdateProposal, pull: PullRequest
) -> PullRequest | None:
    """A settled pull request counts again once somebody opens it again; what closing it took off is
    wanted again."""
    if pull.state != "open":
        return None
    take_back(repo, pull, CLOSED_MARKER)
    gone = taken_off_by(ctx.store.proposed_lines(job.repo_id), pull.number)
    ctx.store.keep_lines(job.repo_id, [wanted_again(line) for line in gone])
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
        there = written.path or path
        document = _text(_editable(repo, there, commit=found))
        return Branch(
            document=document, before=written.document, fork=written.base, moved=there != path
        )
    if not (seen.pull or proposal.written or proposal.under_way):
        return None
    # Somebody pushed, or merged the default branch into ours: git knows where the two parted.
    written = _by_head(proposal, repo.history(found))
    if written is None and seen.pull is None:
        return None
    was = (written.path if written else None) or path
    there, document = _first_there(repo, (was, path), commit=found)
    _, fork = _first_there(repo, (was, path), commit=repo.merge_base(seen.base_head, found))
    before = written.document if written else fork
    return Branch(document=document, before=before, fork=fork, moved=there != path)


def _first_there(repo: Repo, paths: Sequence[str], *, commit: str) -> tuple[str, str]:
    """The first path at which there is a file, and its text; people may have moved it on either
    branch. The last path and nothing where there is none."""
    for path in dict.fromkeys(paths):
        file = _editable(repo, path, commit=commit)
        if file is not None:
            return path, file.text
    return paths[-1], ""


def last_seen(repo: Repo, proposal: Proposal, seen: Seen, *, path: str) -> Branch | None:
    """The branch of a pull request that was closed; None where it is gone, or holds no text any
    more."""
    try:
        return (
            _read_branch(repo, proposal, seen, found=seen.found, path=path) if seen.found else None
        )
    except GiveUp:
        return None


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
