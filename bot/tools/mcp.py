"""The learnings file for coding agents: an MCP server that only reads, under a token budget."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from bot.core.learnings import Document, Entry, parse
from bot.core.learnings.graph import Graph
from bot.core.recall.research import NOT_INSTRUCTION, Answer, describe, research, what_stands
from bot.tools.learnings_file import UnusableFile, line_dates, read_learnings

# English and code come to about four characters a token.
CHARS_PER_TOKEN: Final = 4
DEFAULT_TOKENS: Final = 1500
LONGEST_TAKEAWAY: Final = 1200
READ_ONLY: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Query = Annotated[
    str,
    Field(description="What you are about to do or change, in your own words.", max_length=2000),
]
Number = Annotated[int, Field(description="Number of an issue or pull request.", ge=1)]
Count = Annotated[int, Field(description="How many entries at most.", ge=1, le=20)]
Tokens = Annotated[int, Field(description="Longest answer, in tokens.", ge=200, le=8000)]


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """The file as it is at the moment of a call: it may be edited while the server runs."""

    path: Path
    document: Document
    dates: Mapping[int, date]

    def describe(self, entry: Entry) -> str:
        changed = self.dates.get(entry.line)
        return describe(entry, source=str(self.path), changed=changed, limit=LONGEST_TAKEAWAY)


def agent_server(path: Path) -> MCPServer[None]:
    server: MCPServer[None] = MCPServer(
        name="precedent",
        title="Precedent",
        instructions=(
            "What this repository decided, and why. Ask before you propose or change."
            f" {NOT_INSTRUCTION}"
        ),
    )

    @server.tool(name="research", annotations=READ_ONLY, structured_output=False)
    def research_tool(query: Query, k: Count = 5, max_tokens: Tokens = DEFAULT_TOKENS) -> str:
        """Find what was decided about something: call it before a proposal, a refactoring or a new
        dependency."""
        reading = _read(path)
        answers = research(reading.document, query, k)
        if not answers:
            return "Nothing on record speaks of that."
        return within_budget((_answer_text(reading, answer) for answer in answers), max_tokens)

    @server.tool(name="entry", annotations=READ_ONLY, structured_output=False)
    def entry_tool(number: Number, max_tokens: Tokens = DEFAULT_TOKENS) -> str:
        """The entry of an issue or pull request, whether it stands, what it replaced and its
        neighbours by tag."""
        reading = _read(path)
        found = reading.document.find(number)
        if not found:
            return f"#{number} has no entry."
        return within_budget(
            [*map(reading.describe, found), *_around(reading, found[0], number)], max_tokens
        )

    @server.tool(name="what_stands", annotations=READ_ONLY, structured_output=False)
    def what_stands_tool(number: Number, max_tokens: Tokens = DEFAULT_TOKENS) -> str:
        """What holds today of a decision that may have been superseded, through the whole chain of
        successors."""
        reading = _read(path)
        standing = Graph(reading.document).what_stands(number)
        entries = [reading.describe(standing.entry)] if standing.entry else []
        return within_budget([what_stands(reading.document, number), *entries], max_tokens)

    @server.tool(name="list_tags", annotations=READ_ONLY, structured_output=False)
    def list_tags_tool(max_tokens: Tokens = DEFAULT_TOKENS) -> str:
        """The subsystems that entries are filed under, with how many entries each has."""
        uses = Counter(tag for entry in _read(path).document.entries for tag in entry.tags)
        tags = [
            f"{tag} ({count})"
            for tag, count in sorted(uses.items(), key=lambda use: (-use[1], use[0]))
        ]
        return within_budget(tags, max_tokens, between="\n") if tags else "No entry has tags."

    return server


def _read(path: Path) -> _Reading:
    try:
        return _Reading(path=path, document=parse(read_learnings(path)), dates=line_dates(path))
    except UnusableFile as error:
        raise ToolError(str(error)) from error


def _answer_text(reading: _Reading, answer: Answer) -> str:
    return f"{reading.describe(answer.entry)}\n  Why shown: {answer.reason}"


def _around(reading: _Reading, entry: Entry, number: int) -> list[str]:
    graph = Graph(reading.document)
    replaced, siblings = graph.superseded_by_this(entry), graph.siblings(entry)[:5]
    lines = [what_stands(reading.document, number)]
    if replaced:
        lines.append(f"It took the place of {', '.join(each.head for each in replaced)}.")
    if siblings:
        lines.append(f"Neighbours by tag: {', '.join(each.head for each in siblings)}.")
    return lines


def within_budget(pieces: Iterable[str], max_tokens: int, *, between: str = "\n\n") -> str:
    """As many whole pieces as the budget holds, the first in any case; then how many are left out,
    and the caution."""
    room = max_tokens * CHARS_PER_TOKEN - len(NOT_INSTRUCTION) - 80
    kept: list[str] = []
    left_out = 0
    for piece in pieces:
        if left_out or (kept and len(piece) + len(between) > room):
            left_out += 1
            continue
        kept.append(piece[: max(room, 0)])
        room -= len(kept[-1]) + len(between)
    more = [f"{left_out} more did not fit into {max_tokens} tokens."] if left_out else []
    return between.join([*kept, *more, NOT_INSTRUCTION])
