"""What the bot came to, so far."""

from contextlib import closing

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def report(as_json: bool) -> None:
    """What became of proposals and comments, by repository and by who judged. Exit 1 when a gate
    should be raised.

    Proposals are merged, reworded (merged as a person worded them), refused, withdrawn (the thread
    was reopened) or waiting. Comments are a hit (the issue was closed as the decision would have
    it), an assist (found of use), noise (voted down or taken away), missed (a person named a
    decision we did not) or unknown; shadow, shadow hit and shadow assist were only written down;
    unwritten: a closed thread decided it, and no entry of it was merged.

    \b
    Example:
      precedent report --json
    """
    from bot.adapters.store.record import read_report
    from bot.core.status.report import find_noisy, render_report, report_as_json
    from bot.tools.cli.deliveries import open_current_database

    with closing(open_current_database()) as db:
        found = read_report(db)
    click.echo(report_as_json(found) if as_json else render_report(found))
    raise SystemExit(1 if any(find_noisy(found.comments)) else 0)
