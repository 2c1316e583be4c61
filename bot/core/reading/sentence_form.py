"""How a sentence is built, whatever it is about: a reason has another build than news or an
answer."""

import re
from collections.abc import Mapping
from enum import StrEnum
from re import Pattern
from typing import Final

LONG_WORDS: Final = 15


class Form(StrEnum):
    JOINS = "joins"  # two clauses by a colon, a semicolon, a dash
    GOES_ON = "goes_on"  # a second clause says what follows
    LONG = "long"
    NEGATES = "negates"
    QUANTIFIES = "quantifies"  # speaks of all, of none, of each
    SUPPOSES = "supposes"  # what would, could, must happen
    FOR_US = "for_us"
    FOR_ME = "for_me"
    ADDRESSES = "addresses"  # speaks to the reader
    POINTS_BACK = "points_back"  # begins with "this", leaning on what was said before
    PROMISES = "promises"  # what will be done
    QUOTES_CODE = "quotes_code"


FORMS: Final[Mapping[Form, Pattern[str]]] = {
    form: re.compile(pattern, 0 if form is Form.FOR_ME else re.IGNORECASE)
    for form, pattern in {
        Form.JOINS: r"\w\)?(?::|;| [\u2013\u2014-]+) \w",
        Form.GOES_ON: r"\b(?:and|so|which|where|who|whose|that)\b",
        Form.LONG: rf"^(?:\S+\s+){{{LONG_WORDS - 1}}}",
        Form.NEGATES: (
            r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|lack\w*)\b"
            r"|n['\u2019]t\b"
        ),
        Form.QUANTIFIES: (
            r"\b(?:every|each|all|any|only|always|both|same|most|many|(?:every|any)(?:body"
            r"|one))\b"
        ),
        Form.SUPPOSES: r"\b(?:would|could|might|may|should|must|needs?|ha(?:s|ve) to)\b",
        Form.FOR_US: r"\b(?:we|our|us)\b",
        Form.FOR_ME: r"\b(?:I|[Mm]y|me)\b",
        Form.ADDRESSES: r"\byou(?:rs?)?\b",
        Form.POINTS_BACK: r"^\W*(?:this|that|it|these|those)\b",
        Form.PROMISES: r"\b(?:will|going to)\b|['\u2019]ll\b",
        Form.QUOTES_CODE: r"`",
    }.items()
}


def read_forms(sentence: str) -> frozenset[Form]:
    return frozenset(form for form, pattern in FORMS.items() if pattern.search(sentence))
