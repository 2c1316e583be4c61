"""Turn a remark's sentence and a thread's title into parts of one takeaway."""

# ruff: noqa: E501 - one phrase per line

import re
from typing import Final

from bot.core.text.phrases import compile_phrases
from bot.core.text.secrets import cut_between_words

# A takeaway has 280 and a title 256: what comes after these is never used.
LONGEST_CHARS: Final = 600

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"<?\bhttps?://\S+?(?=[.,;:!?)>]*(?:\s|$))>?")
_MENTION = re.compile(r"\s?(?<![\w`/.])@[\w-]+(?:/[\w-]+)?")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_EMOJI = re.compile(
    r"(?<!\w):[a-z_+\-0-9]+:(?!\w)|[;:]-?[)(DPp](?=\W|$)|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]"
)
_SPACE = re.compile(r"\s+")
_EMPTY_BRACKETS = re.compile(r"(?:^|\s+)(?:\(\s*(?:see|cf\.?|e\.g\.)?\s*\)|\[\s*\])|\s+(?=\))")
_ASIDE = re.compile(r"(?<!\s)\s*+\((?!s\))[^()]*\)")
_BREAKS: Final = (
    "; ",
    " \u2013 ",
    " \u2014 ",
    " -- ",
    ": ",
    ", which ",
    ", so ",
    ", but ",
    ", though ",
    ", and ",
    ", ",
)

_THREAD: Final = "(this|it|the|that|my|pr|pull request|issue|ticket|out|now|here|unmerged|for|down)"
_WORDS: Final = {
    "{thread}": _THREAD,
    "{we}": "(i|we)('m| am|'re| are|'ll| will|'d)?",
    "{to_be}": "((this( one| issue| pr)?|it) (can|could|should|may|will)( now)? be )?",
}

# What a sentence begins with that serves the conversation, not the reason. Each may follow another.
_OPENERS: Final = (
    (
        """
        (hi|hello|hey|dear)( there| all| everyone| folks)?
        (thanks|thank you|thx)[^,.!;:]{0,60}
        (sorry|unfortunately|indeed|also|however|but|and|so|well|actually|anyway|yeah|yes|yep|no|nope|ok|okay|right|hmm+|ah|oh)
        (first|second|third|final|last|honest|frank|basical|person|sad|addition|overal)(ly)?
        (due to|because of|as a result of) (this|that|these)
        (personally|additionally|overall|again|still|furthermore|moreover|regardless|as such|in short|in any case|that said|having said that)
        (fwiw|imho|imo|afaict|afaik|iirc|tbh|tl;dr|for the record|to be (honest|clear|fair)|to make it clear|generally speaking|as expected)
        (as|like) ({we} )?(noted|mentioned|said|stated|discussed|explained|written|described|per)[^,:]{0,30}
        (to (recap|add to|summari[sz]e|sum up|clarify)|as per|per (the|our|today's)|from the|discussed (in|at|on))[^,:]{0,45}
        """,
        r"[\s,.:;!\u2013\u2014-]*[,.:;!\u2013\u2014-]\s*",
    ),
    (
        "({we} (therefore |also )?)?clos(e|ed|ing)( {thread})*",
        r"[\s.,:;-]*(?=(?:since|because|as|due|given|for|until)\b)",
    ),
    ("(since|because|as|given that)", r"\s+(?=[^,]*$)"),
    (
        """
        (and|but|so|also)
        {we} (really |still |also |just |do )?(think|believe|feel|guess|suppose|suspect|expect|would say|say)( that)?(?! (about|so|of))
        it (seems|looks|appears)( to me)?( like| that)?
        (my|our|the) (main |only |biggest )?(problem|concern|issue|reason|point|worry|feeling|view|opinion) (\\w+ ){0,3}(is|was) that
        (note|please note) that
        """,
        r"\s+",
    ),
)
_OPENER: Final = re.compile(
    "|".join(
        rf"(?:{compile_phrases(phrases, words=_WORDS).pattern}){end}" for phrases, end in _OPENERS
    ),
    re.IGNORECASE,
)
# … and ends with.
_CLOSER: Final = re.compile(
    r"(?<![\s,;:.\u2013\u2014-])[\s,;:.\u2013\u2014-]+(?:\b(?:and|so|hence|thus|therefore)\b[\s,]*)*"
    + "(?:"
    + compile_phrases(
        """
        ({we} |let's |shall we |should we |can we )?(go ahead and |going to |therefore |just |now )*{to_be}clos(e|ed|ing)( {thread}|as|a|result|stale|ntbf|won't fix| )*
        (and )?(thanks|thank you)[^.,;:]{0,60}
        """,
        words=_WORDS,
    ).pattern
    + r")[\s.!?]*$",
    re.IGNORECASE,
)
_DANGLING: Final = re.compile(r"\band (?:as|since|because) (?=[^,]*$)", re.IGNORECASE)
_PERSON: Final = (
    (re.compile(r"(?<![\w-])I['\u2019]m\b"), "we're"),
    (re.compile(r"(?<![\w-])I am\b"), "we are"),
    (re.compile(r"(?<![\w-])I was\b"), "we were"),
    (re.compile(r"(?<![\w/-])I(?![\w/-])"), "we"),
    (re.compile(r"\b(?:M|m)y\b"), "our"),
    (re.compile(r"\bme\b"), "us"),
    (re.compile(r"\bmyself\b"), "ourselves"),
    (re.compile(r"\bmine\b"), "ours"),
)
_DOUBT: Final = re.compile(
    r"(?:i|we)\s+(?:do\s+not|don['\u2019]t)\s+(?:really\s+|currently\s+)?(?:think|believe|feel)\s+(?:that\s+)?"
    r"(?P<subject>(?:\S+\s+){1,8}?)(?P<verb>is|are|was|were|should|would|can|could|will|must)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_NO_SUBJECT: Final = compile_phrases(
    "(makes|breaks|needs|adds|causes|requires|introduces|does|would|will|won't|should|cannot|can't|doesn't|has|is|isn't|was|leads|results)"
)
# A sentence that begins with one of these may go on after a colon in lower case; a name may not.
_COMMON: Final = compile_phrases(
    """
    (a|after|all|also|an|and|any|as|at|because|before|by|each|even|every|for|given|here|how|if|in|it|its|many|most|no|nor|not|of|on|once|one)
    (only|our|since|some|such|that|the|their|there|these|they|this|those|to|two|until|we|what|when|where|which|while|with)
    (without|you|your|[a-z]{2,}ing)
    """
)
# What the outcome has said already: "we won't support anchors: ", "this reverts the batches because ".
_SAID_ALREADY: Final = re.compile(
    r"(?:(?:we|they)(?:['\u2019]\w+)? (?:won['\u2019]t|will not|(?:are |['\u2019]re )?not going to|decided against|do(?:n['\u2019]t| not)|can(?:not|['\u2019]t))"
    r"[^:;]{0,80}?(?::|;| [\u2013\u2014-]) |no[:;] |(?:this |these )?(?:pr |change |commit )?reverts? [^:;,]{0,80}?(?:because|since|:) )(?=(?:\S+ ){5})",
    re.IGNORECASE,
)

# "Perf run: nine per cent slower" names where the reason comes from; what denies or speaks of all is the reason's part.
_LEAD_IN: Final = re.compile(
    r"(?P<lead>(?:[^\s:()'\"\u2018\u201c]+\s+){0,5}[^\s:()'\"\u2018\u201c]+):\s+(?=(?:\S+\s+){5})"
)
_RULES: Final = re.compile(
    r"\b(?:not?|never|none|only|every|all|always|must|without)\b|n['\u2019]t\b|`", re.IGNORECASE
)
_HEDGE: Final = re.compile(
    r",? (?:i|we) (?:believe|think|guess|suppose|suspect|feel),", re.IGNORECASE
)
_REPLACED_BY: Final = re.compile(
    r"(?:(?:closed|closing) )?(?:superseded|replaced|obsoleted) (?:by|with|in favou?r of) #\d+[,:;.]?\s+(?P<which>which |that )?",
    re.IGNORECASE,
)
_NUMBER_BESIDE: Final = re.compile(r"\s*\((?:see |in |by |cf\.? )?#\d+\)(?=[.!]?$)")

_TITLE_PREFIX: Final = re.compile(
    r"^(?:\s*(?:\[[^\]]{1,30}\]|(?:feature request|feature|proposal|rfc|request|suggestion|question|bug|enhancement|wip|draft|idea"
    r"|rfe|epic|umbrella|tracking)\s*[:\u2013-]|(?:feat|fix|chore|docs?|refactor|perf|tests?|build|ci|style|revert|rev|security)"
    r"(?:\([^)]*\))?!?:))+\s*",
    re.IGNORECASE,
)
_TITLE_TAIL: Final = re.compile(
    r"\s*\((?:#\d+|closes? #\d+|wip|postponed[^)]*)\)\s*$", re.IGNORECASE
)
_CUT_SHORT: Final = re.compile(r"[.,;:]?\s+[^.,;:]*\S(?:\u2026|\.\.\.)$")
_REVERT: Final = re.compile(
    r"\s*reverts?:?\s+[\"\u201c'\u2018](?P<what>.+?)[\"\u201d'\u2019]?\s*(?:\(#\d+\))?\s*[.\u2026]*$",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """The words of a sentence or title alone: no links, mentions, emphasis, emoji; code marks stay."""
    text = _URL.sub("", _LINK.sub(r"\1", cut_between_words(text, LONGEST_CHARS)))
    text = _EMPHASIS.sub(r"\2", _EMOJI.sub("", _MENTION.sub("", text)))
    return _SPACE.sub(" ", _EMPTY_BRACKETS.sub("", text)).strip()


def find_reverted_title(title: str) -> str | None:
    """The X of `Revert "X"`, the title GitHub's button writes."""
    match = _REVERT.match(_TITLE_PREFIX.sub("", plain(title), count=1))
    return match["what"] if match else None


def name_proposal(title: str) -> str:
    """What the thread proposed, in the words of its title, without labels and double quotes."""
    name = _TITLE_PREFIX.sub("", plain(title), count=1)
    name = _TITLE_TAIL.sub("", _CUT_SHORT.sub("", name)).rstrip(" .\u2026!,;:")
    return shorten((name or plain(title)).replace('"', "'"), limit=110)


def state_reason(sentence: str) -> str:
    """The reason as a clause: without greetings, hedges, and what only serves the conversation."""
    clause = plain(sentence)
    if clause.startswith("(") and clause.rstrip(".").endswith(")"):
        clause = clause.rstrip(".")[1:-1]
    clause = _DANGLING.sub("and ", _CLOSER.sub("", clause)).strip(" ,;:")
    clause = _without_lead_in(_without_openers(_HEDGE.sub("", clause)))
    for person, plural in _PERSON:
        clause = person.sub(plural, clause)
    clause = _SAID_ALREADY.sub("", clause, count=1) if _SAID_ALREADY.match(clause) else clause
    clause = (
        f"it {clause[0].lower()}{clause[1:]}" if _NO_SUBJECT.match(clause) else _lower_first(clause)
    )
    return clause.rstrip(" .!?,;:\u2026")


def _without_openers(clause: str) -> str:
    while opener := _OPENER.match(clause):
        if opener.end() == len(clause) or not opener.end():
            break
        clause = clause[opener.end() :].lstrip(" ,.:;-")
    return _negate(clause)


def _without_lead_in(clause: str) -> str:
    clause = _REPLACED_BY.sub(lambda match: "it " if match["which"] else "", clause, count=1)
    match = _LEAD_IN.match(clause)
    if match and not _RULES.search(match["lead"]):
        clause = clause[match.end() :]
    return _NUMBER_BESIDE.sub("", clause)


def _negate(clause: str) -> str:
    """`I don't think X is Y` says `X is not Y`."""
    match = _DOUBT.match(clause)
    if not match:
        return clause
    verb = match["verb"].lower()
    return f"{match['subject']}{'cannot' if verb == 'can' else verb + ' not'}{match['rest']}"


def _lower_first(clause: str) -> str:
    return clause[:1].lower() + clause[1:] if _COMMON.match(clause) else clause


def lower_common_word(clause: str, texts: str) -> str:
    """A first word that is a plural, or that `texts` write small and never great within a sentence, is no name."""
    first = re.match(r"[A-Z][a-z]+(?![\w.'\u2019/-])", clause)
    if not first:
        return clause
    if re.match(r"\w+s (?:are|were|have)\b", clause):
        return clause[:1].lower() + clause[1:]
    small = re.search(rf"(?<![\w./`-]){first[0].lower()}(?![\w./`-])", texts)
    great = re.search(rf"[a-z,] {first[0]}\b", texts)
    return clause[:1].lower() + clause[1:] if small and not great else clause


def shorten(clause: str, *, limit: int) -> str:
    """At most `limit` characters: asides go first, then what follows the last break that leaves a whole."""
    if len(clause) > limit:
        clause = _ASIDE.sub("", clause)
    if len(clause) <= limit:
        return clause
    for mark in _BREAKS:
        head = clause[: limit + len(mark)].rpartition(mark)[0]
        if len(head.split()) >= 6:
            return head
    return clause[: limit - 1].rpartition(" ")[0].rstrip(" ,;:") + "\u2026"
