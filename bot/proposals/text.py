"""Title and body of the rolling pull request, for a maintainer with twenty seconds."""

from collections.abc import Sequence
from typing import Final

from bot.proposals.life import ProposedEntry
from bot.proposals.plan import line_of
from bot.sanitize import cut, harmless

LONGEST_BODY: Final = 60_000
LONGEST_QUOTE: Final = 300

HOW_IT_WORKS: Final = """\
<details><summary>How this works</summary>

- **Merge** to keep what is listed. Nothing reaches the default branch otherwise.
- **Edit** a line on this branch, or suggest a change: your wording stays.
- **Untick** an entry here or delete its line: it is not proposed again. Close the pull request: none of them is.
- New entries join this pull request while it is open.

Written by Precedent, from what people said when they closed these threads.
</details>"""


def title_of(entries: Sequence[ProposedEntry]) -> str:
    many = f"{len(entries)} decisions" if len(entries) > 1 else "one decision"
    return f"docs(learnings): {many} to record"


def body_of(entries: Sequence[ProposedEntry], *, path: str) -> str:
    """References stand in code, so that no thread is told that it was mentioned."""
    many = f"{len(entries)} threads" if len(entries) > 1 else "A thread"
    opening = f"{many} closed with a reason worth keeping. Each becomes one line of `{path}`:"
    shown: list[str] = []
    room = LONGEST_BODY - len(opening) - len(HOW_IT_WORKS) - 200
    for entry in entries:
        section = _section(entry)
        if room < len(section):
            shown.append(f"… and {len(entries) - len(shown)} more, on the branch.")
            break
        shown.append(section)
        room -= len(section)
    return "\n\n".join([opening, *shown, HOW_IT_WORKS])


def _section(entry: ProposedEntry) -> str:
    fence = "`" * max(3, _longest_run(line_of(entry)) + 1)
    lines = [
        f"- [x] **`#{entry.number}`** {entry.draft.state}",
        f"  {fence}markdown",
        *(f"  {line}" for line in line_of(entry).split("\n")),
        f"  {fence}",
    ]
    if entry.quote:
        said = cut(harmless(entry.quote.sentence), LONGEST_QUOTE)
        day = f"{entry.quote.at.day} {entry.quote.at:%B %Y}"
        lines.append(f"  > {said}\n  > — {harmless(entry.quote.author)}, {day}")
    return "\n".join(lines)


def _longest_run(text: str) -> int:
    """Of backquotes: a fence must be longer to hold them."""
    return max((len(run) for run in text.replace("`", " ` ").split() if set(run) == {"`"}), default=0)
