"""The commands that measure: eval closures, eval moments, eval replay, eval prior-art."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.core.errors import TryLater

if TYPE_CHECKING:
    from bot.ports.model import Drafter

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE: Final = click.Path(dir_okay=False, path_type=Path)
UNREADABLE = 3


@click.group(name="eval")
def evals() -> None:
    """Measure what the bot decides on a file of real threads."""


@evals.command(name="prior-art")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--test-from",
    type=click.FloatRange(0, 1),
    default=0.75,
    show_default=True,
    help="Share only learnt from.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Metrics and the ids found for every issue, as JSON."
)
def prior_art(file: Path, test_from: float, as_json: bool) -> None:
    """Find earlier issues of a tracker again, each issue searched for before it is added.

    FILE is JSON Lines in time order, perhaps gzipped: id, title, body, created_at, and where known
    kind, bucket, cites. Issues without a bucket are answered and not scored.

    \b
    Example:
      precedent eval prior-art issues.jsonl.gz --json
    """
    from bot.tools.evals.prior_art import BadIssuesFile, replay, score

    try:
        run = replay(file, test_from=test_from)
    except BadIssuesFile as error:
        raise click.ClickException(str(error)) from error
    metrics = score(run)
    if as_json:
        rows = [{"id": answer.id, "hits": answer.hits} for answer in run.answers]
        click.echo(json.dumps({"metrics": metrics, "rows": rows}))
        return
    for name, value in metrics.items():
        click.echo(f"{name:14}{'-' if value is None else value}")


@evals.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--drafter",
    "name",
    type=click.Choice(["rule", "claude"]),
    default="rule",
    show_default=True,
    help="Who judges and drafts; claude needs ANTHROPIC_API_KEY and costs money.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Metrics and the answer to every thread, as JSON."
)
def closures(file: Path, name: str, as_json: bool) -> None:
    """Judge closed threads, and compare with what people said about them.

    FILE is JSON Lines: id, kind, title, labels, closed_as, thread, and where known gold. Threads
    nobody has read are answered and not scored. FILE may be gzipped. A row that cannot be read is
    reported and skipped; the exit status is then 3.

    \b
    Example:
      precedent eval closures threads.jsonl --json
    """
    from bot.tools.evals.closures import answer, as_row, as_table, score
    from bot.tools.evals.threads_file import BadThreadsFile, read_threads

    faults: list[BadThreadsFile] = []
    try:
        answers = answer(read_threads(file, faults=faults), _drafter(name))
    except TryLater as error:
        raise click.ClickException(str(error)) from error
    metrics = score(answers)
    if as_json:
        click.echo(json.dumps({"metrics": metrics, "rows": [as_row(each) for each in answers]}))
    else:
        click.echo(as_table(metrics))
    _tell(faults)


@evals.command(name="replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Show the rolling pull request of that day instead.",
)
def replay_tracker(file: Path, at: datetime | None) -> None:
    """Judge a whole tracker in time order by rule: how many lines it would be offered, of which
    kind, and how good.

    FILE is what `eval closures` reads. "worth it" is the share of the proposals that people have
    read and would keep; a file that holds every close gives the natural mix, a sample its own.

    \b
    Example:
      precedent eval replay tracker.jsonl.gz --at 2024-06-01
    """
    from bot.tools.evals.closures import answer
    from bot.tools.evals.replay import as_page, as_text, replay
    from bot.tools.evals.threads_file import BadThreadsFile, read_threads

    faults: list[BadThreadsFile] = []
    answers = answer(read_threads(file, faults=faults), _drafter("rule"))
    click.echo(as_page(answers, at.replace(tzinfo=UTC)) if at else as_text(replay(answers)))
    _tell(faults)


def _tell(faults: Sequence[Exception]) -> None:
    """What could not be read, on standard error; the exit status says that there was something."""
    for fault in faults:
        click.echo(f"skipped {fault}", err=True)
    if faults:
        raise click.exceptions.Exit(UNREADABLE)


@evals.command()
@click.argument("tracker", type=FILE)
@click.argument("further", type=FILE, nargs=-1, metavar="")
@click.option(
    "--entries",
    "entries_file",
    type=FILE,
    required=True,
    help="Decisions: a learnings file or JSON Lines.",
)
@click.option(
    "--only", type=FILE, help="Answer only the threads whose ids this file lists, one a line."
)
@click.option(
    "--ask",
    "ask_file",
    type=NEW_FILE,
    help="Write what a model would be asked, as a batch of messages.",
)
@click.option(
    "--answers",
    "answers_files",
    type=FILE,
    multiple=True,
    help="Results of such batches, one file or more.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Metrics, and a row for each issue and pull request, as JSON.",
)
def moments(  # noqa: PLR0913, PLR0917 one for each option
    tracker: Path,
    further: tuple[Path, ...],
    entries_file: Path,
    only: Path | None,
    ask_file: Path | None,
    answers_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Replay a tracker: what is told under each issue and pull request as it opens, and which
    decisions are near.

    TRACKER is JSON Lines, perhaps gzipped: id, kind, title, created_at, closed_at, and body,
    description or thread. A decision counts for what opened after its thread closed. Without --ask
    and --answers the rule answers; with them a model does, and what has no answer yet is left out
    and counted. Answers lead to further questions:

    \b
    Example:
      precedent eval moments tracker.jsonl.gz --entries docs/learnings.md --ask a.jsonl
      precedent eval moments tracker.jsonl.gz --entries docs/learnings.md --answers a.out.jsonl --ask b.jsonl
      precedent eval moments tracker.jsonl.gz --entries docs/learnings.md --answers a.out.jsonl b.out.jsonl
    """  # noqa: E501
    from bot.adapters.model import ClaudeJudge, Models
    from bot.core.asking.rule_judge import CertainJudge
    from bot.core.settings import Settings
    from bot.tools.evals.batches import BadAnswersFile, Batch, read_answers, write_requests
    from bot.tools.evals.moments import BadMomentsFile, read_entries, read_tracker, replay, score
    from bot.tools.evals.moments import as_json as row_as_json

    if further and not answers_files:
        raise click.UsageError("say what the further files are: --answers FILE [FILE]...")
    models = Models(drafting=Settings.model, judging=Settings.judge_model)
    try:
        batch = Batch(models=models, answers=read_answers([*answers_files, *further]))
        threads = read_tracker(tracker)
        entries = read_entries(entries_file, repo=threads[0].repo if threads else "")
        wanted = None if only is None else frozenset(only.read_text(encoding="utf-8").split())
        run = replay(
            threads,
            entries,
            ClaudeJudge(batch) if ask_file or answers_files else CertainJudge(),
            only=wanted,
        )
    except (BadAnswersFile, BadMomentsFile) as error:
        raise click.ClickException(str(error)) from error
    if ask_file:
        write_requests(ask_file, batch)
    metrics = score(run)
    if as_json:
        click.echo(json.dumps({"metrics": metrics, "rows": [row_as_json(row) for row in run.rows]}))
        return
    click.echo("\n".join(f"{name:14}{count}" for name, count in metrics.items()))


def _drafter(name: str) -> "Drafter":
    from bot.core.asking.rule_drafter import RuleDrafter

    if name == "rule":
        return RuleDrafter()
    from bot.adapters.model import Claude, ClaudeDrafter, MemoryLedger, Models, connect
    from bot.app import utc_now
    from bot.tools.cli.run import read_environment

    settings = read_environment()
    if settings.anthropic_api_key is None:
        raise click.UsageError("set ANTHROPIC_API_KEY: --drafter claude asks Claude")
    client = connect(api_key=settings.anthropic_api_key, base_url=settings.anthropic_base_url)
    models = Models(
        drafting=settings.model,
        judging=settings.judge_model,
        daily_budget_usd=settings.daily_budget_usd,
    )
    return ClaudeDrafter(Claude(client, models, ledger=MemoryLedger(), clock=utc_now))
