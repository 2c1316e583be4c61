"""What was said in a thread, sentence by sentence: by whom, where, and how much of a reason it
is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.reading.courtesies import without_courtesies
from bot.core.reading.cues import Cue, find_cues
from bot.core.reading.remark_text import read_citations, read_sentences
from bot.core.reading.sentence_form import Form, read_forms
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Remark, Thread
from bot.core.verdicts import CaptureRules, Quote

# How much a trait adds to a sentence being the reason of a decision: rounded from a regression over
# the sentences people chose and those they left. Half a unit is not worth an argument.
WEIGHTS: Final[Mapping[Cue | Form, float]] = {
    Cue.FINDING: 2.0,
    Cue.REFUSAL: 1.5,
    Cue.HARM: 1.5,
    Cue.DECISION: 1.0,
    Cue.CAUSE: 1.0,
    Cue.CLOSING: -0.5,
    Cue.DEFERRAL: -1.0,
    Cue.DONE: -1.0,
    Cue.GUESS: -1.0,
    Cue.REQUEST: -1.0,
    Cue.COURTESY: -1.5,
    Cue.PROCESS: -2.0,
    Cue.SUPPORT: -2.0,
    Cue.STALE: -1.0,
    Cue.DUPLICATE: -1.0,
    Cue.WORKS: -1.0,
    Cue.RETRACTION: -2.0,
    Cue.NO_REPRO: -2.0,
    Cue.ACCIDENT: -2.0,
    Cue.SPAM: -3.0,
    Form.JOINS: 2.0,
    Form.LONG: 1.5,
    Form.QUANTIFIES: 1.0,
    Form.SUPPOSES: 1.0,
    Form.NEGATES: 0.5,
    Form.GOES_ON: 0.5,
    Form.FOR_US: 0.5,
    Form.FOR_ME: -1.5,
    Form.ADDRESSES: -1.5,
    Form.POINTS_BACK: -1.0,
    Form.PROMISES: -1.0,
    Form.QUOTES_CODE: -0.5,
}
SUBSTANCE_WORDS: Final = 7
QUESTION: Final = -4.0
SHORT: Final = -2.5
LAST_WORD: Final = 3.0
# A description argues for the change; against it only where its author closed it, too.
PROPOSES: Final = -2.0
CLOSES_BECAUSE: Final = 1.0
REFUSES_BECAUSE: Final = 1.0
# "I would rather not. It slows every start." says no in one sentence and why in the next.
IN_A_STAND: Final = 1.0
ARGUING: Final = frozenset({Cue.REFUSAL, Cue.DECISION, Cue.CAUSE, Cue.HARM, Cue.FINDING})
STAND: Final = frozenset({Cue.REFUSAL, Cue.DECISION, Cue.CLOSING})

# Whoever may not write can withdraw a change of their own, not decide for the project.
_CLAIMS_AUTHORITY: Final = compile_phrases(
    """
    (maintainer|owner|team|core team|project)('s|s')? (decision|policy|verdict|ruling)
    (approved|decided|confirmed|signed off) by
    (the )?(team|maintainers|owners?|project) (has |have )?(decided|agreed|approved|ruled)
    """
)
_AUTOMATIC: Final = compile_phrases(
    """
    (this|the) (issue|pr|pull request|thread|ticket|bug report|conversation) (\\S+ ){0,4}automatically
    automatically (marked|labell?ed|flagged) (this |it )?as
    automatically (clos|lock)(ed|ing) (this|the|stale|inactive|old)
    (this is an automated|i am a bot|beep boop)
    """
)


_POINTS_ELSEWHERE: Final = re.compile(r"#\d|https?:|\b[0-9a-f]{7,40}\b")
_JOINS_REASON: Final = re.compile(r"\w(?::|;| [\u2013\u2014-]) \w")
_THANKS: Final = re.compile(r"\b(?:thanks|thank you)\b(?! to\b)[^,.;:!?]*", re.IGNORECASE)
_DELIBERATES: Final = re.compile(
    (
        r"\bwhether\b(?! or not)|\b(?:question|decision)\b.{0,40}\b(?:remains?|pending|open"
        r"|needed|to be made)\b"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence in its place.

    ``decides``: its author could settle the thread. ``last_word``: it is part of the last remark of
    such a person. ``judges_another``: that person did not open the thread. ``takes_a_stand``:
    another sentence of the remark does. ``adopted``: the change was merged.
    """

    sentence: str
    remark: Remark
    cues: frozenset[Cue]
    forms: frozenset[Form]
    decides: bool
    last_word: bool
    judges_another: bool
    takes_a_stand: bool
    adopted: bool

    @property
    def asks(self) -> bool:
        """ "Since it gains nothing, shall we close this?" is no question."""
        if self.sentence.endswith("?"):
            return not self.cues >= {Cue.CLOSING, Cue.CAUSE}
        return bool(_DELIBERATES.search(self.sentence))

    @property
    def weight(self) -> float:
        """How likely it is what settled the thread, the last word being likelier."""
        return self.telling + (LAST_WORD if self.last_word else 0.0)

    @property
    def telling(self) -> float:
        """How much of a reason it is, wherever it stands."""
        traits = self.cues | (self.forms - {Form.POINTS_BACK} if self.takes_a_stand else self.forms)
        weight = sum(WEIGHTS.get(trait, 0.0) for trait in traits)
        weight += QUESTION if self.asks else 0.0
        weight += CLOSES_BECAUSE if self.cues >= {Cue.CLOSING, Cue.CAUSE} else 0.0
        weight += (
            REFUSES_BECAUSE
            if Cue.REFUSAL in self.cues and self.cues & {Cue.CAUSE, Cue.HARM, Cue.FINDING}
            else 0.0
        )
        weight += SHORT if len(self.sentence.split()) < 5 else 0.0
        weight += IN_A_STAND if self.takes_a_stand else 0.0
        weight += PROPOSES if self.remark.kind == "description" and not self.adopted else 0.0
        return weight

    def quote(self) -> Quote:
        remark = self.remark
        return Quote(
            sentence=self.sentence,
            author=remark.author,
            writes=remark.writes,
            url=remark.url,
            at=remark.at,
        )


def lowered(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def read_statements(thread: Thread, rules: CaptureRules) -> list[Statement]:
    remarks = find_standing(thread, rules)
    deciding = find_deciding(thread, rules)
    last = _last_of_substance(deciding) if thread.closed_as != "merged" else None
    return _without_taken_back(
        [
            statement
            for remark in remarks
            for statement in _read_remark(
                remark, thread, decides=remark in deciding, last_word=remark is last
            )
        ]
    )


def find_standing(thread: Thread, rules: CaptureRules) -> list[Remark]:
    """What people wrote and left as it was when the thread closed."""
    ignored = lowered(rules.ignore_authors)
    return [
        remark
        for remark in thread.remarks
        if not is_automatic(remark)
        and remark.author.lower() not in ignored
        and not _edited_later(remark, thread)
    ]


def find_deciding(thread: Thread, rules: CaptureRules) -> list[Remark]:
    """The remarks that could settle the thread."""
    remarks = find_standing(thread, rules)
    authors_last = _authors_last(remarks, thread.author)
    return [remark for remark in remarks if _decides(remark, thread, authors_last=authors_last)]


def _authors_last(remarks: Sequence[Remark], author: str) -> Remark | None:
    """An author who may write and said why is not outdone by their own "closing then", unless
    others argued since."""
    own = [remark for remark in remarks if remark.author == author]
    told = [
        remark
        for remark in own
        if remark.writes and remark.kind != "description" and _has_substance(remark)
    ]
    after = remarks[remarks.index(told[-1]) :] if told else []
    if told and not any(
        remark.writes and remark.author != author and _argues(remark) for remark in after
    ):
        return told[-1]
    return own[-1] if own else None


def _argues(remark: Remark) -> bool:
    return any(find_cues(sentence) & ARGUING for sentence in read_sentences(remark.text))


def _without_taken_back(statements: Sequence[Statement]) -> list[Statement]:
    """What people said before "scratch that" no longer stands; what others said does."""
    taken_back = {
        s.remark.author: place for place, s in enumerate(statements) if Cue.RETRACTION in s.cues
    }
    return [s for place, s in enumerate(statements) if place >= taken_back.get(s.remark.author, 0)]


def _read_remark(
    remark: Remark, thread: Thread, *, decides: bool, last_word: bool
) -> list[Statement]:
    sentences = read_sentences(remark.text) + read_citations(remark.text)
    cues = [_read_cues(sentence) for sentence in sentences]
    settled = thread.closed_as in ("not_planned", "merged")
    stands = [
        place
        for place, found in enumerate(cues)
        if found & STAND and not sentences[place].endswith("?")
    ]
    return [
        Statement(
            sentence=sentence,
            remark=remark,
            cues=cues[place],
            forms=read_forms(sentence),
            decides=decides,
            last_word=last_word,
            judges_another=remark.writes and remark.author != thread.author,
            takes_a_stand=settled or any(stand != place for stand in stands),
            adopted=thread.closed_as == "merged",
        )
        for place, sentence in enumerate(sentences)
    ]


def _read_cues(sentence: str) -> frozenset[Cue]:
    """In a refusal a colon joins the reason, and "already" speaks of something else than this
    thread."""
    cues = find_cues(without_courtesies(sentence))
    if Cue.REFUSAL not in cues:
        return cues
    if _JOINS_REASON.search(sentence):
        cues |= {Cue.CAUSE}
    return cues if _POINTS_ELSEWHERE.search(sentence) else cues - {Cue.DONE}


def _last_of_substance(deciding: Sequence[Remark]) -> Remark | None:
    """ "👍 closing then" is the end of a thread, and seldom its last word."""
    telling = [remark for remark in deciding if _has_substance(remark)]
    remarks = telling or deciding
    return remarks[-1] if remarks else None


def _has_substance(remark: Remark) -> bool:
    said = [
        _THANKS.sub("", without_courtesies(sentence)) for sentence in read_sentences(remark.text)
    ]
    return any(len(sentence.split()) >= SUBSTANCE_WORDS for sentence in said)


def is_automatic(remark: Remark) -> bool:
    """Bots are known by what they say as well: many of them post from ordinary accounts."""
    return remark.bot or bool(_AUTOMATIC.search(remark.text[:600]))


def _edited_later(remark: Remark, thread: Thread) -> bool:
    return bool(remark.edited_at and thread.closed_at and remark.edited_at > thread.closed_at)


def _decides(remark: Remark, thread: Thread, *, authors_last: Remark | None) -> bool:
    """Whoever proposed something argues for it; their word settles it when it is their last.

    A description decides only when merging adopted it, or when it is all that a person with write
    access wrote.
    """
    if thread.closed_as == "merged" and remark.kind == "description":
        return True
    if remark.author != thread.author:
        return remark.writes
    if remark.kind == "description":
        return remark.writes and not any(
            other is not remark and other.writes for other in thread.remarks
        )
    if remark.writes:
        return remark is authors_last
    withdraws = thread.kind == "pull_request" and not _CLAIMS_AUTHORITY.search(remark.text)
    return remark is authors_last and withdraws
