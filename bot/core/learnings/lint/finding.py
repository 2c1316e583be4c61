"""What the lint has to say: a rule, a place, a sentence, perhaps a fix."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.core.learnings.document import Document
from bot.core.learnings.entry import Entry

Severity = Literal["error", "warning", "hint"]
Rule = Literal[
    # of the file
    "conflict-marker",
    "unfinished-block",
    "size-budget",
    # of one entry
    "bold-number",
    "missing-number",
    "repeated-number",
    "missing-state",
    "unknown-state",
    "state-spelling",
    "dash",
    "missing-takeaway",
    "long-takeaway",
    "many-sentences",
    "past-tense",
    "tail-label",
    "tail-without-number",
    "missing-tags",
    "unknown-tag",
    # between entries
    "duplicate-number",
    "supersession-circle",
    "parent-circle",
    "superseded-state",
    "superseded-by-nothing",
    "one-sided",
    "winner-refused",
    "two-parents",
    "contradiction",
    "near-duplicate",
    # of what could do harm where the file is read
    "long-line",
    "order-to-agents",
    "secret",
    "denied-word",
    "hidden-character",
    "html",
    "image",
    "mention",
    "foreign-link",
    "personal-data",
    "install-command",
]


class Fix(NamedTuple):
    """The whole new text of one line (from 1)."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``line`` and ``column`` count from 1; ``end_column`` is the one after the last character
    meant."""

    rule: Rule
    severity: Severity
    line: int
    column: int
    end_column: int
    message: str
    fix: Fix | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What a repository agreed on in `.github/learnings.yml`; without ``tags`` the vocabulary is
    learnt from the file.

    ``private`` are names of private repositories, which like ``deny_words`` must not appear.
    """

    tags: tuple[str, ...] = ()
    deny_words: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    budget_lines: int = 400


def in_entry(
    entry: Entry,
    span: tuple[int, int],
    *,
    rule: Rule,
    severity: Severity,
    message: str,
    fix: Fix | None = None,
) -> Finding:
    """A finding about some characters of an entry's text; of several lines the first is shown."""
    start, end = span
    line_start = entry.text.rfind("\n", 0, start) + 1
    line_end = entry.text.find("\n", line_start)
    end = min(end, line_end if line_end >= 0 else len(entry.text))
    return Finding(
        rule=rule,
        severity=severity,
        line=entry.line + entry.text.count("\n", 0, start),
        column=start - line_start + 1,
        end_column=max(end - line_start, start - line_start + 1) + 1,
        message=message,
        fix=fix,
    )


def replaced(document: Document, entry: Entry, start: int, end: int, text: str) -> Fix | None:
    """The fix that puts ``text`` in the place of some characters of an entry; None if they go over
    a line's end."""
    if "\n" in entry.text[start:end]:
        return None
    line = entry.line + entry.text.count("\n", 0, start)
    line_start = entry.text.rfind("\n", 0, start) + 1
    written = document.lines[line - 1]
    # The text of an entry does not hold the byte order mark that its line may begin with.
    shift = len(written) - len(entry.text.split("\n")[line - entry.line])
    return Fix(
        line, written[: start - line_start + shift] + text + written[end - line_start + shift :]
    )
