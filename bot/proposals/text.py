"""Title and body of the rolling pull request, for a maintainer with twenty seconds."""

import re
from collections.abc import Sequence
from typing import Final

from bot.learnings import parse
from bot.proposals.life import ProposedEntry
from bot.proposals.plan import line_of
from bot.sanitize import cut, harmless

LONGEST_BODY: Final = 60_000
LONGEST_QUOTE: Final = 300
LONGEST_REST: Final = 100
BETWEEN: Final = "\n\n"
# Between these marks the text is ours; around them people write what they like.
START: Final = "<!-- precedent:proposal -->"
END: Final = "<!-- /precedent:proposal -->"
OURS: Final = re.compile(f"{re.escape(START)}.*{re.escape(END)}", re.DOTALL)
OUR_TITLE: Final = re.compile(r"docs\(learnings\): (?:one decision|\d+ decisions) to record")

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
    room = LONGEST_BODY - len(START) - len(opening) - len(HOW_IT_WORKS) - len(END) - LONGEST_REST
    shown: list[str] = []
    for entry in _each_line_once(entries):
        section = _section(entry)
        room -= len(section) + len(BETWEEN)
        if room < 0:
            shown.append(f"… and {len(entries) - len(shown)} more, on the branch.")
            break
        shown.append(section)
    return f"{START}\n{BETWEEN.join([opening, *shown, HOW_IT_WORKS])}\n{END}"


def title_over(found: str, entries: Sequence[ProposedEntry]) -> str:
    """The title with the count renewed; a person's stays."""
    return title_of(entries) if OUR_TITLE.fullmatch(found) else found


def body_over(found: str, ours: str) -> str:
    """The body with our part renewed. What people wrote around it stays; all of theirs where they took the marks away,
    or where both together are longer than GitHub takes."""
    # GitHub's own editor ends lines with CRLF.
    body = OURS.sub(lambda _: ours, found.replace("\r\n", "\n"))
    return body if len(body) <= LONGEST_BODY else found


def _each_line_once(entries: Sequence[ProposedEntry]) -> Sequence[ProposedEntry]:
    """People may merge two entries into one line."""
    return list({line_of(entry): entry for entry in reversed(entries)}.values())[::-1]


def _section(entry: ProposedEntry) -> str:
    read = parse(line_of(entry)).entries[0]
    tails = read.text[read.tails[0].whole.start :] if read.tails else ""
    lines = [f"- [x] **`{read.head}`** ({harmless(read.state)}) — {harmless(read.takeaway)} {harmless(tails)}".rstrip()]
    if entry.quote:
        said = cut(harmless(entry.quote.sentence, one_line=True), LONGEST_QUOTE)
        day = f"{entry.quote.at.day} {entry.quote.at:%B %Y}"
        lines.append(f"  > {said}\n  > — {harmless(entry.quote.author)}, {day}")
    return "\n".join(lines)
