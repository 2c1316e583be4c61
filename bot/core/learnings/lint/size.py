"""The size of the file: above the budget it says where the surplus belongs."""

from collections.abc import Iterator

from bot.core.learnings.document import Document
from bot.core.learnings.graph import is_current
from bot.core.learnings.lint.finding import Agreement, Finding
from bot.core.learnings.placing import last_line


def lint_size(document: Document, agreement: Agreement) -> Iterator[Finding]:
    written = len(document.lines) - (not document.lines[-1])
    over = written - agreement.budget_lines
    if over <= 0:
        return
    message = (
        f"{written:,} lines are {over:,} over the budget of {agreement.budget_lines:,}:"
        f" {_advice(document)}"
    )
    yield Finding(
        rule="size-budget",
        severity="warning",
        line=agreement.budget_lines + 1,
        column=1,
        end_column=2,
        message=message,
    )


def _advice(document: Document) -> str:
    overtaken = [entry for entry in document.entries if not is_current(entry)]
    lines = {
        section.title or "the top": sum(
            last_line(entry) - entry.line + 1 for entry in section.entries
        )
        for section in document.sections
    }
    longest = max(lines, key=lambda title: lines[title], default="the file")
    start = (
        f"take out the {len(overtaken)} entries that no longer stand, then " if overtaken else ""
    )
    return f"{start}move the details of {longest!r} to a page of its own and point there with See:"
