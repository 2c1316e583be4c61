"""What came back from a model: its shape, and whether the thread bears it out.

The checks look for lies, not for style: numbers, names, code and quotations must be the thread's,
and whoever is said to have decided must be somebody who may. Each objection is a sentence that the
model is told once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import regex
from pydantic import BaseModel, ConfigDict, Field

from bot.core.asking.draft_prompt import REMARK_CHARS, TITLE_CHARS, Material, shown
from bot.core.drafting.choose_tags import TAGS_AT_MOST
from bot.core.drafting.draft import MOST_WORDS, TAKEAWAY_CHARS, Draft
from bot.core.reading.prose import split_sentences, squeeze
from bot.core.text.cleaning import EMAIL, HTML_TAG, MENTION, PHONE, URL, find_hidden, find_orders
from bot.core.text.lengths import count_graphemes, count_words
from bot.core.text.secrets import find_secrets
from bot.core.threads import ClosedAs, Remark, Thread
from bot.core.verdicts import EntryState, Lesson, Quote, References, Verdict

FEWEST_WORDS: Final = 8
QUOTE_CHARS: Final = 20
QUOTE_WORDS: Final = 4
# "Yes, that is why we do not do it, closing then."
ASSENT_WORDS: Final = 12
# "As a known limitation that we do not plan to mend, I close this."
SHARED_STEMS: Final = 3
EXCERPT_CHARS: Final = 60
# Where takeaway and thread share a language, at least this share of the takeaway's longer words is
# the thread's.
GROUNDED: Final = 0.5
# They share one when at least this share of the takeaway's short words stands in the thread.
SAME_LANGUAGE: Final = 0.6
FEWEST_SIGNS: Final = 10
STEM_CHARS: Final = 5
# Where more of the words inside a sentence begin with a capital, capitals are spelling and mark no
# names.
CAPITALS_ARE_SPELLING: Final = 0.25

Outcome = Literal["turned_down", "done", "replaced", "reversed", "open_question", "nothing"]
Grade = Literal[0, 1, 2, 3]
Fault = Literal["not_decided", "taken_back", "claims_more", "changes_nothing"]
WORTH_A_LINE: Final = 2
# What the outcome of an admitted thread may be, by what GitHub says.
_OUTCOMES: Final[Mapping[ClosedAs, frozenset[Outcome]]] = {
    "merged": frozenset({"done", "replaced", "reversed"}),
    "closed_unmerged": frozenset({"turned_down", "replaced", "reversed"}),
    "not_planned": frozenset({"turned_down", "replaced", "reversed"}),
}
_OF_OTHERS: Final[frozenset[Outcome]] = frozenset({"turned_down", "done", "replaced", "reversed"})
_OF_LANDED: Final[frozenset[Outcome]] = frozenset({"done", "replaced", "reversed"})

_SHELL: Final = re.compile(
    r"\b(?:pip3?|uv|npm|pnpm|npx|yarn|gem|cargo|go|brew|apt(?:-get)?|curl|wget|docker|bash"
    r"|sh)\s+(?:-|install|add|run|get|exec|https?)"
    r"|\|\s*(?:ba|z)?sh\b|\brm\s+-",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_CODE: Final = re.compile(r"`([^`]*)`")
# Begins with a word, holds no table and no half a code span.
_PROSE: Final = re.compile(r"(?=[\w`\"'(“„«「『])(?:[^`|]|`[^`|]+`)+")
# Ordinary words are joined by these: "low-memory", "read/write".
_JOINT: Final = re.compile(r"[-/\u2010-\u2015]")
# Capitals, digits or dots inside a word: somebody's name for something.
_IDENTIFIER: Final = re.compile(
    r"\w*(?:[a-z][A-Z]|[A-Z]{2}|\d[^\W\d]|[^\W\d]\d|\w[_.:@]+\w)[\w.:@]*"
)
_CAPITALISED: Final = re.compile(r"(?<=[\w,;:] )[^\W\d_]\w+")
_ALPHABETS: Final = r"\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}"
_LETTER: Final = regex.compile(r"\p{L}")
_WORD: Final = regex.compile(rf"[{_ALPHABETS}][{_ALPHABETS}\p{{M}}]{{4,}}")
# Syllables and ideographs: what is written in them has no words that can be cut to a stem.
_SIGN: Final = regex.compile(rf"[\p{{L}}--[{_ALPHABETS}]]", regex.VERSION1)
_SHORT_WORD: Final = re.compile(r"(?<!\w)[^\W\d_]{1,3}(?!\w)")
_QUOTED_LINE: Final = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_MARKS: Final = str.maketrans("", "", "*_`~")


class Fragment(BaseModel):
    """A stretch copied from the remark with this id."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    remark: int
    text: str


class Reply(BaseModel):
    """The one shape in which a model may read and draft, in the order of thought."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    outcome: Outcome
    shown_by: int | None
    decided_by: int | None
    quotes: list[Fragment] = Field(max_length=3)
    grade: Grade
    admit: bool
    reason_class: Lesson | None
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
    fault: Fault | None
    evidence: str


@dataclass(frozen=True)
class Said:
    """The material's texts, prepared for looking things up in them."""

    material: Material

    @cached_property
    def own_text(self) -> str:
        thread = self.material.thread
        return self._text(thread, thread.remarks)

    @cached_property
    def text(self) -> str:
        """With what decides one step away; what others said there lends no words."""
        material = self.material
        linked = (
            self._text(
                other,
                [
                    remark
                    for place, remark in enumerate(other.remarks)
                    if material.decides(first + place)
                ],
            )
            for first, other in material.threads[1:]
        )
        return " ".join([self.own_text, *linked])

    @staticmethod
    def _text(thread: Thread, remarks: Sequence[Remark]) -> str:
        said = " ".join(shown(remark.text, REMARK_CHARS) for remark in remarks)
        title, labels = shown(thread.title, TITLE_CHARS), " ".join(thread.labels)
        return squeeze(f"{title} #{thread.number} {labels} {said}")

    def names(self, number: int) -> bool:
        """In so many words, or by how GitHub relates the two threads."""
        thread = self.material.thread
        related = {thread.parent, *thread.children, *(other.number for other in thread.linked)}
        return number in related or bool(
            re.search(rf"(?:#|/(?:pull|issues)/){number}\b", self.own_text)
        )


def holds(remark: Remark, fragment: str) -> bool:
    """Whether the remark has the fragment in its author's own words, white space and Markdown's
    marks aside."""
    wanted = _bare(fragment)
    own = _QUOTED_LINE.sub(" ", shown(remark.text, REMARK_CHARS))
    return bool(wanted) and wanted in _bare(own)


def _bare(text: str) -> str:
    return squeeze(_LINK.sub(r"\1", text).translate(_MARKS))


def find_objections(reply: Reply, material: Material) -> list[str]:
    """Why the reply must not be used, each as a sentence to the model; empty for one that the
    thread bears out."""
    if reply.admit != (reply.grade >= WORTH_A_LINE):
        return ["admit must be true for grades 2 and 3, and false for 0 and 1"]
    if not reply.admit:
        return []
    said = Said(material)
    return [
        *_outcome(reply, material.thread),
        *_decision(reply, material),
        *_numbers(reply, said),
        *find_flaws(reply.takeaway, said.text),
    ]


def _outcome(reply: Reply, thread: Thread) -> Iterator[str]:
    if reply.reason_class is None:
        yield "an admitted thread needs a reason_class"
    if reply.outcome not in _OUTCOMES.get(thread.closed_as, _OF_OTHERS):
        yield f"outcome {reply.outcome} cannot be admitted of a thread closed as {thread.closed_as}"
    elif thread.landed and reply.outcome not in _OF_LANDED:
        yield f"outcome {reply.outcome}, but a commit closed this: what it asks for was done"


def _decision(reply: Reply, material: Material) -> Iterator[str]:
    if reply.decided_by is None or reply.decided_by not in material.remarks:
        yield "decided_by must be the id of the remark that decides"
    elif not material.decides(reply.decided_by):
        yield f"remark {reply.decided_by} is by somebody who cannot decide this with it"
    if not reply.quotes:
        yield "an admitted thread needs a quote"
    flaws = [list(_quote(fragment, reply, material)) for fragment in reply.quotes]
    # Besides the word of somebody who decides a stranger's may stand, and is not used.
    stands = any(not flawed for flawed in flaws)
    for fragment, flawed in zip(reply.quotes, flaws, strict=True):
        if not (stands and is_strangers(fragment, reply, material)):
            yield from flawed


def _quote(fragment: Fragment, reply: Reply, material: Material) -> Iterator[str]:
    remark = material.remarks.get(fragment.remark)
    excerpt = f'"{shown(squeeze(fragment.text), EXCERPT_CHARS)}"'
    if remark is None or not holds(remark, fragment.text):
        yield (
            f"the quote {excerpt} is not in remark {fragment.remark} in its author's own words, "
            "character by character"
        )
    elif is_scrap(fragment.text):
        yield f"the quote {excerpt} is too short to carry a reason"
    elif find_orders(fragment.text) or find_secrets(fragment.text):
        yield f"the quote {excerpt} gives orders to its readers"
    elif not is_of_deciders(fragment, reply, material):
        yield f"nobody who may decide takes up remark {fragment.remark}, where {excerpt} stands"


def is_of_deciders(fragment: Fragment, reply: Reply, material: Material) -> bool:
    return material.decides(fragment.remark) or _assented(fragment, reply, material)


def is_strangers(fragment: Fragment, reply: Reply, material: Material) -> bool:
    """What a person said indeed, whom nobody who decides takes up."""
    remark = material.remarks.get(fragment.remark)
    said = remark is not None and not remark.bot and holds(remark, fragment.text)
    return said and not is_of_deciders(fragment, reply, material)


def is_scrap(fragment: str) -> bool:
    """Too short to carry a reason: three words are, and seven characters in a script without
    blanks."""
    return count_graphemes(squeeze(fragment)) < QUOTE_CHARS and count_words(fragment) < QUOTE_WORDS


def _assented(fragment: Fragment, reply: Reply, material: Material) -> bool:
    """Does somebody who may decide take up what another person of this thread had said: in a few
    words, by their name, in their words, or by citing them? Who says more has a reason of their own
    to be quoted, and a description argues for what it proposes."""
    decision, remark = reply.decided_by, material.remarks[fragment.remark]
    if decision is None or decision not in material.remarks or remark.bot:
        return False
    if remark not in material.thread.remarks or material.role(decision) != "decider":
        return False
    assent = material.remarks[decision]
    if assent.at < remark.at or remark.kind == "description":
        return False
    cited = " ".join(_QUOTED_LINE.findall(assent.text)).replace(">", " ")
    return (
        count_words(_QUOTED_LINE.sub(" ", assent.text)) <= ASSENT_WORDS
        or f"@{remark.author}".lower() in assent.text.lower()
        or _bare(fragment.text) in _bare(cited)
        or len(_word_stems(fragment.text) & _word_stems(assent.text)) >= SHARED_STEMS
    )


def _word_stems(text: str) -> set[str]:
    return {word.lower()[:STEM_CHARS] for word in _WORD.findall(text)}


def _numbers(reply: Reply, said: Said) -> Iterator[str]:
    material = said.material
    for number in {reply.winner, reply.superseded_by, reply.parent, reply.reverts}:
        if number is not None and (number == material.thread.number or not said.names(number)):
            yield f"#{number} is not named in the thread"
    if not set(reply.tags) <= set(material.vocabulary):
        yield "tags must be from the vocabulary"


def find_flaws(takeaway: str, text: str) -> Iterator[str]:
    """Why a takeaway must not be proposed: its form, and whatever in it is not in `text`, which is
    all that was said."""
    words, length = count_words(takeaway), count_graphemes(takeaway)
    if max(length, len(takeaway)) > TAKEAWAY_CHARS or words > MOST_WORDS:
        yield f"the takeaway is too long: {words} words, {length} characters"
        return
    if words < FEWEST_WORDS:
        yield f"the takeaway is too short: {words} words"
        return
    if (
        takeaway != squeeze(takeaway)
        or not takeaway.isprintable()
        or not _PROSE.fullmatch(takeaway)
    ):
        yield "the takeaway must be one plain line"
    if len(split_sentences(takeaway)) != 1:
        yield "the takeaway must be one sentence"
    if (
        any(pattern.search(takeaway) for pattern in (URL, EMAIL, PHONE, MENTION, HTML_TAG, _SHELL))
        or "](" in takeaway
    ):
        yield "the takeaway must have no link, address, mention, HTML or command"
    if any(find_hidden(takeaway)) or find_orders(takeaway) or find_secrets(takeaway):
        yield "the takeaway must have nothing hidden, no orders to its readers and no secrets"
    yield from _inventions(takeaway, text)


def _inventions(takeaway: str, text: str) -> Iterator[str]:
    numbers = sorted(_numbers_in(takeaway) - _numbers_in(text))
    if numbers:
        yield f"the takeaway has numbers that are not in the thread: {', '.join(numbers)}"
    known = text.lower()
    names = sorted({name for name in _names(takeaway) if _stem(name) not in known})
    if names:
        yield f"the takeaway has names that are not in the thread: {', '.join(names)}"
    if _shares_language(takeaway, text) and _grounding(takeaway, text) < GROUNDED:
        yield "most words of the takeaway are not the thread's"


def _numbers_in(text: str) -> set[str]:
    """BIP 15 is bip-0015."""
    return {number.lstrip("0") or "0" for number in _NUMBER.findall(text)}


def _stem(name: str) -> str:
    """ "Rejected" is no name where "reject" was said; identifiers are what they are, letter by
    letter."""
    ordinary = name.isalpha() and name[1:].islower()
    return name.lower()[:STEM_CHARS] if ordinary else name.lower()


def _names(takeaway: str) -> Iterator[str]:
    """Code spans, identifiers and, where capitals mark names, capitalised words inside the
    sentence."""
    yield from (code.strip() for code in _CODE.findall(takeaway))
    prose = _CODE.sub(" ", takeaway)
    for joined in prose.split():
        for part in _JOINT.split(joined.strip(".,;:!?()\"'“”„«»")):
            yield from _IDENTIFIER.findall(part)
    inside = _CAPITALISED.findall(prose)
    great = [word for word in inside if word[0].isupper()]
    if len(great) <= CAPITALS_ARE_SPELLING * len(prose.split()):
        yield from (word.removesuffix("'s") for word in great)


def _shares_language(takeaway: str, text: str) -> bool:
    """In an alphabet by the short words, which are those that a language does not share with
    others; elsewhere by whether the thread has such signs at all."""
    signs = _SIGN.findall(takeaway)
    if len(signs) > len(_LETTER.findall(takeaway)) / 2:
        return len(set(_SIGN.findall(text))) >= FEWEST_SIGNS
    known = {word.lower() for word in _SHORT_WORD.findall(text)}
    short = [word.lower() for word in _SHORT_WORD.findall(takeaway)]
    return sum(word in known for word in short) >= SAME_LANGUAGE * len(short)


def _grounding(takeaway: str, text: str) -> float:
    """Share of the longer words whose beginnings the thread has as well, for endings differ between
    tenses; outside alphabets of the signs."""
    known = {*_SIGN.findall(text), *_word_stems(text)}
    words = [word.lower()[:STEM_CHARS] for word in _WORD.findall(takeaway)]
    units = [*_SIGN.findall(takeaway), *words]
    return sum(unit in known for unit in units) / max(1, len(units))


# --- what an answer without objections means


def state_of(reply: Reply, thread: Thread) -> EntryState:
    """What became of it in the file's words: GitHub's answer first, then the outcome."""
    if reply.outcome == "replaced" and reply.superseded_by is not None:
        return "superseded"
    if thread.closed_as in ("merged", "closed_unmerged"):
        return "merged" if thread.closed_as == "merged" else "PR closed, not merged"
    if thread.landed or (thread.closed_as != "not_planned" and reply.outcome != "turned_down"):
        return "merged"
    return "won't-fix" if thread.closed_as == "completed" else "not-planned"


def read_reply(reply: Reply, material: Material) -> tuple[Verdict, Draft | None]:
    """`reply` has no objections against it."""
    if not reply.admit:
        outcome = reply.outcome.replace("_", " ")
        why = f"no lesson, as the model reads it: {outcome}, grade {reply.grade}"
        return (
            Verdict(admit=False, reason_class="not_convincing", confidence=0.7, why=why),
            None,
        )
    verdict = _verdict(
        reply, material, admit=True, why="a decision with its reason, as the model reads it"
    )
    return verdict, _draft(reply, material.thread, verdict)


def read_doubtful(reply: Reply, material: Material, why: str) -> Verdict | None:
    """What is left of an admission that may not become a line: the quotes that the thread bears
    out. None without any, or where GitHub says otherwise of the outcome."""
    borne_out = [each for each in reply.quotes if not any(_quote(each, reply, material))]
    if not (reply.admit and borne_out) or any(_outcome(reply, material.thread)):
        return None
    kept = reply.model_copy(
        update={
            "quotes": borne_out,
            "winner": None,
            "superseded_by": None,
            "parent": None,
            "reverts": None,
        }
    )
    return _verdict(kept, material, admit=False, why=why)


def _verdict(reply: Reply, material: Material, *, admit: bool, why: str) -> Verdict:
    assert reply.reason_class is not None
    thread = material.thread
    return Verdict(
        admit=admit,
        perhaps=not admit,
        reason_class=reply.reason_class,
        confidence=0.8 if admit else 0.5,
        why=why,
        rationale=tuple(
            _as_quote(fragment, material)
            for fragment in reply.quotes
            if is_of_deciders(fragment, reply, material)
        ),
        state=state_of(reply, thread),
        refs=References(
            winner=reply.winner,
            superseded_by=reply.superseded_by,
            parent=thread.parent or reply.parent,
            reverts=reply.reverts,
        ),
    )


def as_proposed(reply: Reply) -> Mapping[str, Any]:
    """What the second reader is shown of the first one's answer."""
    shown_fields = {"takeaway", "quotes", "outcome", "decided_by", "grade"}
    return reply.model_dump(include=shown_fields)


def find_doubts_flaws(doubt: Doubt, reply: Reply, material: Material) -> list[str]:
    """Why a second reader's answer contradicts itself or the thread: evidence stands where somebody
    decides or where the first reader quoted."""
    if doubt.verdict == "omit":
        return [] if doubt.fault else ['with "omit", name the fault']
    if doubt.fault:
        return ['with "keep", fault is null']
    quoted = {fragment.remark for fragment in reply.quotes}
    sources = [
        remark for id, remark in material.remarks.items() if id in quoted or material.decides(id)
    ]
    if is_scrap(doubt.evidence) or not any(holds(each, doubt.evidence) for each in sources):
        return ["the evidence stands in no remark that bears the line out, character by character"]
    return []


def _as_quote(fragment: Fragment, material: Material) -> Quote:
    remark = material.remarks[fragment.remark]
    return Quote(
        sentence=squeeze(fragment.text),
        author=remark.author,
        writes=remark.writes,
        url=remark.url,
        at=remark.at,
    )


def _draft(reply: Reply, thread: Thread, verdict: Verdict) -> Draft:
    return Draft(
        number=thread.number,
        kind=thread.kind,
        state=verdict.state or "not-planned",
        takeaway=reply.takeaway,
        winner=verdict.refs.winner,
        superseded_by=verdict.refs.superseded_by,
        parent=verdict.refs.parent,
        reverts=verdict.refs.reverts,
        tags=tuple(reply.tags),
        umbrella=bool(thread.children),
        children=tuple(thread.children),
    )
