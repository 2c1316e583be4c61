"""What came in, what became of it, and once more please."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from bot.adapters.store.database import Database
    from bot.adapters.store.deliveries import Deliveries
    from bot.adapters.store.jobs import Jobs

THE_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS: Final = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@click.group()
def deliveries() -> None:
    """Deliveries from GitHub: list them, show one, replay one."""


@deliveries.command("list")
@click.option("-n", "count", default=20, show_default=True, help="How many, the newest first.")
@click.option("--given-up", is_flag=True, help="Only the jobs that were given up, with the reason.")
@click.option(
    "--malformed", is_flag=True, help="Only what could not be read or planned, with the reason."
)
def list_(count: int, given_up: bool, malformed: bool) -> None:
    """The newest deliveries, or the jobs that were given up.

    \b
    Examples:
      precedent deliveries list --given-up
      precedent deliveries list --malformed
    """
    from bot.adapters.store.deliveries import Deliveries
    from bot.adapters.store.jobs import Jobs
    from bot.app import utc_now

    db = open_current_database()
    if given_up:
        for record in Jobs(db).buried()[-count:]:
            click.echo(f"{record.job.delivery}  {record.job.kind}  {record.job.repo}  {record.why}")
        return
    for each in Deliveries(db, utc_now).newest(count, put_aside=malformed):
        line = (
            f"{each.received_at:%Y-%m-%d %H:%M:%S}  {each.guid}  {each.event} "
            f" {each.outcome or 'waits'}"
        )
        click.echo(f"{line}  {each.why}" if malformed else line)


@deliveries.command()
@click.argument("guid")
def show(guid: str) -> None:
    """One delivery, its jobs, and what they did. Exit 1 when it is not known.

    \b
    Example:
      precedent deliveries show 72d3162e-cc78-11e3-81ab-4c9367dc0958
    """
    from bot.adapters.store.deliveries import Deliveries
    from bot.adapters.store.jobs import Jobs
    from bot.adapters.store.ledger import Effects
    from bot.app import utc_now

    db = open_current_database()
    kept = Deliveries(db, utc_now).find(guid)
    if kept is None:
        raise click.ClickException(f"no delivery {guid} is kept here")
    click.echo(
        f"{kept.event} received {kept.received_at:%Y-%m-%d %H:%M:%S} UTC: {kept.outcome or 'waits'}"
    )
    if kept.why:
        click.echo(kept.why)
    click.echo("body forgotten" if kept.body is None else f"body of {len(kept.body)} bytes")
    for record in Jobs(db).of_delivery(guid):
        click.echo(
            f"{record.job.kind}: {record.state}, attempts {record.attempts}, deaths {record.deaths}"
        )
        if record.why:
            click.echo(f"  {record.why}")
        for effect in Effects(db, utc_now).of_job(record.job.id):
            click.echo(f"  {effect.at:%Y-%m-%d %H:%M:%S} {effect.what} {effect.about}")


@deliveries.command()
@click.argument("guids", nargs=-1)
@click.option(
    "--since", type=click.DateTime(MOMENTS), help="Also all that came from this moment on, in UTC."
)
@click.option(
    "--until", type=click.DateTime(MOMENTS), help="Only what came before this moment, in UTC."
)
@click.option(
    "--malformed", is_flag=True, help="Only what could not be read or planned; alone: all of it."
)
@click.option("--dry-run", is_flag=True, help="Tell what would run again, and change nothing.")
def replay(
    guids: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    malformed: bool,
    dry_run: bool,
) -> None:
    """Let jobs of deliveries run again; safe, because every effect looks first. Exit 1 when nothing
    can be replayed.

    \b
    Examples:
      precedent deliveries replay 72d3162e-cc78-11e3-81ab-4c9367dc0958
      precedent deliveries replay --since 2026-05-04T10:00 --until 2026-05-04T12:00 --dry-run
      precedent deliveries replay --malformed
    """
    from bot.adapters.store.deliveries import Deliveries
    from bot.adapters.store.jobs import Jobs
    from bot.app import utc_now

    if guids and (since or until or malformed):
        raise click.UsageError("give GUIDs, or --since, --until and --malformed")
    if not (guids or since or until or malformed):
        raise click.UsageError("say what to replay: GUIDs, --since, --until or --malformed")
    db = open_current_database()
    kept = Deliveries(db, utc_now)
    chosen = guids or kept.between(
        since.replace(tzinfo=UTC) if since else THE_BEGINNING,
        until.replace(tzinfo=UTC) if until else utc_now(),
        put_aside=malformed,
    )
    replayed = [_replay(guid, kept, Jobs(db), dry_run=dry_run) for guid in chosen]
    if not any(replayed):
        raise click.ClickException(
            f"nothing of {', '.join(guids) or 'that'} can be replayed: it is not known,"
            " still under way, or"
            " forgotten"
        )
    if not guids:
        click.echo(
            f"{sum(replayed)} of {len(replayed)}"
            f" deliveries{' would be' if dry_run else ''}"
            " replayed"
        )


def _replay(guid: str, kept: "Deliveries", jobs: "Jobs", *, dry_run: bool) -> bool:
    from bot.app import utc_now

    settled = [
        record.job for record in jobs.of_delivery(guid) if record.state in {"done", "buried"}
    ]
    revived = [job.kind for job in settled if dry_run or jobs.replay(job.id, now=utc_now())]
    if revived:
        click.echo(f"{guid}  {'would wait' if dry_run else 'waits'} again: {', '.join(revived)}")
    elif kept.may_be_dispatched_again(guid) if dry_run else kept.dispatch_again(guid):
        click.echo(f"{guid}  {'would be' if dry_run else 'is'} dispatched again")
    else:
        return False
    return True


def open_current_database() -> "Database":
    from bot.adapters.store.database import open_database
    from bot.adapters.store.migrate import require_newest
    from bot.tools.cli.run import read_environment

    db = open_database(read_environment().database_url)
    require_newest(db)
    return db
