"""What is wrong with a learnings file, where, and what can be put right at once."""

from collections.abc import Iterator

from bot.core.learnings.blocks import unfinished_block
from bot.core.learnings.document import Document
from bot.core.learnings.lint.finding import Agreement, Finding, Fix, Rule, Severity
from bot.core.learnings.lint.fixing import fixed
from bot.core.learnings.lint.likeness import lint_likeness
from bot.core.learnings.lint.one_entry import lint_entry
from bot.core.learnings.lint.relations import lint_relations
from bot.core.learnings.lint.safety import lint_safety
from bot.core.learnings.lint.size import lint_size
from bot.core.learnings.lint.tag_words import lint_tags

__all__ = ["Agreement", "Finding", "Fix", "Rule", "Severity", "fix_document", "lint_document"]


def lint_document(document: Document, agreement: Agreement = Agreement()) -> list[Finding]:  # noqa: B008 - frozen
    """Everything found, in the order of the file. With conflict markers only those: two files are
    not one."""
    if document.conflicts:
        return [_conflict(line) for line in document.conflicts]
    return sorted(
        _findings(document, agreement),
        key=lambda finding: (finding.line, finding.column, finding.rule),
    )


def fix_document(document: Document, agreement: Agreement = Agreement()) -> Document:  # noqa: B008 - frozen
    return fixed(document, lambda candidate: lint_document(candidate, agreement))


def _findings(document: Document, agreement: Agreement) -> Iterator[Finding]:
    yield from _unfinished(document)
    for entry in document.entries:
        yield from lint_entry(document, entry)
    yield from lint_relations(document)
    yield from lint_tags(document.entries, agreement)
    yield from lint_likeness(document.entries)
    yield from lint_safety(document, agreement)
    yield from lint_size(document, agreement)


def _unfinished(document: Document) -> Iterator[Finding]:
    line = unfinished_block(document.lines)
    if line:
        message = "opens code or a comment that nothing closes: what follows is not read"
        yield Finding(
            rule="unfinished-block",
            severity="warning",
            line=line,
            column=1,
            end_column=4,
            message=message,
        )


def _conflict(line: int) -> Finding:
    message = "a conflict marker: resolve the merge first"
    return Finding(
        rule="conflict-marker", severity="error", line=line, column=1, end_column=8, message=message
    )
