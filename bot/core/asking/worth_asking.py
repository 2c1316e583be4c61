"""Which closed threads a model is asked about: structure decides, in any script and at any length.

A no needs somebody's words; a change that lands without taking anything back teaches nothing that
the code does not say itself.
"""

import re
from typing import Final

from bot.core.capture.judge_thread import refuse_ignored
from bot.core.reading.reading import is_automatic
from bot.core.text.lengths import count_words
from bot.core.threads import Remark, Thread
from bot.core.verdicts import CaptureRules, NoLesson, Verdict

# "Thanks, merging." and "LGTM, will do" argue nothing.
FEWEST_WORDS: Final = 6
_QUOTED_LINE: Final = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)
# Where a change says of itself that it takes something back: beginnings of words, by language, for
# titles and, where they can mean nothing else, for descriptions.
_UNDOES: Final = r"""
    revert  back(?:s|ed|ing)?[ ]out  reinstat  roll(?:s|ed|ing)?[ -]?back
    rückgängig  revertir  rétabli  annul  откат  отмен  回退  撤销  撤銷  還原  取り消  差し戻  되돌
    """
_TAKES_AWAY: Final = r"""
    remov  drop  delet  disabl  deprecat  restor  undo  re-?(?:add|enabl|introduc)
    entfern  elimin  quita  supprim  retir  удал  移除  删除  刪除  削除  제거  삭제
    """


def _any_of(*beginnings: str) -> re.Pattern[str]:
    words = (re.sub(r"(?<!\[)\s+(?!\])", "|", each.strip()) for each in beginnings)
    return re.compile(rf"(?<![A-Za-zÀ-ÿ])(?:{'|'.join(words)})", re.IGNORECASE)


_DESCRIBES: Final = _any_of(_UNDOES)
_IS_CALLED: Final = _any_of(_UNDOES, _TAKES_AWAY)


def refuse_unasked(thread: Thread, rules: CaptureRules) -> Verdict | None:
    """Why nobody is asked about the thread; None for one that a model should read."""
    return refuse_ignored(thread, rules) or _without_argument(thread)


def _without_argument(thread: Thread) -> Verdict | None:
    people = [remark for remark in thread.remarks if not is_automatic(remark)]
    if thread.children:
        return None
    if thread.closed_as == "merged":
        return None if takes_back(thread) else _refuse("completed_no_lesson", "merged as proposed")
    if thread.landed:
        return _refuse("completed_no_lesson", "a commit closed it: what it asks for was done")
    if not thread.linked and not any(_argues(remark, thread) for remark in people):
        return _refuse(
            "refusal_no_rationale", "nobody who may decide said more than a few words under it"
        )
    return None


def takes_back(thread: Thread) -> bool:
    """Does a change say that it undoes or removes something?"""
    described = bool(_DESCRIBES.search(thread.description))
    return described or bool(_IS_CALLED.search(thread.title))


def _argues(remark: Remark, thread: Thread) -> bool:
    """Whoever opened the thread argues below its description, and who may decide anywhere."""
    own = remark.author == thread.author
    stands = remark.kind != "description" or (remark.writes and thread.closed_by == thread.author)
    return (
        stands
        and (own or remark.writes)
        and count_words(_QUOTED_LINE.sub(" ", remark.text)) >= FEWEST_WORDS
    )


def _refuse(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.9, why=why)
