"""GitHub does not send again by itself: what did not arrive is read from its log of deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.jobs import Job
from bot.ports import Context, HookAttempt, Intake, OwnApp, Reached

# As far back as GitHub's log goes. https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
REACH: Final = timedelta(days=3)
# An attempt may come into the log after a later one.
OVERLAP: Final = timedelta(hours=1)
MAX_REDELIVERIES: Final = 5
BETWEEN_REDELIVERIES: Final = timedelta(hours=1)


def sweep_deliveries(ctx: Context, job: Job) -> None:  # noqa: ARG001 - every handler is called alike
    ctx.step("sweep", lambda: _sweep(ctx))


def _sweep(ctx: Context) -> int:
    now, complete_until = ctx.clock(), ctx.intake.complete_until()
    if complete_until and complete_until < now - REACH:
        lost_for = now - REACH - complete_until
        ctx.note("deliveries_lost", before=f"{now - REACH:%Y-%m-%d %H:%M}", hours=int(lost_for.total_seconds() // 3600))
    found = catch_up(ctx.own_app, ctx.intake, now=now, overlap=OVERLAP, reached=ctx.reached)
    ctx.note("deliveries_swept", found=found)
    return found


def catch_up(app: OwnApp, intake: Intake, *, now: datetime, overlap: timedelta, reached: Reached) -> int:
    """Keep what GitHub sent and we do not hold. The number of deliveries that were missing."""
    complete_until = intake.complete_until()
    since = max(complete_until - overlap if complete_until else now - REACH, now - REACH)
    attempts = _by_guid(app.attempts(since=since))
    missing = _missing(attempts, known=intake.known(list(attempts)), holds_since=intake.holds_since())
    unread = [tries for tries in missing if not _keep(app, intake, tries, reached)]
    for tries in unread:
        if may_redeliver(tries, now=now):
            app.redeliver(tries[0])
    # What could not be read yet stays within reach of the next sweep.
    intake.keep_complete_until(min((tries[-1].at for tries in unread), default=now))
    return len(missing)


def may_redeliver(tries: Sequence[HookAttempt], *, now: datetime) -> bool:
    """Now and then, and not for ever; `tries` are newest first."""
    asked_for = [attempt for attempt in tries if attempt.redelivery]
    return len(asked_for) < MAX_REDELIVERIES and now - tries[0].at >= (
        BETWEEN_REDELIVERIES if asked_for else timedelta()
    )


def _by_guid(attempts: Iterable[HookAttempt]) -> Mapping[str, list[HookAttempt]]:
    grouped: dict[str, list[HookAttempt]] = {}
    for attempt in attempts:
        grouped.setdefault(attempt.guid, []).append(attempt)
    return grouped


def _missing(
    attempts: Mapping[str, list[HookAttempt]], *, known: set[str], holds_since: datetime | None
) -> list[list[HookAttempt]]:
    """Oldest first. What did arrive and is not here was lost with the database, unless it came before our time."""

    def is_ours(tries: Sequence[HookAttempt]) -> bool:
        return not any(each.arrived for each in tries) or (holds_since is not None and tries[0].at > holds_since)

    missing = [tries for guid, tries in attempts.items() if guid not in known and is_ours(tries)]
    return sorted(missing, key=lambda tries: tries[-1].at)


def _keep(app: OwnApp, intake: Intake, tries: Sequence[HookAttempt], reached: Reached) -> bool:
    """False when its payload cannot be read."""
    delivery = app.sent(tries[0])
    if delivery is None:
        return False
    intake.keep([delivery])
    reached("sweep.mid")
    return True
