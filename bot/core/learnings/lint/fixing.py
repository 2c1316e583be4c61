"""Apply the fixes of findings, never to a worse file."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.core.learnings.document import Document
from bot.core.learnings.lint.finding import Finding

# One fix per line and round: a line with more of them needs more rounds.
MAX_ROUNDS: Final = 20

Lint = Callable[[Document], Sequence[Finding]]


def fixed(document: Document, lint: Lint) -> Document:
    """The document with every fix that makes it lint better, and none that does not."""
    findings = lint(document)
    refused: set[tuple[int, str]] = set()
    for _ in range(MAX_ROUNDS):
        chosen = {
            fix.line: fix for finding in findings if (fix := finding.fix) and fix not in refused
        }
        if not chosen:
            break
        lines = list(document.lines)
        for fix in chosen.values():
            lines[fix.line - 1] = fix.text
        candidate = Document(lines=tuple(lines))
        after = lint(candidate)
        if _better(after, findings):
            document, findings = candidate, after
        else:
            refused.update(chosen.values())
    return document


def _better(after: Sequence[Finding], before: Sequence[Finding]) -> bool:
    return _errors(after) <= _errors(before) and len(after) < len(before)


def _errors(findings: Sequence[Finding]) -> int:
    return sum(finding.severity == "error" for finding in findings)
