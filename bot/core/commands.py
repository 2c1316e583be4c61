"""Slash commands: what people may tell the bot on the first line of a comment."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from bot.core.threads import Remark, Thread

Verb = Literal["add", "edit", "skip", "why", "reconsider", "undo", "wrong"]
VERBS: Final[tuple[Verb, ...]] = get_args(Verb)
TAKE_TEXT: Final[frozenset[Verb]] = frozenset({"add", "edit"})

# Nobody writes a takeaway as long as this; what is behind it is not looked at.
MAX_COMMAND_CHARS: Final = 2_000
BLANK_LINES: Final = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")
# Four spaces or a tab would be code, and whatever stands before the slash makes it a quote, a list
# or code. ASCII: a long s is no s.
COMMAND: Final = re.compile(
    r" {0,3}/learnings(?:[ \t]+(?P<rest>[^\r\n]*)|(?=[\r\n]|\Z))", re.IGNORECASE | re.ASCII
)
WORD: Final = re.compile(r"(?P<verb>\S*)[ \t]*(?P<rest>.*)", re.DOTALL)
NUMBER: Final = re.compile(
    r"(?:PR[ \t]*)?#(?P<number>[1-9]\d{0,9})(?!\w)[ \t]*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
BARE_NUMBER: Final = re.compile(r"(?P<number>[1-9]\d{0,9})[ \t.!]*")


@dataclass(frozen=True, kw_only=True)
class Command:
    """``verb`` is None where it is none of ours; ``number`` where the thread is meant that was
    commented on.

    ``text`` is what follows, as it was written; empty for most verbs.
    """

    verb: Verb | None
    number: int | None = None
    text: str = ""


def is_command(comment: str) -> bool:
    return _line(comment) is not None


def parse_command(comment: str) -> Command | None:
    """None for an ordinary comment. What mail programs quote, and whatever else stands further
    down, is not read."""
    line = _line(comment)
    if line is None:
        return None
    word = WORD.fullmatch((line["rest"] or "")[:MAX_COMMAND_CHARS].strip())
    assert word is not None
    said = word["verb"].lower().rstrip(".,;:!")
    verb = next((verb for verb in VERBS if verb == said), None)
    if verb is None:
        return Command(verb=None)
    number, rest = _number(word["rest"], may_be_bare=verb not in TAKE_TEXT)
    return Command(verb=verb, number=number, text=rest.strip() if verb in TAKE_TEXT else "")


def without_commands(thread: Thread) -> Thread:
    """What is said to us is no reason for anything: the thread is judged as if it had not been
    said."""
    remarks = [_without_command(remark) for remark in thread.remarks]
    return replace(
        thread,
        remarks=[remark for remark in remarks if remark.text or remark.kind != "comment"],
        linked=[without_commands(linked) for linked in thread.linked],
    )


def _without_command(remark: Remark) -> Remark:
    line = _line(remark.text) if remark.kind == "comment" else None
    return replace(remark, text=remark.text[line.end() :].strip()) if line else remark


def _line(comment: str) -> re.Match[str] | None:
    blank = BLANK_LINES.match(comment)
    return COMMAND.match(comment, blank.end() if blank else 0)


def _number(rest: str, *, may_be_bare: bool) -> tuple[int | None, str]:
    """A takeaway may begin with a number that is none of a thread: there the sign is needed."""
    named = NUMBER.fullmatch(rest)
    if named:
        return int(named["number"]), named["rest"]
    bare = BARE_NUMBER.fullmatch(rest) if may_be_bare else None
    return (int(bare["number"]), "") if bare else (None, rest)
