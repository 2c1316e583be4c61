"""What every handler begins with: the repository's settings and its learnings file, as on the default branch."""

from bot.files import UneditableFile
from bot.jobs import CONFIG_PATH, Job
from bot.ports import Context, Recollection, Repo


def recollect(ctx: Context, repo: Repo, job: Job) -> Recollection:
    """The repository as last read; read now where it never was."""
    kept = ctx.store.recollection(job.repo_id)
    return kept if kept is not None else read_default_branch(ctx, repo, job)


def read_default_branch(ctx: Context, repo: Repo, job: Job) -> Recollection:
    head = repo.head(repo.default_branch)
    settings = ctx.store.keep_settings(job, _text(repo, CONFIG_PATH, commit=head), at=ctx.clock())
    document = _text(repo, settings.path, commit=head)
    ctx.store.keep_document(job.repo_id, document)
    return Recollection(settings=settings, document=document)


def _text(repo: Repo, path: str, *, commit: str | None) -> str | None:
    """What cannot be read as text is as good as absent here: whoever wants to write it is told why."""
    try:
        found = repo.read_file(path, commit=commit) if commit else None
    except UneditableFile:
        return None
    return found.text if found else None
