"""What changed between two commits, file by file, as GitHub lists it."""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from dulwich.diff_tree import RenameDetector, TreeChange
from dulwich.objects import Blob, ObjectID, TreeEntry
from dulwich.patch import is_binary, unified_diff

from github_sandbox.git import Git

FileStatus = Literal["added", "removed", "modified", "renamed", "copied"]
STATUS: dict[str, FileStatus] = {
    "add": "added",
    "delete": "removed",
    "modify": "modified",
    "rename": "renamed",
    "copy": "copied",
}


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """``patch`` is None for a binary file; it has the hunks alone, without the two file lines."""

    path: str
    old_path: str | None
    status: FileStatus
    blob: str
    additions: int
    deletions: int
    patch: str | None


def changed_files(git: Git, old: str | None, new: str) -> list[FileChange]:
    """Changes from one commit to another; from nothing when `old` is None."""
    before = git.commit(old).tree if old else None
    changes = RenameDetector(git.store).changes_with_renames(before, git.commit(new).tree)
    return [_file_change(git, change) for change in changes]


def pull_files(git: Git, base: str, head: str) -> list[FileChange]:
    """What a pull request shows: from where the branches parted to its head."""
    return changed_files(git, git.merge_base(base, head), head)


def _file_change(git: Git, change: TreeChange) -> FileChange:
    old, new = change.old, change.new
    before, after = _content(git, old), _content(git, new)
    named = new if new and new.path else old
    assert named is not None
    assert named.path is not None
    assert named.sha is not None
    old_path = old.path.decode() if old and old.path else None
    status = STATUS[change.type]
    lines = (
        []
        if is_binary(before) or is_binary(after)
        else list(unified_diff(_lines(before), _lines(after)))[2:]
    )
    return FileChange(
        path=named.path.decode(),
        old_path=old_path if status in ("renamed", "copied") else None,
        status=status,
        blob=named.sha.decode(),
        additions=sum(line.startswith(b"+") for line in lines),
        deletions=sum(line.startswith(b"-") for line in lines),
        patch=b"".join(lines).decode(errors="replace").removesuffix("\n") if lines else None,
    )


def _content(git: Git, entry: TreeEntry | None) -> bytes:
    if entry is None or entry.sha is None:
        return b""
    found = git.store[ObjectID(entry.sha)]
    return found.data if isinstance(found, Blob) else b""


def _lines(content: bytes) -> list[bytes]:
    # git's lines end with a line feed and nothing else; splitlines() also breaks at a lone carriage
    # return.
    return BytesIO(content).readlines()
