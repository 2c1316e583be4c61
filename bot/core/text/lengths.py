"""How long a text is to a reader, in any script."""

import re
from typing import Final

import regex

# Scripts that put no blanks between words.
_UNSPACED: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)
_GRAPHEME: Final = regex.compile(r"\X")
_WORD: Final = re.compile(r"\S+")
GRAPHEMES_A_WORD: Final = 2


def count_graphemes(text: str) -> int:
    """Characters as people count them: a joined emoji is one, a letter with its marks is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def count_words(text: str) -> int:
    """Words between blanks; where a script has no blanks, two characters count as one word."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    words = sum(any(map(str.isalnum, word)) for word in _WORD.findall(spaced))
    return words + -(-unspaced // GRAPHEMES_A_WORD)
