"""A notation for families of phrases that stays readable where regular expressions of the same
power would not.

One phrase per line. A space is any white space, ` ?` none or some, `'` also the typographic one,
`~` any ending of the word, `#N` a number of an issue or pull request, `{name}` a family of words.
Brackets group without capturing; `|`, `?`, `{0,3}` and the classes of `re` mean what they mean
there. Phrases match whole words in any case.
"""

import re
from collections.abc import Iterable, Mapping
from re import Pattern


def compile_phrases(phrases: str, *, words: Mapping[str, str] | None = None) -> Pattern[str]:
    patterns = list(_patterns(phrases, words=words or {}))
    after_comma = [rf"{pattern}(?!\w)" for pattern in patterns if pattern.startswith(",")]
    spoken = "|".join(pattern for pattern in patterns if not pattern.startswith(","))
    # Where no word, number of a thread or emoji begins, one look is enough for all of them.
    return re.compile(
        "|".join([*after_comma, rf"(?<!\w)(?=[\w#:])(?:{spoken})(?!\w)"]), re.IGNORECASE
    )


def _patterns(phrases: str, *, words: Mapping[str, str]) -> Iterable[str]:
    for line in phrases.strip().splitlines():
        phrase = line.strip()
        for _ in range(2):  # families are made of families, one level deep
            for name, family in words.items():
                phrase = phrase.replace(name, family)
        yield _pattern(phrase)


def _pattern(phrase: str) -> str:
    phrase = re.sub(r"\((?!\?)", "(?:", phrase).replace("'", "['\u2019]").replace("~", r"\w*")
    phrase = phrase.replace("#N", r"(?:(?:issue|pr|bug|gh|pull request)[ -]?)?#\d+")
    return phrase.replace(" ?", r"\s*").replace(" ", r"\s+")
