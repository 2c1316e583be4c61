"""An issue or pull request together with its remarks, as everything that judges sees it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from bot.core.text.secrets import cut_between_words

ThreadKind = Literal["issue", "pull_request"]
RemarkKind = Literal["description", "comment", "review", "review_comment"]
ClosedAs = Literal[
    "open", "completed", "not_planned", "duplicate", "closed", "merged", "closed_unmerged"
]

# What is read of one thread. Three hundred long remarks have less; more is no discussion, and
# judging it takes seconds.
MOST_CHARS: Final = 200_000
TASK: Final = re.compile(r"^[ \t]*[-*+][ \t]+\[[ xX]\][ \t]+(\S.*)$", re.MULTILINE)
TASK_CHARS: Final = 300
HERE: Final = re.compile(r"(?<![\w/#&-])#([1-9]\d{0,9})\b")
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
    """``remarks`` are in time order, description first; an issue closed without a reason is
    ``closed_as`` "closed".

    ``closed_by`` is None where nobody knows; ``landed``: a commit or a merge bot closed it, so what
    it wanted was done. ``linked`` are threads of the same repository one step away; nothing further
    is linked to them.
    """

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
    landed: bool = False
    parent: int | None = None
    children: Sequence[int] = ()
    linked: Sequence["Thread"] = ()

    @property
    def description(self) -> str:
        return (
            self.remarks[0].text if self.remarks and self.remarks[0].kind == "description" else ""
        )

    def find_linked(self, number: int | None) -> "Thread | None":
        return next((thread for thread in self.linked if thread.number == number), None)


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Another thread of the repository that names this one; ``text`` is its description."""

    number: int
    author: str
    text: str
    merged: bool


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What GitHub tells of a thread besides its remarks. ``landed``: a commit on the default branch
    closed it."""

    mentions: Sequence[Mention] = ()
    parent: int | None = None
    children: Sequence[int] = ()
    landed: bool = False


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


@dataclass(frozen=True, kw_only=True)
class ThreadCopy:
    """A thread's own words, to search by. ``decided_as`` is how it was closed if that decided
    something, else None."""

    number: int
    title: str
    text: str
    created_at: datetime | None = None
    closed_at: datetime | None = None
    decided_as: ClosedAs | None = None


def within_budget(remarks: Sequence[Remark]) -> list[Remark]:
    """The remarks of a thread that are read: the description first, then those of people who may
    decide, then the rest.

    Of each the newest come first, so that neither length nor number pushes out the end of a thread.
    `remarks` and what is returned are in time order; the one that the budget ends in is cut between
    two words.
    """
    if sum(len(remark.text) for remark in remarks) <= MOST_CHARS:
        return list(remarks)
    kept, room = dict[int, Remark](), MOST_CHARS
    for place in sorted(
        range(len(remarks)), key=lambda place: (place > 0, not remarks[place].writes, -place)
    ):
        text = cut_between_words(remarks[place].text, room)
        room -= len(text)
        if text:
            kept[place] = replace(remarks[place], text=text)
    return [kept[place] for place in sorted(kept)]


def numbers_in_tasks(text: str) -> list[int]:
    """The threads a task list is made of: of each task the one number it names, if it names one."""
    named = [HERE.findall(task[:TASK_CHARS]) for task in TASK.findall(text)]
    return list(dict.fromkeys(int(numbers[0]) for numbers in named if len(numbers) == 1))


def numbers_named(text: str) -> set[int]:
    """The issues and pull requests that a text refers to, by number or by link."""
    return {int(number) for number in NAMED.findall(text)}
