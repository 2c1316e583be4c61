"""Which numbers a thread names, and in which role. A wrong role is worse than none: every pattern
is explicit."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.text.phrases import compile_phrases

# `owner/repo#5` and addresses are about other repositories, as far as a text alone can tell.
_NUMBER = r"(?<![\w/])(?:(?:issue|pr|pull request|gh)[ -]?)?#(\d+)\b"


def _role(*patterns: str) -> re.Pattern[str]:
    joined = "|".join(
        pattern.replace(" ", r"\s+").replace("NUMBER", _NUMBER) for pattern in patterns
    )
    return re.compile(joined, re.IGNORECASE)


_SUPERSEDED_BY: Final = _role(
    r"\bin favou?r of (?:\S+ ){0,5}?NUMBER",
    (
        r"\b(?:superseded|replaced|obsoleted|subsumed|made obsolete) (?:by|with|in) (?:\S+"
        r" ){0,3}?NUMBER"
    ),
    r"NUMBER (?:\w+ )?(?:supersedes|replaces|obsoletes|subsumes) (?:this|it)\b",
    (
        r"\b(?:since|because|now that|given that) NUMBER (?:(?:was|is|got|has|has been)"
        r" )?(?:merged|landed"
        r"|accepted|in)\b"
    ),
    r"\b(?:solved|handled|addressed|fixed|implemented|done|resolved) (?:\S+ ){0,6}?"
    r"(?:different(?:ly)?|another|alternative|other)(?: \w+)?[ (]+(?:(?:in|by|with|via) )?NUMBER",
    (
        r"\b(?:hope|think|believe|expect) NUMBER (?:\w+ )?(?:solves|resolves|fixes|addresses"
        r"|handles|covers)\b"
    ),
    (
        r"\b(?:moved|continued|continues|reworked|redone|resubmitted|rewritten) (?:to|in|as"
        r"|at|by) NUMBER"
    ),
    (
        r"\b(?:see|use|prefer|merged?|merging|take|taking|took|going with|went with|go with)"
        r" NUMBER (?:instead"
        r"|rather)\b"
    ),
    r"NUMBER (?:won|wins|is the way forward)\b",
    r"\binstead[,:]? (?:see|in|with|by|we have|going with) NUMBER",
)
_REVERTS: Final = _role(
    # What GitHub's own button writes.
    r"\breverts [\w.-]+/[\w.-]+#(\d+)\b",
    r"\breverts commit [0-9a-f]{7,40}[ (]+NUMBER",
    (
        r"\breverts?:? (?:commit |changes? (?:from|in|of) |the \w+ (?:from|in|of)"
        r" )?(?:[\w.-]+/[\w.-]+)?NUMBER"
    ),
    r"\b(?:back(?:s|ing)?|roll(?:s|ing)?)[ -]?(?:out|back) (?:\S+ ){0,2}?NUMBER",
    r"\b(?:revert|reverts|reverting|undo|undoes) (?:\"[^\"]*\" )?\(NUMBER\)",
)
_TAKES_OVER: Final = _role(
    (
        r"\b(?:supersed(?:es?|ing)|replac(?:es?|ing)|obsolet(?:es?|ing)|subsum(?:es?|ing))"
        r" (?:[^\s.;:]+"
        r" ){0,3}?NUMBER"
    ),
    r"\b(?:alternative|successor|replacement) (?:to|of|for) (?:[^\s.;:]+ ){0,3}?NUMBER",
    r"\b(?:takes?|taking) (?:over|the place of|up) (?:[^\s.;:]+ ){0,3}?NUMBER",
    r"\b(?:instead|in place) of NUMBER",
)
_GROUNDS: Final = _role(
    r"\b(?:for|because of) the (?:same )?reasons? (?:[^\s.;:]+ ){0,3}?(?:in|at|on|from) NUMBER",
    (
        r"\b(?:explain|discuss|describ|decid|outlin|argu|stat)ed (?:[^\s.;:]+ ){0,2}?(?:in"
        r"|at|on|under) NUMBER"
    ),
    (
        r"\bsee NUMBER for (?:[^\s.;:]+ ){0,3}?(?:reasons?|reasoning|rationale|discussion"
        r"|why|background"
        r"|explanation)\b"
    ),
    r"\b(?:rationale|reasoning|reasons?|explanation) (?:[^\s.;:]+ ){0,3}?(?:in|at|on|under) NUMBER",
    r"NUMBER (?:explains|says|has the reasons?)\b",
    r"NUMBER has (?:[^\s.;:]+ ){0,3}?(?:story|discussion|background|context|rationale)\b",
    r"\b(?:said|written|decided|concluded|discussed|answered) (?:in|on|at|under) NUMBER",
)
_SUPERSEDES: Final = _role(
    r"\b(?:supersedes|replaces|obsoletes|supplants) "
    r"(?:(?:the )?(?:approach|change|decision|design|fix|implementation|proposal)s? (?:from|in"
    r"|of|by) )?NUMBER",
)
_SAME: Final = _role(
    r"\b(?:duplicates?|dupes?|dup) of NUMBER",
    r"\bsame (?:\w+ ){0,2}?as (?:(?:in|at|for|under) )?NUMBER",
    (
        r"\b(?:declined|rejected|refused|decided|settled|turned down) (?:\w+ ){0,3}?(?:in|at"
        r"|under) NUMBER"
    ),
)
_NOT_SAME: Final = compile_phrases("(not|no|isn't|unlike|different~|never|rather|almost|nearly)")
_PARENT: Final = _role(
    r"\b(?:belongs|corresponds) to NUMBER",
    r"\b(?:part|child|subtask|sub-task|sub-issue|step) (?:\d+ )?(?:of|for) (?:\S+ ){0,2}?NUMBER",
    r"\b(?:parent|umbrella|tracking issue)\W{1,3}(?:is )?NUMBER",
    r"\b(?:split|spun|extracted|broken) (?:off |out )?(?:from|of) NUMBER",
    r"\b(?:follow[- ]?up|continuation|resurrection|rebase|revival) (?:to|of|on|from) NUMBER",
    r"\bcontinues NUMBER",
    r"\bdup(?:e|licates?|licated)? (?:of|to) NUMBER",
)
# "Fixes #3 and #4" sets out to solve neither alone.
_SETS_OUT_TO_SOLVE: Final = _role(
    r"\b(?:closes?|fix(?:es)?|resolves?|implements?) NUMBER(?!(?:,| and|,? or| &)? #\d)",
    r"\bfor (?:the )?(?:\w+ )?(?=issue )NUMBER",
)
_TITLE_OF_ISSUE: Final = _role(r"\bissue[ -]?#?(\d+)\b")
_WINS: Final = _role(
    r"\b(?:fixed|solved|done|implemented|addressed|handled|landed|resolved|tracked|documented)"
    r" (?:[^\s.;:]+ ){0,4}?"
    r"(?:in|by|with|via|as|under) NUMBER",
    r"NUMBER (?:already |now )?(?:fix|solv|implement|address|handl|resolv|cover)(?:es|s|ed)\b",
)
_SEE: Final = _role(r"\bsee(?: also)?:? NUMBER(?!(?:,| and|,? or| &)? #\d)")
_DENIED: Final = compile_phrases(
    """
    (not|isn't|wasn't|never|doesn't|won't) (\\S+ ){0,6}#(\\d+)
    #(\\d+) (\\S+ ){0,3}(not|isn't|wasn't|never|doesn't|won't)
    """
)


def find_superseded_by(sentences: Sequence[str]) -> int | None:
    """The last number named as the one that takes over, unless a later sentence denies it."""
    for place in range(len(sentences) - 1, -1, -1):
        number = _first(_SUPERSEDED_BY, sentences[place])
        if number and not _denied(number, sentences[place + 1 :]):
            return number
    return None


def find_taken_over(sentences: Iterable[str]) -> set[int]:
    """What a change says it takes the place of."""
    found = (groups for sentence in sentences for groups in _TAKES_OVER.findall(sentence))
    return {int(number) for groups in found for number in groups if number}


def find_grounds(sentences: Sequence[str]) -> int | None:
    """The last thread in which the reasons are said to stand."""
    return _first_of(_GROUNDS, reversed(sentences))


def without_grounds(sentence: str) -> str:
    return _GROUNDS.sub("", sentence)


def find_reverted(sentences: Iterable[str]) -> int | None:
    return _first_of(_REVERTS, sentences)


def find_superseded(sentences: Iterable[str]) -> int | None:
    """The number that the thread itself says it takes the place of."""
    return _first_of(_SUPERSEDES, sentences)


def find_same(sentences: Iterable[str]) -> int | None:
    """The number of which somebody says that it is the same, or was the same question."""
    return _first_of(_SAME, (sentence for sentence in sentences if not _NOT_SAME.search(sentence)))


def find_parent(sentences: Iterable[str]) -> int | None:
    return _first_of(_PARENT, sentences)


def find_issue(title: str, description: Iterable[str]) -> int | None:
    """The one issue a pull request set out to solve; None when it names several."""
    found = (groups for text in description for groups in _SETS_OUT_TO_SOLVE.findall(text))
    named = {int(number) for groups in found for number in groups if number}
    return _first(_TITLE_OF_ISSUE, title) or (named.pop() if len(named) == 1 else None)


def find_winner(sentences: Sequence[str]) -> int | None:
    """The last number said to do what is worth doing, where none takes the place of the whole."""
    return next(
        (
            n
            for said in reversed(sentences)
            if (n := _first(_WINS, said)) and not _denied(n, sentences)
        ),
        None,
    )


def find_pointer(reasons: Iterable[str]) -> int | None:
    """The one earlier thread that a reason refers its reader to: "on Debian for good (see #5)"."""
    return _first_of(_SEE, reasons)


def _first_of(role: re.Pattern[str], sentences: Iterable[str]) -> int | None:
    return next((number for sentence in sentences if (number := _first(role, sentence))), None)


def _first(role: re.Pattern[str], sentence: str) -> int | None:
    match = role.search(sentence)
    return int(next(group for group in match.groups() if group)) if match else None


def _denied(number: int, later: Iterable[str]) -> bool:
    return any(
        f"#{number}" in denial[0] for sentence in later for denial in _DENIED.finditer(sentence)
    )
