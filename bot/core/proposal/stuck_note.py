"""The one note on the pull request when it cannot be brought up to date: what is in the way, and
what helps."""

from collections.abc import Mapping
from typing import Final, Literal

from bot.core.errors import GiveUp
from bot.core.text.cleaning import as_code, cut, harmless

NOTE_MARKER: Final = "<!-- precedent:proposal-note -->"
LONGEST_PROBLEM: Final = 300

# contradiction: people changed the same lines on both sides · file: it cannot be edited as text ·
# unsound: more would be written than is proposed · refused: GitHub does not take it
Problem = Literal["contradiction", "file", "unsound", "refused"]

CURES: Final[Mapping[Problem, str]] = {
    "contradiction": "Edit those lines on this branch until they read as they shall in the end."
    " Merging or closing this"
    " pull request works as well: the next one starts from the default branch.",
    "file": (
        "Make it a file of text without conflict markers again, on this branch and on the"
        " default branch."
    ),
    "unsound": "Merge or close this pull request: the next one starts from the default branch.",
    "refused": "See to it that the App may write to the branch `precedent/learnings`: branch"
    " protection, rulesets and"
    " push protection are the usual reasons. The next push or closed issue tries again.",
}


class Stuck(GiveUp):
    """Something that people can put right keeps us from writing; the message says what."""

    def __init__(self, why: str, problem: Problem) -> None:
        super().__init__(why)
        self.problem = problem


def stuck_note(error: GiveUp) -> str:
    """For a maintainer. Our own words about the problem as prose, those of GitHub as code."""
    problem: Problem = error.problem if isinstance(error, Stuck) else "refused"
    said = cut(str(error), LONGEST_PROBLEM)
    why = (
        harmless(said, one_line=True)
        if isinstance(error, Stuck)
        else f"GitHub answers {as_code(said)}"
    )
    return "\n".join(
        [
            f"**This pull request cannot be brought up to date:** {why}.",
            "",
            CURES[problem],
            "",
            "<sub>Until then the branch stays as it is, with everything people wrote on it."
            " This note goes away once it"
            " can be written again.</sub>",
            NOTE_MARKER,
        ]
    )
