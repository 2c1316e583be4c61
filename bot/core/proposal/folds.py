"""The folds at the end of the body: lines that are not on the branch, each with its state in a
hidden marker, so that no line is taken for one of another fold.

A tick box in a fold that people tick asks for its line; one that stays empty says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

# set-aside: by a person · perhaps: offered, not proposed · unfit: drafted, and not to be repeated
Tier = Literal["set-aside", "perhaps", "unfit"]

SHOWN_AT_MOST: Final = 50
BOX: Final = re.compile(
    r"^- \[(?P<tick>[ xX])\] \*\*(?P<name>[^*\n]+)\*\*(?P<rest>[^\r\n]*)\r?$", re.MULTILINE
)
MARKER: Final = re.compile(r"<!-- precedent:tier (set-aside|perhaps|unfit) -->")


class Box(NamedTuple):
    """A tick box of the body: what stands in bold behind it; ``tier`` is None where its line is on
    the branch."""

    name: str
    ticked: bool
    tier: str | None


def boxes(body: str) -> Iterator[Box]:
    for found in BOX.finditer(body):
        marker = MARKER.search(found["rest"])
        yield Box(found["name"], found["tick"] != " ", marker[1] if marker else None)


def folded_line(name: str, text: str, tier: Tier) -> str:
    """An empty box. `name` is as in the box of a proposed line; `text` is already harmless."""
    return f"- [ ] **{name}** {text} <!-- precedent:tier {tier} -->"


def fold(title: str, lines: Sequence[str], explanation: str) -> str:
    """Empty where there are no lines."""
    if not lines:
        return ""
    more = len(lines) - SHOWN_AT_MOST
    rest = [f"- \u2026 and {more} more"] if more > 0 else []
    return "\n".join(
        [
            f"<details><summary>{title}: {len(lines)}</summary>",
            "",
            *lines[:SHOWN_AT_MOST],
            *rest,
            "",
            explanation,
            "</details>",
        ]
    )
