"""Rules for a file that agents read as a prompt: what readers cannot see, what acts, what must not
be public."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.core.learnings.blocks import BOM, literal_lines
from bot.core.learnings.document import Document
from bot.core.learnings.grammar import CODE_OR_COMMENT
from bot.core.learnings.lint.finding import Agreement, Finding, Fix, Rule, Severity
from bot.core.text.cleaning import (
    EMAIL,
    HTML_TAG,
    MENTION,
    PHONE,
    URL,
    find_hidden,
    find_orders,
    strip_hidden,
)
from bot.core.text.secrets import Found, find_secrets

# Tags that load, run or link something when the file is shown.
ACTIVE_TAG: Final = re.compile(
    (
        r"</?(?:a|audio|base|embed|form|frame|iframe|img|input|link|math|meta|object|script"
        r"|source|style|svg"
        r"|video)\b"
    ),
    re.I,
)
IMAGE: Final = re.compile(r"!\[[^\[\]\n]*\][(\[]")
OWN_HOST: Final = re.compile(r"https?://(?:[\w-]+\.)?github\.com/", re.IGNORECASE)
INSTALL: Final = re.compile(
    r"\b(?:pip3?|uv pip|uv|npm|pnpm|yarn|gem|cargo|go|brew|apt(?:-get)?)\s+(?:install"
    r"|add|i)\s+(?!-)[\w@./-]+"
)
# Longer lines are no prose.
LONGEST_LINE: Final = 20_000
# Of one rule. Each finding carries its line and each fix another one.
MOST_IN_A_LINE: Final = 20


def lint_safety(document: Document, agreement: Agreement) -> Iterator[Finding]:
    deny, literal = _deny_pattern(agreement), literal_lines(document.lines)
    for number, written in enumerate(document.lines, 1):
        line = written.removesuffix("\r")
        bom = BOM if number == 1 and line.startswith(BOM) else ""
        for finding in _line(
            number, line.removeprefix(bom), deny, shown_as_written=number in literal
        ):
            yield _in_place(finding, written, bom)


def _in_place(finding: Finding, written: str, bom: str) -> Finding:
    """The finding as one about the line with its byte order mark and carriage return."""
    end = "\r" if written.endswith("\r") else ""
    fix = finding.fix and Fix(finding.fix.line, bom + finding.fix.text + end)
    return replace(
        finding, column=finding.column + len(bom), end_column=finding.end_column + len(bom), fix=fix
    )


def _line(
    number: int, line: str, deny: re.Pattern[str] | None, *, shown_as_written: bool
) -> Iterator[Finding]:
    if not line:
        return
    if len(line) > LONGEST_LINE:
        message = f"{len(line):,} characters in one line: too long to be checked, or read"
        yield _at(number, Found("", 0, 1), "long-line", "error", message)
        return
    yield from _unseen(number, line)
    if not shown_as_written:
        yield from _active(
            number, CODE_OR_COMMENT.sub(lambda code: "\0" * len(code[0]), line), line
        )
    for order in find_orders(line)[:MOST_IN_A_LINE]:
        yield _at(
            number,
            order,
            "order-to-agents",
            "error",
            f"this text {order.what}: entries are read as reference",
        )
    for secret in find_secrets(line)[:MOST_IN_A_LINE]:
        message = f"looks like a secret ({secret.what}): revoke it, then remove it"
        yield _at(number, secret, "secret", "error", message)
    if deny:
        for match in islice(deny.finditer(line), MOST_IN_A_LINE):
            yield _at(
                number,
                Found("", *match.span()),
                "denied-word",
                "error",
                f"{match[0]!r} must not appear here",
            )


def _unseen(number: int, line: str) -> Iterator[Finding]:
    hidden = list(find_hidden(line))
    fix = Fix(number, _without(line, hidden))
    for each in hidden[:MOST_IN_A_LINE]:
        message = f"hidden character {each.what}" + (
            " and others" if each.end > each.start + 1 else ""
        )
        yield _at(number, each, "hidden-character", "error", message, fix=fix)


def _without(line: str, hidden: list[Found]) -> str:
    starts = [0, *(each.end for each in hidden)]
    ends = [*(each.start for each in hidden), len(line)]
    return "".join(line[start:end] for start, end in zip(starts, ends, strict=True))


def _as_code(line: str, mentions: list[re.Match[str]]) -> str:
    parts, at = [], 0
    for mention in mentions:
        parts += [line[at : mention.start()], f"`{mention[0]}`"]
        at = mention.end()
    return "".join([*parts, line[at:]])


def _active(number: int, masked: str, line: str) -> Iterator[Finding]:
    for tag in islice(HTML_TAG.finditer(masked), MOST_IN_A_LINE):
        severity: Severity = "warning" if ACTIVE_TAG.match(tag[0]) else "hint"
        yield _at(number, Found("", *tag.span()), "html", severity, f"HTML: {tag[0][:40]}")
    for image in islice(IMAGE.finditer(masked), MOST_IN_A_LINE):
        message = "an image: who opens the file loads it"
        yield _at(number, Found("", *image.span()), "image", "warning", message)
    for url in islice(URL.finditer(masked), MOST_IN_A_LINE):
        if not OWN_HOST.match(url[0]):
            yield _at(
                number,
                Found("", *url.span()),
                "foreign-link",
                "hint",
                "a link that leads away from GitHub",
            )
    mentions = list(MENTION.finditer(masked))
    fix = Fix(number, _as_code(line, mentions))
    for mention in mentions[:MOST_IN_A_LINE]:
        message = f"{mention[0]} is pinged wherever this line is quoted"
        yield _at(number, Found("", *mention.span()), "mention", "hint", message, fix=fix)
    for pattern, what in ((EMAIL, "an e-mail address"), (PHONE, "a phone number")):
        for match in islice(pattern.finditer(masked), MOST_IN_A_LINE):
            yield _at(
                number,
                Found("", *match.span()),
                "personal-data",
                "warning",
                f"{what} does not belong here",
            )
    for install in islice(INSTALL.finditer(line), MOST_IN_A_LINE):
        message = "an install command: agents may run it as it stands"
        yield _at(number, Found("", *install.span()), "install-command", "hint", message)


def is_denied(text: str, deny_words: Sequence[str]) -> bool:
    """Whether a word that may never appear is in it."""
    deny = _deny_pattern(Agreement(deny_words=tuple(deny_words)))
    return bool(deny and deny.search(text))


def _deny_pattern(agreement: Agreement) -> re.Pattern[str] | None:
    words = [strip_hidden(word).strip() for word in (*agreement.deny_words, *agreement.private)]
    alternatives = "|".join(
        re.escape(word) for word in sorted(filter(None, words), key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if alternatives else None


def _at(
    line: int, found: Found, rule: Rule, severity: Severity, message: str, *, fix: Fix | None = None
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        line=line,
        column=found.start + 1,
        end_column=max(found.end, found.start + 1) + 1,
        message=message,
        fix=fix,
    )
