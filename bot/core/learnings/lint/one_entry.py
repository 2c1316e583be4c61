"""Rules about how one entry is written."""

import re
from collections.abc import Iterator
from typing import Final

from bot.core.learnings.document import Document
from bot.core.learnings.entry import STATES, Entry
from bot.core.learnings.grammar import LABEL, MARKER, STATE, mask
from bot.core.learnings.lint.finding import Finding, in_entry, replaced

RULE_LABEL: Final = re.compile(
    r"\b(?:[Dd]esign [Rr]ule|[Rr]ule|[Pp]attern|[Ll]esson|[Pp]rinciple)s?\s*:"
)
SENTENCE: Final = re.compile(r"[.!?][\"')\]]*\s+(?=[A-Z`\"'(])")
MANY_SENTENCES: Final = 6
# Lines of 400 to 1,000 characters are common and read well.
LONG_TAKEAWAY: Final = 1000
# A participle may also be an adjective ("expired tiles"): only before an object it is what somebody
# did.
PAST: Final = re.compile(
    r"(?:[a-z]{2,}ed|made|wrote|built|kept|took|put|cut|split|moved)(?=\s+(?:the|a|an|all|both"
    r"|our|its|this|that|these"
    r"|those|to|from|into|support|`|#|\w+_\w|(?-i:[A-Z]{2,})))|(?:was|were|did|had|went|broke"
    r"|ran|began)\b",
    re.IGNORECASE,
)
DASH: Final = "\u2014"
SEPARATORS: Final = "-:=>\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2192"


def lint_entry(document: Document, entry: Entry) -> Iterator[Finding]:
    yield from _head(document, entry)
    yield from _state(document, entry)
    yield from _separator(document, entry)
    yield from _labels(document, entry)
    yield from _takeaway(entry)
    if not entry.tags and not entry.note:
        end = len(entry.text.split("\n")[0])
        message = "no tags: they say where the entry belongs and let agents find its neighbours"
        yield in_entry(entry, (0, end), rule="missing-tags", severity="hint", message=message)


def _head(document: Document, entry: Entry) -> Iterator[Finding]:
    marker = MARKER.match(entry.text)
    assert marker is not None
    start = marker.end()
    end = start + len(entry.head)
    if not entry.text.startswith(("**", "__"), start) and entry.text.startswith(entry.head, start):
        fix = replaced(document, entry, start, end, f"**{entry.head}**")
        yield in_entry(
            entry,
            (start, end),
            rule="bold-number",
            severity="hint",
            message="the number is not bold",
            fix=fix,
        )
    if re.search(r"/\s*PR$", entry.head):
        message = "the pull request has no number"
        yield in_entry(
            entry,
            (start, start + len(entry.head) + 4),
            rule="missing-number",
            severity="hint",
            message=message,
        )
    numbers = [ref.number for ref in entry.refs if ref.local]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        message = f"#{number} is given twice: an issue and its pull request have different numbers"
        yield in_entry(
            entry,
            (start, start + len(entry.head) + 4),
            rule="repeated-number",
            severity="hint",
            message=message,
        )


def _state(document: Document, entry: Entry) -> Iterator[Finding]:
    span = entry.state_span
    written = entry.text[span.start : span.end]
    if entry.note:
        return
    if not entry.state:
        message = f"no state: ({'), ('.join(STATES[:4])}) or another of {len(STATES)}"
        yield in_entry(
            entry, (0, span.start), rule="missing-state", severity="hint", message=message
        )
    elif entry.state not in STATES:
        message = f"unknown state {entry.state!r}: one of {', '.join(STATES)}"
        yield in_entry(entry, span, rule="unknown-state", severity="warning", message=message)
    elif not written.startswith(entry.state):
        known = STATE.match(f"({written})")
        fix = replaced(
            document,
            entry,
            *span,
            "".join([entry.state, *(f", {each}" for each in entry.modifiers)]),
        )
        message = f"is written {entry.state!r}"
        yield in_entry(
            entry,
            span,
            rule="state-spelling",
            severity="hint",
            message=message,
            fix=fix if known else None,
        )


def _separator(document: Document, entry: Entry) -> Iterator[Finding]:
    before = entry.text[: entry.body_start].rstrip()
    if (
        entry.note
        or not entry.prose
        or before.endswith(DASH)
        or entry.prose[0].start < entry.body_start
    ):
        return
    head = before.rstrip(SEPARATORS)
    start, stop = len(head.rstrip()), entry.prose[0].start
    fix = replaced(document, entry, start, stop, f" {DASH} ")
    message = (
        f"the dash is {DASH!r}" if head != before else f"{DASH!r} stands between head and takeaway"
    )
    meant = (len(head), len(before)) if head != before else (start, stop)
    yield in_entry(entry, meant, rule="dash", severity="hint", message=message, fix=fix)


def _labels(document: Document, entry: Entry) -> Iterator[Finding]:
    for tail in entry.tails:
        label = entry.text[tail.whole.start : tail.value.start]
        if tail.label == "Superseded by" and not re.search("superseded by", label, re.IGNORECASE):
            fix = replaced(document, entry, tail.whole.start, tail.value.start, "Superseded by: ")
            message = f"{label.strip()} reads as Superseded by:"
            yield in_entry(
                entry, tail.whole, rule="tail-label", severity="hint", message=message, fix=fix
            )
    read = {tail.value.start for tail in entry.tails}
    masked = mask(entry.text)
    for colon in re.finditer(r":\s*", masked):
        label_match = LABEL.search(masked, max(entry.body_start, colon.start() - 24), colon.start())
        if (
            label_match
            and label_match["label"] in ("Parent", "Winner", "Superseded by")
            and colon.end() not in read
        ):
            message = f"{label_match['label']}: names no number and is read as prose"
            span = (label_match.start(), colon.end())
            yield in_entry(
                entry, span, rule="tail-without-number", severity="hint", message=message
            )


def _takeaway(entry: Entry) -> Iterator[Finding]:
    if not entry.prose:
        message = "no takeaway: say what the next person should know"
        yield in_entry(
            entry,
            (0, entry.body_start),
            rule="missing-takeaway",
            severity="warning",
            message=message,
        )
        return
    start, end = entry.prose[0]
    if len(entry.takeaway) > LONG_TAKEAWAY:
        message = (
            f"the takeaway has {len(entry.takeaway):,} characters: keep the rule, and let"
            " See: point to the story"
        )
        yield in_entry(entry, (start, end), rule="long-takeaway", severity="hint", message=message)
    elif len(SENTENCE.findall(entry.takeaway)) >= MANY_SENTENCES:
        message = "many sentences: an entry exists for one"
        yield in_entry(entry, (start, end), rule="many-sentences", severity="hint", message=message)
    first = PAST.match(entry.takeaway)
    if first and not RULE_LABEL.search(entry.takeaway):
        message = f"tells what was done ({first[0]!r}): say what holds now"
        yield in_entry(
            entry, (start, start + first.end()), rule="past-tense", severity="hint", message=message
        )
