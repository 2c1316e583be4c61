"""The grammar of one entry: its text -> head, state, takeaway, tails."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from bot.core.learnings.entry import NOT_MERGED, STATES, Reference, RefKind, Span, Tail, TailLabel

KIND: Final = r"(?:PRs?|[Pp]ull [Rr]equests?|[Pp]ull|[Ii]ssues?|[Dd]iscussions?)"
# https://docs.github.com/rest/repos/repos: names have 100 characters at most.
REPO: Final = r"(?<![A-Za-z\d])[A-Za-z\d][\w.-]{0,99}(?:/[\w.-]{1,100})?"
REFERENCE: Final = re.compile(
    rf"(?:(?P<kind>{KIND})\s*)?(?:(?:(?P<repo>{REPO})?#|\bGH-)(?P<number>[1-9]\d{{0,9}})"
    rf"|(?(kind)(?<=\s)(?P<bare>[1-9]\d{{0,9}})|(?!)))(?![^\W_])"
)
_KINDS: Final[Mapping[str, RefKind]] = {"p": "PR", "d": "Discussion"}

_NUMBER = rf"(?:(?:{REPO})?#|GH-)[1-9]\d{{0,9}}(?![^\W_])"
_LINKED = rf"\[{_NUMBER}[^\]\n]*\]\([^()\s]*\)|\[{_NUMBER}\]"
_REF = rf"(?:{KIND}\s*)?(?:`{_NUMBER}`|{_LINKED}|{_NUMBER})"
_AND = r"\s*(?:[+/,&;]|and\b)\s*"
# A list of references, each perhaps with a remark in brackets: "#154 (service) / #155 (lifecycle)".
_REFS = rf"{_REF}(?:\s*\([^()]*\))?(?:{_AND}{_REF}(?:\s*\([^()]*\))?)*"

_MARK = r"[*_]{0,3}"
_HEAD_PART = rf"{_MARK}(?:{_REF}|{KIND}\s+[1-9]\d{{0,9}}\b){_MARK}"
HEAD: Final = re.compile(
    rf"{_HEAD_PART}(?:{_AND}(?:{_HEAD_PART}|{_MARK}{KIND}\b(?!\s*\w){_MARK}))*"
)
# The rest of a bold head that goes on in prose.
PROSE_HEAD: Final = re.compile(r"(?=[^*\n]*\w)[^*\n]*(?:\*\*)")
_STATE_WORDS = "|".join(
    sorted(
        (re.escape(state).replace("'", "['\u2019]?").replace(r"\-", "[- ]?") for state in STATES),
        key=len,
        reverse=True,
    )
)
STATE: Final = re.compile(
    rf"\s*{_MARK}(?:\((?P<bracketed>(?:[^()]|\([^()]*\))*)\)|[\[`]?(?P<bare>{_STATE_WORDS})\b[\]`]?){_MARK}",
    re.IGNORECASE,
)
SEPARATOR: Final = re.compile(r"\s*(?:[\u2010-\u2015\u2212\u2192:]|--+|-(?=\s)|=>|->)\s*")

_MARKS: Final = re.compile(r"[*`\[\]]|__")

MARKER: Final = re.compile(
    r"(?P<indent>[ \t]*)(?P<bullet>[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?"
)

# Looked for backwards from a colon, which is quick to find; with the emphasis or bracket that it is
# wrapped in.
LABEL: Final = re.compile(
    rf"(?<![A-Za-z\d#/])(?P<opening>{_MARK}(?:\[\s*)?)"
    r"(?P<label>[Pp]arent|[Ww]inner|[Ss]uperseded(?:[\s-]+[Bb]y)?|[Rr]etired\s+by|See|[Tt]ags?)"
    rf"{_MARK}\s*\Z"
)
LONGEST_LABEL: Final = 40
AFTER_LABEL: Final = re.compile(rf"\s*{_MARK}\s*")
REFERENCES: Final = re.compile(rf"(?P<value>{_REFS})(?:\s*[.;,](?=\s|$)|(?!\w))", re.IGNORECASE)
# A pointer ends with its sentence: at a full stop before white space, at the tags, or with the
# entry.
POINTER: Final = re.compile(
    r"(?P<value>[^\s.\[](?:[^.\[]|\.(?!\s|$)|\[(?!\s*tags?\b))*?)\s*(?:\.(?=\s|$)"
    r"|(?=[*_]{0,3}\[\s*tags?\b)"
    r"|\Z)"
)
BRACKETED_TAGS: Final = re.compile(r"(?P<value>[^\[\]]*)\][*_]{0,3}")
LOOSE_TAGS: Final = re.compile(r"(?P<value>[^\[\].:]+?)\s*\.?\s*\Z")
CHILDREN: Final = re.compile(rf"\bChildren{_MARK}\s*:\s*{_MARK}\s*(?P<refs>{_REFS})")
CODE_OR_COMMENT: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL
)
COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LABELS: Final[Mapping[str, TailLabel]] = {
    "par": "Parent",
    "win": "Winner",
    "sup": "Superseded by",
    "ret": "Superseded by",
    "see": "See",
    "tag": "tags",
}


class Head(NamedTuple):
    """How an entry starts; offsets count from the start of its text. ``state`` is empty where none
    is written."""

    text: str
    refs: tuple[Reference, ...]
    note: bool
    state: str
    state_span: Span
    body_start: int


class Parts(NamedTuple):
    """What follows the head."""

    takeaway: str
    prose: tuple[Span, ...]
    tails: tuple[Tail, ...]
    parent: tuple[Reference, ...]
    winner: tuple[Reference, ...]
    superseded_by: tuple[Reference, ...]
    see: str
    tags: tuple[str, ...]
    named_children: tuple[Reference, ...]


def parse_references(text: str) -> tuple[Reference, ...]:
    """Every reference in a text, in order; "PR 490" and "GH-490" are some too."""
    return tuple(
        Reference(int(number or bare), _KINDS.get(kind[:1].lower(), ""), repo)
        for kind, repo, number, bare in REFERENCE.findall(text)
    )


def parse_head(text: str) -> Head | None:
    """The head of the list item that starts ``text``; None when the item is no entry."""
    marker = MARKER.match(text)
    head = marker and HEAD.match(text, marker.end())
    if marker is None or head is None:
        return None
    bold = head[0].startswith(("**", "__"))
    end = _head_end(text, head) if bold else head.end()
    state = _state_at(text, end)
    separator = SEPARATOR.match(text, state.end() if state else end)
    if not (bold or separator or (state and parse_state(_words(state))[0] in STATES)):
        return None
    after = separator or state
    return Head(
        text=_plain(text[marker.end() : end]),
        refs=parse_references(_plain(head[0])),
        note=end > head.end(),
        state=_words(state) if state else "",
        state_span=Span(*state.span(state.lastgroup or 0)) if state else Span(end, end),
        body_start=after.end() if after else end,
    )


def _head_end(text: str, head: re.Match[str]) -> int:
    """Where a bold head ends: with its numbers, or behind the prose that it goes on in."""
    prose = PROSE_HEAD.match(text, head.end()) if _is_open(head[0]) else None
    state = STATE.match(text, head.end())
    with_state = prose and state and state.end() >= prose.end()  # **#12 (merged)**
    return prose.end() if prose and not with_state else head.end()


def _state_at(text: str, start: int) -> re.Match[str] | None:
    state = STATE.match(text, start)
    if state and state["bare"] and not SEPARATOR.match(text, state.end()):
        return None  # "#12 open questions remain" is prose
    return state


def _words(state: re.Match[str]) -> str:
    return (state["bracketed"] or state["bare"] or "").strip()


def _is_open(head: str) -> bool:
    """Whether the bold that starts the head has not ended with it."""
    return head.count("**") % 2 == 1 or head.count("__") % 2 == 1


def _plain(head: str) -> str:
    """Without marks: `**[#12](url)**` is "#12"."""
    if "[" in head:
        head = re.sub(r"\[([^\]]*)\]\([^()\s]*\)", r"\1", head)
    return " ".join(_MARKS.sub("", head).split())


def parse_state(text: str) -> tuple[str, tuple[str, ...]]:
    """`merged; retired by #933` -> ("merged", ("retired by #933",)). A state we do not know is kept
    as written."""
    if text in STATES:
        return text, ()
    words = " ".join(text.replace("\u2019", "'").split())
    if not words:
        return "", ()
    parts = [part.strip() for part in re.split(r"[,;]", words)]
    if len(parts) > 1 and (known := _known(f"{parts[0]}, {parts[1]}")):
        return known, tuple(filter(None, parts[2:]))
    first, rest = parts[0], tuple(filter(None, parts[1:]))
    if known := _known(first):
        return known, rest
    leading = _known(first.partition(" ")[0])
    if leading:
        return leading, (first, *rest)
    return first, rest


def _known(words: str) -> str | None:
    return _STATE_BY_LETTERS.get(_letters(words))


def _letters(words: str) -> str:
    return re.sub(r"[^a-z,]", "", words.lower())


_STATE_BY_LETTERS: Final = {_letters(state): state for state in STATES} | {
    "closedasnotplanned": "not-planned",
    "willnotfix": "won't-fix",
    "prclosedunmerged": NOT_MERGED,
    "closed,notmerged": NOT_MERGED,
    "closedunmerged": NOT_MERGED,
}


def parse_parts(text: str, start: int) -> Parts:
    """Takeaway and tails of an entry whose head ends at ``start``."""
    masked = mask(text)
    tails = tuple(_tails(masked, start))
    values: dict[str, str] = {tail.label: text[tail.value.start : tail.value.end] for tail in tails}
    prose = tuple(_prose_spans(text, start, tails))
    children = CHILDREN.search(masked, start) if "Children" in masked else None
    return Parts(
        takeaway=" ".join(" ".join(text[span.start : span.end].split()) for span in prose),
        prose=prose,
        tails=tails,
        parent=_targets(values.get("Parent", "")),
        winner=_targets(values.get("Winner", "")),
        superseded_by=_targets(values.get("Superseded by", "")),
        see=" ".join(values.get("See", "").split()),
        tags=parse_tags(values.get("tags", "")),
        named_children=_targets(children["refs"]) if children else (),
    )


def mask(text: str) -> str:
    """The same length, with code blotted out (but a lone `#12`) and comments blank: labels in them
    are not labels."""
    if "`" not in text and "<!--" not in text:
        return text
    return CODE_OR_COMMENT.sub(_blot, text)


def _blot(match: re.Match[str]) -> str:
    code = match["code"]
    if code is None:
        return " " * len(match[0])
    return match[0] if REFERENCE.fullmatch(code) else "\0" * len(match[0])


def _tails(masked: str, start: int) -> Iterator[Tail]:
    at = start
    while (colon := masked.find(":", at)) >= 0:
        tail = _tail(masked, colon, LABEL.search(masked, max(at, colon - LONGEST_LABEL), colon))
        at = tail.whole.end if tail else colon + 1
        if tail:
            yield tail


def _tail(masked: str, colon: int, label: re.Match[str] | None) -> Tail | None:
    if label is None:
        return None
    name, bracketed = _LABELS[label["label"][:3].lower()], "[" in label["opening"]
    after = AFTER_LABEL.match(masked, colon + 1)
    assert after is not None
    value = _value_pattern(name, bracketed=bracketed).match(masked, after.end())
    if value is None or (bracketed and name != "tags"):
        return None
    return Tail(name, Span(label.start(), value.end()), Span(*value.span("value")))


def _value_pattern(name: TailLabel, *, bracketed: bool) -> re.Pattern[str]:
    match name:
        case "See":
            return POINTER
        case "tags":
            return BRACKETED_TAGS if bracketed else LOOSE_TAGS
        case _:
            return REFERENCES


def _targets(value: str) -> tuple[Reference, ...]:
    """The references of a tail, without those in remarks: "#40 (after #39 failed)" is #40."""
    return parse_references(re.sub(r"\([^()]*\)", "", value)) if value else ()


def parse_tags(value: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(filter(None, (tag.strip(" \t\r\n`*_#") for tag in re.split(r"[,;]", value))))
    )


def _prose_spans(text: str, start: int, tails: tuple[Tail, ...]) -> Iterator[Span]:
    """What is neither tail nor comment, without the white space around it."""
    gaps = [tail.whole for tail in tails]
    if "<!--" in text:
        gaps = sorted(
            [*gaps, *(Span(*comment.span()) for comment in COMMENT.finditer(text, start))]
        )
    for gap in (*gaps, Span(len(text), len(text))):
        piece = text[start : gap.start]
        if stripped := piece.strip():
            begin = start + piece.index(stripped)
            yield Span(begin, begin + len(stripped))
        start = max(start, gap.end)
