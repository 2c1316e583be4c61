"""Whatever strangers write, what we quote of it does nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.text.cleaning import as_code, cut, find_hidden, harmless
from bot.core.text.secrets import find_secrets, redact

# The pieces hostile comments are made of; hypothesis glues them in every order.
PIECES = [
    *(
        "@alice",
        "@org/team",
        "\uff20eve",
        "&#64;bob",
        "&amp;#64;bob",
        "&commat;x",
        "a@b.example",
        "#12",
        "GH-7",
        "o/r#3",
    ),
    *(
        "abcdef1234",
        "https://evil.example/?d=1",
        "www.evil.example",
        "mailto:a@b.example",
        "fixes #9",
        "/merge",
        "<b>",
        "</b>",
    ),
    *(
        "https://github.com/o/r/issues/5",
        "![a](http://x.example/y.png)",
        "[l](http://z.example)",
        "[x]: http://z.example",
    ),
    *(
        "<img src=x onerror=y>",
        "<!--",
        "-->",
        "<!-- c -->",
        "<https://a.example>",
        "`",
        "``",
        "```",
        "~~~",
        "*",
        "**",
        "_",
    ),
    *(
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "\\",
        "|",
        "---",
        "===",
        "# ",
        "> ",
        "- ",
        "1. ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        " ",
        "$",
    ),
    *(
        "\u200b",
        "\u202e",
        "\U000e0041",
        "\U000f0000",
        "\ue000",
        "\x00",
        "word",
        "snake_case",
        "Vec<T>",
        "a.b",
        "&lt;i&gt;",
    ),
]
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=25).map(
    "".join
)
# What GitHub acts on wherever it stands outside code.
ACTIVE = re.compile(
    r"(?<![A-Za-z0-9])@[A-Za-z0-9]|(?<![A-Za-z0-9])#\d|\bGH-\d|\bhttps?://\w|\bwww\.\w|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b",
    re.I,
)


def inline_tokens(markdown: str) -> list[Token]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [child for token in parser.parse(markdown) for child in (token.children or [])]


@settings(max_examples=600, deadline=None)
@given(hostile)
def test_only_text_code_and_line_breaks_are_left(text: str) -> None:
    assert {token.type for token in inline_tokens(harmless(text))} <= {
        "text",
        "code_inline",
        "softbreak",
        "text_special",
    }


@settings(max_examples=600, deadline=None)
@given(hostile)
def test_nothing_is_active_outside_code(text: str) -> None:
    prose = "\0".join(
        token.content for token in inline_tokens(harmless(text)) if token.type != "code_inline"
    )

    assert not ACTIVE.search(prose)


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_only_paragraphs_are_left(text: str) -> None:
    blocks = MarkdownIt("commonmark").enable("table").parse(harmless(text))

    assert {token.type for token in blocks} <= {"paragraph_open", "inline", "paragraph_close"}


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_in_a_list_item_it_stays_one_line_of_one_item(text: str) -> None:
    line = harmless(text, one_line=True)
    blocks = [
        token.type
        for token in MarkdownIt("commonmark")
        .enable("table")
        .parse(f"- **#1** (merged) \u2014 {line} end")
    ]

    assert "\n" not in line
    assert blocks.count("list_item_open") == blocks.count("inline") == 1


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_no_hidden_character_is_left(text: str) -> None:
    assert not list(find_hidden(harmless(text)))


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_twice_is_once(text: str) -> None:
    once = harmless(text)

    assert harmless(once) == once


@settings(max_examples=200, deadline=None)
@given(hostile, st.integers(0, 60))
def test_cut_keeps_the_limit_and_what_is_cut_stays_harmless(text: str, limit: int) -> None:
    short = cut(harmless(text), limit)

    assert len(short) <= limit
    assert {token.type for token in inline_tokens(short)} <= {
        "text",
        "code_inline",
        "softbreak",
        "text_special",
    }


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("Thanks @alice, see #12", "Thanks `@alice`, see `#12`"),
        ("ask @org/team", "ask `@org/team`"),
        ("as in owner/repo#3 and GH-4", "as in `owner/repo#3` and `GH-4`"),
        ("fixes #9", "fixes `#9`"),
        ("since abcdef1", "since `abcdef1`"),
        ("https://github.com/o/r/pull/12#issuecomment-1", "`o/r#12`"),
        ("https://github.com/o/r/commit/abcdef1234567890", "`o/r@abcdef1`"),
        ("see https://docs.example.org/a?b=c.", "see `docs.example.org`."),
        ("![alt](https://evil.example/?d=1)", "alt"),
        ("[text](https://evil.example)", "text"),
        ("[![badge](https://a.example/b.svg)](https://a.example)", "badge"),
        ("<details><summary>why</summary>slow</details>", "why slow"),
        ("a <!-- secret order --> b", "a b"),
        ("It is **too** slow", "It is too slow"),
        ("`@alice` stays code", "`@alice` stays code"),
        ("call __init__ first", "call `__init__` first"),
        ("/approve", "`/approve`"),
        ("# Title\n- point", "Title point"),
        ("Vec<T> < Map", "Vec\\<T> < Map"),
        ("zero\u200bwidth \u202eright to left", "zerowidth right to left"),
        ("write to someone@example.org", "write to `e-mail address removed`"),
        ("call +49 170 1234567", "call `phone number removed`"),
    ],
)
def test_what_a_quotation_looks_like(written: str, quoted: str) -> None:
    assert harmless(written, one_line=True) == quoted


def test_code_with_backticks_gets_a_longer_fence() -> None:
    assert as_code("a `b` c") == "``a `b` c``"


def test_a_cut_falls_between_words_and_before_code() -> None:
    assert cut("hello there `code span` end", 20) == "hello there\u2026"


SECRETS = [
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ghs_" + "a1" * 18,
    "ghs_1_eyJhbGciOiJSUzI1NiJ9." + "aB_-" * 37 + "." + "cD_-" * 85,
    "github_pat_" + "1A" * 20,
    "sk-ant-api03-" + "Ab1-" * 10,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----",
    "xoxb-" + "123456789012-123456789012-" + "a" * 24,
    "Bearer " + "abc.DEF-" * 4,
]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret[:8])
def test_a_secret_is_found_whole_and_removed(secret: str) -> None:
    assert redact(f"before {secret} after") == "before [secret removed] after"


def test_the_password_of_a_connection_string_is_removed() -> None:
    assert "hunter22" not in redact("postgres://admin:hunter22@db.example/app")


def test_a_secret_split_by_hidden_characters_is_found() -> None:
    assert "[secret removed]" in harmless("ghs_" + "\u200b".join("a1" * 18))


@pytest.mark.parametrize(
    "text",
    ["see 1a2b3c4d5e6f7", "the token count is 12", "password reset was declined", "task-force"],
)
def test_ordinary_prose_holds_no_secret(text: str) -> None:
    assert not find_secrets(text)


def test_the_joiner_inside_an_emoji_is_not_hidden_text() -> None:
    assert not list(find_hidden("fine \u2764\ufe0f"))


@pytest.mark.parametrize("unit", ["<!--", "_a ", "1a", "aws", "bearer", "@a", "[", "**a", "&amp;"])
def test_a_body_full_of_one_beginning_is_read_to_its_end(unit: str) -> None:
    """Each of these once took a pattern minutes; the suite's time limit is the assertion."""
    assert harmless((unit * (4_000 // len(unit)) + " ") * 15)
