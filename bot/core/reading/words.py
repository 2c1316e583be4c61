"""Words as a model counts them, and how much a text says in whatever script."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

# No longer names than GitHub gives: at each place of a long run they would be sought to its end.
_TOKEN: Final = re.compile(
    r"`[^`]*`|https?://\S+|@[\w-]+|(?:[\w.-]{1,39}+/[\w.-]{1,100}+)?#\d+|\d[\w.%]*"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)?"
    r"|[?!:]"
)
# Scripts written without blanks: two characters say about as much as a word.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
CHARS_PER_WORD: Final = 2
_FUNCTION_WORDS: Final = frozenset(
    _TOKEN.findall(
        "the and or but not is are were be been it its this that to of for with by at from you"
        " they if does don't"
        " would should can will have because there which what when than"
    )
)
# English of any kind has a third; code and lists of names have few, so short texts are not judged.
ENGLISH_SHARE: Final = 0.12
FEWEST_TO_TELL: Final = 6


def read_words(sentence: str) -> list[str]:
    """Lower-case words; what is not prose (code, addresses, names, numbers) by its kind."""
    return [_kind(token) for token in _TOKEN.findall(sentence)]


def words_and_pairs(sentence: str) -> set[str]:
    words = read_words(sentence)
    return {*words, *(f"{one} {next_one}" for one, next_one in pairwise(words))}


def count_words(text: str) -> int:
    """By blanks, and by characters where a script has none; marks that combine with another
    character do not count."""
    unspaced = sum(not unicodedata.combining(char) for char in _UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + unspaced // CHARS_PER_WORD


def is_english(sentences: Iterable[str]) -> bool:
    """Whether it reads as the language whose rows the weights were fitted to; what is too short to
    tell does."""
    words = [word for sentence in sentences for word in read_words(sentence) if word[0].isalpha()]
    letters = sum(map(len, words))
    if len(words) < FEWEST_TO_TELL and letters < FEWEST_TO_TELL * 3:
        return True
    return sum(word in _FUNCTION_WORDS for word in words) >= ENGLISH_SHARE * len(words)


def _kind(token: str) -> str:
    if token[0] == "`":
        return "<code>"
    if token[0] == "@":
        return "<who>"
    if "#" in token:
        return "<number>"
    if token.startswith(("http:", "https:")):
        return "<url>"
    return "<0>" if token[0].isdigit() else token.lower().replace("\u2019", "'")
