"""`python -m bench.hostile_text`: what 64 KB of one beginning cost to read, in processor time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.core.capture.judge_thread import judge_thread
from bot.core.learnings import parse
from bot.core.learnings.check_run import Version, check_of, remarks_on_learnings
from bot.core.learnings.lint import lint_document
from bot.core.repository_settings import RepositorySettings
from bot.core.text.cleaning import harmless
from bot.core.text.secrets import redact
from bot.core.threads import Remark, Thread, within_budget

CHARS = 64_000
COMMENTS = 3_000
TRIES = 3
PUMPS = ("sk-", "~~", "eyJ", "[", "<!--", "a@", "-----BEGIN PRIVATE KEY-----", "=", "\u6f22", "a ")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def main() -> None:
    readers: dict[str, Callable[[str], object]] = {
        "redact": redact,
        "harmless": harmless,
        "judge": _judge,
        "lint": _lint,
    }
    print("ms".ljust(28), *(name.rjust(9) for name in readers))
    for pump in PUMPS:
        text = (pump * CHARS)[:CHARS]
        print(repr(pump).ljust(28), *(f"{1000 * _least(r, text):9.1f}" for r in readers.values()))
    sentence = "We tried a cache here and dropped it, because entries went stale in a day. "
    long = (sentence * CHARS)[:CHARS]
    print(f"{COMMENTS:,} comments of 64 KB judged: {_least(_judge_many, long):.2f} s")
    lines = "\n".join(f"- **#{n}** (merged) \u2014 {sentence}[tags: cache]" for n in range(1, 640))
    print(f"check of a file of {len(lines) / 1024:.0f} KB, all new: {_least(_check, lines):.2f} s")


def _least(read: Callable[[str], object], text: str) -> float:
    return min(_seconds(read, text) for _ in range(TRIES))


def _seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def _judge(text: str, comments: int = 1) -> object:
    said = [
        Remark(
            author="olive" if at else "sam",
            kind="comment" if at else "description",
            text=text,
            at=NOON + timedelta(minutes=at),
            writes=bool(at),
        )
        for at in range(comments + 1)
    ]
    return judge_thread(
        Thread(
            number=1,
            kind="issue",
            title=text[:256],
            author="sam",
            closed_as="not_planned",
            created_at=NOON,
            remarks=within_budget(said),
        )
    )


def _judge_many(text: str) -> object:
    return _judge(text, COMMENTS)


def _lint(text: str) -> object:
    return lint_document(parse(f"- **#1** (merged) \u2014 a\n{text}"))


def _check(text: str) -> object:
    settings = RepositorySettings()
    remarks = remarks_on_learnings(
        "docs/learnings.md", head=Version(text=text), base=Version(), settings=settings
    )
    return check_of([remarks], number=1)


if __name__ == "__main__":
    main()
