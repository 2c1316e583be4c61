"""What a takeaway rules, and what it rules out: who proposes again names that, a neighbour names
the subject only."""

import re
from typing import Final

from bot.core.learnings.entry import REFUSALS, Entry

# Where the rule ends and its reason begins, and where one statement ends and the next begins.
REASON: Final = re.compile(
    r"[;:.]\s|,?\s(?:so\sthat|because|since)\s|\s[—–]\s|\(|,\swhich\s", re.IGNORECASE
)
STATEMENT: Final = re.compile(
    r"[;:.!?](?=\s|$)|\s[—–-]\s|,\s|[()]|\b(?:because|since|so\sthat|but|until|unless)\b",
    re.IGNORECASE,
)
# "A, not B", "A instead of B": only B is refused.
CONTRAST: Final = re.compile(
    r"\b(?:instead\sof|rather\sthan)\b | (?<=\S)\s*\b(?:not|without)\b", re.VERBOSE | re.IGNORECASE
)
# "Design rule: …", after the story that led to it.
LABEL: Final = re.compile(r"\brule:\s*", re.IGNORECASE)
REFUSAL: Final = re.compile(
    (
        r"\b(?:not|no|never|nor|without|cannot|\w{2,6}n['\u2019]t|unsupported|refus\w+"
        r"|reject\w+|declin\w+"
        r"|revert\w+|remov\w+"
        r"|dropp\w+)\b"
    ),
    re.IGNORECASE,
)


def rule_of(takeaway: str) -> str:
    """Its first statement, and what it calls the rule, without the reasons, and without the words
    that say no: nobody repeats those."""
    stated = [REASON.split(part, maxsplit=1)[0] for part in LABEL.split(takeaway)]
    return REFUSAL.sub(" ", "\n".join(stated))


def refused_by(entry: Entry, *, thread_title: str) -> str:
    """What an entry says no to; empty where it only says what is."""
    refused = [_refused_in(statement) for statement in STATEMENT.split(entry.takeaway)]
    if entry.state in REFUSALS:
        refused.append(thread_title)
    return "\n".join(filter(None, refused))


def _refused_in(statement: str) -> str:
    contrast = CONTRAST.search(statement)
    if contrast:
        return statement[contrast.end() :]
    return REFUSAL.sub(" ", statement) if REFUSAL.search(statement) else ""
