"""Findings of the lint for people, for programs, for GitHub's pull request view."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.core.learnings import Document
    from bot.core.learnings.lint import Finding, Severity

# How much of a long line is shown around a finding.
EXCERPT_BEFORE: Final = 60
EXCERPT_WIDTH: Final = 110

# https://docs.github.com/actions/reference/workflow-commands-for-github-actions
LEVELS: Final[Mapping["Severity", str]] = {"error": "error", "warning": "warning", "hint": "notice"}


@dataclass(frozen=True, kw_only=True)
class Checked:
    path: Path
    document: "Document"
    findings: Sequence["Finding"]


def as_text(files: Sequence[Checked]) -> str:
    blocks = [_block(file, finding) for file in files for finding in file.findings]
    return "\n".join([*blocks, _summary(files)])


def _block(file: Checked, finding: "Finding") -> str:
    place = f"{file.path}:{finding.line}:{finding.column}"
    lines = file.document.lines
    line = lines[finding.line - 1] if finding.line <= len(lines) else ""
    return "\n".join(
        [
            f"{place}: {finding.severity} {finding.rule}: {_visible(finding.message)}",
            *_excerpt(line, finding),
        ]
    )


def _excerpt(line: str, finding: "Finding") -> Iterator[str]:
    start = max(finding.column - 1 - EXCERPT_BEFORE, 0)
    shown = line[start : start + EXCERPT_WIDTH].rstrip("\r")
    number = f"{finding.line:5} | "
    left = "\u2026" if start else ""
    right = "\u2026" if start + EXCERPT_WIDTH < len(line) else ""
    yield f"{number}{left}{_visible(shown)}{right}"
    length = min(finding.end_column - finding.column, EXCERPT_WIDTH - (finding.column - 1 - start))
    yield (
        f"{' ' * (len(number) - 2)}|"
        f" {' ' * (len(left) + finding.column - 1 - start)}{'^' * max(length, 1)}"
    )


def _visible(text: str) -> str:
    """One column for each character: hidden ones, and those that would steer a terminal, as a
    block."""
    from bot.core.text.cleaning import is_hidden

    return "".join(
        "\u2592" if is_hidden(character) or character in "\r\n" else character
        for character in text.expandtabs(1)
    )


def _summary(files: Sequence[Checked]) -> str:
    findings = [finding for file in files for finding in file.findings]
    entries = sum(len(file.document.entries) for file in files)
    counts = Counter(finding.severity for finding in findings)
    said = ", ".join(
        counted(counts[level], level, f"{level}s") for level in LEVELS if counts[level]
    )
    fixable = sum(finding.fix is not None for finding in findings)
    hint = f"; {fixable} can be put right with --fix" if fixable else ""
    return f"{counted(entries, 'entry', 'entries')}: {said or 'nothing to say'}{hint}."


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def as_json(files: Sequence[Checked]) -> str:
    """Entries and findings of all files in two flat lists, each with the path of its file."""
    from bot.core.learnings.json_export import export_entry

    findings = [
        {
            "path": str(file.path),
            "line": finding.line,
            "column": finding.column,
            "end_column": finding.end_column,
            "severity": finding.severity,
            "rule": finding.rule,
            "message": finding.message,
            "fixable": finding.fix is not None,
        }
        for file in files
        for finding in file.findings
    ]
    entries = [
        {"path": str(file.path), **export_entry(entry)}
        for file in files
        for entry in file.document.entries
    ]
    counts = {level: sum(finding["severity"] == level for finding in findings) for level in LEVELS}
    return json.dumps(
        {"entries": entries, "findings": findings, "counts": counts}, ensure_ascii=False, indent=2
    )


def as_annotations(files: Sequence[Checked]) -> str:
    """Workflow commands: GitHub shows them at the lines of the pull request."""
    return "".join(
        _annotation(file.path, finding) + "\n" for file in files for finding in file.findings
    )


def _annotation(path: Path, finding: "Finding") -> str:
    properties = {
        "file": path.as_posix(),
        "line": finding.line,
        "col": finding.column,
        "endColumn": finding.end_column,
        "title": finding.rule,
    }
    given = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{LEVELS[finding.severity]} {given}::{_escaped(_visible(finding.message), '')}"


def _escaped(text: str, more: str) -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
