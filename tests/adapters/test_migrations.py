"""The schema's life: from nothing, with data, while the last release runs, and back from too far
ahead."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.adapters.store.database import Database, open_database
from bot.adapters.store.deliveries import Deliveries
from bot.adapters.store.disk import filesystem_of
from bot.adapters.store.migrate import PLACES, migrate, newest_revision, require_newest, revision
from bot.adapters.store.schema import metadata
from bot.core.errors import BadSettings
from bot.core.events import Delivery
from tests.support.moments import NOON

DELIVERY = Delivery(guid="g1", event="issues", body=b"{}")


ADD_A_COLUMN = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{newest}"

def upgrade():
    op.add_column("deliveries", sa.Column("source", sa.Text, nullable=False, server_default="webhook"))
"""  # noqa: E501
BREAK_HALFWAY = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{newest}"

def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    raise RuntimeError("killed here")
"""


def next_release(folder: Path, change: str) -> Path:
    """Our migrations and one more."""
    shutil.copytree(PLACES[1], folder / "migrations")
    change = change.replace("{newest}", str(newest_revision()))
    (folder / "migrations" / "versions" / "next.py").write_text(change)
    return folder / "migrations"


def copies(folder: Path) -> list[Path]:
    return list(folder.glob("*.before-migration-*"))


def test_the_last_release_goes_on_while_the_next_one_migrates(db: Database, tmp_path: Path):
    last = Deliveries(db, lambda: NOON)
    last.keep([DELIVERY])
    migrate(db, now=NOON, scripts=next_release(tmp_path, ADD_A_COLUMN))
    last.keep([Delivery(guid="g2", event="issues", body=b"{}")])

    assert last.known(["g1", "g2"]) == {"g1", "g2"}


def test_a_file_with_data_is_copied_before_it_is_migrated(sqlite_db: Database, tmp_path: Path):
    Deliveries(sqlite_db, lambda: NOON).keep([DELIVERY])
    migrate(sqlite_db, now=NOON, scripts=next_release(tmp_path, ADD_A_COLUMN))

    (copy,) = copies(tmp_path)
    before = Database(f"sqlite:///{copy}")
    assert (revision(before), Deliveries(before, lambda: NOON).known(["g1"])) == (
        newest_revision(),
        {"g1"},
    )
    before.close()


def test_an_empty_file_is_not_copied(sqlite_db: Database, tmp_path: Path):
    assert copies(tmp_path) == []


def test_a_migration_that_breaks_off_leaves_nothing_behind(db: Database, tmp_path: Path):
    with pytest.raises(RuntimeError):
        migrate(db, now=NOON, scripts=next_release(tmp_path, BREAK_HALFWAY))

    with db.reading() as tx:
        assert (revision(db), sa.inspect(tx).has_table("half")) == (newest_revision(), False)


def test_the_migrations_make_exactly_the_tables_of_the_schema(db: Database):
    with db.reading() as tx:
        differences = compare_metadata(
            MigrationContext.configure(tx, opts={"compare_type": True}), metadata
        )

    assert differences == []


def test_an_empty_database_is_brought_to_the_newest_revision(db: Database):
    assert revision(db) == newest_revision()


def test_migrating_again_changes_nothing(db: Database):
    Deliveries(db, lambda: NOON).keep([DELIVERY])
    migrate(db, now=NOON)

    assert Deliveries(db, lambda: NOON).known(["g1"]) == {"g1"}


def test_an_unmigrated_database_is_not_served(database_url: str):
    db = Database(database_url)
    with pytest.raises(BadSettings, match="precedent migrate"):
        require_newest(db)
    db.close()


def test_a_database_of_a_newer_release_is_not_served(db: Database):
    with db.writing() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BadSettings, match="9999"):
        require_newest(db)


def test_a_database_of_a_newer_release_is_not_migrated(db: Database):
    with db.writing() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BadSettings, match="9999"):
        migrate(db, now=NOON)


def test_a_damaged_file_is_not_served(tmp_path: Path):
    path = tmp_path / "bot.db"
    path.write_bytes(b"SQLite format 3\0" + b"garbage" * 1000)

    with pytest.raises(BadSettings, match="precedent restore"):
        open_database(f"sqlite:///{path}")


def test_a_damaged_page_is_found_at_start(sqlite_db: Database, tmp_path: Path):
    Deliveries(sqlite_db, lambda: NOON).keep(
        [Delivery(guid=f"g{n}", event="x", body=b"x" * 3000) for n in range(50)]
    )
    sqlite_db.close()
    path = tmp_path / "bot.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:12_288] + b"\xff" * 30_000 + whole[42_288:])

    with pytest.raises(BadSettings, match="damaged"):
        open_database(sqlite_db.url)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(BadSettings, match=r"DATABASE_URL.*gone"):
        open_database(f"sqlite:///{tmp_path}/gone/bot.db")


def test_a_server_that_is_not_there_is_named_without_the_password():
    with pytest.raises(BadSettings, match="DATABASE_URL") as refused:
        open_database("postgresql://bot:hunter2@127.0.0.1:1/bot")

    assert "hunter2" not in str(refused.value)


MOUNTS = [
    "overlay / overlay rw 0 0",
    "/dev/vdb /data ext4 rw 0 0",
    "tmpfs /data/cache tmpfs rw 0 0",
    "/dev/vdc /with\\040space ext4 rw 0 0",
]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/bot.db", "overlay"),
        ("/data/bot.db", "ext4"),
        ("/data/cache/bot.db", "tmpfs"),
        ("/database/bot.db", "overlay"),
        ("/with space/bot.db", "ext4"),
    ],
)
def test_the_innermost_file_system_counts(path: str, kind: str):
    assert filesystem_of(Path(path), MOUNTS) == kind
