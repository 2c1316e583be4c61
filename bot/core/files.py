"""A text file of a repository, and why one cannot be edited."""

from dataclasses import dataclass
from typing import Final

# More is not read: who opens a pull request decides how much there is.
MAX_BYTES: Final = 10 * 1024 * 1024
LFS_POINTER: Final = b"version https://git-lfs"
REGULAR_MODES: Final = frozenset({"100644", "100755"})
UNEDITABLE_MODES: Final = {
    "120000": "a symbolic link",
    "160000": "a submodule",
    "040000": "a directory",
}


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """``blob`` is git's name for exactly these bytes."""

    text: str
    blob: str
    mode: str = "100644"


class UneditableFile(ValueError):
    """There is something at that path which must not be read or written as text; the message says
    what."""


def check_mode(path: str, mode: str) -> None:
    if mode not in REGULAR_MODES:
        raise UneditableFile(
            f"{path} is {UNEDITABLE_MODES.get(mode, f'of mode {mode}')}, not a file"
        )


def check_size(path: str, size: int) -> None:
    if size > MAX_BYTES:
        raise UneditableFile(f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB")


def read_text(path: str, content: bytes) -> str:
    """Every byte kept: a byte order mark and CRLF stay in the text."""
    if content.startswith(LFS_POINTER):
        raise UneditableFile(f"{path} is a Git LFS pointer")
    if b"\0" in content:
        raise UneditableFile(f"{path} holds a NUL byte, which git takes for binary")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UneditableFile(f"{path} is not UTF-8 (byte {error.start})") from error
