"""A copy of the database can be taken at work and put back at rest."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.store.backup import back_up, database_file, restore
from bot.adapters.store.database import Database
from bot.adapters.store.deliveries import Deliveries
from bot.core.errors import BadSettings
from bot.core.events import Delivery
from tests.support.moments import NOON


def keep(db: Database, guid: str) -> None:
    Deliveries(db, lambda: NOON).keep([Delivery(guid=guid, event="ping", body=b"{}")])


def guids(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as tx:
        return [guid for (guid,) in tx.execute("SELECT guid FROM deliveries ORDER BY seq")]


def test_what_was_kept_since_the_copy_is_set_aside(sqlite_db, tmp_path):
    target, copy = database_file(sqlite_db), tmp_path / "copy.db"
    keep(sqlite_db, "before")
    back_up(target, copy)
    keep(sqlite_db, "since")
    sqlite_db.close()
    aside = restore(copy, target, now=NOON)

    assert guids(target) == ["before"]
    assert aside is not None
    assert guids(aside) == ["before", "since"]


def test_a_database_in_use_is_not_replaced(sqlite_db, tmp_path):
    target, copy = database_file(sqlite_db), tmp_path / "copy.db"
    keep(sqlite_db, "before")
    back_up(target, copy)
    with sqlite_db.writing() as tx:
        tx.exec_driver_sql("UPDATE deliveries SET event = 'x'")
        with pytest.raises(BadSettings, match="in use"):
            restore(copy, target, now=NOON)


def test_a_damaged_database_is_replaced(sqlite_db, tmp_path):
    target, copy = database_file(sqlite_db), tmp_path / "copy.db"
    keep(sqlite_db, "before")
    back_up(target, copy)
    sqlite_db.close()
    target.write_bytes(b"not a database" * 1000)
    restore(copy, target, now=NOON)

    assert guids(target) == ["before"]


def test_a_damaged_copy_replaces_nothing(sqlite_db, tmp_path):
    keep(sqlite_db, "before")
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"not a database" * 1000)
    sqlite_db.close()
    with pytest.raises(BadSettings, match="cannot be read"):
        restore(copy, database_file(sqlite_db), now=NOON)

    assert guids(database_file(sqlite_db)) == ["before"]


def test_a_copy_replaces_no_file(sqlite_db, tmp_path):
    (tmp_path / "copy.db").touch()
    with pytest.raises(BadSettings, match="exists already"):
        back_up(database_file(sqlite_db), tmp_path / "copy.db")


def test_a_server_has_tools_of_its_own(postgres):
    with pytest.raises(BadSettings, match="pg_dump"):
        database_file(Database(postgres))
