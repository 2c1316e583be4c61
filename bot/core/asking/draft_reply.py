"""What came back from a model: its shape, and whether the thread bears it out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bot.core.asking.draft_prompt import REMARK_CHARS, TITLE_CHARS, shown
from bot.core.drafting.choose_tags import TAGS_AT_MOST
from bot.core.drafting.draft import MOST_WORDS, TAKEAWAY_CHARS, Draft
from bot.core.reading.prose import split_sentences, squeeze
from bot.core.text.cleaning import EMAIL, HTML_TAG, MENTION, PHONE, URL, find_hidden, find_orders
from bot.core.text.secrets import find_secrets
from bot.core.threads import ClosedAs, Remark, Thread
from bot.core.verdicts import EntryState, Lesson, Quote, ReasonClass, References, Verdict

FEWEST_WORDS: Final = 8
QUOTE_CHARS: Final = 20
# At least this share of the takeaway's longer words must be words of the thread.
GROUNDED: Final = 0.5

_SHELL: Final = re.compile(
    r"\b(?:pip3?|uv|npm|pnpm|npx|yarn|gem|cargo|go|brew|apt(?:-get)?|curl|wget|docker|bash"
    r"|sh)\s+(?:-|install|add|run|get|exec|https?)"
    r"|\|\s*(?:ba|z)?sh\b|\brm\s+-",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_CODE: Final = re.compile(r"`([^`]*)`")
# Begins with a word, holds no table and no half a code span.
_PROSE: Final = re.compile(r"(?=[\w`\"'(])(?:[^`|]|`[^`|]+`)+")
# Capitals, digits or joints inside a word: somebody's name for something.
_NAME: Final = re.compile(
    r"\w*(?:[a-z][A-Z]|[A-Z]{2}|\d[a-zA-Z]|[a-zA-Z]\d|\w[_./:@-]\w)[\w./:@-]*"
    r"|(?<=[a-z,;:] )[A-Z]\w+"
)
_WORD: Final = re.compile(r"[^\W\d_]{5,}")
_STATES: Final[dict[ClosedAs, frozenset[EntryState]]] = {
    "merged": frozenset({"merged", "superseded", "partial"}),
    "closed_unmerged": frozenset({"PR closed, not merged", "superseded", "partial"}),
}
_STATES_OF_ISSUES: Final[frozenset[EntryState]] = frozenset(
    {"not-planned", "won't-fix", "superseded", "partial", "merged"}
)


class Reply(BaseModel):
    """The one shape in which a model may judge and draft."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    admit: bool
    reason_class: ReasonClass
    state: EntryState | None
    quotes: list[str] = Field(max_length=3)
    takeaway: str
    winner: int | None
    superseded_by: int | None
    parent: int | None
    reverts: int | None
    tags: list[str] = Field(max_length=TAGS_AT_MOST)


class Doubt(BaseModel):
    """The one shape in which a second model may let a draft pass; anything else omits it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    verdict: Literal["keep", "omit"]
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a reply may draw on: the thread, the remarks here and one step away that decide, the
    repository's tags."""

    thread: Thread
    deciding: Sequence[Remark]
    vocabulary: Sequence[str]

    @cached_property
    def own_text(self) -> str:
        remarks = " ".join(shown(remark.text, REMARK_CHARS) for remark in self.thread.remarks)
        return squeeze(
            f"{shown(self.thread.title, TITLE_CHARS)} #{self.thread.number}"
            f" {' '.join(self.thread.labels)}"
            f" {remarks}"
        )

    @cached_property
    def text(self) -> str:
        """With what decides one step away; what others said there lends no words."""
        linked = (
            f"{shown(other.title, TITLE_CHARS)} #{other.number} "
            + " ".join(
                shown(remark.text, REMARK_CHARS)
                for remark in other.remarks
                if remark in self.deciding
            )
            for other in self.thread.linked
        )
        return squeeze(" ".join([self.own_text, *linked]))

    def names(self, number: int) -> bool:
        """In so many words, or by how GitHub relates the two threads."""
        related = {self.thread.parent, *(other.number for other in self.thread.linked)}
        return number in related or re.search(rf"#{number}\b", self.own_text) is not None

    def find_source(self, sentence: str) -> Remark | None:
        """The deciding remark that holds the sentence verbatim, white space aside."""
        wanted = squeeze(sentence)
        if len(wanted) < QUOTE_CHARS:
            return None
        return next(
            (
                remark
                for remark in self.deciding
                if wanted in squeeze(shown(remark.text, REMARK_CHARS))
            ),
            None,
        )


def find_objections(reply: Reply, material: Material) -> list[str]:
    """Why the reply must not be used; nothing for one that the thread bears out. A refusal carries
    no text to check."""
    if not reply.admit:
        return (
            []
            if reply.reason_class not in get_args(Lesson)
            else ["a refusal with the class of a lesson"]
        )
    return [
        *_shape(reply, material),
        *_quotes(reply, material),
        *find_flaws(reply.takeaway, material),
    ]


def read_reply(reply: Reply, material: Material) -> tuple[Verdict, Draft | None]:
    """`reply` has no objections against it."""
    if not reply.admit:
        verdict = Verdict(
            admit=False,
            reason_class=reply.reason_class,
            confidence=0.7,
            why="no lesson, as the model reads it",
        )
        return verdict, None
    assert reply.state is not None
    parent = material.thread.parent or reply.parent
    verdict = Verdict(
        admit=True,
        reason_class=reply.reason_class,
        confidence=0.8,
        why="a decision with its reason, as the model reads it",
        rationale=tuple(_quote(sentence, material) for sentence in reply.quotes),
        state=reply.state,
        refs=References(
            winner=reply.winner,
            superseded_by=reply.superseded_by,
            parent=parent,
            reverts=reply.reverts,
        ),
    )
    return verdict, _draft(reply, material.thread, state=reply.state, parent=parent)


def _quote(sentence: str, material: Material) -> Quote:
    remark = material.find_source(sentence)
    assert remark is not None
    return Quote(
        sentence=squeeze(sentence),
        author=remark.author,
        writes=remark.writes,
        url=remark.url,
        at=remark.at,
    )


def _draft(reply: Reply, thread: Thread, *, state: EntryState, parent: int | None) -> Draft:
    return Draft(
        number=thread.number,
        kind=thread.kind,
        state=state,
        takeaway=reply.takeaway,
        winner=reply.winner,
        superseded_by=reply.superseded_by,
        parent=parent,
        reverts=reply.reverts,
        tags=tuple(reply.tags),
        umbrella=bool(thread.children),
        children=tuple(thread.children),
    )


def _shape(reply: Reply, material: Material) -> Iterator[str]:
    thread = material.thread
    if reply.reason_class not in get_args(Lesson):
        yield "an admission with the class of a refusal"
    if reply.state not in _STATES.get(thread.closed_as, _STATES_OF_ISSUES):
        yield f"state {reply.state} of a thread closed as {thread.closed_as}"
    if (reply.state == "superseded") != (
        reply.superseded_by is not None
    ) and thread.closed_as != "merged":
        yield "superseded without a successor, or a successor of what is not superseded"
    numbers = (reply.winner, reply.superseded_by, reply.parent, reply.reverts)
    for number in {number for number in numbers if number is not None}:
        if number == thread.number or not material.names(number):
            yield f"#{number} is not named in the thread"
    if not set(reply.tags) <= set(material.vocabulary):
        yield "a tag that is not in the vocabulary"


def _quotes(reply: Reply, material: Material) -> Iterator[str]:
    if not reply.quotes:
        yield "no quote"
    for sentence in reply.quotes:
        if material.find_source(sentence) is None:
            yield "a quote that nobody who decides wrote"
        elif find_orders(sentence) or find_secrets(sentence):
            yield "a quote that gives orders"


def find_flaws(takeaway: str, material: Material) -> Iterator[str]:
    """Why a takeaway must not be proposed: its form, and whatever in it is not in the material."""
    text = material.text
    if len(takeaway) > TAKEAWAY_CHARS or not FEWEST_WORDS <= len(takeaway.split()) <= MOST_WORDS:
        yield "a takeaway that is too long or too short"
        return
    if (
        takeaway != squeeze(takeaway)
        or not takeaway.isprintable()
        or not _PROSE.fullmatch(takeaway)
    ):
        yield "a takeaway that is not one plain line"
    if len(split_sentences(takeaway)) != 1:
        yield "a takeaway that is not one sentence"
    if (
        any(pattern.search(takeaway) for pattern in (URL, EMAIL, PHONE, MENTION, HTML_TAG, _SHELL))
        or "](" in takeaway
    ):
        yield "a link, an address, a mention or a command"
    if any(find_hidden(takeaway)) or find_orders(takeaway) or find_secrets(takeaway):
        yield "something hidden, an order or a secret"
    if set(_NUMBER.findall(takeaway)) - set(_NUMBER.findall(text)):
        yield "a number that is not in the thread"
    if any(
        name.lower() not in text.lower()
        for name in (*_NAME.findall(takeaway), *_CODE.findall(takeaway))
    ):
        yield "a name that is not in the thread"
    if _grounding(takeaway, text) < GROUNDED:
        yield "words that are not the thread's"


def _grounding(takeaway: str, text: str) -> float:
    """Share of the longer words whose beginnings the thread has as well: endings differ between
    tenses."""
    known = {word.lower()[:5] for word in _WORD.findall(text)}
    words = [word.lower()[:5] for word in _WORD.findall(takeaway)]
    return sum(word in known for word in words) / max(1, len(words))
