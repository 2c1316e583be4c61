"""No token of a known shape goes on, whole or in part. All of them are made up when the tests
run."""

import json
from base64 import urlsafe_b64encode

import pytest

from bot.core.asking.draft_prompt import shown
from bot.core.text.cleaning import harmless
from bot.core.text.secrets import SECRET_REMOVED, cut_between_words, find_secrets, redact


def run(length: int, letters: str = "aB3dE5gH7jK9mN1pQ2") -> str:
    return (letters * length)[:length]


def part(**claims: object) -> str:
    return urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


HEX, DIGITS, CAPITALS = "0a1b2c3d4e5f6789", "1029384756", "AB3CD4EF5GH6"
JWT = ".".join([part(alg="HS256", typ="JWT"), part(sub="1", iat=5), run(43)])
TOKENS = {
    "aws id": "AKIA" + run(16, CAPITALS),
    "aws session": "ASIA" + run(16, CAPITALS),
    "github classic": "ghp_" + run(36),
    "github oauth": "gho_" + run(36),
    "github app": "ghs_" + run(36),
    "github app, long": "ghs_" + "123456_" + part(alg="RS256") + "." + run(150) + "." + run(342),
    "github fine-grained": "github_pat_" + run(22) + "_" + run(59),
    "gitlab": "glpat-" + run(20),
    "gitlab runner": "GR1348941" + run(20),
    "slack bot": "xoxb-" + run(12, DIGITS) + "-" + run(13, DIGITS) + "-" + run(24),
    "slack app": "xapp-" + "1-A" + run(10) + "-" + run(13, DIGITS) + "-" + run(64, HEX),
    "slack webhook": "https://hooks.slack.com/services/"
    + "T"
    + run(8)
    + "/B"
    + run(8)
    + "/"
    + run(24),
    "stripe": "sk_live_" + run(24),
    "stripe restricted": "rk_live_" + run(99),
    "stripe webhook": "whsec_" + run(32),
    "openai": "sk-" + run(20) + "T3Blbk" + "FJ" + run(20),
    "openai project": "sk-proj-" + run(74) + "-_" + run(74),
    "anthropic": "sk-ant-" + "api03-" + run(93) + "AA",
    "jwt": JWT,
    "private key": "-----BEGIN RSA "
    + "PRIVATE KEY-----\n"
    + run(64)
    + "\n"
    + run(64)
    + "\n-----END RSA PRIVATE KEY-----",
    "npm": "npm_" + run(36),
    "pypi": "pypi-" + "AgEIcHlwaS5vcmc" + run(80),
    "google": "AIza" + run(35),
    "google oauth": "GOCSPX-" + run(28),
    "azure storage": "AccountKey=" + run(86) + "==",
    "azure client": run(3) + "8Q~" + run(34),
    "twilio": "AC" + run(32, HEX),
    "sendgrid": "SG." + run(22) + "." + run(43),
    "mailchimp": run(32, HEX) + "-us12",
    "telegram": run(9, DIGITS) + ":" + run(35),
    "discord": "M" + run(23) + "." + run(6) + "." + run(27),
    "square": "sq0csp-" + run(43),
    "hugging face": "hf_" + run(34),
    "bearer": "Bearer " + run(30),
    "aws secret": "AWS_SECRET_ACCESS_KEY=" + run(40),
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize(
    ("before", "after"), [("it is ", " here"), ("(", ")"), ("`", "`"), ("is ", ".")]
)
def test_a_token_is_removed_whole(before: str, after: str, token: str) -> None:
    assert redact(before + token + after) == before + SECRET_REMOVED + after


@pytest.mark.parametrize(
    "address", ["https://user:{}@h.example/x", "redis://:{}@h:6379", "postgres://u:p@{}@h/db"]
)
def test_a_password_in_an_address_is_removed(address: str) -> None:
    assert run(12) not in redact(address.format(run(12)))


def test_of_two_tokens_that_overlap_nothing_is_left() -> None:
    """The named secret ends inside the token, whose end only its own pattern knows."""
    inner = "ghp_" + run(36)
    text = f'a token="{run(8)}{inner}" and "{run(5)}'

    assert redact(text) == f'a {SECRET_REMOVED} and "{run(5)}'


def test_of_two_that_reach_into_each_other_both_are_removed_once() -> None:
    bearer, key = "Bearer " + run(20) + ":", "//u:" + run(9) + "@h"
    found = find_secrets(bearer + key)

    assert [each.end for each in found[:-1]] == [each.start for each in found[1:]]
    assert redact(bearer + key) == SECRET_REMOVED + "h"


def test_a_secret_that_markdown_takes_apart_is_removed() -> None:
    """Emphasis joins what it stands between once it is gone, and takes away what a pattern needs
    while it is there."""
    assert run(18) not in harmless("ghp_" + run(18) + "<!-- -->" + run(18))


@pytest.mark.parametrize(
    "written", ["ghp\\_{}", "gh<!-- -->p_{}", "[gh](x)p_{}", "gh&#112;_{}", "gl<!-- -->pat-_{}"]
)
def test_a_secret_that_is_one_once_markdown_is_taken_off_is_removed(written: str) -> None:
    assert harmless(written.format(run(36))) == SECRET_REMOVED


def test_of_two_tokens_inside_a_named_secret_nothing_is_left() -> None:
    """Neither ends where the whole does."""
    token = "ghp_" + run(36)
    text = f'token="{token},{token},{run(8)}"'

    assert [(each.start, each.end) for each in find_secrets(text)] == [(0, len(text))]
    assert redact(text) == SECRET_REMOVED


def test_a_secret_that_only_markdown_holds_together_is_removed() -> None:
    assert run(12) not in harmless("see [x](https://user:" + run(12) + "@h.example) and `p`")


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_no_cut_leaves_a_part_of_a_token(token: str) -> None:
    text = f"it is {token} here"
    last = token.rsplit(maxsplit=1)[-1][:12]
    for limit in range(len(text)):
        left = shown(text, limit)
        assert last not in left
        assert len(left) <= limit


def test_a_cut_falls_between_words() -> None:
    assert cut_between_words("one two", 5) == "one "
    assert cut_between_words("one two", 7) == "one two"
    assert cut_between_words("\u6f22\u5b57" * 4, 5) == "\u6f22\u5b57\u6f22\u5b57\u6f22"


@pytest.mark.parametrize(
    "word",
    [
        "https://example.org/" + "path/" * 200,
        "\u6f22\u5b57\u3002" * 300,
        "\u65e5\u672c\u8a9e\u306e\u6587" * 200,
        "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22" * 200,
    ],
)
def test_what_has_no_blanks_does_not_vanish(word: str) -> None:
    assert cut_between_words(word, 600) == word[:600]
    assert len(harmless(word * 20)) > 0


def test_a_word_that_holds_a_secret_is_not_cut_inside() -> None:
    assert cut_between_words("https://example.org/?key=ghp_" + run(36), 40) == ""


@pytest.mark.parametrize("code", ["`{}`", "```\n{}\n```", "~~~\nkey = {}\n~~~"])
def test_a_secret_in_code_is_removed(code: str) -> None:
    """Code is put by as it stands before Markdown is taken off: what is found only after that, is
    not found in it."""
    assert run(36) not in harmless(code.format("ghp_" + run(36)))


def test_a_secret_that_begins_inside_another_is_removed_to_its_own_end() -> None:
    assert redact('token="' + run(8) + '://u:pw"' + run(6) + "@h") == SECRET_REMOVED + "h"
