"""Copies of an SQLite database: taken while it is in use, put back while it is not."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.adapters.store.database import Database
from bot.core.errors import BadSettings

SIDE_FILES: Final = ("-wal", "-shm")


def database_file(db: Database) -> Path:
    """Raises BadSettings for a database server, which has better tools of its own."""
    if not db.is_sqlite:
        raise BadSettings("PostgreSQL is backed up with pg_dump and restored with pg_restore")
    return Path(db.engine.url.database or "")


def copy_database(source: Path, target: Path) -> None:
    """SQLite's own copy, right even while somebody writes."""
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def back_up(source: Path, target: Path) -> None:
    if target.exists():
        raise BadSettings(f"{target} exists already: choose another name")
    if not source.exists():
        raise BadSettings(f"there is no database at {source}")
    copy_database(source, target)


def restore(backup: Path, target: Path, *, now: datetime) -> Path | None:
    """Put `backup` in the place of `target`. What stood there is moved aside: where to, None if
    there was nothing."""
    _check_whole(backup)
    _check_unused(target)
    aside = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    fresh = target.with_name(f"{target.name}.restoring")
    copy_database(backup, fresh)
    moved = target.exists()
    if moved:
        target.rename(aside)
    for ending in SIDE_FILES:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    fresh.rename(target)
    return aside if moved else None


def _check_whole(backup: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = copy.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'deliveries'"
            ).fetchone() == (1,)
    except sqlite3.Error as error:
        raise BadSettings(f"{backup} cannot be read as a database: {error}") from error
    if not (sound and ours):
        raise BadSettings(f"{backup} is {'no database of Precedent' if sound else 'damaged'}")


def _check_unused(target: Path) -> None:
    """Somebody who has the database open would go on writing to the file that was moved aside."""
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=0)) as held:
            held.execute("PRAGMA locking_mode=EXCLUSIVE")
            held.execute("BEGIN EXCLUSIVE")
            held.rollback()
    except sqlite3.OperationalError as error:
        raise BadSettings(f"{target} is in use: stop the bot first") from error
    except sqlite3.DatabaseError:
        # Damaged: that is what a restore is for.
        return
