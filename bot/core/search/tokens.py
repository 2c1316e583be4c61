"""From the text of an issue to terms: words by their stem, identifiers whole and in parts."""

import re
import threading
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

import Stemmer  # type: ignore[import-not-found]

from bot.core.search.aliases import ALIASES

# One token: a word or a number, or names joined as code joins them (`a::b`, `a.b`, `a-b`, `a/b`).
# Bounded: what is cut from a hostile text stays in the caches below.
TOKEN: Final = re.compile(r"\w{1,80}(?:(?:::|[.\-/])\w{1,80}){0,8}")
PART: Final = re.compile(r"[^\W_]+")
CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\WA-Z\d_]+|\d+")
# Addresses, hashes and mangled names: never typed twice, so never a reason to find anything.
NOISE: Final = re.compile(r"0x[0-9a-f]+|[0-9a-f]{7,40}|h[0-9a-f]{15,}\w*|\d{5,}", re.IGNORECASE)
# Scripts written without spaces: neighbours of two characters stand in for words.
UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
LONGEST_TERM: Final = 40

_stemmers = threading.local()


def terms(text: str) -> list[str]:
    """Every term of `text` in order, repeated as often as it occurs."""
    return [term for token in TOKEN.findall(text) for term in terms_of(token)]


@lru_cache(maxsize=1 << 15)
def terms_of(token: str) -> tuple[str, ...]:
    """What one token is found by: its stem if it is a word, itself and its parts if it is a
    name."""
    if NOISE.fullmatch(token):
        return ()
    if UNSPACED.search(token):
        return tuple(token[i : i + 2] for i in range(max(1, len(token) - 1)))
    pieces = PART.findall(token)
    if len(pieces) == 1:
        return tuple(dict.fromkeys(_piece_terms(pieces[0])))
    parts = [term for piece in pieces for term in _piece_terms(piece) if len(term) > 1]
    return tuple(dict.fromkeys((token.lower(), *parts) if len(token) <= LONGEST_TERM else parts))


def _piece_terms(piece: str) -> Iterator[str]:
    """`parseHTTPHeader` is found by itself and by `pars`, `http`, `header`."""
    if NOISE.fullmatch(piece):
        return
    if len(piece) <= LONGEST_TERM:
        yield stem(piece.lower())
    humps = CAMEL.findall(piece)
    if len(humps) > 1:
        yield from (stem(hump.lower()) for hump in humps if len(hump) > 1)


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """What a word, its inflections and its usual abbreviations have in common."""
    stemmed = _stem(word)
    return _representatives().get(stemmed, stemmed)


def _stem(word: str) -> str:
    # A stemmer keeps state while it works, so each thread has its own.
    stemmer = getattr(_stemmers, "english", None)
    if stemmer is None:
        stemmer = _stemmers.english = Stemmer.Stemmer("english", 0)
    # Twice: "aliases" becomes "alias", and that "alia".
    stemmed: str = stemmer.stemWord(stemmer.stemWord(word))
    return stemmed


@cache
def _representatives() -> dict[str, str]:
    lines = (line.split() for line in ALIASES.split("\n") if line)
    return {_stem(word): _stem(words[0]) for words in lines for word in words}
