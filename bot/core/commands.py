"""Slash commands: what people may tell the bot on the first line of a comment."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal, assert_never, get_args

from bot.core.threads import Remark, Thread

Verb = Literal["add", "edit", "skip", "why", "reconsider", "undo", "wrong", "help"]
VERBS: Final[tuple[Verb, ...]] = get_args(Verb)

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


@dataclass(frozen=True, kw_only=True)
class Usage:
    """``does`` is what a verb does, for people. ``text`` stands for the words it takes, in brackets
    where it goes without; empty where it takes none. ``proposes``: it is not for repositories where
    nothing is proposed. ``of_thread``: it is about one thread."""

    does: str
    text: str = ""
    proposes: bool = False
    of_thread: bool = True


def usage_of(verb: Verb) -> Usage:
    match verb:
        case "add":
            return Usage(
                does="an entry is drafted whatever the judgement was, or one that says TEXT",
                text="[TEXT]",
                proposes=True,
            )
        case "edit":
            return Usage(
                does="TEXT is the takeaway of the proposed entry", text="TEXT", proposes=True
            )
        case "skip":
            return Usage(does="this thread gets no entry, for good")
        case "why":
            return Usage(does="how the thread was judged, and what became of its entry")
        case "reconsider":
            return Usage(
                does="a refused entry is proposed again; a thread without one is judged anew",
                proposes=True,
            )
        case "undo":
            return Usage(does="takes back the last command on this thread")
        case "wrong":
            return Usage(does="takes away the comment on a prior decision")
        case "help":
            return Usage(does="this table", of_thread=False)
        case _:
            assert_never(verb)


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
    takes_text = bool(usage_of(verb).text)
    number, rest = _number(word["rest"], may_be_bare=not takes_text)
    return Command(verb=verb, number=number, text=rest.strip() if takes_text else "")


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
