"""The commands that measure: eval closures, eval prior-art."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.core.errors import TryLater

if TYPE_CHECKING:
    from bot.ports import Drafter


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
    nobody has read are answered and not scored.

    \b
    Example:
      precedent eval closures threads.jsonl --json
    """
    from bot.tools.evals.closures import answer, as_row, as_table, score
    from bot.tools.evals.threads_file import BadThreadsFile, read_threads

    try:
        answers = answer(read_threads(file), _drafter(name))
    except (BadThreadsFile, TryLater) as error:
        raise click.ClickException(str(error)) from error
    metrics = score(answers)
    if as_json:
        click.echo(json.dumps({"metrics": metrics, "rows": [as_row(each) for each in answers]}))
        return
    click.echo(as_table(metrics))


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
