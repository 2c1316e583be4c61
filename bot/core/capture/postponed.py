"""Put off until a time that somebody names is not turned down: the reason is the calendar's."""

from collections.abc import Sequence
from typing import Final

from bot.core.reading.cues import Cue
from bot.core.reading.statements import Statement
from bot.core.text.phrases import compile_phrases

_MOMENT: Final = compile_phrases(
    """
    (until|before|after|in|by|from) {part_of}{month}
    (in|within|after) {some} {span}
    (next|coming|following) ({span}|release)
    (until|before|after|during) (the|our|this) (\\w+ )?{event}
    (until|once|when|after|as soon as) (\\S+ ){1,4}(out|released|over|done|lifted|branched|shipped)
    """,
    words={
        "{part_of}": "((early|mid|late|next|the (start|beginning|middle|end) of)[ -])?",
        "{month}": (
            "(january|february|march|april|may|june|july|august|september|october|november"
            "|december)"
        ),
        "{some}": "(a|an|one|two|three|a few|a couple of|the next few|some|\\d+)",
        "{span}": "(days?|weeks?|months?|quarter|year|sprint|cycle|milestone)",
        "{event}": "(freeze|release|holidays?|vacation|christmas|summer|winter|break|conference)",
    },
)
_RETURN: Final = compile_phrases(
    """
    {please} (then )?(re-?open|re-?submit|come back|review|merge)
    {please} (then )?(look at|get back to|open (it|this) again|pick (it|this) up)
    (ping|remind) (me|us)
    """,
    words={"{please}": "(please|feel free to|happy to|you (can|may)|(we|i)( can| will|'ll))"},
)
_ARGUES: Final = frozenset({Cue.REFUSAL, Cue.HARM, Cue.FINDING, Cue.RULE})


def is_postponed(statements: Sequence[Statement]) -> bool:
    """The last word says when to come back, and nobody who decides argues against it for longer."""
    deciding = [s for s in statements if s.decides and s.remark.kind != "description"]
    last = " ".join(s.sentence for s in deciding if s.last_word)
    invites = _RETURN.search(last) and _MOMENT.search(last)
    return bool(invites) and not any(map(_argues, deciding))


def _argues(statement: Statement) -> bool:
    """ "Nobody will look at it before May" is of the calendar; what is said to do harm does it in
    any month."""
    of_the_calendar = Cue.HARM not in statement.cues and _MOMENT.search(statement.sentence)
    return bool(statement.cues & _ARGUES) and not of_the_calendar
