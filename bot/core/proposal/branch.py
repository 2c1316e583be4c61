"""Our branch and its pull request: what is remembered of them between jobs, and the branch as
found."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Written:
    """Our branch as we wrote it; ``base`` is the default branch's file that it started from.

    ``path`` is where the file was then; None where that was not kept yet.
    """

    head: str
    document: str
    base: str
    path: str | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is remembered of the pull request: the open one's number, the last settled one's.

    ``under_way`` is a write that may or may not have reached GitHub before the process died.
    """

    number: int | None = None
    settled: int | None = None
    written: Written | None = None
    under_way: Written | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """Our branch as found, and as it was before people touched it.

    ``fork`` is the default branch's file where the branch last started from it: the very same as
    now, or stale. ``moved``: the file has another path there than it is to have.
    """

    document: str
    before: str
    fork: str
    moved: bool = False
