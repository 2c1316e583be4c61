"""A thread's title and a remark's sentence as parts of one takeaway: markup goes, every word
stays."""

import re
from typing import Final

from bot.core.reading.words import count_words, read_words
from bot.core.text.cleaning import MENTION

# Nobody reads on, and a run of marks of any length must not take minutes.
LONGEST_CHARS: Final = 2_000
TITLE_CHARS: Final = 110
FEWEST_WORDS: Final = 8

_CODE: Final = re.compile(r"(`+[^`]+`+)")
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_EMPHASIS: Final = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
# A sign of a thumb says yes or no: what is a word of the sentence stays.
_EMOJI: Final = re.compile(r"[\U0001F31F-\U0001F445\U0001F450-\U0001FAFF\u2600-\u27BF\uFE0F]")
_SPACE: Final = re.compile(r"\s+")

_TITLE_PREFIX: Final = re.compile(
    r"^(?:\s*(?:\[[^\]]{1,30}\]|(?:feature request|feature|proposal|rfc|request|suggestion"
    r"|question|bug|enhancement|wip"
    r"|draft|idea|rfe|epic|umbrella|tracking)\s*[:\u2013-]|(?:feat|fix|chore|docs?|refactor|perf"
    r"|tests?|build|ci|style"
    r"|revert|rev|security)(?:\([^)]*\))?!?:))+\s*",
    re.IGNORECASE,
)
_TITLE_TAIL: Final = re.compile(
    r"\s*\((?:#\d+|closes? #\d+|wip|postponed[^)]*)\)\s*$", re.IGNORECASE
)
_CUT_SHORT: Final = re.compile(r"[.,;:]?\s+[^.,;:]*\S(?:\u2026|\.\.\.)$")

# A sentence that leans on what was said before it, or that speaks from one person to another, needs
# its title.
_LEANS: Final = re.compile(
    r"\W*(?:this|that|it|its|these|those|they|he|she|here|there|such|same|but|and|so|or|also"
    r"|however|though|yet|still|then|thus|"
    r"hence|instead|otherwise|therefore|besides|additionally|moreover|furthermore|first|second"
    r"|yes|no|nope|yeah|ok|okay|"
    r"well|if|because|since|as|which|unfortunately|sorry|thanks|thank|hi|hello|nack|ack|imo|imho"
    r"|fwiw|agreed|closing|"
    r"either|both|neither|not|rather|again|like|for)\b",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:I|my|me|mine|you|your|this (?:pr|pull request|issue|patch|change|commit|branch|one"
    r"|thread|proposal|feature)|"
    r"the (?:pr|pull request|issue|patch|proposal|author|op)|above|below|aforementioned|it|this"
    r"|that|these|those|he|she"
    r"|his|her)\b"
    r"|['\u2019](?:ll|ve|m|d)\b|https?:|[:;]$",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"[A-Z`\"\u201c].*[.!\u3002]$", re.DOTALL)
_FREQUENT: Final = frozenset(
    read_words(
        "with from that this have should when into over than then they them their only also more"
    )
)


def plain(text: str) -> str:
    """The words alone: links become their text, mentions the name; code spans stay as they are."""
    parts = _CODE.split(text[:LONGEST_CHARS])
    cleaned = [part if place % 2 else _strip(part) for place, part in enumerate(parts)]
    return _SPACE.sub(" ", "".join(cleaned)).strip()


def _strip(text: str) -> str:
    text = _EMOJI.sub("", _LINK.sub(r"\1", text))
    return MENTION.sub(lambda found: found[0].replace("@", ""), _EMPHASIS.sub(r"\2", text))


def name_proposal(title: str) -> str:
    """What the thread proposed, in the words of its title, without labels."""
    name = _TITLE_PREFIX.sub("", plain(title), count=1)
    name = _TITLE_TAIL.sub("", _CUT_SHORT.sub("", name)).rstrip(" .\u2026!,;:")
    return shorten(name or plain(title), limit=TITLE_CHARS)


def stands_alone(sentence: str, title: str) -> bool:
    """Does it say by itself what it is about? It names something of the title, and nothing outside
    itself."""
    if not _WHOLE.match(sentence) or _LEANS.match(sentence) or _POINTS.search(sentence):
        return False
    return count_words(sentence) >= FEWEST_WORDS and bool(_subjects(sentence) & _subjects(title))


def in_quotes(sentence: str) -> str:
    """Double quotes around it, single ones within."""
    return '"' + re.sub(r"[\"\u201c\u201d]", "'", sentence) + '"'


def shorten(text: str, *, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where words were left out."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    if cut.count("`") % 2:
        cut = cut[: cut.rindex("`")]
    return cut.rstrip(" ,;:(") + "\u2026"


def _subjects(text: str) -> set[str]:
    """The stems of what it names, as far as five letters tell."""
    return {
        word[:5]
        for word in read_words(text.replace("`", " "))
        if len(word) >= 4 and word not in _FREQUENT
    }
