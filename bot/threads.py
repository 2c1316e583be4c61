"""An issue or pull request together with its remarks, as everything that judges sees it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

ThreadKind = Literal["issue", "pull_request"]
RemarkKind = Literal["description", "comment", "review", "review_comment"]
ClosedAs = Literal["open", "completed", "not_planned", "duplicate", "closed", "merged", "closed_unmerged"]

NAMED: Final = re.compile(r"(?<!\w)(?:#|issues/|pull/)([1-9]\d{0,9})\b")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One text in a thread, with who wrote it.

    ``writes``: the author may push to the repository (or is treated as such when read from a file).
    ``edited_at`` is None when the text stands as first written.
    """

    author: str
    kind: RemarkKind
    text: str
    at: datetime
    writes: bool = False
    bot: bool = False
    edited_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """``remarks`` are in time order, description first; an issue closed without a reason is ``closed_as`` "closed"."""

    number: int
    kind: ThreadKind
    title: str
    author: str
    closed_as: ClosedAs
    created_at: datetime
    remarks: Sequence[Remark]
    labels: Sequence[str] = ()
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def description(self) -> str:
        return self.remarks[0].text if self.remarks and self.remarks[0].kind == "description" else ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What one request tells of a thread: enough to search by, not to judge."""

    number: int
    title: str
    text: str
    author: str
    author_is_bot: bool
    is_open: bool
    created_at: datetime
    closed_at: datetime | None


def numbers_named(text: str) -> set[int]:
    """The issues and pull requests that a text refers to, by number or by link."""
    return {int(number) for number in NAMED.findall(text)}
