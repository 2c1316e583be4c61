"""When to keep a comment or a draft to ourselves though it might help: enough is enough."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

DAY: Final = timedelta(days=1)
# Later than this an answer is no help to whoever opened the issue, and looks like spam to everybody
# else.
LATEST: Final = timedelta(hours=6)
# Whoever opens many issues needs no lesson under each.
MOST_PER_AUTHOR: Final = 2
# How many threads a day of somebody who may not write are worth a model's time, and their own
# reasons a line.
THREADS_PER_AUTHOR: Final = 5
# Strangers who all come at once came for something else: a release that broke, a post somewhere, a
# script.
BURST: Final = 5
BURST_WITHIN: Final = timedelta(minutes=10)


def why_enough(told: Sequence[str], author: str, *, most: int) -> str | None:
    """`told` are the authors of the issues that got a comment within the last DAY, each as often as
    they got one."""
    if len(told) >= most:
        return "enough comments for a day"
    if told.count(author) >= MOST_PER_AUTHOR:
        return "enough comments for its author for a day"
    return None


def is_one_too_many(number: int, judged: Sequence[int]) -> bool:
    """`judged` are the threads of somebody who may not write that were judged within the last DAY,
    in that order."""
    others = judged[: judged.index(number)] if number in judged else judged
    return len(others) >= THREADS_PER_AUTHOR


def is_in_burst(number: int, opened: Collection[int]) -> bool:
    """`opened` are the issues of the last BURST_WITHIN; the first few of a burst are answered."""
    return sum(other < number for other in opened) >= BURST
