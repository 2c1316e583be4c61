"""Closed threads for tests: something valid by default, so that a test states only what was
said."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.core.threads import ClosedAs, Remark, RemarkKind, Thread, ThreadKind

START = datetime(2025, 3, 1, tzinfo=UTC)
MAINTAINERS = frozenset({"ada", "grace"})


def remark(
    author: str,
    text: str,
    *,
    kind: RemarkKind = "comment",
    minutes: int = 0,
    edited: int | None = None,
) -> Remark:
    """Times in minutes after the thread was opened. `ada` and `grace` may write; names ending in
    [bot] are bots."""
    return Remark(
        author=author,
        kind=kind,
        text=text,
        at=START + timedelta(minutes=minutes),
        writes=author in MAINTAINERS,
        bot=author.endswith("[bot]"),
        edited_at=None if edited is None else START + timedelta(minutes=edited),
        url=f"https://github.com/acme/anvil/issues/7#issuecomment-{minutes}",
    )


def closed(
    *said: tuple[str, str] | Remark,
    title: str = "Support custom themes",
    description: str = "It would be nice to load a theme from a file.",
    kind: ThreadKind = "issue",
    closed_as: ClosedAs | None = None,
    labels: Sequence[str] = (),
) -> Thread:
    """A thread of `sam`, who may not write; an issue closed without a reason, or a pull request
    closed unmerged."""
    remarks = [remark("sam", description, kind="description")] if description else []
    for minute, each in enumerate(said, start=1):
        remarks.append(each if isinstance(each, Remark) else remark(*each, minutes=minute))
    return Thread(
        number=7,
        kind=kind,
        title=title,
        author="sam",
        closed_as=closed_as or ("closed" if kind == "issue" else "closed_unmerged"),
        created_at=START,
        remarks=remarks,
        labels=tuple(labels),
        closed_at=START + timedelta(minutes=len(said) + 1),
    )
