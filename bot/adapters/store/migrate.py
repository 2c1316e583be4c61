"""Bring the database to the schema this release knows."""

from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.adapters.store.backup import copy_database
from bot.adapters.store.database import Database
from bot.core.errors import BadSettings

# In a wheel beside the package's modules, in a checkout beside the package.
PLACES: Final = (Path(__file__).parents[2] / "migrations", Path(__file__).parents[3] / "migrations")
MIGRATION_LOCK: Final = 3_141_592_653_589_793_238


def migrate(db: Database, *, now: datetime, scripts: Path | None = None) -> None:
    """Apply what is missing, one process at a time. On SQLite a copy of a database with data is
    taken first."""
    if revision(db) == newest_revision(scripts):
        return
    refuse_unknown(db, scripts)
    if db.is_sqlite and revision(db) is not None:
        _back_up(Path(db.engine.url.database or ""), now)
    with db.writing() as tx:
        if not db.is_sqlite:
            tx.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config = _config(scripts)
        config.attributes["connection"] = tx
        command.upgrade(config, "head")


def revision(db: Database) -> str | None:
    """Where the database is; None when it is empty."""
    with db.reading(together=True) as tx:
        return MigrationContext.configure(tx).get_current_revision()


def newest_revision(scripts: Path | None = None) -> str | None:
    return ScriptDirectory.from_config(_config(scripts)).get_current_head()


def refuse_unknown(db: Database, scripts: Path | None = None) -> None:
    """A database that a newer release has migrated must not be served by an older one that does not
    know it."""
    found = revision(db)
    known = {
        each.revision for each in ScriptDirectory.from_config(_config(scripts)).walk_revisions()
    }
    if found is not None and found not in known:
        raise BadSettings(
            f"the database is at revision {found}, which this release does not know:"
            " install the newer one"
        )


def require_newest(db: Database) -> None:
    refuse_unknown(db)
    if revision(db) != newest_revision():
        raise BadSettings("the database is not migrated: run `precedent migrate` first")


def _config(scripts: Path | None = None) -> Config:
    config = Config()
    config.set_main_option(
        "script_location", str(scripts or next(place for place in PLACES if place.is_dir()))
    )
    return config


def _back_up(path: Path, now: datetime) -> None:
    copy_database(path, path.with_name(f"{path.name}.before-migration-{now:%Y%m%dT%H%M%SZ}"))
