"""A PostgreSQL of the tests' own: a private cluster on a free port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A test's database need not outlive a power cut.
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def find_server() -> Path | None:
    """The folder of PostgreSQL's programs, None when it is not installed. Debian does not put them
    on the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    return installed[-1].parent if installed else None


@contextmanager
def running_postgres(programs: Path, *, settings: str = "") -> Iterator[str]:
    """Yields the address of its empty default database. Root may not run a server: then it runs as
    `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="precedent-pg-"))
    as_user = _as_postgres(folder)
    cluster, port = folder / "cluster", _free_port()
    run = lambda *command: subprocess.run(  # noqa: E731
        command, check=True, capture_output=True, cwd=folder, **as_user
    )
    run(
        programs / "initdb",
        "-D",
        cluster,
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c"
        " max_connections=200"
        f" {settings}"
    )
    run(programs / "pg_ctl", "-D", cluster, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _as_postgres(folder: Path) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
