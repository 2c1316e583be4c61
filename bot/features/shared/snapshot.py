"""What every handler begins with: the repository's settings and its learnings file, as on the
default branch."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.files import UneditableFile
from bot.core.jobs import CONFIG_PATH, Job
from bot.core.learnings import parse
from bot.core.repository_settings import RepositorySettings
from bot.core.verdicts import CaptureRules
from bot.ports.github import Files
from bot.ports.parts import Dated, Keeps
from bot.ports.store import Recollection, Snapshots


class Context(Dated, Keeps[Snapshots], Protocol): ...


def recollect(ctx: Context, repo: Files, job: Job) -> Recollection:
    """The repository as last read; read now where it never was."""
    kept = ctx.store.recollection(job.repo_id)
    return kept if kept is not None else read_default_branch(ctx, repo, job)


def read_default_branch(ctx: Context, repo: Files, job: Job) -> Recollection:
    head = repo.default_head()
    settings = ctx.store.keep_settings(job, _text(repo, CONFIG_PATH, commit=head), at=ctx.clock())
    document = _text(repo, settings.path, commit=head)
    ctx.store.keep_document(job.repo_id, document)
    kept = ctx.store.recollection(job.repo_id)
    assert kept is not None
    return kept


def rules_of(settings: RepositorySettings) -> CaptureRules:
    return CaptureRules(
        wont_fix_labels=settings.wont_fix_labels,
        ignore_labels=settings.ignore_labels,
        ignore_authors=settings.ignore_authors,
    )


def vocabulary_of(kept: Recollection) -> Sequence[str]:
    """The tags that may be used: those the repository lists, else those its entries carry."""
    used = (tag for entry in parse(kept.document or "").entries for tag in entry.tags)
    return kept.settings.tags or tuple(dict.fromkeys(used))


def _text(repo: Files, path: str, *, commit: str | None) -> str | None:
    """What cannot be read as text is as good as absent here: whoever wants to write it is told
    why."""
    try:
        found = repo.read_file(path, commit=commit) if commit else None
    except UneditableFile:
        return None
    return found.text if found else None
