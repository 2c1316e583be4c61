"""Somebody installed, suspended, changed or removed the App: make what we know equal to what GitHub
says now."""

from typing import Protocol

from bot.core.jobs import ForgetInstallation, SyncInstallation
from bot.ports.parts import AsksApp, Attempt, KnowsInstallations


class Context(Attempt, AsksApp, KnowsInstallations, Protocol): ...


def sync_installation(ctx: Context, job: SyncInstallation) -> None:
    if ctx.step("installation", lambda: _sync(ctx, job.installation_id)):
        ctx.step("repositories", lambda: _sync_repositories(ctx, job.installation_id))


def forget_installation(ctx: Context, job: ForgetInstallation) -> None:
    ctx.step("forget", lambda: _forget(ctx, job.installation_id))


def _forget(ctx: Context, installation_id: int) -> None:
    """Unless it is there: the event may come late, or again."""
    if ctx.own_app.installation(installation_id) is None:
        ctx.installations.forget(installation_id)
        ctx.note("installation_forgotten", installation=installation_id)


def _sync(ctx: Context, installation_id: int) -> bool:
    """Whether its repositories can be asked for. One that is gone has an event that says so."""
    found = ctx.own_app.installation(installation_id)
    if found is None:
        return False
    ctx.installations.keep(found, at=ctx.clock())
    ctx.note("installation_kept", installation=installation_id, suspended=found.suspended)
    return not found.suspended


def _sync_repositories(ctx: Context, installation_id: int) -> None:
    ctx.installations.keep_repositories(installation_id, ctx.own_app.repositories(installation_id))
