"""A whole tracker judged in time order: how many lines it would be offered, how good, and what it
would see."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.tools.evals.closures import Answer

PERHAPS_AT_MOST: Final = 10
PERHAPS_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """``kept`` and ``read``: of the lines that people have read, how many they would keep."""

    closes: int
    proposed: int
    perhaps: int
    read: int
    kept: int

    @property
    def per_100(self) -> float:
        return 100 * self.proposed / self.closes if self.closes else 0.0

    @property
    def precision(self) -> float | None:
        return self.kept / self.read if self.read else None


@dataclass(frozen=True, kw_only=True)
class Replay:
    """``weeks``: the span of the closes, at least one."""

    total: Tally
    by_kind: Mapping[str, Tally]
    weeks: float


def in_order(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=closed_at)


def closed_at(answer: Answer) -> datetime:
    thread = answer.kept.thread
    return thread.closed_at or thread.created_at


def replay(answers: Sequence[Answer]) -> Replay:
    kinds = defaultdict[str, list[Answer]](list)
    for answer in answers:
        thread = answer.kept.thread
        kinds[f"{thread.kind}, {thread.closed_as}{', landed' if thread.landed else ''}"].append(
            answer
        )
    ordered = in_order(answers)
    span = closed_at(ordered[-1]) - closed_at(ordered[0]) if ordered else timedelta()
    return Replay(
        total=tally(answers),
        by_kind={kind: tally(kinds[kind]) for kind in sorted(kinds)},
        weeks=max(1.0, span / timedelta(weeks=1)),
    )


def tally(answers: Sequence[Answer]) -> Tally:
    tiers = Counter(answer.verdict.tier for answer in answers)
    read = [answer.kept.gold for answer in answers if answer.verdict.admit and answer.kept.gold]
    return Tally(
        closes=len(answers),
        proposed=tiers["proposed"],
        perhaps=tiers["perhaps"],
        read=len(read),
        kept=sum(gold.admit for gold in read),
    )


def waiting(answers: Sequence[Answer], at: datetime) -> tuple[list[Answer], list[Answer]]:
    """What the rolling pull request holds at a moment if nobody merges: proposals, and the surest
    others of late."""
    past = [answer for answer in in_order(answers) if closed_at(answer) <= at]
    late = [a for a in past if a.verdict.tier == "perhaps" and closed_at(a) > at - PERHAPS_FOR]
    surest = sorted(late, key=lambda answer: -answer.verdict.confidence)[:PERHAPS_AT_MOST]
    return [answer for answer in past if answer.verdict.admit], surest


def as_text(found: Replay) -> str:
    lines = [
        f"{'':40}{'closes':>8}{'proposed':>10}{'per 100':>9}{'perhaps':>9}{'read':>6}{'worth it':>10}"  # noqa: E501
    ]
    for name, each in {"all": found.total, **found.by_kind}.items():
        precision = "-" if each.precision is None else f"{each.precision:.2f}"
        lines.append(
            f"{name:40}{each.closes:>8}{each.proposed:>10}{each.per_100:>9.1f}{each.perhaps:>9}{each.read:>6}{precision:>10}"
        )
    lines.append(
        f"{found.total.proposed / found.weeks:.2f} proposals a week over {found.weeks:.0f} weeks"
    )
    return "\n".join(lines)


def as_page(answers: Sequence[Answer], at: datetime) -> str:
    proposed, perhaps = waiting(answers, at)
    lines = [f"At {at.date()}: {len(proposed)} proposed, {len(perhaps)} perhaps", ""]
    lines += [
        f"- **#{a.kept.thread.number}** ({a.draft.state}) — {a.draft.takeaway}"
        for a in proposed
        if a.draft
    ]
    lines += ["", "Perhaps:"] if perhaps else []
    lines += [
        f'- #{a.kept.thread.number} {a.kept.thread.title}: "{a.verdict.rationale[0].sentence}"'
        for a in perhaps
    ]
    return "\n".join(lines)
