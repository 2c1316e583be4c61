"""Fresh databases for measuring."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from tests.support.postgres import find_server, running_postgres


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of this kind: none, sqlite, postgresql."""
    if kind == "none":
        yield ""
    elif kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
    elif given := os.environ.get("TEST_DATABASE_URL"):
        yield _create(given)
    else:
        programs = find_server()
        assert programs, "install PostgreSQL or set TEST_DATABASE_URL"
        with running_postgres(programs) as url:
            yield _create(url)


def _create(server: str) -> str:
    name = f"bench_{uuid4().hex}"
    url = sa.make_url(server)
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as tx:
        tx.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
