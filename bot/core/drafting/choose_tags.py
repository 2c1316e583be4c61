"""Which of the repository's tags a thread is about."""

import re
from collections.abc import Sequence
from typing import Final

from bot.core.threads import Thread

TAGS_AT_MOST: Final = 3
STEM_CHARS: Final = 4


def choose_tags(thread: Thread, vocabulary: Sequence[str]) -> tuple[str, ...]:
    """Tags named by a label or in the title, then those in the description; none when nothing
    fits."""
    places = ("\n".join(thread.labels), thread.title, thread.description)
    chosen = [tag for place in places for tag in vocabulary if _names(tag, place)]
    return tuple(dict.fromkeys(chosen))[:TAGS_AT_MOST]


def _names(tag: str, text: str) -> bool:
    """`config` is named by "configuration" as well; short tags stand alone."""
    words = r"[\s_-]?".join(re.escape(word) for word in re.split(r"[\s_-]+", tag) if word)
    ending = r"\w*" if len(tag) >= STEM_CHARS else ""
    return (
        bool(words)
        and re.search(rf"(?<![^\W_]){words}{ending}(?![^\W_])", text, re.IGNORECASE) is not None
    )
