"""A merged change is worth an entry when it says that it takes back what was merged, and why."""

import re
from typing import Final

from bot.core.capture.deciding import find_deciding
from bot.core.capture.ending import TELLING, conclude, is_quotable, refuse
from bot.core.capture.linked_threads import reasons_to_reverse
from bot.core.capture.model import Model
from bot.core.reading import Reading, Said
from bot.core.reading.prose import read_sentences
from bot.core.reading.references import find_reverted
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Verdict

FEWEST_WORDS: Final = 5
# The title that GitHub's button writes, and what git writes into the message.
_TITLE: Final = re.compile(
    r"\s*(?:\w+(?:\([^)]*\))?!?:\s*)?reverts?:?\s+[\"\u201c'\u2018](?P<what>.+?)[\"\u201d'\u2019]?\s*(?:\(#\d+\))?\s*[.\u2026]*$",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(r"\s*(?:\w+(?:\([^)]*\))?!?:\s*)?reverts?\b(?! to\b)", re.IGNORECASE)
_COMMIT: Final = re.compile(r"\bthis reverts commits? [0-9a-f]{7,40}\b", re.IGNORECASE)


def find_reverted_title(title: str) -> str | None:
    """The X of `Revert "X"`."""
    match = _TITLE.match(title)
    return match["what"] if match else None


def judge_merged(reading: Reading, rules: CaptureRules, model: Model) -> Verdict:
    thread = reading.thread
    if not says_it_reverts(thread):
        return refuse(
            "completed_no_lesson", "merged, and it does not say that it takes anything back"
        )
    deciding = find_deciding(thread, rules)
    ranked = sorted(
        zip(model.score_sentences(reading), reading.said, strict=True), key=lambda each: -each[0]
    )
    reasons = [
        said
        for _, said in ranked
        if said.remark in deciding and is_quotable(said) and _tells_why(said)
    ]
    reasons.sort(key=lambda said: not said.described)
    if not reasons:
        # GitHub's button writes no reason; whoever pressed it gave theirs under the change that
        # went wrong.
        reverted = find_reverted([thread.title, *read_sentences(thread.description)])
        reasons = reasons_to_reverse(thread, reverted, rules, model)
    if not reasons:
        return refuse("completed_no_lesson", "it reverses something, and nobody says why")
    return conclude(reading, reasons, rules, tier="proposed", lesson="reversed_decision")


def says_it_reverts(thread: Thread) -> bool:
    said = read_sentences(thread.description)
    return bool(
        _BEGINS.match(thread.title)
        or any(map(_COMMIT.search, said))
        or find_reverted([thread.title, *said])
    )


def _tells_why(said: Said) -> bool:
    """What stands under the title of a revert is its reason, whatever its words; what names it is
    none."""
    if _COMMIT.search(said.sentence) or len(said.sentence.split()) < FEWEST_WORDS:
        return False
    return bool(said.moves & TELLING) or (said.described and find_reverted([said.sentence]) is None)
