"""What may leave: text of people made harmless inside our Markdown, hidden characters and orders
found."""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.core.text.secrets import Found, cut_between_words, redact

EMAIL_REMOVED: Final = "`e-mail address removed`"
PHONE_REMOVED: Final = "`phone number removed`"
ELLIPSIS: Final = "\u2026"

# Entities may hide entities: "&amp;#64;". Deeper nesting is no accident and stays visible.
MAX_ENTITY_DEPTH: Final = 4

# Marks on one letter. https://unicode.org/reports/tr15/#Stream_Safe_Text_Format
MOST_MARKS: Final = 30
# Shown as nothing or as a blank, though Unicode calls them letters or marks.
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATION_SELECTORS: Final = frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_HIDDEN_CATEGORIES: Final = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_LINE_BREAKS: Final = str.maketrans(dict.fromkeys("\u2028\u2029\u0085\u000b\u000c", "\n"))
_WIDE: Final = str.maketrans(
    dict.fromkeys("\uff20\ufe6b", "@") | dict.fromkeys("\uff03\ufe5f", "#")
)


# --- hidden characters

# Where hidden characters can be: most of most texts is skipped.
_UNUSUAL: Final = re.compile(r"[^\x20-\x7e\n\r\t]+")


def is_hidden(character: str) -> bool:
    """Whether readers do not see it: zero width, bidirectional controls, tags, fillers, control
    characters."""
    if character.isascii():
        return not (character.isprintable() or character in "\n\r\t")
    return (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or character in _BLANK_LETTERS
        or character in _VARIATION_SELECTORS
    )


def find_hidden(text: str) -> Iterator[Found]:
    """Runs of hidden characters, without those that belong where they stand."""
    for unusual in _UNUSUAL.finditer(text):
        at = unusual.start()
        while at < unusual.end():
            end = at
            while end < unusual.end() and is_hidden(text[end]):
                end += 1
            if end > at and not _belongs_there(text, at, end):
                yield Found(f"U+{ord(text[at]):04X}", at, end)
            at = max(end, at + 1)


def _belongs_there(text: str, start: int, end: int) -> bool:
    """Selectors and joiners that keyboards write: in an emoji, or between letters of scripts that
    join."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if not before:
        return False
    if set(text[start:end]) <= {"\u200d", "\ufe0f"} and unicodedata.category(before) in (
        "So",
        "Sk",
    ):
        return True
    joining = ("Lo", "Mn", "Mc")
    return (
        text[start:end] in ("\u200c", "\u200d")
        and unicodedata.category(before) in joining
        and bool(after and unicodedata.category(after) in joining)
    )


def strip_hidden(text: str) -> str:
    """The text as readers see it, composed (NFC)."""
    visible = _UNUSUAL.sub(_without_hidden, text.translate(_LINE_BREAKS))
    return unicodedata.normalize("NFC", visible.replace("\r\n", "\n").replace("\r", "\n"))


def _without_hidden(unusual: re.Match[str]) -> str:
    """Without marks beyond a number that no language needs: to sort a pile of them takes its length
    squared."""
    kept, pile = [], 0
    for character in unusual[0]:
        if is_hidden(character):
            continue
        pile = pile + 1 if unicodedata.combining(character) else 0
        if pile <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


# --- text of people inside our Markdown

_CODE: Final = re.compile(
    r"(?<![\\`])(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL
)
_FENCED: Final = re.compile(
    r"^[ \t]*+(?P<fence>`{3,}+|~{3,}+)[^\n`]*+\n(?P<code>.*?)(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
# `__init__` is far more often a name than bold.
_DUNDER: Final = re.compile(r"(?<![\w*])(?P<code>__[a-z\d]+(?:_[a-z\d]+)*__)(?![\w*])")
_HTML_NAMES: Final = (
    "a|abbr|audio|b|base|big|blockquote|body|br|button|center|code|dd|del|details|div|dl|dt|em"
    "|embed|figcaption|figure"
    "|font|footer|form|frame|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li"
    "|link|main|map|math|meta"
    "|nav|object|ol|option|p|picture|pre|s|samp|script|section|select|small|source|span|strike"
    "|strong|style|sub"
    "|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
HTML_TAG: Final = re.compile(rf"</?(?:{_HTML_NAMES})(?:\s[^<>]*|/)?>", re.IGNORECASE)
# Label, then target with an optional title; brackets nest once, as in a badge that is a link.
_LINK: Final = re.compile(
    r"!?\[(?P<label>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)"
    r"|\[[^\[\]]*\])"
)
_BLOCK_MARKS: Final = re.compile(
    r"^[ \t]*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])(?:[ \t]+|(?=>)|$))+", re.MULTILINE
)
_EMPHASIS: Final = re.compile(
    r"(?<![\w*_~\U000f0000-\U000ffffd])(?P<mark>\*{1,3}|_{1,3}"
    r"|~~)(?=\S)(?P<text>[^\n]{1,400}?)(?<=\S)(?P=mark)"
    r"(?![\w*_~\U000f0000-\U000ffffd])"
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")

# What GitHub makes a link of without being asked.
# https://github.github.com/gfm/#autolinks-extension-
URL: Final = re.compile(
    r"(?<![A-Za-z\d])(?:(?:https?|ftp)://|(?:mailto|xmpp):|www\.)[^\s<>`]*[^\s<>`.,;:!?'\")\]*_~]",
    re.IGNORECASE,
)
_URL_HOST: Final = re.compile(r"(?:\w+:(?://)?)?(?:[^/?#]*@)?(?P<host>[^/?#:@]*)")
_GITHUB_URL: Final = re.compile(
    r"https?://(?:www\.|redirect\.)?github\.com/(?P<repo>[\w.-]+/[\w.-]+)/"
    r"(?:(?:issues|pull|discussions)/(?P<number>\d+)|commit/(?P<sha>[0-9a-f]{7,40}))",
    re.IGNORECASE,
)
EMAIL: Final = re.compile(r"[A-Za-z\d][\w.+%-]{0,63}@[A-Za-z\d](?:[\w-]{0,63}\.){1,8}[A-Za-z]{2,}")
PHONE: Final = re.compile(r"(?<![\w+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\w)")
MENTION: Final = re.compile(r"(?<![A-Za-z\d])(?:@[A-Za-z\d][\w-]*(?:/[\w.-]*\w)?)+")
_ACTIVE: Final = re.compile(
    rf"(?P<url>{URL.pattern})|(?P<email>{EMAIL.pattern})|(?P<phone>{PHONE.pattern})|{MENTION.pattern}"
    # repo#1, owner/repo#1, #1, owner/repo@sha, GH-1, a commit
    r"|(?:[A-Za-z\d][\w.-]{0,99}(?:/[\w.-]{1,100})?)?(?:#\d+|@[0-9a-f]{7,40}\b)|\bGH-\d+"
    r"|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b"
    # a command to another bot
    r"|^/[a-z][\w-]*",
    re.IGNORECASE | re.MULTILINE,
)

# What could still be syntax when everything else is gone.
_SYNTAX: Final = re.compile(
    r"(?P<escape>\\(?=[!-/:-@\[-`{-~]|$)|\*|(?<![^\W_])_|_(?![^\W_])|~(?=~)|<(?=[A-Za-z/!?])"
    r"|\](?=[(\[:])|\$|&(?=#?\w+;)"
    r"|^(?:[#>=|~:+-]|\d{1,9}(?=[.)](?:\s|$))))",
    re.MULTILINE,
)

# What we quote is a sentence or a line of the file; a body may have 65,536 characters. It also
# bounds the number of placeholders.
MAX_CHARS: Final = 8_192
# Code and other finished pieces wait as characters of a private plane, which `strip_hidden` leaves
# none of.
_FIRST_PLACEHOLDER: Final = 0xF0000
_PLACEHOLDER: Final = re.compile("[\U000f0000-\U000ffffd]")
# Each round takes off one layer: bold around a link around a picture. More is no accident, and
# escaped.
MAX_LAYERS: Final = 12


def harmless(text: str, *, one_line: bool = False) -> str:
    """What people wrote, as plain paragraphs that do nothing inside our Markdown.

    Nobody is mentioned, nothing is linked (so nothing links back), closed, embedded or commanded;
    no HTML, no hidden characters, no secrets, no addresses. Code stays code. Doing it twice changes
    nothing. Commands without a sign of their own (`bors r+`) need a first word of ours before them.
    """
    text = cut_between_words(text, MAX_CHARS)
    for _ in range(MAX_LAYERS):
        # What is left of one construct can be another: `[]([x]: http://z.example]()` takes two
        # turns.
        before, text = text, _one_turn(text, one_line=one_line)
        if text == before:
            break
    return text


def _one_turn(text: str, *, one_line: bool) -> str:
    finished: list[str] = []

    def put_by(markdown: str) -> str:
        if not markdown:
            return " "
        finished.append(markdown)
        return chr(_FIRST_PLACEHOLDER + len(finished) - 1)

    text = redact(strip_hidden(_decoded(text)).translate(_WIDE))
    for pattern in (_FENCED, _CODE, _DUNDER):
        text = pattern.sub(lambda code: put_by(as_code(code["code"])), text)
    text = redact(_plain(text))
    for _ in range(MAX_LAYERS):
        # "#1@a": what follows a reference is a mention only once the reference is code.
        text, count = _ACTIVE.subn(lambda active: put_by(_inert(active)), text)
        if not count:
            break
    text = _SYNTAX.sub(_escaped, text.replace("`", "'"))
    text = _spaced(text, one_line=one_line)
    return _PLACEHOLDER.sub(lambda held: finished[ord(held[0]) - _FIRST_PLACEHOLDER], text).strip()


def as_code(text: str) -> str:
    """A code span that shows the text, whatever backticks it holds; nothing for nothing."""
    line = " ".join(strip_hidden(text).split())
    longest = max(map(len, re.findall("`+", line)), default=0)
    pad = " " if line[:1] == "`" or line[-1:] == "`" else ""
    ticks = "`" * (longest + 1)
    return f"{ticks}{pad}{line}{pad}{ticks}" if line else ""


def _decoded(text: str) -> str:
    for _ in range(MAX_ENTITY_DEPTH):
        decoded = html.unescape(text)
        if decoded == text:
            break
        text = decoded
    return text


def _plain(text: str) -> str:
    """Without escapes, comments, HTML, links, pictures, emphasis and block marks; their words
    stay."""
    text = _ESCAPED.sub(r"\1", text)
    for _ in range(MAX_LAYERS):
        before = text
        text = _without_comments(text)
        text = _LINK.sub(lambda link: link["label"], text)
        text = HTML_TAG.sub(" ", text)
        text = _EMPHASIS.sub(lambda emphasis: emphasis["text"], text)
        text = _BLOCK_MARKS.sub("", text)
        if text == before:
            break
    return "\n".join(line.strip() for line in text.split("\n"))


def _without_comments(text: str) -> str:
    """By searching, not by pattern: thousands of openings without an end would take a pattern
    minutes."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


def _inert(active: re.Match[str]) -> str:
    if active["email"]:
        return EMAIL_REMOVED
    if active["phone"]:
        return PHONE_REMOVED
    return as_code(_short_url(active["url"]) if active["url"] else active[0])


def _short_url(url: str) -> str:
    """`owner/repo#12` for a thread on GitHub, the host for anything else: enough to know, nothing
    to follow."""
    thread = _GITHUB_URL.match(url)
    if thread:
        return (
            f"{thread['repo']}#{thread['number']}"
            if thread["number"]
            else f"{thread['repo']}@{thread['sha'][:7]}"
        )
    host = _URL_HOST.match(url)
    return host["host"] if host and host["host"] else "link"


def _escaped(syntax: re.Match[str]) -> str:
    # A backslash before a digit escapes nothing; the dot behind the digits is what makes a list.
    return f"{syntax[0]}\\" if syntax[0].isdigit() else f"\\{syntax[0]}"


def _spaced(text: str, *, one_line: bool) -> str:
    """Neighbouring code spans apart, or their backticks would join."""
    text = re.sub(rf"(?<=[\\{_PLACEHOLDER.pattern[1:-1]}])(?={_PLACEHOLDER.pattern})", " ", text)
    if one_line:
        return " ".join(text.split())
    return re.sub(r"\n{3,}", "\n\n", text)


# --- text that gives orders to whoever reads the file as a prompt

_ORDERS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        (
            "tells its reader to drop instructions",
            r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|the|your|these|those"
            r"|every|of)\s+){0,3}"
            r"(?:previous|prior|above|earlier|preceding|former|system|existing)\s+"
            r"(?:instruction|rule|prompt|context|message|guideline|direction|command)s?\b",
        ),
        (
            "gives its reader a role",
            r"\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:(?:helpful|ai|coding|language)\s+){0,2}"
            r"(?:ai|assistant|agent|model|llm|chatbot|claude|copilot)\b|\bact\s+as\s+(?:an?"
            r"|the)\s+(?:ai|assistant|agent)\b",
        ),
        (
            "imitates the frame of a prompt",
            r"</?(?:system|assistant|human|user|untrusted|instructions?|tool_result|tool_use"
            r"|function_calls?)>"
            r"|<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|\bBEGIN"
            r" (?:SYSTEM )?INSTRUCTIONS\b",
        ),
        (
            "asks for what its reader keeps to itself",
            r"\b(?:reveal|print|output|repeat|show|leak|send|exfiltrate|upload|post|disclose)\s+"
            r"(?:(?:me|us|all|the|your|of|its)\s+){0,3}(?:system\s+prompt|hidden\s+instructions?"
            r"|api\s+keys?"
            r"|environment\s+variables?|secrets|credentials|access\s+tokens?)\b",
        ),
        (
            "names a moment for its reader to act",
            r"\b(?:when(?:ever)?|if|once|after)\s+(?:the|a)\s+user\s+(?:says|asks|agrees|types"
            r"|replies|requests)\b"
            r"|\bbefore\s+(?:(?:you\s+)?(?:do(?:ing)?|start(?:ing)?|begin(?:ning)?"
            r"|answer(?:ing)?)\s+)?"
            r"(?:any|every|each)\s+(?:other\s+)?(?:task|request|question|answer|session)\b"
            r"|\bat\s+the\s+(?:start|beginning|end)\s+of\s+(?:every|each|any)\s+(?:task|session"
            r"|conversation|reply|answer)\b",
        ),
        (
            "wants to be copied",
            r"\b(?:repeat|copy|include|add|append|insert|paste)\s+this\s+(?:line|sentence|entry"
            r"|text|paragraph|notice)\s+"
            r"(?:in|to|into|at)\s+(?:every|each|all|any)\b",
        ),
        (
            "wants people kept in the dark",
            r"\b(?:do\s+not|don't|never)\s+(?:tell|inform|alert|notify|mention\s+(?:this"
            r"|it)\s+to|reveal\s+(?:this|it)\s+to|ask)\s+"
            r"(?:the\s+|any\s+)?(?:user|human|maintainer|reviewer|developer|owner)s?\b",
        ),
        (
            "runs what it downloads",
            (
                r"\b(?:curl|wget|iwr|irm)\b[^|\n]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da|c"
                r"|k)?(?:sh|iex|python3?"
                r"|node|perl|ruby)\b"
            ),
        ),
        (
            "addresses agents",
            r"\b(?:(?:ai|coding|llm|all|any|every)\s+(?:coding\s+)?(?:agent|assistant|model"
            r"|bot)s?|claude(?:\s+code)?|copilot|cursor|codex"
            r"|gemini|chatgpt|agents?|assistants?|llms?)\s*[,:]?\s+(?:must|should|shall"
            r"|have\s+to|needs?\s+to|are\s+required\s+to)\s+"
            r"(?:(?:always|never|first|also|immediately)\s+)*(?:run|execute|install|download"
            r"|fetch|visit|open|call|ignore"
            r"|approve|merge|push|delete|disable|skip|trust|send|post|upload)\b",
        ),
    )
)


def find_orders(text: str) -> tuple[Found, ...]:
    """Text that speaks to a model which reads it instead of to people; `what` completes "this text
    ...".

    Look-alike letters and hidden characters do not hide it; where those changed the length, the
    whole text is meant.
    """
    visible = strip_hidden(text)
    plain = unicodedata.normalize("NFKC", visible)
    same = len(plain) == len(text)
    return tuple(
        Found(what, *(match.span() if same else (0, len(text))))
        for what, pattern in _ORDERS
        for match in pattern.finditer(plain)
    )


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ended at a word, never inside code or after half an escape."""
    if len(text) <= limit:
        return text
    end = max(limit - len(ELLIPSIS), 0)
    if space := re.search(r"\s\S*\Z", text[: end + 1]):
        end = space.start()
    for code in _CODE.finditer(text):
        if code.start() < end < code.end():
            end = code.start()
    return text[:end].rstrip(" \n\\,;:") + ELLIPSIS if limit else ""
