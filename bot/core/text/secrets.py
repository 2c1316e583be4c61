"""Tokens, keys and credentials in a text, and where a text may be cut without leaving half of one.

Every pattern begins with letters that only such a token has, or where a word begins, and then runs
over one class of characters: an attempt that fails has read a bounded number of them, so time grows
with the length of the text. `tests/core/test_growth.py` measures it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

SHORTEST: Final = len("://:a@")
SECRET_REMOVED: Final = "[secret removed]"  # noqa: S105 - what stands in its place


class Found(NamedTuple):
    """Something in a text that deserves a look; offsets into that text."""

    what: str
    start: int
    end: int


# Tokens grow longer over the years and have parts that no pattern foresees: what is glued to one
# belongs to it. A full stop does only with more behind it.
_REST: Final = r"(?:\.?[A-Za-z0-9_+/=-])*+"
_ALONE: Final = r"(?<![A-Za-z0-9])"
_TOKENS: Final = (
    ("AWS access key", r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}"),
    ("Anthropic API key", rf"{_ALONE}sk-ant-[\w-]{{16}}"),
    (
        "OpenAI API key",
        rf"{_ALONE}sk-(?:[A-Za-z0-9_-]{{32}}|(?:proj|svcacct|admin)-[A-Za-z0-9_-]{{20}})",
    ),
    ("GitHub token", r"gh[pousr]_[A-Za-z0-9_]{20}"),
    ("GitHub token", r"github_pat_[A-Za-z0-9_]{22}"),
    # The newer form, whose end is a JWT.
    ("GitHub token", r"ghs_\d{1,20}_eyJ[\w-]"),
    ("GitLab token", r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas|ffct)-[A-Za-z0-9_-]{20}"),
    ("GitLab token", r"GR1348941[A-Za-z0-9_-]{20}"),
    ("Google API key", rf"{_ALONE}AIza[\w-]{{35}}"),
    ("Google OAuth secret", r"GOCSPX-[\w-]{20}"),
    ("Google OAuth token", rf"{_ALONE}ya29\.[\w-]{{20}}"),
    ("Azure storage key", r"(?:Account|SharedAccess)Key=[a-zA-Z0-9+/=]{40}"),
    ("Azure client secret", r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31}"),
    ("Slack token", r"(?i:xox[a-z]-(?:\d{1,20}-[a-z0-9]|[a-z0-9-]{10})|xapp-\d-[a-z0-9-]{10})"),
    ("Slack webhook", r"(?i:https://hooks\.slack\.com/(?:services|workflows|triggers)/[a-z0-9_])"),
    ("Discord token", r"(?<![\w-])[MNO][\w-]{23,28}\.[\w-]{6}\.[\w-]{27}"),
    ("Discord webhook", r"discord(?:app)?\.com/api/webhooks/\d{1,20}/[\w-]{20}"),
    ("Telegram bot token", r"(?<!\d)\d{8,10}:[\w-]{35}"),
    ("Stripe key", r"[rs]k_(?:live|test|prod)_[0-9A-Za-z]{16}"),
    ("Stripe webhook secret", r"whsec_[A-Za-z0-9+/]{24}"),
    ("Square token", r"sq0(?:csp|idp|atp)-[\w\\-]{22}"),
    ("Twilio key", r"(?:AC|SK)[a-z0-9]{32}"),
    ("SendGrid API key", r"SG\.[\w-]{22}\.[\w-]{43}"),
    ("Mailchimp key", r"(?<![0-9a-z])[0-9a-z]{32}-us[0-9]{1,2}"),
    ("Mailgun key", rf"{_ALONE}key-[0-9a-f]{{32}}"),
    ("npm token", rf"{_ALONE}npm_[A-Za-z0-9]{{36}}"),
    ("npm token", r":_authToken=\s{0,8}(?:npm_[^\s]|[A-Fa-f0-9-]{36})"),
    ("PyPI token", r"pypi-AgE[A-Za-z0-9_-]{50}"),
    ("RubyGems key", r"rubygems_[0-9a-f]{48}"),
    ("crates.io token", rf"{_ALONE}cio[A-Za-z0-9]{{32}}"),
    ("Docker Hub token", r"dckr_(?:pat|oat)_[\w-]{20}"),
    ("Hugging Face token", rf"{_ALONE}hf_[A-Za-z0-9]{{30}}"),
    ("DigitalOcean token", r"do[opr]_v1_[0-9a-f]{64}"),
    ("Shopify token", r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),
    ("Databricks token", rf"{_ALONE}dapi[0-9a-f]{{32}}"),
    ("Vault token", rf"{_ALONE}hv[sbr]\.[\w-]{{24}}"),
    ("Grafana token", rf"{_ALONE}gl(?:sa|c)_[A-Za-z0-9+/]{{32}}"),
    ("age secret key", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    # A run of characters is looked at once, from its beginning: thousands of headers in it are one
    # attempt.
    ("JSON web token", r"(?<![\w-])(?=[\w-]*+\.[\w-]{2})[\w-]*?eyJ[\w-]{8,}+\.[\w-]{2}"),
    ("bearer token", r"\b[Bb]earer\s{1,8}[\w.~+/-]{20}"),
    ("authorization", r"(?i:\bauthorization:\s{0,8}(?:basic|token)\s{1,8})[\w.~+/-]{8}"),
    (
        "AWS secret key",
        r"(?i:aws_?secret_?(?:access_?)?key[\"']?\s{0,8}[:=]\s{0,8}[\"']?)[0-9A-Za-z/+]{40}",
    ),
)
_PHRASES: Final = (
    (
        "private key",
        (
            r"(?s:-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END"
            r" [A-Z0-9 ]{0,40}-----"
            r"|\Z))"
        ),
    ),
    ("password in an address", r"://[^\s:/?#@\[\]<>{}]{0,256}+:[^\s/?#<>{}]{1,256}@"),
    (
        "AWS secret key",
        r"(?i:aws.{0,20}?(?:key|pwd|pw|password|pass|token).{0,20}?[\"'][0-9a-z/+]{40}[\"'])",
    ),
    (
        "named secret",
        r"(?i:(?<!\w)\w{0,40}?(?:api_?key|secret|token"
        r"|passw(?:or)?d)\w{0,40}[\"']?\s{0,8}[:=]\s{0,8}"
        r"([\"'])[^\"'\s]{8,}\1)",
    ),
)
_SECRETS: Final = tuple(
    [(what, re.compile(f"{pattern}{_REST}", re.ASCII)) for what, pattern in _TOKENS]
    + [(what, re.compile(pattern)) for what, pattern in _PHRASES]
)


def find_secrets(text: str) -> tuple[Found, ...]:
    """Tokens, keys and credentials, in order and without overlap. `what` names the kind, never the
    secret."""
    if len(text) < SHORTEST:
        return ()
    found = sorted(_secrets(text), key=lambda secret: (secret.start, -secret.end))
    return tuple(_without_overlap(found))


def _secrets(text: str) -> Iterator[Found]:
    for what, pattern in _SECRETS:
        for match in pattern.finditer(text):
            yield Found(what, match.start(), match.end())


def _without_overlap(found: Iterable[Found]) -> Iterator[Found]:
    """`found` is sorted by its start. What reaches further than the one before it goes on where
    that one ends."""
    end = 0
    for each in found:
        if each.start >= end:
            yield each
        elif each.end > end:
            yield Found(each.what, end, each.end)
        end = max(end, each.end)


def redact(text: str) -> str:
    """The text without its secrets."""
    parts, at = [], 0
    for secret in find_secrets(text):
        parts += [text[at : secret.start], SECRET_REMOVED if secret.start > at or not at else ""]
        at = secret.end
    return "".join([*parts, text[at:]])


def cut_between_words(text: str, limit: int) -> str:
    """At most `limit` characters from the beginning, without the word that the limit falls into.

    Half a secret is a secret that no pattern knows; a private key, which spans lines, is known by
    its first. Where all of it is one word without a secret, such as a long address, it is cut
    inside.
    """
    if len(text) <= limit:
        return text
    end = limit
    while end > 0 and "!" <= text[end - 1] <= "~" and "!" <= text[end] <= "~":
        end -= 1
    return text[: end or _cut_of_a_word(text, limit)]


def _cut_of_a_word(text: str, limit: int) -> int:
    return 0 if find_secrets(text.split(maxsplit=1)[0]) else limit
