"""Which remarks could settle a thread."""

from collections.abc import Sequence
from typing import Final

from bot.core.reading import Role, find_role, find_standing
from bot.core.reading.prose import read_sentences
from bot.core.reading.words import count_words
from bot.core.text.phrases import compile_phrases
from bot.core.threads import Remark, Thread
from bot.core.verdicts import CaptureRules

SUBSTANCE_WORDS: Final = 7

# Whoever may not write can withdraw a change of their own, not decide for the project.
_CLAIMS_AUTHORITY: Final = compile_phrases(
    """
    (maintainer|owner|team|core team|project)('s|s')? (decision|policy|verdict|ruling)
    (approved|decided|confirmed|signed off) by
    (the )?(team|maintainers|owners?|project) (has |have )?(decided|agreed|approved|ruled)
    """
)


def find_deciding(thread: Thread, rules: CaptureRules) -> list[Remark]:
    """Those of people who may write and did not open it; of whoever opened it, the last that says
    something."""
    remarks = find_standing(thread, ignore_authors=rules.ignore_authors)
    own = _own_word(remarks, thread.author)
    return [remark for remark in remarks if _decides(remark, thread, own=own)]


def _own_word(remarks: Sequence[Remark], author: str) -> Remark | None:
    """An author who may write and said why is not outdone by their own "closing then", unless
    others spoke since."""
    own = [remark for remark in remarks if remark.author == author]
    told = [
        remark
        for remark in own
        if remark.writes and remark.kind != "description" and _has_substance(remark)
    ]
    after = remarks[remarks.index(told[-1]) :] if told else []
    if told and not any(
        remark.writes and remark.author != author and _has_substance(remark) for remark in after
    ):
        return told[-1]
    return own[-1] if own else None


def _has_substance(remark: Remark) -> bool:
    return any(count_words(sentence) >= SUBSTANCE_WORDS for sentence in read_sentences(remark.text))


def _decides(remark: Remark, thread: Thread, *, own: Remark | None) -> bool:
    """A description decides only when merging adopted it, or when it is all that a person with
    write access wrote."""
    if thread.closed_as == "merged" and remark.kind == "description":
        return True
    role = find_role(remark, thread)
    if role in (Role.DECIDER, Role.OTHER):
        return role is Role.DECIDER
    if remark.kind == "description":
        return remark.writes and not any(
            other is not remark and other.writes for other in thread.remarks
        )
    withdraws = thread.kind == "pull_request" and not _CLAIMS_AUTHORITY.search(remark.text)
    return remark is own and (remark.writes or withdraws)
