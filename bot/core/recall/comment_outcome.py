"""What became of a comment of ours, and when to look: a few times in its first week, then no
more."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.core.jobs import FollowComment, RestoreComment, ShowPriorArt
from bot.core.learnings import Entry
from bot.core.threads import Thread, numbers_named

# hit: the issue was settled as the decision would have it · assist: somebody found it of use ·
# noise: somebody did not, or took it away · missed: we were silent, and a person named the
# decision.
Outcome = Literal["unknown", "hit", "assist", "noise", "missed"]

# GitHub sends no webhook for reactions.
LOOKS: Final = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))
# A close later than this has other reasons.
SOON: Final = LOOKS[-1]
NOT_HELPFUL: Final = "-1"
HELPFUL: Final = frozenset({"+1", "heart", "hooray", "rocket"})


def next_look(
    job: ShowPriorArt | FollowComment | RestoreComment, *, comment: str, age: timedelta
) -> tuple[FollowComment, timedelta] | None:
    """The job that looks next and how long until then; None after the last time. `comment`
    is a name for ours."""
    after = next((look for look in LOOKS if look > age), None)
    if after is None:
        return None
    look = FollowComment(**job.under(f"{comment}:{after}"), number=job.number)
    return look, after - age


def judge_outcome(
    issue: Thread, *, entries: Collection[int], commented_at: datetime, reactions: Collection[str]
) -> Outcome:
    """`reactions` in GitHub's words; `entries` are the numbers our comment told of, or would
    have."""
    if NOT_HELPFUL in reactions:
        return "noise"
    if _settled_by(issue, commented_at):
        return "hit"
    if not HELPFUL.isdisjoint(reactions) or not _named_later(issue, since=commented_at).isdisjoint(
        entries
    ):
        return "assist"
    return "unknown"


def find_missed(issue: Thread, entries: Iterable[Entry]) -> int | None:
    """The number of a decision that somebody named under an issue; None where nobody did, or its
    author at once."""
    named = _named_later(issue, since=issue.created_at) - numbers_named(
        f"{issue.title}\n{issue.description}"
    )
    decided = {number for entry in entries for number in entry.numbers if number < issue.number}
    return min(named & decided, default=None)


def _settled_by(issue: Thread, commented_at: datetime) -> bool:
    if issue.closed_at is None or not commented_at <= issue.closed_at <= commented_at + SOON:
        return False
    return issue.closed_as in ("not_planned", "duplicate") or issue.closed_by == issue.author


def _named_later(issue: Thread, *, since: datetime) -> set[int]:
    """What people referred to after that moment."""
    said = [
        remark
        for remark in issue.remarks
        if remark.kind != "description" and not remark.bot and remark.at > since
    ]
    return set[int]().union(*(numbers_named(remark.text) for remark in said))
