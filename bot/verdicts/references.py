"""Which numbers a thread names, and in which role. A wrong role is worse than none: every pattern is explicit."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.phrases import compile_phrases

# `owner/repo#5` and addresses are about other repositories, as far as a text alone can tell.
_NUMBER = r"(?<![\w/])(?:(?:issue|pr|pull request|gh)[ -]?)?#(\d+)\b"


def _role(*patterns: str) -> re.Pattern[str]:
    joined = "|".join(pattern.replace(" ", r"\s+").replace("NUMBER", _NUMBER) for pattern in patterns)
    return re.compile(joined, re.IGNORECASE)


_SUPERSEDED_BY: Final = _role(
    r"\bin favou?r of (?:\S+ ){0,5}?NUMBER",
    r"\b(?:superseded|replaced|obsoleted|subsumed|made obsolete) (?:by|with|in) (?:\S+ ){0,3}?NUMBER",
    r"NUMBER (?:\w+ )?(?:supersedes|replaces|obsoletes|subsumes) (?:this|it)\b",
    r"\b(?:since|because|now that|given that) NUMBER (?:(?:was|is|got|has|has been) )?(?:merged|landed|accepted|in)\b",
    r"\b(?:solved|handled|addressed|fixed|implemented|done|resolved) (?:\S+ ){0,6}?"
    r"(?:different(?:ly)?|another|alternative|other)(?: \w+)?[ (]+(?:(?:in|by|with|via) )?NUMBER",
    r"\b(?:hope|think|believe|expect) NUMBER (?:\w+ )?(?:solves|resolves|fixes|addresses|handles|covers)\b",
    r"\b(?:moved|continued|continues|reworked|redone|resubmitted|rewritten) (?:to|in|as|at|by) NUMBER",
    r"\b(?:see|use|prefer|merged?|merging|take|taking|took|going with|went with|go with) NUMBER (?:instead|rather)\b",
    r"NUMBER (?:won|wins|is the way forward)\b",
    r"\binstead[,:]? (?:see|in|with|by|we have|going with) NUMBER",
)
_REVERTS: Final = _role(
    # What GitHub's own button writes.
    r"\breverts [\w.-]+/[\w.-]+#(\d+)\b",
    r"\breverts commit [0-9a-f]{7,40}[ (]+NUMBER",
    r"\breverts?:? (?:commit |changes? (?:from|in|of) |the \w+ (?:from|in|of) )?(?:[\w.-]+/[\w.-]+)?NUMBER",
    r"\b(?:back(?:s|ing)?|roll(?:s|ing)?)[ -]?(?:out|back) (?:\S+ ){0,2}?NUMBER",
    r"\b(?:revert|reverts|reverting|undo|undoes) (?:\"[^\"]*\" )?\(NUMBER\)",
)
_PARENT: Final = _role(
    r"\b(?:belongs|corresponds) to NUMBER",
    r"\b(?:part|child|subtask|sub-task|sub-issue|step) (?:\d+ )?(?:of|for) (?:\S+ ){0,2}?NUMBER",
    r"\b(?:parent|umbrella|tracking issue)\W{1,3}(?:is )?NUMBER",
    r"\b(?:split|spun|extracted|broken) (?:off |out )?(?:from|of) NUMBER",
)
_SETS_OUT_TO_SOLVE: Final = _role(r"\b(?:closes?|fix(?:es)?|resolves?|implements?) NUMBER")
_TITLE_OF_ISSUE: Final = _role(r"\bissue ?#?(\d+)\b")
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


def find_reverted(sentences: Iterable[str]) -> int | None:
    return _first_of(_REVERTS, sentences)


def find_parent(sentences: Iterable[str]) -> int | None:
    return _first_of(_PARENT, sentences)


def find_issue(title: str, description: Iterable[str]) -> int | None:
    """The one issue a pull request set out to solve; None when it names several."""
    named = {int(number) for text in description for number in _SETS_OUT_TO_SOLVE.findall(text)}
    return _first(_TITLE_OF_ISSUE, title) or (named.pop() if len(named) == 1 else None)


def _first_of(role: re.Pattern[str], sentences: Iterable[str]) -> int | None:
    return next((number for sentence in sentences if (number := _first(role, sentence))), None)


def _first(role: re.Pattern[str], sentence: str) -> int | None:
    match = role.search(sentence)
    return int(next(group for group in match.groups() if group)) if match else None


def _denied(number: int, later: Iterable[str]) -> bool:
    return any(f"#{number}" in denial[0] for sentence in later for denial in _DENIED.finditer(sentence))
