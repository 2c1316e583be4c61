"""Files that people broke by hand, in at the webhook: what the proposal makes of each. Which fault:
docs/faults.md."""

import pytest

from bot.adapters.store.database import Database
from bot.adapters.store.jobs import Jobs
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED

SOUND = "- **#90** (merged) \u2014 Queues are bounded. [tags: queue]\n"
OTHER = "- **#91** (merged) \u2014 Reads go to the replica. [tags: queue]\n"
CONFLICT = f"<<<<<<< ours\n{SOUND}=======\n{OTHER}>>>>>>> theirs\n"
# Each is written into, or left alone with the reason named.
WRITTEN = {
    "empty": "",
    "blank lines alone": "\n\n\n",
    "prose alone": "We decide things in meetings.\n",
    "no heading": SOUND + OTHER,
    "one number twice": SOUND + SOUND,
    "one number twice with different words": SOUND + SOUND.replace("bounded", "endless"),
    "a number that is none": SOUND + "- **#** (merged) \u2014 Nobody knows which.\n",
    "a number of a hundred digits": SOUND + f"- **#{'9' * 100}** (merged) \u2014 Too far.\n",
    "number zero": SOUND + "- **#0** (merged) \u2014 Nothing.\n",
    "an unclosed bold": SOUND + "- **#92 (merged) \u2014 Open.\n",
    "an unclosed state": SOUND + "- **#92** (merged \u2014 Open.\n",
    "unclosed tags": SOUND + "- **#92** (merged) \u2014 Open. [tags: queue\n",
    "no takeaway": SOUND + "- **#92** (merged)\n",
    "no dash": SOUND + "- **#92** (merged) Open. [tags: queue]\n",
    "no state": SOUND + "- **#92** \u2014 Open. [tags: queue]\n",
    "an unknown state": SOUND + "- **#92** (perhaps) \u2014 Open. [tags: queue]\n",
    "tails that contradict": SOUND
    + "- **#92** (merged) \u2014 One. Superseded by: #92. Winner: #92. Parent: #92.\n",
    "a circle": (
        "- **#90** (merged) \u2014 A. Superseded by: #91.\n- **#91** (merged) \u2014 B."
        " Superseded by: #90\n"
    ),
    "entries of spaces": "-   **#90**   (merged)   \u2014   Wide.\n",
    "entries behind tabs": "# A\n\n\t- **#90** (merged) \u2014 Deep. [tags: queue]\n",
    "nesting without a parent": "      - **#90** (merged) \u2014 Deep. [tags: queue]\n" + OTHER,
    "stars and dashes mixed": "* **#90** (merged) \u2014 A.\n+ **#91** (merged) \u2014 B.\n"
    + SOUND.replace("90", "92"),
    "a table": "| number | rule |\n|---|---|\n| #90 | Queues are bounded. |\n",
    "an unclosed fence below": SOUND + "```\ncode\n",
    "half a conflict": "<<<<<<< ours\n" + SOUND,
    "a fence with an entry in it": f"```\n{SOUND}```\n\n{OTHER}",
    "front matter": f"---\ntitle: Learnings\n---\n\n{SOUND}",
    "a lone carriage return": SOUND.replace("Queues", "Que\rues"),
    "mixed line ends": SOUND.replace("\n", "\r\n") + OTHER,
    "a byte order mark in the middle": SOUND + "\ufeff" + OTHER,
    "hidden characters": SOUND.replace("bounded", "bo\u200bun\u202eded"),
    "a line separator in a line": SOUND.replace("bounded", "boun\u2028ded"),
    "no final newline": SOUND + OTHER.strip(),
    "a heading of every depth": "".join(f"{'#' * depth} Level {depth}\n" for depth in range(1, 9))
    + SOUND,
    "the same heading twice": f"## Core\n\n{SOUND}\n## Core\n\n{OTHER}",
    "a line of 100,000 characters": SOUND + f"- **#92** (merged) \u2014 {'long ' * 20_000}\n",
    "ten thousand brackets": SOUND + "[" * 10_000 + "\n",
}
REFUSED = {
    "conflict markers": (f"# Learnings\n\n{CONFLICT}", "conflict markers in line 3"),
    "an unclosed comment": (
        "<!-- to do:\n\n" + SOUND,
        "line 1 opens code or a comment that nothing closes",
    ),
    "an unclosed fence": (
        "```\ncode\n\n" + SOUND,
        "line 1 opens code or a comment that nothing closes",
    ),
}


def settled(db: Database, text: str) -> Loop:
    loop = Loop(db, files={PATH: text, "README.md": "# Engine\n"})
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


def inserted(old: str, new: str) -> str | None:
    """What `new` has more than `old`, in one place; None where anything else differs."""
    at = next(
        (place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    end = len(new) - (len(old) - at)
    # What the lines before and after have in common may be counted to either.
    while at and new[at - 1] != "\n" and new[at - 1] == new[end - 1]:
        at, end = at - 1, end - 1
    return new[at:end] if new[:at] + new[end:] == old else None


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_that_people_broke_gains_one_line_and_loses_nothing(sqlite_db, name):
    loop = settled(sqlite_db, WRITTEN[name])
    new = loop.file(branch=BRANCH)
    more = inserted(WRITTEN[name], new)

    assert more is not None
    assert more.count("(not-planned)") == 1
    assert "**#1**" in more
    assert len(loop.proposals) == 1


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_understood_is_left_alone_with_the_reason(sqlite_db, name):
    text, why = REFUSED[name]
    loop = settled(sqlite_db, text)

    assert loop.repo.git.head(BRANCH) is None
    assert [why in (record.why or "") for record in Jobs(loop.db).buried()] == [True]


def test_a_file_that_was_mended_is_written_after_all(sqlite_db):
    loop = settled(sqlite_db, REFUSED["conflict markers"][0])
    loop.push({PATH: SOUND + OTHER})
    loop.settle()

    assert "**#1**" in loop.file(branch=BRANCH)
