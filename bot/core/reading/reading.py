"""From a thread to its sentences, each with the role of whoever said it and its place before the
close."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.reading.moves import Move, find_moves
from bot.core.reading.prose import read_sentences
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Remark, Thread

# A reason that somebody adds within a day of closing belongs to the close.
HEARD_LATER: Final = timedelta(days=1)

_AUTOMATIC: Final = compile_phrases(
    """
    (this|the) (issue|pr|pull request|thread|ticket|bug report|conversation) (\\S+ ){0,4}automatically
    automatically (marked|labell?ed|flagged) (this |it )?as
    automatically (clos|lock)(ed|ing) (this|the|stale|inactive|old)
    (this is an automated|i am a bot|beep boop)
    """  # noqa: E501
)
_BOT_NAME: Final = re.compile(r"\[bot\]$|^bot\d*$", re.IGNORECASE)


class Role(StrEnum):
    DECIDER = "decider"  # may write, and did not open the thread
    OWN = "own"  # may write, and opened it
    AUTHOR = "author"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One sentence. ``place`` and ``of``: which of how many in its remark; ``from_end``: remarks of
    people after it; ``before_close``: hours, negative for what was added afterwards."""

    sentence: str
    remark: Remark
    role: Role
    place: int
    of: int
    from_end: int
    before_close: float
    moves: frozenset[Move]

    @property
    def described(self) -> bool:
        return self.remark.kind == "description"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """``remarks`` are those of people, up to a day after the close, description first."""

    thread: Thread
    remarks: Sequence[Remark]
    said: Sequence[Said]
    ended_by_bot: bool

    def role_of(self, remark: Remark) -> Role:
        return find_role(remark, self.thread)

    @property
    def closer(self) -> Role | None:
        """The role of whoever closed it; None where that is unknown, or a bot's act."""
        by = self.thread.closed_by
        if by is None or _BOT_NAME.search(by):
            return None
        if by == self.thread.author:
            return (
                Role.OWN if any(r.writes for r in self.remarks if r.author == by) else Role.AUTHOR
            )
        return Role.DECIDER


def read_thread(thread: Thread, *, ignore_authors: Sequence[str] = ()) -> Reading:
    people = find_standing(thread, ignore_authors=ignore_authors)
    heard = [remark for remark in thread.remarks if not _too_late(remark.at, thread)]
    return Reading(
        thread=thread,
        remarks=people,
        said=[
            said
            for place, remark in enumerate(people)
            for said in _say(remark, thread, len(people) - 1 - place)
        ],
        ended_by_bot=bool(heard and heard[-1].kind != "description" and is_automatic(heard[-1])),
    )


def find_standing(thread: Thread, *, ignore_authors: Sequence[str] = ()) -> list[Remark]:
    """What people wrote up to a day after the close, and left as it was."""
    ignored = {name.lower() for name in ignore_authors}
    return [
        remark
        for remark in thread.remarks
        if not _too_late(remark.at, thread)
        and not _edited_later(remark, thread)
        and not is_automatic(remark)
        and remark.author.lower() not in ignored
    ]


def find_role(remark: Remark, thread: Thread) -> Role:
    if remark.author == thread.author:
        return Role.OWN if remark.writes else Role.AUTHOR
    return Role.DECIDER if remark.writes else Role.OTHER


def is_automatic(remark: Remark) -> bool:
    """Bots are known by what they say as well: many of them post from ordinary accounts."""
    return remark.bot or bool(_AUTOMATIC.search(remark.text[:600]))


def _say(remark: Remark, thread: Thread, from_end: int) -> list[Said]:
    sentences = read_sentences(remark.text)
    closed = thread.closed_at or remark.at
    hours = (closed - remark.at) / timedelta(hours=1)
    role = find_role(remark, thread)
    return [
        Said(
            sentence=sentence,
            remark=remark,
            role=role,
            place=place,
            of=len(sentences),
            from_end=from_end,
            before_close=hours,
            moves=find_moves(sentence),
        )
        for place, sentence in enumerate(sentences)
    ]


def _too_late(moment: datetime, thread: Thread) -> bool:
    return bool(thread.closed_at and moment > thread.closed_at + HEARD_LATER)


def _edited_later(remark: Remark, thread: Thread) -> bool:
    """What was written before the close, and says something else since."""
    closed, edited = thread.closed_at, remark.edited_at
    return bool(closed and edited and edited > closed >= remark.at)
