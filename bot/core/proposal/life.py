"""The life of a line under way, an entry or an amendment: its states, and what brings it from one
to the next."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeVar, assert_never

from bot.core.verdicts import Quote

# waiting: not yet on the branch · proposed: on the branch · held: was on a pull request that a
# person put off, or that a bot or a stranger closed · withdrawn: its thread was reopened · merged,
# refused: settled by a person.
Life = Literal["waiting", "proposed", "held", "withdrawn", "merged", "refused"]
WANTED: Final[frozenset[Life]] = frozenset({"waiting", "proposed", "held"})
SETTLED: Final[frozenset[Life]] = frozenset({"merged", "refused"})

# deleted, unticked: on the open pull request · closed: with it · left out: when it was merged ·
# paused: closed with "not now" · not obeyed: closed by a machine, or by somebody without write
# access
How = Literal["deleted", "unticked", "closed", "left out", "paused", "not obeyed"]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What last took a line off the pull request ``pull``. ``who`` is empty where GitHub does not
    say; ``until`` is when the line comes back by itself, None where it does not."""

    how: How
    at: datetime
    pull: int
    who: str = ""
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ProposedLine(ABC):
    """What entries and amendments have in common. ``line`` is a person's wording, kept as written
    but without carriage returns; None while the line is ours."""

    life: Life
    drafted_at: datetime
    quote: Quote | None = None
    proposed_at: datetime | None = None
    line: str | None = None
    act: Act | None = None

    @property
    @abstractmethod
    def key(self) -> Hashable:
        """The same for no two lines of a repository."""

    @property
    @abstractmethod
    def origin(self) -> int:
        """The number of the thread whose judgement brought it about."""


@dataclass(frozen=True)
class NewWording:
    wording: str


# What people did to a line on the open pull request.
Review = Literal["nothing", "set aside", "put back", "asked back"] | NewWording

AnyLine = TypeVar("AnyLine", bound=ProposedLine)


def updated(lines: Sequence[AnyLine], changed: Sequence[AnyLine]) -> list[AnyLine]:
    """The lines, with those that changed in the place of what they were."""
    by_key = {each.key: each for each in changed}
    return [by_key.get(each.key, each) for each in lines]


def revise(
    known: Sequence[AnyLine],
    *,
    thread: int,
    found: Sequence[AnyLine],
    again_after: Collection[Life],
) -> list[AnyLine]:
    """The lines that change because a thread was judged anew: `found` is what it brings about now.

    What it brings about no longer is withdrawn. A line that is known comes again only after a life
    among `again_after`: what a person refused stays refused.
    """
    lives, keys = {each.key: each.life for each in known}, {each.key for each in found}
    gone = [
        replace(each, life="withdrawn")
        for each in known
        if each.origin == thread and each.life in WANTED and each.key not in keys
    ]
    return [*gone, *(each for each in found if lives.get(each.key) in (None, *again_after))]


def after_review(line: AnyLine, review: Review) -> AnyLine:
    match review:
        case "nothing":
            return line
        case "set aside":
            return replace(line, life="refused")
        case "put back":
            return replace(line, life="proposed")
        case "asked back":
            return wanted_again(line)
        case NewWording(wording):
            return replace(line, life="proposed", line=wording)
        case _:
            assert_never(review)


def after_close(line: AnyLine, *, refused: bool, act: Act | None) -> AnyLine:
    """A line that was on a pull request which is no longer open and which did not bring it onto the
    default branch."""
    return replace(line, life="refused" if refused else "held", act=act)


def wanted_again(line: AnyLine) -> AnyLine:
    """A line that was set aside or held, on its way back to the branch."""
    return replace(line, life="waiting")


def came_back(lines: Iterable[AnyLine], *, now: datetime) -> list[AnyLine]:
    """The lines whose time has come to be proposed again."""
    return [
        wanted_again(line)
        for line in lines
        if line.life == "held" and line.act and line.act.until and line.act.until <= now
    ]


def paused_until(lines: Iterable[ProposedLine], *, now: datetime) -> datetime | None:
    """Until when a person wants nothing to be proposed; None where nobody said so."""
    moments = [
        line.act.until
        for line in lines
        if line.life == "held" and line.act and line.act.how == "paused" and line.act.until
    ]
    return max((each for each in moments if each > now), default=None)


def taken_off_by(lines: Iterable[AnyLine], pull: int) -> list[AnyLine]:
    """The lines that closing a pull request took off it; all that were set aside on it where we
    closed it, since nothing was left."""
    gone = [
        line
        for line in lines
        if line.life in ("refused", "held") and line.act and line.act.pull == pull
    ]
    with_it = [line for line in gone if line.act and line.act.how not in ("deleted", "unticked")]
    return with_it or gone
