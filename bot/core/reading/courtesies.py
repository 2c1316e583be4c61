"""Kind words that sound like a no, a defect or a rule: they refuse nothing, and no thread ends on
them."""

import re
from typing import Final

from bot.core.text.phrases import compile_phrases

_KINDNESS: Final = compile_phrases(
    """
    {it}(no|not a) {trouble}( {at_all})?
    no need to (apologi[sz]e|worry|hurry|rush)
    (don't|do not) (worry|sweat it|feel bad)( about {it_all})?
    {it}(just )?happens( to {everyone})?
    {everyone} (\\w+ ){1,6}(once|sometimes|at some point)
    (all the best|best of luck|good luck)( (with|for|in|on|at|over) [^,.;:!?]*)?
    """,
    words={
        "{it}": "((it|this|that|there)('s| is| was) |(it|this|that) )?",
        "{it_all}": "(it|this|that)",
        "{trouble}": (
            "(problem|worries|harm( done)?|hard feelings|rush|hurry|big deal|bother|trouble|shame)"
        ),
        "{at_all}": "(at all|whatsoever|then|here)",
        "{everyone}": "(everyone|everybody|we all|all of us|us all|the best( of us)?)",
    },
)
# A clause of its own: "this is no problem for the printer" says something.
_KIND_CLAUSE: Final = re.compile(
    rf"(?:^|(?<=[,.;:!?(\u2013\u2014-]))\s*(?:(?:and|but|oh|ok|well),?\s+)?"
    rf"(?:{_KINDNESS.pattern})(?=\s*(?:[,.;:!?)\u2013\u2014]|$))",
    re.IGNORECASE,
)
# Denies a fault, whatever follows.
_FAULTLESS: Final = compile_phrases("nothing (wrong|bad) (with|about)")


def without_courtesies(sentence: str) -> str:
    """What is left to be read for what it says."""
    return _FAULTLESS.sub("", _KIND_CLAUSE.sub("", sentence))
