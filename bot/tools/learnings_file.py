"""The learnings file on this machine: read with care, written at once or not at all, dated by
git."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bot.core.errors import BotError
from bot.core.files import MAX_BYTES

BLAME_SECONDS: Final = 10


class UnusableFile(BotError):
    """One line that names the file and says why it can be neither read nor written."""


def read_learnings(path: Path) -> str:
    """The text, line ends and byte order mark included."""
    return _decoded(path, _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        # Without blocking on a pipe, and without following the last link: what is checked is what
        # is read.
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        )
    except FileNotFoundError:
        raise UnusableFile(f"{path}: no such file") from None
    except OSError as error:
        why = "a symbolic link; name the file it points to" if path.is_symlink() else error.strerror
        raise UnusableFile(f"{path}: {why}") from None
    try:
        _refuse_others(path, os.fstat(descriptor).st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(content) > MAX_BYTES:
        raise UnusableFile(f"{path}: larger than {MAX_BYTES // 1024 // 1024} MB")
    return content


def _refuse_others(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnusableFile(f"{path}: a directory; name the file in it")
    if not stat.S_ISREG(mode):
        raise UnusableFile(f"{path}: not a regular file")


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnusableFile(f"{path}: not UTF-8 (line {line})") from None


def write_learnings(path: Path, text: str, *, instead_of: str) -> None:
    """Replace the file in one step. Raises UnusableFile, and leaves it, if it is no longer
    ``instead_of``."""
    if read_learnings(path) != instead_of:
        raise UnusableFile(f"{path}: changed meanwhile; run again")
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise UnusableFile(f"{path}: {error.strerror}") from None


def line_dates(path: Path) -> Mapping[int, date]:
    """When each line (from 1) was last changed, as git knows it; empty outside a repository or
    without git."""
    command = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "blame",
        "--line-porcelain",
        "--no-textconv",
        "--",
        path.name,
    ]
    try:
        blame = subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=path.parent, capture_output=True, check=True, timeout=BLAME_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return _dates(blame.stdout)


def _dates(porcelain: bytes) -> Mapping[int, date]:
    """https://git-scm.com/docs/git-blame#_the_porcelain_format"""
    dates: dict[int, date] = {}
    committed, line = True, 0
    for row in porcelain.split(b"\n"):
        words = row.split(b" ")
        if len(words[0]) in (40, 64) and len(words) >= 3 and words[2].isdigit():
            committed, line = bool(words[0].strip(b"0")), int(words[2])
        elif words[0] == b"author-time" and committed:
            dates[line] = datetime.fromtimestamp(int(words[1]), UTC).date()
    return dates
