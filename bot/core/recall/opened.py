"""An issue or pull request as it opened: what is compared with past decisions, and whether it knows
of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.threads import Summary, ThreadKind, numbers_named

# Of a change that touches more, the first say what it is about.
PATHS_READ: Final = 40
NAMES_READ: Final = 60
COMMITS_READ: Final = 10


@dataclass(frozen=True, kw_only=True)
class Opened:
    """``paths`` are changed, ``names`` are identifiers added, ``commits`` are subjects: of a pull
    request, where known.

    ``cited`` are numbers that its parent or a maintainer has named; those its own text names are
    not repeated there.
    """

    number: int
    kind: ThreadKind = "issue"
    title: str
    text: str
    opened_at: datetime
    paths: Sequence[str] = ()
    names: Sequence[str] = ()
    commits: Sequence[str] = ()
    cited: frozenset[int] = frozenset()

    @property
    def knows(self) -> set[int]:
        """The threads that somebody in it already points to."""
        return numbers_named("\n".join((self.title, self.text, *self.commits))) | self.cited

    @property
    def searched(self) -> str:
        """What is searched for besides the title."""
        changed = (*self.commits[:COMMITS_READ], *self.paths[:PATHS_READ], *self.names[:NAMES_READ])
        return "\n".join((self.text, *changed))


def as_opened(issue: Summary) -> Opened:
    return Opened(
        number=issue.number, title=issue.title, text=issue.text, opened_at=issue.created_at
    )
