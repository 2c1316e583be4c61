"""What came in, what became of it, and once more please."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.store.database import Database


@click.group()
def deliveries() -> None:
    """Deliveries from GitHub: list them, show one, replay one."""


@deliveries.command("list")
@click.option("-n", "count", default=20, show_default=True, help="How many, the newest first.")
@click.option("--given-up", is_flag=True, help="Only the jobs that were given up, with the reason.")
def list_(count: int, given_up: bool) -> None:
    """The newest deliveries, or the jobs that were given up.

    \b
    Example:
      precedent deliveries list --given-up
    """
    from bot.app import utc_now
    from bot.store.deliveries import Deliveries
    from bot.store.jobs import Jobs

    db = open_current_database()
    if given_up:
        for record in Jobs(db).buried()[-count:]:
            click.echo(f"{record.job.delivery}  {record.job.kind}  {record.job.repo}  {record.why}")
        return
    for each in Deliveries(db, utc_now).newest(count):
        click.echo(f"{each.received_at:%Y-%m-%d %H:%M:%S}  {each.guid}  {each.event}  {each.outcome or 'waits'}")


@deliveries.command()
@click.argument("guid")
def show(guid: str) -> None:
    """One delivery, its jobs, and what they did. Exit 1 when it is not known.

    \b
    Example:
      precedent deliveries show 72d3162e-cc78-11e3-81ab-4c9367dc0958
    """
    from bot.app import utc_now
    from bot.store.deliveries import Deliveries
    from bot.store.effects import Effects
    from bot.store.jobs import Jobs

    db = open_current_database()
    kept = Deliveries(db, utc_now).find(guid)
    if kept is None:
        raise click.ClickException(f"no delivery {guid} is kept here")
    click.echo(f"{kept.event} received {kept.received_at:%Y-%m-%d %H:%M:%S} UTC: {kept.outcome or 'waits'}")
    if kept.why:
        click.echo(kept.why)
    click.echo("body forgotten" if kept.body is None else f"body of {len(kept.body)} bytes")
    for record in Jobs(db).of_delivery(guid):
        click.echo(f"{record.job.kind}: {record.state}, attempts {record.attempts}, deaths {record.deaths}")
        if record.why:
            click.echo(f"  {record.why}")
        for effect in Effects(db, utc_now).of_job(record.job.id):
            click.echo(f"  {effect.at:%Y-%m-%d %H:%M:%S} {effect.what} {effect.about}")


@deliveries.command()
@click.argument("guid")
def replay(guid: str) -> None:
    """Let a delivery's jobs run again; safe, because every effect looks first. Exit 1 when there is nothing to replay.

    \b
    Example:
      precedent deliveries replay 72d3162e-cc78-11e3-81ab-4c9367dc0958
    """
    from bot.app import utc_now
    from bot.store.deliveries import Deliveries
    from bot.store.jobs import Jobs

    db = open_current_database()
    jobs = Jobs(db)
    replayed = [record.job.kind for record in jobs.of_delivery(guid) if jobs.replay(record.job.id, now=utc_now())]
    if not replayed and not Deliveries(db, utc_now).dispatch_again(guid):
        raise click.ClickException(f"nothing of {guid} can be replayed: it is not known, still under way, or forgotten")
    click.echo(f"{guid} is dispatched again" if not replayed else f"waits again: {', '.join(replayed)}")


def open_current_database() -> "Database":
    from bot.cli.running import read_environment
    from bot.store.database import open_database
    from bot.store.migrate import require_newest

    db = open_database(read_environment().database_url)
    require_newest(db)
    return db
