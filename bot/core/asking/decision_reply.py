"""What came back from a model about past decisions: its shape, and whether issue and decisions bear
it out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.core.asking.decision_prompt import ISSUE_CHARS
from bot.core.asking.draft_prompt import shown
from bot.core.reading.prose import squeeze
from bot.core.recall.evidence import Decision

Relation = Literal["same_proposal", "same_cause", "contradicts", "related", "unrelated"]

CANDIDATES: Final = 20
# Shorter words are found anywhere, and prove nothing.
QUOTE_CHARS: Final = 12
# The relations that apply, as people are told of them.
APPLIES: Final[Mapping[Relation, str]] = {
    "same_proposal": "it proposes the same again",
    "same_cause": "it has the same cause",
    "contradicts": "it asks for what this rules out",
}


class Judgement(BaseModel):
    """One decision as the model reads it beside the issue."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: int
    relation: Relation
    asked: str
    decided: str


class Judgements(BaseModel):
    """The one shape in which a model may say what applies."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    judgements: list[Judgement] = Field(max_length=CANDIDATES)


class Critique(BaseModel):
    """The one shape in which a second reader may let a decision be told; anything else omits it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    verdict: Literal["tell", "omit"]
    asked: str
    decided: str


@dataclass(frozen=True, kw_only=True)
class Material:
    """The issue and the decisions a reply may name."""

    title: str
    body: str
    decisions: Sequence[Decision]

    def bears_out(self, decision: Decision, *, asked: str, decided: str) -> bool:
        """Whether the issue holds the one and the takeaway the other, verbatim but for white
        space."""
        return any(_holds(text, asked) for text in (self.title, self.body)) and _holds(
            decision.entry.takeaway, decided
        )


def read_judgements(reply: Judgements, material: Material) -> Iterator[tuple[Decision, Relation]]:
    """What applies and is borne out, each decision once, the likeliest first. A decision judged
    twice is in doubt."""
    for decision in material.decisions:
        about = [each for each in reply.judgements if each.number == decision.entry.numbers[0]]
        if len(about) != 1 or about[0].relation not in APPLIES:
            continue
        if material.bears_out(decision, asked=about[0].asked, decided=about[0].decided):
            yield decision, about[0].relation


def _holds(text: str, quote: str) -> bool:
    wanted = squeeze(quote)
    return len(wanted) >= QUOTE_CHARS and wanted in squeeze(shown(text, ISSUE_CHARS))
