"""What came back from a model about past decisions: its shape, and whether thread and decisions
bear it out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.core.asking.decision_prompt import TEXT_CHARS
from bot.core.asking.draft_prompt import shown
from bot.core.reading.prose import squeeze
from bot.core.recall.evidence import Decision
from bot.core.recall.opened import Opened
from bot.core.search.tokens import UNSPACED

Relation = Literal["same_proposal", "same_cause", "contradicts", "subject", "unrelated"]
Fault = Literal["other_thing", "not_settled", "new_reason", "no_use", "none"]

CANDIDATES: Final = 20
SHOWN_FIRST: Final = 5
# From this grade on it is told.
TOLD_FROM: Final = 2
# Shorter words are found anywhere, and prove nothing; scripts without blanks say in four what takes
# twelve.
QUOTE_CHARS: Final = 12
QUOTE_CHARS_UNSPACED: Final = 4
DIFFERS_CHARS: Final = 400
# Said of an answer, and of a quote in it: enough to know which.
SHOWN_OF_QUOTE: Final = 80
NOT_COPIED: Final = (
    "is no stretch of {}, copied character by character and twelve characters or longer"
)
MARKDOWN: Final = re.compile(
    r"[*_`~]+|^[ \t]*(?:[>#]+|[-+])[ \t]+|\]\([^()\s]*\)|!?\[|\]", re.MULTILINE
)
# The relations that apply, as people are told of them.
APPLIES: Final[Mapping[Relation, str]] = {
    "same_proposal": "both propose the same",
    "same_cause": "both have the same cause",
    "contradicts": "it asks for what this rules out",
}


class Reading(BaseModel):
    """One decision as the model reads it beside what was opened, in the order of thought."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: int
    ruled: str
    relation: Relation
    differs: str = Field(max_length=DIFFERS_CHARS)
    new_premise: bool
    grade: Literal[0, 1, 2, 3]

    @property
    def tells(self) -> bool:
        return self.grade >= TOLD_FROM and self.relation in APPLIES and not self.new_premise


class Judgements(BaseModel):
    """The one shape in which a model may say what applies."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    proposed: str
    readings: list[Reading] = Field(max_length=CANDIDATES)
    more: bool


class Critique(BaseModel):
    """The one shape in which a second reader may let a decision be told; anything else omits it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    asked: str
    decided: str
    fault: Fault
    verdict: Literal["tell", "omit"]

    @property
    def tells(self) -> bool:
        return self.verdict == "tell" and self.fault == "none"


@dataclass(frozen=True, kw_only=True)
class Material:
    """What was opened and the decisions a reply may name."""

    opened: Opened
    decisions: Sequence[Decision]

    def asks(self, quote: str) -> bool:
        """Whether title, text or a commit of what was opened holds it."""
        opened = self.opened
        return any(holds(text, quote) for text in (opened.title, opened.text, *opened.commits))


def read_judgements(reply: Judgements, material: Material) -> Iterator[tuple[Decision, Reading]]:
    """What should be told and is borne out, the surest and then the likeliest first. Read twice is
    read in doubt."""
    if not material.asks(reply.proposed):
        return
    counts = Counter(reading.number for reading in reply.readings)
    readings = {
        each.number: each for each in reply.readings if each.tells and counts[each.number] == 1
    }
    found = [
        (decision, readings[decision.numbers[0]])
        for decision in material.decisions
        if decision.numbers[0] in readings
    ]
    borne_out = [
        (decision, each) for decision, each in found if holds(decision.entry.takeaway, each.ruled)
    ]
    yield from sorted(borne_out, key=lambda pair: -pair[1].grade)


def find_objections(reply: Judgements, material: Material) -> list[str]:
    """What keeps an answer from being used, said to the model."""
    takeaways = {decision.numbers[0]: decision.entry.takeaway for decision in material.decisions}
    counts = Counter(reading.number for reading in reply.readings)
    said = [
        f"{number} is the number of no decision that was shown"
        for number in counts
        if number not in takeaways
    ]
    said += [
        f"decision {number} has more than one reading"
        for number, count in counts.items()
        if count > 1
    ]
    for each in reply.readings:
        if (
            each.tells
            and each.number in takeaways
            and not holds(takeaways[each.number], each.ruled)
        ):
            said.append(
                f'"ruled" of decision {each.number} {NOT_COPIED.format("its takeaway")}:'
                f" {_cut(each.ruled)}"
            )
    if any(each.tells for each in reply.readings) and not material.asks(reply.proposed):
        said.append(f'"proposed" {NOT_COPIED.format("what was opened")}: {_cut(reply.proposed)}')
    return said


def find_faults_of_quotes(critique: Critique, material: Material, decision: Decision) -> list[str]:
    """As `find_objections`, of the second reader's answer."""
    if not critique.tells:
        return []
    said = []
    if not material.asks(critique.asked):
        said.append(f'"asked" {NOT_COPIED.format("what was opened")}: {_cut(critique.asked)}')
    if not holds(decision.entry.takeaway, critique.decided):
        said.append(f'"decided" {NOT_COPIED.format("the takeaway")}: {_cut(critique.decided)}')
    return said


def holds(text: str, quote: str) -> bool:
    """Whether a text has a quote word for word, but for white space and Markdown. Scraps prove
    nothing, unless they are the whole text."""
    said, wanted = _plain(shown(text, TEXT_CHARS)), _plain(quote)
    least = QUOTE_CHARS_UNSPACED if UNSPACED.search(wanted) else QUOTE_CHARS
    return bool(wanted) and wanted in said and (len(wanted) >= least or wanted == said)


def _plain(text: str) -> str:
    return squeeze(MARKDOWN.sub("", text))


def _cut(quote: str) -> str:
    return f'"{squeeze(quote)[:SHOWN_OF_QUOTE]}"'
