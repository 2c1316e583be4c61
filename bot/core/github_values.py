"""What GitHub's names, numbers and moments can be. Each function returns what it was given or
raises ValueError."""

import re
from datetime import datetime
from typing import Final

# Ids have 64 bits, numbers of issues and pull requests 32.
MAX_ID: Final = 2**63 - 1
MAX_NUMBER: Final = 2**31 - 1
MAX_REF_CHARS: Final = 1_000

ACTION: Final = re.compile(r"[a-z][a-z_]{0,63}")
# Wider than what may be registered today: hyphens at the ends are older, underscores come from
# enterprises.
LOGIN: Final = re.compile(r"[A-Za-z0-9_-]{1,100}(?:\[bot\])?")
FULL_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
SHA: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
MOMENT: Final = re.compile(
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
# https://git-scm.com/docs/git-check-ref-format
NOT_IN_REF: Final = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|^[/.]|[/.]$"
)


def an_id(given: object) -> int:
    return _whole(given, most=MAX_ID)


def a_number(given: object) -> int:
    return _whole(given, most=MAX_NUMBER)


def _whole(given: object, *, most: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise ValueError(f"no number from 1 to {most}: {given!r:.60}")
    return given


def an_action(given: object) -> str:
    return _word(given, ACTION, "action")


def a_login(given: object) -> str:
    return _word(given, LOGIN, "login")


def a_full_name(given: object) -> str:
    return _word(given, FULL_NAME, "name of a repository")


def a_sha(given: object) -> str:
    return _word(given, SHA, "commit")


def _word(given: object, pattern: re.Pattern[str], kind: str) -> str:
    if not isinstance(given, str) or not pattern.fullmatch(given):
        raise ValueError(f"no {kind}: {given!r:.60}")
    return given


def a_ref(given: object) -> str:
    if (
        not isinstance(given, str)
        or not 0 < len(given) <= MAX_REF_CHARS
        or NOT_IN_REF.search(given)
    ):
        raise ValueError(f"no ref: {given!r:.60}")
    return given


def a_moment(given: object) -> datetime:
    """With its time zone, in this century."""
    return datetime.fromisoformat(_word(given, MOMENT, "moment"))
