"""The commands that copy the database and put a copy back."""

from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def backup(path: Path) -> None:
    """Copy the SQLite database to PATH, while the bot works.

    \b
    Example:
      precedent backup /backups/precedent-monday.db
    """
    from bot.adapters.store.backup import back_up, database_file
    from bot.adapters.store.database import Database
    from bot.tools.cli.run import read_environment

    source = database_file(Database(read_environment().database_url))
    back_up(source, path)
    click.echo(f"{source} is copied to {path} ({path.stat().st_size:,} bytes)")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(path: Path) -> None:
    """Put the copy at PATH in the place of the SQLite database. Stop the bot first.

    What stood there is kept beside it. What happened since is read from GitHub's log, as far back
    as that reaches.

    \b
    Example:
      precedent restore /backups/precedent-monday.db
    """
    from bot.adapters.store.backup import database_file
    from bot.adapters.store.backup import restore as put_back
    from bot.adapters.store.database import Database
    from bot.app import utc_now
    from bot.tools.cli.run import read_environment

    target = database_file(Database(read_environment().database_url))
    aside = put_back(path, target, now=utc_now())
    click.echo(
        f"{target} is now the copy of {path}" + (f"; what stood there is {aside}" if aside else "")
    )
