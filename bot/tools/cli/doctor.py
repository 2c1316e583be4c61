"""`precedent doctor`: look at everything, say what to do."""

import os
from pathlib import Path

import click


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check settings, database, GitHub App, installations and the model; say what to do about what
    is wrong. The model is asked one short question, which costs next to nothing.

    Exits with 1 when something is. Changes nothing; it writes one row of its own, to find out that
    rows can be written.

    \b
    Example:
      precedent doctor
    """
    from dotenv import dotenv_values

    from bot.app import Outside
    from bot.tools.doctor import examine

    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    findings = examine(
        {**written, **os.environ},
        read_file=lambda path: Path(path).expanduser().read_text(),
        outside=Outside(),
    )
    sound = True
    for finding in findings:
        if finding.problem is None:
            click.echo(f"ok   {finding.about}" + (f" ({finding.remark})" if finding.remark else ""))
        else:
            sound = False
            click.echo(f"BAD  {finding.about}: {finding.problem}\n     {finding.cure}")
    ctx.exit(0 if sound else 1)
