"""Turn a remark's sentence and a thread's title into parts of one takeaway."""

import re
from typing import Final

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"<?\bhttps?://\S+?(?=[.,;:!?)>]*(?:\s|$))>?")
_MENTION = re.compile(r"(?<![\w`/.])@[\w-]+(?:/[\w-]+)?,?\s?")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_EMOJI = re.compile(r"(?<!\w):[a-z_+\-0-9]+:(?!\w)|[;:]-?[)(DPp](?=\W|$)|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]")
_SPACE = re.compile(r"\s+")
_EMPTY_BRACKETS = re.compile(r"\s*\(\s*(?:see|cf\.?|e\.g\.)?\s*\)|\s*\[\s*\]")

_OPENER = re.compile(
    r"""^(?:
        (?:hi|hello|hey|dear)(?:\s+(?:there|all|everyone|folks))?[\s,!.:-]+
      | (?:thanks|thank\s+you|thx)\b[^,.!;:]{0,60}[,.!;:-]+\s*
      | (?:sorry|unfortunately|indeed|also|however|but|and|so|well|actually|anyway|yeah|yes|yep|no|nope|ok|okay|right|hmm+|ah|oh|first(?:ly)?|second(?:ly)?|finally|lastly|honestly|frankly|basically|personally|again|still|additionally|furthermore|moreover|regardless|sadly|as\s+such|in\s+short|in\s+any\s+case|that\s+said|having\s+said\s+that|overall|generally\s+speaking|to\s+be\s+(?:honest|clear|fair)|fwiw|imho|imo|afaict|afaik|iirc|tbh|tl;?dr|note\s+that|for\s+the\s+record)\b\s*[,:;-]+\s*
      | (?:and|but)\s+(?:so\s+)?
      | (?:as|like)\s+(?:i|we)?\s*(?:noted|mentioned|said|stated|discussed|explained|written|described|per)\b[^,]{0,30},\s*
      | (?:to\s+(?:recap|add\s+to|summari[sz]e|sum\s+up|clarify)|(?:as\s+)?per\s+(?:the|our|today['’]s)|from\s+the|discussed\s+(?:in|at|on))\b[^,:]{0,45}[,:]\s*
      | (?:i|we)(?:['’]m|\s+am|['’]re|\s+are|\s+will|['’]ll)?\s+(?:therefore\s+)?clos(?:e|ed|ing)\b(?:\s+(?:this|it|the|that|pr|pull|request|issue|ticket|out|now|here|unmerged|for))*[\s,.:;-]*(?=(?:since|because|as|due|given|for|until)\b)
      | clos(?:ed|ing)\b(?:\s+(?:this|it|the|that|pr|pull|request|issue|ticket|out|now|here|unmerged|for))*[\s,.:;-]*(?=(?:since|because|as|due|given|until)\b)
      | (?:since|because|as|given\s+that)\s+(?=[^,]*$)
      | (?:i|we)\s+(?:really\s+|still\s+|also\s+|just\s+|do\s+)?(?:think|believe|feel|guess|suppose|suspect|expect|would\s+say|['’]d\s+say)\s+(?:that\s+)?(?!about|so\b|of\b|it['’]s\s+better\s+if\s+you)
      | it\s+(?:seems|looks|appears)\s+(?:to\s+me\s+)?(?:like|that)\s+
      | (?:my|our|the)\s+(?:main\s+|only\s+|biggest\s+)?(?:problem|concern|issue|reason|point|worry|feeling|view|opinion|understanding)\s+(?:\w+\s+){0,3}(?:is|was)\s+that\s+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSER = re.compile(
    r"""[\s,;:.–—-]*(?:\b(?:and|so|hence|thus|therefore)\b[\s,]*)*
        (?:\b(?:i|we)(?:['’]m|\s+am|['’]re|\s+are|['’]ll|\s+will|['’]d)?\s+|\blet['’]?s\s+|\bgoing\s+to\s+|\bi\s+)?(?:\s*(?:go\s+ahead\s+and|going\s+to|therefore|hence|just|now)\s+)*\bclos(?:e|ed|ing)\b
        (?:\s+(?:this|it|the|that|pr|pull|request|issue|ticket|out|now|here|unmerged|as|for|a|result|stale|ntbf|won['’]?t\s*fix|wontfix))*\s*[.!]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_PERSON: Final = (
    (re.compile(r"\bI['’]m\b"), "we're"),
    (re.compile(r"\bI am\b"), "we are"),
    (re.compile(r"\bI was\b"), "we were"),
    (re.compile(r"\bI(?=['’](?:ll|ve|d)\b|\b)"), "we"),
    (re.compile(r"\b(?:M|m)y\b"), "our"),
    (re.compile(r"\bme\b"), "us"),
    (re.compile(r"\bmyself\b"), "ourselves"),
    (re.compile(r"\bmine\b"), "ours"),
)
_DOUBT = re.compile(
    r"^(?:i|we)\s+(?:do\s+not|don['’]t)\s+(?:really\s+|currently\s+)?(?:think|believe|feel)\s+(?:that\s+)?(?P<subject>(?:\S+\s+){1,8}?)(?P<verb>is|are|was|were|should|would|can|could|will|must|has|have|does|do|needs)\b(?P<rest>.*)$",
    re.IGNORECASE,
)

_TITLE_PREFIX = re.compile(
    r"^(?:\s*(?:\[[^\]]{1,30}\]|(?:feature\s+request|feature|proposal|rfc|request|suggestion|question|bug|enhancement|wip|draft|idea|rfe)\s*[:\-–]|(?:feat|fix|chore|docs?|refactor|perf|test|tests|build|ci|style|revert|security)(?:\([^)]*\))?!?:))+\s*",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s*(?:\((?:#\d+|closes?\s+#\d+|wip|postponed[^)]*)\)|#\d+)?[\s.…?!]*$", re.IGNORECASE)
_REVERT = re.compile(r"^\s*reverts?\s+[\"“'‘](?P<what>.+?)[\"”'’]?\s*(?:\(#\d+\))?\s*[.…]*$", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\((?!s\))[^()]*\)")
_BREAKS = (
    "; ",
    " – ",
    " — ",
    " -- ",
    ": ",
    ", which ",
    ", so ",
    ", but ",
    ", and ",
    ", though ",
    ", although ",
    ", e.g. ",
    ", ",
)


def plain(text: str) -> str:
    """The words alone: no links, mentions, emphasis, emoji; code marks stay."""
    text = _URL.sub("", _LINK.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", _EMOJI.sub("", _MENTION.sub("", text)))
    return _SPACE.sub(" ", _EMPTY_BRACKETS.sub("", text)).strip()


def name_proposal(title: str) -> str:
    """What the thread proposed, from its title: `Revert "X"` is about X."""
    title = plain(title)
    reverted = _REVERT.match(title)
    if reverted:
        return name_proposal(reverted["what"])
    name = _TITLE_TAIL.sub("", _TITLE_PREFIX.sub("", title)).strip(' "“”')
    return shorten(name.replace('"', "'"), limit=110) if name else title


def state_reason(sentence: str) -> str:
    """The reason as a clause: without greetings, hedges, and what only serves the conversation."""
    clause = _CLOSER.sub("", plain(sentence)).strip()
    before = ""
    while clause != before:
        before = clause
        clause = _OPENER.sub("", clause).strip()
    clause = _negate(clause)
    for person, plural in _PERSON:
        clause = person.sub(plural, clause)
    return _uncapitalise(clause.rstrip(" .!,;:…"))


def _negate(clause: str) -> str:
    """`I don't think X is Y` says `X is not Y`."""
    match = _DOUBT.match(clause)
    if not match:
        return clause
    verb = match["verb"].lower()
    if verb in ("needs", "has", "have"):
        return clause
    return f"{match['subject']}{'cannot' if verb == 'can' else verb + ' not'}{match['rest']}"


def _uncapitalise(clause: str) -> str:
    first = clause.partition(" ")[0]
    plain_word = first[1:].islower() or first in ("A", "I")
    return clause[:1].lower() + clause[1:] if plain_word else clause


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
    return clause[: limit - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"
