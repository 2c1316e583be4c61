"""A pull request touches the learnings file or its settings: say in a check run what is wrong with
its lines."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from bot.core.errors import GiveUp
from bot.core.files import UneditableFile
from bot.core.jobs import CONFIG_PATH, LintCheck
from bot.core.learnings.check_run import (
    CHECK_NAME,
    Annotation,
    Check,
    Version,
    check_of,
    remarks_on_learnings,
    remarks_on_settings,
)
from bot.features.shared.snapshot import recollect
from bot.ports.github import Checks, Files, Heads
from bot.ports.parts import Attempt, Keeps, Opens
from bot.ports.store import Snapshots

# https://docs.github.com/rest/checks/runs#update-a-check-run
ANNOTATIONS_AT_ONCE: Final = 50


class Repo(Checks, Files, Protocol): ...


class Context(Attempt, Opens[Repo], Keeps[Snapshots], Protocol): ...


class Checked(NamedTuple):
    commit: str
    check: Check


def lint_check(ctx: Context, job: LintCheck) -> None:
    """Without a number: of the default branch, of which only settings that cannot be read are worth
    a word."""
    ctx.step("check", lambda: _check(ctx, ctx.open_repo(job), job))


def _check(ctx: Context, repo: Repo, job: LintCheck) -> None:
    """A check run that may not be made stops nothing and is not tried again."""
    try:
        checked = (
            _default_branch(repo)
            if job.number is None
            else _pull_request(ctx, repo, job, job.number)
        )
        if checked is not None:
            _report(ctx, repo, job, checked)
    except GiveUp as error:
        ctx.note("check_not_made", why=str(error))


def _default_branch(repo: Repo) -> Checked | None:
    head = repo.default_head()
    if head is None:
        return None
    remarks = remarks_on_settings(
        CONFIG_PATH, head=_version(repo, CONFIG_PATH, head), base=Version()
    )
    return Checked(head, check_of([remarks], number=None)) if remarks.new else None


def _pull_request(ctx: Context, repo: Repo, job: LintCheck, number: int) -> Checked | None:
    """None where it is not open, or touches neither file."""
    heads = repo.heads(number)
    paths = repo.changed_paths(number) if heads else frozenset()
    settings = recollect(ctx, repo, job).settings
    touched = [path for path in (settings.path, CONFIG_PATH) if paths is None or path in paths]
    if heads is None or not touched:
        return None
    base = _fork(repo, heads)
    files = []
    for path in touched:
        before, now = _version(repo, path, base), _version(repo, path, heads.head)
        if paths is None and before == now:
            continue
        if path == CONFIG_PATH:
            files.append(remarks_on_settings(path, head=now, base=before))
        else:
            files.append(remarks_on_learnings(path, head=now, base=before, settings=settings))
    return Checked(heads.head, check_of(files, number=number)) if files else None


def _fork(repo: Repo, heads: Heads) -> str:
    """Where the pull request parted from its base: what the base gained since is not its doing."""
    try:
        return repo.merge_base(heads.base, heads.head)
    except GiveUp:
        return heads.base


def _version(repo: Repo, path: str, commit: str) -> Version:
    try:
        found = repo.read_file(path, commit=commit)
    except UneditableFile as error:
        return Version(why=str(error))
    return Version(text=found.text if found else None)


def _report(ctx: Context, repo: Repo, job: LintCheck, checked: Checked) -> None:
    """One check run per commit, whatever happens. Only where its annotations are no longer true is
    there another one: GitHub takes none back, and shows the newest."""
    commit, check = checked
    found = repo.find_check(CHECK_NAME, commit=commit)
    left: Sequence[Annotation] = check.annotations
    same = found is not None and found.key == check.key
    if found and same:
        left = left[found.annotations :]
        if found.completed and not left and not job.again:
            return
    onto = found.id if found and (same or not found.annotations) else None
    pages = [
        left[at : at + ANNOTATIONS_AT_ONCE] for at in range(0, len(left), ANNOTATIONS_AT_ONCE)
    ] or [[]]
    for page in pages:
        onto = repo.write_check(
            check, commit=commit, onto=onto, annotations=page, last=page is pages[-1]
        )
        ctx.reached("check.created")
    ctx.note("check_made", conclusion=check.conclusion, annotations=len(check.annotations))
