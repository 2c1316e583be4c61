"""GitHub does not send again by itself: what did not arrive is read from its log of deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.core.jobs import CatchUp, JudgeThread, SweepDeliveries
from bot.ports.github import Closures, HookAttempt, OwnApp
from bot.ports.parts import AsksApp, Attempt, KnowsInstallations, Opens, TakesIn
from bot.ports.store import Intake
from bot.ports.world import Reached

# As far back as GitHub's log goes.
# https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
REACH: Final = timedelta(days=3)
# An attempt may come into the log after a later one.
OVERLAP: Final = timedelta(hours=1)
MAX_REDELIVERIES: Final = 5
MOST_AFTER_A_GAP: Final = 100
BETWEEN_REDELIVERIES: Final = timedelta(hours=1)


class Context(Attempt, AsksApp, KnowsInstallations, Opens[Closures], TakesIn, Protocol): ...


def sweep_deliveries(ctx: Context, job: SweepDeliveries) -> None:
    gap = ctx.step("gap", lambda: _gap(ctx))
    ctx.step("sweep", lambda: _sweep(ctx))
    if gap is not None:
        ctx.step("catch_up", lambda: _ask_to_catch_up(ctx, job, since=gap))


def _gap(ctx: Context) -> str | None:
    """Since when more is missing than GitHub's log remembers."""
    complete_until, remembered = ctx.intake.complete_until(), ctx.clock() - REACH
    if complete_until is None or complete_until >= remembered:
        return None
    hours = int((remembered - complete_until).total_seconds() // 3600)
    ctx.note("deliveries_lost", since=f"{complete_until:%Y-%m-%d %H:%M}", hours=hours)
    return complete_until.isoformat()


def _sweep(ctx: Context) -> int:
    found = read_log(ctx.own_app, ctx.intake, now=ctx.clock(), overlap=OVERLAP, reached=ctx.reached)
    ctx.note("deliveries_swept", found=found)
    return found


def _ask_to_catch_up(ctx: Context, job: SweepDeliveries, *, since: str) -> None:
    for repo in ctx.installations.known_repositories():
        ctx.engine.add(
            CatchUp(
                delivery=job.delivery,
                cause=f"gap:{repo.id}:{since}",
                installation_id=repo.installation_id,
                repo_id=repo.id,
                repo=repo.full_name,
                at=datetime.fromisoformat(since),
            )
        )


def catch_up(ctx: Context, job: CatchUp) -> None:
    """Judge what was closed while nobody listened. Nothing is posted on it: only the proposal may
    gain lines."""
    repo = ctx.open_repo(job)
    closed = ctx.step("list", lambda: [*repo.closed_since(job.at, most=MOST_AFTER_A_GAP)])
    for number in closed:
        ctx.engine.add(JudgeThread(**job.under(f"{job.cause}:{number}"), number=number))


def read_log(
    app: OwnApp, intake: Intake, *, now: datetime, overlap: timedelta, reached: Reached
) -> int:
    """Keep what GitHub sent and we do not hold. The number of deliveries that were missing."""
    complete_until = intake.complete_until()
    since = max(complete_until - overlap if complete_until else now - REACH, now - REACH)
    attempts = _by_guid(app.attempts(since=since))
    missing = _missing(
        attempts, known=intake.known(list(attempts)), holds_since=intake.holds_since()
    )
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
    """Oldest first. What did arrive and is not here was lost with the database, unless it came
    before our time."""

    def is_ours(tries: Sequence[HookAttempt]) -> bool:
        return not any(each.arrived for each in tries) or (
            holds_since is not None and tries[0].at > holds_since
        )

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
