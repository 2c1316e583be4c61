"""What the author of an issue wants: a change, an answer, a repair, or upkeep of what is there."""

import re
from typing import Final, Literal

Intent = Literal["proposal", "question", "report", "upkeep", "unclear"]

# `[Feature] …`, `feat(config): …`, `Bug: …`: what authors and templates put in front.
PREFIX: Final = re.compile(
    r"\s*(?:\[(?P<tag>[^\]]{1,30})\]|(?P<label>[A-Za-z][\w ./()-]{0,30}):(?!:))\s*"
)
PROPOSING: Final = re.compile(
    r"feat|feature|rfc|proposal|idea|enhancement|suggestion|wish|request", re.IGNORECASE
)
REPORTING: Final = re.compile(r"bug|crash|regression|error", re.IGNORECASE)
ASKING: Final = re.compile(r"question|help|support|how\s?to", re.IGNORECASE)

# How things are is asked; "Could we…", "Should it…", "Why not…" propose.
QUESTION: Final = re.compile(
    r"(?:how(?!\sabout)|what(?!\sif|\sabout)|which|who|where|when|why(?!\s(?:not"
    r"|don['\u2019]?t\swe)))\b.*\?"
    r"|how\s(?:do|does|can|to|is|are|should)\b.*"
    r"|(?:is|are|was|were|does|do|did|has|have|am)\s.*\?",
    re.IGNORECASE | re.DOTALL,
)
# Documenting, testing or watching what was decided is not proposing against it.
UPKEEP: Final = re.compile(
    r"(?:document|describe|explain|log|monitor|measure|alert|test)\b"
    r"|(?:add|write|improve)\s(?:an?\s|some\s|more\s)?(?:\w+\s)?"
    r"(?:tests?|metrics?|logs?|logging|docs?|documentation|examples?|alerts?|histograms?)\b",
    re.IGNORECASE,
)
BROKEN: Final = re.compile(
    r"""\b(?:
        crash(?:es|ed|ing)?|broken|breaks?|fail(?:s|ed|ing)|hangs?|hung|freez(?:es|ing)|frozen|leak(?:s|ed|ing)?|overflow(?:s|ed)|(?:stack|buffer|integer)\soverflow|errors?|abort(?:s|ed)
      | (?:does|do|did|is|are|was|were|has|have|wo|ca)n['\u2019]?t\s\w+
      | (?:does|do|did|is|are|was|were|has|have)\snot\s\w+
      | (?:throws?|raises?|prints?|returns?|gives?|shows?|gets?)\s(?:an?\s|the\s)?(?:\w+\s)?
        (?:error|exception|traceback|wrong|incorrect|invalid|nothing|undefined|[45]\d\d)
      | (?:is|are|was|were)\s
        (?:wrong|incorrect|missing|ignored|lost|slow|duplicated|corrupt(?:ed)?|cut\soff|stuck|locked)
      | no\slonger|regression|bug|traceback|stack\s?trace|segfault|panic(?:s|ked)?|unexpected(?:ly)?
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
REPORT_BODY: Final = re.compile(
    r"""^[^\w\n]*(?:steps(?:\sto\sreproduce)?:|to\sreproduce|reproduction|expected\s(?:behaviou?r|result)
        |actual\s(?:behaviou?r|result)|traceback|stack\s?trace|backtrace)
      | ^[ \t]*File\s".*",\sline\s\d+ | \w(?:Error|Exception):\s | \bpanicked\sat\b""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
WISH: Final = re.compile(
    r"""\b(?:(?:could|can|should|may)\s(?:we|i)|why\s(?:not|don['\u2019]?t\swe)|i['\u2019]?d\s(?:like|love)|let['\u2019]?s|let\s(?:me|us)
      |would\s(?:be\s\w+\sto|be\s(?:nice|great|good|helpful|useful|handy|better|easier)|like|love|help|save|allow|let)
      |how\sabout|propos(?:e|al|ing)|suggest(?:ion|ing)?|feature\srequest|(?:we|i)\s(?:want|need|wish))\b""",
    re.VERBOSE | re.IGNORECASE,
)
# In a title these wish; in the body of a report they say what was expected.
SUPPORT: Final = re.compile(r"\bsupport(?:\s(?:for|of)\s.+)?$", re.IGNORECASE)
TITLE_WISH: Final = re.compile(
    r"\b(?:should|could|please|instead\sof|rather\sthan)\b", re.IGNORECASE
)
IMPERATIVE: Final = re.compile(
    r"""(?:accept|add|adopt|allow|always|apply|automate|automatically|avoid|be\sable|bring|build|bundle|cache|call|change|check
      |collapse|collect|combine|compute|configure|convert|copy|count|create|cut|decide|default|define|delete|deprecate
      |derive|detect|disable|do\snot|don['\u2019]?t|downgrade|drop|emit|enable|enforce|ensure|execute|expose|extend|extract|fall\sback
      |fetch|finish|fold|follow|forbid|force|gate|generate|get\srid|give|group|guess|handle|have|hide|identify|ignore|implement
      |import|include|infer|inline|install|introduce|keep|key|let|limit|link|load|log|make|map|match|measure|merge|migrate|mirror
      |mount|move|offer|open|parse|pass|persist|pick|port|prefer|prevent|print|process|promote|provide|publish|pull|push|put|raise
      |read|rebuild|record|redirect|reduce|refactor|refuse|register|reject|relax|rely|reload|remove|rename|reopen|replace|report
      |request|require|resolve|restore|retry|return|reuse|revert|rewrite|roll|run|save|schedule|send|separate|serve|set|share|ship
      |shorten|show|shrink|skip|sort|split|start|stop|store|stream|support|swap|switch|sync|take|throw|track|translate|treat|trigger
      |truncate|trust|try|turn|unify|update|upgrade|use|validate|wait|warn|wrap|write)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# "Import fails when…" begins with a word that could be an order, and is none.
BROKEN_SUBJECT: Final = re.compile(
    rf"[\w.-]{{1,40}}(?:\s[\w.-]{{1,40}})?\s{BROKEN.pattern}", re.VERBOSE | re.IGNORECASE
)
# What is asked for politely is a wish, unless what is asked for is a repair.
PLEASE: Final = re.compile(
    rf"\bplease,?\s(?:also\s|just\s)?(?!check|resolve|handle|update|parse|try|run|reopen)(?:{IMPERATIVE.pattern})",
    re.VERBOSE | re.IGNORECASE,
)
# Who wants to see, test, tell or tune what there is leaves the decision as it is.
BESIDE: Final = re.compile(
    r"""\b(?:configurable|document\w*|docs?|tests?|testing|evals?|benchmarks?|fixtures?|examples?|metrics?|logs?|logging|traces?
      |message|dashboard|alerts?|typo|rename|bump|upgrade|warn\w*|show|list|report|record|speed\sup|faster)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# What follows is to go, or something else is to take its place.
AWAY: Final = re.compile(
    r"""\b(?:drop|remov(?:e|ing)|delet(?:e|ing)|stop|skip|avoid|get(?:ting)?\srid\sof|replac(?:e|ing)|revert|disable|bypass|ignore
      |relax|loosen|lift|abandon|undo|reconsider|turn\soff|instead\sof|rather\sthan|without|no\slonger|no\smore)\b""",
    re.VERBOSE | re.IGNORECASE,
)
UNDOING: Final = re.compile(
    r"\b(?:no|not|non|never|without|avoid|dedup\w*|disable|disallow|drop|forbid|lift|opt|prevent"
    r"|ban|remove|revert|skip|stop|un\w+)\b"
    r"|n['\u2019]t\b",
    re.IGNORECASE,
)
SENTENCES_READ: Final = 6
SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def read_intent(title: str, body: str) -> Intent:
    """What the title says outweighs the body; "unclear" is an answer."""
    prefix = PREFIX.match(title)
    label = (prefix["tag"] or prefix["label"]) if prefix else ""
    said = title[prefix.end() :] if prefix else title.strip()
    return _labelled(label) or _title_intent(said) or _body_intent(body)


def asks_beside(title: str) -> bool:
    """Whether an issue asks for something that leaves what there is as it is."""
    return bool(BESIDE.search(title))


def undoes(title: str) -> bool:
    """Whether a title asks to undo something: that is no opposite of what was decided before, it is
    why that was."""
    return bool(UNDOING.search(title))


def unwanted(title: str, body: str) -> str:
    """What an issue wants gone or replaced, in its own words."""
    said = [title, *SENTENCE_END.split(body)[:SENTENCES_READ]]
    return "\n".join(
        sentence[away.end() :] for sentence in said for away in [AWAY.search(sentence)] if away
    )


def _labelled(label: str) -> Intent | None:
    if PROPOSING.match(label):
        return "proposal"
    if REPORTING.match(label):
        return "report"
    return "question" if ASKING.fullmatch(label) else None


def _title_intent(title: str) -> Intent | None:
    if QUESTION.match(title):
        return "question"
    if UPKEEP.match(title):
        return "upkeep"
    if IMPERATIVE.match(title) and not BROKEN_SUBJECT.match(title):
        return "proposal"
    if BROKEN.search(title):
        return "report"
    return (
        "proposal"
        if WISH.search(title) or TITLE_WISH.search(title) or SUPPORT.search(title)
        else None
    )


def _body_intent(body: str) -> Intent:
    if REPORT_BODY.search(body):
        return "report"
    if WISH.search(body) or PLEASE.search(body):
        return "proposal"
    sentences = SENTENCE_END.split(body)
    if any(sentence.endswith("?") and QUESTION.match(sentence) for sentence in sentences):
        return "question"
    return "report" if BROKEN.search(body) else "unclear"
