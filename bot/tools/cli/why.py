"""How a thread was judged, and why."""

import re
from contextlib import closing

import click


@click.command()
@click.argument("thread", metavar="OWNER/REPO#N")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def why(thread: str, as_json: bool) -> None:
    """How a thread was judged, on which sentence that rests, and what became of its entry. Exit 1
    when it is not known.

    \b
    Example:
      precedent why acme/engine#12
    """
    from bot.app import account_in
    from bot.core.conversation.answers import account_as_json, why_answer
    from bot.tools.cli.deliveries import open_current_database

    named = re.fullmatch(r"([\w.-]+/[\w.-]+)#(\d{1,18})", thread)
    if named is None:
        raise click.UsageError("name the thread as OWNER/REPO#N, acme/engine#12 for instance")
    with closing(open_current_database()) as db:
        account = account_in(db, named[1], int(named[2]))
    if account is None:
        raise click.ClickException(f"the repository {named[1]} is not known here")
    click.echo(account_as_json(account) if as_json else why_answer(account))
    raise SystemExit(0 if account.verdict or account.life else 1)
