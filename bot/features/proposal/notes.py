"""Our comments under the pull request, each once: known by its marker, taken back when it no longer
holds."""

from bot.core.jobs import BRANCH
from bot.core.proposal.stuck_note import NOTE_MARKER
from bot.features.proposal.needs import Context, Repo
from bot.ports.github import PullRequest


def tell(ctx: Context, repo: Repo, note: str) -> None:
    """Say on the open pull request, once, what keeps it from being brought up to date."""
    pull = repo.find_pull_request(BRANCH)
    if pull is None or pull.state != "open":
        return
    said = repo.own_comment(pull.number, NOTE_MARKER)
    if said is None:
        repo.comment(pull.number, note)
        ctx.reached("comment.created")
    elif said.text != note:
        repo.edit_comment(said.id, note)


def take_back(repo: Repo, pull: PullRequest, marker: str) -> None:
    """Delete our comment with a marker, if there is one."""
    said = repo.own_comment(pull.number, marker) if pull.commented else None
    if said:
        repo.delete_comment(said.id)
