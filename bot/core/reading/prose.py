"""The sentences a person wrote in a remark: without code, quotations, e-mail headers, markup of
templates."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

# What stands so near a full stop tells whether it ends a sentence.
GLANCE: Final = 40

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_STRUCK = re.compile(
    r"~~(?=\S)[^~]{1,2000}~~|<(del|s|strike)>[^<]{1,2000}</\1>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?:details|summary|p|div|br|sub|sup|b|i|em|strong|img|a|h\d|hr|kbd|center)\b[^<>]*>",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_QUOTE = re.compile(r"^\s{0,3}>\s?")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s|^\s*(?:=|-|_|\*){3,}\s*$")
_LIST_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)]|\([a-z0-9]\))\s+")
_TASK = re.compile(r"^\s*[-*+]\s+\[[ xX]\]")
_TABLE_ROW = re.compile(r"^\s*\|")
_CODE_LINE = re.compile(r"^(?: {4,}|\t)\S")
_WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il)\b.{4,200}(?:wrote|schrieb|écrit|escribió|scritto)\s*:?\s*$", re.IGNORECASE
)
_SIGNATURE = re.compile(
    r"^(?:-- ?|Sent from my .*|Get Outlook for .*|Reply to this email directly.*|_{5,})$",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"^\s*(?:[A-Z][a-z]+(?:-[a-z]+)*-by|Change-Id|bors|@bors|cc:?)\b[: ]", re.IGNORECASE
)

_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'])(?:e\.g|i\.e|etc|vs|cf|eg|ie|al|approx|resp|incl|ca|dr|mr|mrs|ms|st|inc|ltd"
    r"|corp|misc|aka|a\.k\.a"
    r"|w\.r\.t|[A-Za-z])\.$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|[\s(])(?:no|nr|fig|sec|sect|ch|vol|ver|v|art|p|pp)\.$", re.IGNORECASE)
# Each run is tried once, whole: sixty thousand full stops in a row must not take half a minute.
_BOUNDARY = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]*_]*+(?=\s)")
_CODE_SPAN = re.compile(r"(?<!`)(`++).+?(?<!`)\1(?!`)")
_SPACE = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """One space between words: the form in which sentences are compared with the text they come
    from."""
    return _SPACE.sub(" ", text).strip()


def read_sentences(text: str) -> list[str]:
    """The author's own sentences in order, each a part of `squeeze(text)` (markup that hides or
    colours text aside)."""
    own, _ = _blocks(text)
    return [sentence for block in own for sentence in split_sentences(block)]


def read_citations(text: str) -> list[str]:
    """Sentences the author introduces with a colon and then cites; replies to somebody's mail are
    not citations."""
    _, cited = _blocks(text)
    return [sentence for block in cited for sentence in split_sentences(block)]


def _blocks(text: str) -> tuple[list[str], list[str]]:
    own: list[str] = []
    cited: list[str] = []
    shown = _STRUCK.sub(" ", _HIDDEN.sub(" ", text)).replace("\r\n", "\n")
    for kind, lines in _runs(shown.split("\n")):
        block = squeeze(_outside_code(_TAG, " ".join(lines)))
        if kind == "own" and block:
            own.append(block)
        elif block and own and own[-1].endswith(":") and not _WROTE.match(own[-1]):
            cited.append(block)
    return [block for block in own if not _WROTE.match(block)], cited


def _outside_code(markup: re.Pattern[str], text: str) -> str:
    """Without the markup, but for what code quotes."""
    parts, end = list[str](), 0
    for span in _CODE_SPAN.finditer(text):
        parts += [markup.sub(" ", text[end : span.start()]), span[0]]
        end = span.end()
    return "".join([*parts, markup.sub(" ", text[end:])])


def _runs(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines that belong together: ("own", …) or ("cited", …). Code, tables, headings and tasks are
    left out."""
    kind, run = "own", list[str]()
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence):
                fence = ""
            continue
        if _SIGNATURE.match(line.strip()):
            break
        line_kind = "cited" if _QUOTE.match(line) else "own"
        starts_anew = line_kind != kind or _LIST_ITEM.match(line)
        left_out = opening or not line.strip() or _is_apparatus(line, run=run)
        if run and (starts_anew or left_out):
            yield kind, run
            run = []
        kind = line_kind
        fence = opening[1] if opening else ""
        if not left_out:
            run.append(_LIST_ITEM.sub("", _QUOTE.sub("", line)))
    if run:
        yield kind, run


def _is_apparatus(line: str, *, run: list[str]) -> bool:
    if _CODE_LINE.match(line) and not run and not _LIST_ITEM.match(line):
        return True
    return any(pattern.match(line) for pattern in (_HEADING, _TASK, _TABLE_ROW, _TRAILER))


def split_sentences(block: str) -> list[str]:
    spans = [match.span() for match in _CODE_SPAN.finditer(block)]
    firsts = [first for first, _ in spans]
    sentences, start = [], 0
    for match in _BOUNDARY.finditer(block):
        end = match.end()
        before = bisect_left(firsts, end) - 1
        in_code = before >= 0 and end < spans[before][1]
        if in_code or not _ends_here(
            block[max(start, end - GLANCE) : end], block[end : end + GLANCE].lstrip()
        ):
            continue
        sentences.append(block[start:end].strip())
        start = end
    sentences.append(block[start:].strip())
    return [sentence for sentence in sentences if any(char.isalpha() for char in sentence)]


def _ends_here(before: str, after: str) -> bool:
    if not before.endswith("."):
        return True
    if before.endswith(("...", "…")):
        return after[:1].isupper()
    if after[:1].isdigit() and _NUMBERED.search(before[-12:]):
        return False
    return not _ABBREVIATION.search(before[-12:])
