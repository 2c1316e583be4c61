"""Markdown and diffs as the page shows them. Of a stranger's text nothing becomes markup that is
not listed here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# GitHub drops HTML comments and keeps some tags; these few, without attributes, are all that passes
# here.
PASSING = re.compile(
    r"(<!--.*?-->|</?(?:details|summary|sub|sup|kbd|b|i|em|strong|br)\s*/?>)",
    re.DOTALL | re.IGNORECASE,
)
REFERENCE = re.compile(r"(?<![\w/.&#-])([\w.-]+/[\w.-]+)?#(\d{1,9})\b")
BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def render_markdown(text: str | None, *, base: str) -> Markup:
    """`base` is the repository's page, for references like #12."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    markdown.add_render_rule("html_block", _listed_tags)
    markdown.add_render_rule("html_inline", _listed_tags)
    markdown.add_render_rule("text", _text_with_references)
    # markdown-it escapes what it does not make itself; the three rules above do the same for the
    # rest.
    return Markup(markdown.render(text or "", {"base": base}))  # noqa: S704


def _listed_tags(_: Any, tokens: Sequence[Token], index: int, __: Any, ___: Any) -> str:
    parts = PASSING.split(tokens[index].content)
    return "".join(
        ("" if part.startswith("<!--") else part) if PASSING.fullmatch(part) else escape(part)
        for part in parts
    )


def _text_with_references(
    _: Any, tokens: Sequence[Token], index: int, __: Any, environment: Any
) -> str:
    text = tokens[index].content
    if index == 0 and text[:4] in BOXES:
        text = BOXES[text[:4]] + text[4:]
    inside_link = sum(token.nesting for token in tokens[:index] if token.type.startswith("link_"))
    if inside_link:
        return escape(text)
    here = escape(environment["base"])
    return REFERENCE.sub(
        lambda found: (
            f'<a href="{f"/{found[1]}" if found[1] else here}/issues/{found[2]}">{found[0]}</a>'
        ),
        escape(text),
    )


@dataclass(frozen=True)
class DiffLine:
    kind: Literal["hunk", "added", "removed", "kept", "note"]
    text: str
    old: int | None = None
    new: int | None = None


HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


def diff_lines(patch: str | None) -> Iterator[DiffLine]:
    old = new = 0
    for line in (patch or "").split("\n"):
        if opening := HUNK.match(line):
            old, new = int(opening[1]), int(opening[2])
            yield DiffLine("hunk", line)
        elif line.startswith("+"):
            yield DiffLine("added", line[1:], new=new)
            new += 1
        elif line.startswith("-"):
            yield DiffLine("removed", line[1:], old=old)
            old += 1
        elif line.startswith("\\"):
            yield DiffLine("note", line[2:])
        elif line:
            yield DiffLine("kept", line[1:], old=old, new=new)
            old, new = old + 1, new + 1
