"""Real threads played into the sandbox: written by its people, closed as they were closed, judged
by the bot."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.core.jobs import BRANCH
from bot.core.learnings import parse
from bot.core.learnings.lint import lint_document
from bot.core.threads import Remark, Thread
from bot.tools.demo.stage import Stage
from bot.tools.demo.story import DoesNotHold
from bot.tools.evals.threads_file import KeptThread
from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, actions
from github_sandbox.state import Account, CloseReason, Issue, Repository

NAME: Final = "acme/archive"
PATH: Final = "docs/learnings.md"
SETTINGS: Final = "max_new_entries_per_day: 50\n"
PROGRESS: Final = 25
PATIENCE_PER_THREAD: Final = timedelta(seconds=3)


def add_archive(stage: Stage) -> Repository:
    files = {
        "README.md": "# Archive\n\nThreads of other projects.\n",
        ".github/learnings.yml": SETTINGS,
    }
    return stage.sandbox.add_repository(NAME, files=files, description="Threads of other projects")


def perform(stage: Stage, threads: Sequence[KeptThread], *, show: Callable[[str], None]) -> None:
    """Play all, show the pull request that results. Raises DoesNotHold unless it reads as a
    learnings file."""
    repo = add_archive(stage)
    for number, kept in enumerate(threads, start=1):
        _play(stage, repo, kept.thread)
        if number % PROGRESS == 0 or number == len(threads):
            show(f"  {number} of {len(threads)} threads played")
    stage.settle(patience=PATIENCE_PER_THREAD * max(len(threads), 10))
    proposed = repo.git.read(BRANCH, PATH)
    if proposed is None:
        show("  none of them is worth an entry")
        return
    (pull, _), *more = repo.pulls(head=BRANCH)
    show(
        f"\npull request #{pull.number}: {pull.title}\n\n{pull.body}\n\n{PATH} on"
        f" {BRANCH}:\n\n{proposed}"
    )
    document = parse(proposed)
    errors = [finding for finding in lint_document(document) if finding.severity == "error"]
    for finding in errors:
        show(f"  {PATH}:{finding.line}: {finding.rule}: {finding.message}")
    if more or not document.entries or errors:
        raise DoesNotHold("one pull request, and it reads as a learnings file")
    show(
        f"  holds: one pull request with {len(document.entries)} entries, and it reads"
        " as a learnings file"
    )


def _play(stage: Stage, repo: Repository, thread: Thread) -> None:
    sandbox = stage.sandbox
    with stage.clock.at(thread.created_at):
        issue = _open(stage, repo, thread)
    for remark in thread.remarks:
        if remark.kind == "description" or not remark.text.strip():
            continue
        with stage.clock.at(remark.at):
            who = _actor(stage, thread, remark)
            if remark.kind == "review" and issue.pull and who is not issue.author:
                actions.review(sandbox, issue, who, state="COMMENTED", body=remark.text)
            else:
                actions.comment(sandbox, issue, who, remark.text)
    with stage.clock.at(thread.closed_at or thread.created_at):
        owner = sandbox.user(OWNER)
        if thread.closed_as == "merged":
            actions.merge(sandbox, issue, owner)
        else:
            actions.close(sandbox, issue, owner, reason=_reason(thread))


def _open(stage: Stage, repo: Repository, thread: Thread) -> Issue:
    sandbox, title, body = stage.sandbox, thread.title or "(no title)", thread.description
    opening = thread.remarks[0] if thread.remarks else None
    author = (
        _actor(stage, thread, opening) if opening and thread.description else sandbox.user(STRANGER)
    )
    if thread.kind == "issue":
        issue = actions.open_issue(sandbox, repo, author, title=title, body=body)
    else:
        files = {f"changes/{repo.last_number + 1}.txt": f"{title}\n"}
        issue = actions.propose_edit(sandbox, repo, author, files=files, title=title, body=body)
    if thread.labels:
        actions.add_labels(sandbox, issue, sandbox.user(OWNER), thread.labels)
    return issue


def _actor(stage: Stage, thread: Thread, remark: Remark) -> Account:
    """Whoever may push there may push here: that is what counts."""
    if remark.bot:
        return stage.sandbox.accounts.get("helper[bot]") or stage.sandbox.add_user(
            "helper[bot]", type="Bot"
        )
    if remark.writes:
        return stage.sandbox.user(OWNER)
    return stage.sandbox.user(STRANGER if remark.author == thread.author else CONTRIBUTOR)


def _reason(thread: Thread) -> CloseReason | None:
    match thread.closed_as:
        case "completed" | "not_planned" | "duplicate":
            return thread.closed_as
        case _:
            return None
