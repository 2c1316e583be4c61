"""Every sentence the bot answers a command with."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, assert_never

from bot.core.commands import VERBS, Verb, usage_of
from bot.core.learnings.lint.safety import is_denied
from bot.core.proposal.life import Act, Life
from bot.core.text.cleaning import cut, harmless
from bot.core.verdicts import KeptVerdict

LONGEST_QUOTE: Final = 600
LONGEST_REASON: Final = 300
MOST_NAMED: Final = 10


# --- what cannot be done


def unknown_command() -> str:
    verbs = ", ".join(f"`/learnings {verb}{_needed(verb)}`" for verb in VERBS)
    return (
        f"These commands are known, on the first line of a comment: {verbs}."
        " With `#12` behind the verb they are about that thread."
    )


def help_answer() -> str:
    rows = [f"| `{_form(verb)}` | {usage_of(verb).does} |" for verb in VERBS]
    return "\n".join(
        [
            "| on the first line of a comment | what it does |",
            "|---|---|",
            *rows,
            "",
            "They are about this thread; with `#12` behind the verb, about that one.",
        ]
    )


def _form(verb: Verb) -> str:
    return f"/learnings {verb} {usage_of(verb).text}".rstrip()


def _needed(verb: Verb) -> str:
    """The words without which it cannot be said."""
    text = usage_of(verb).text
    return f" {text}" if text and not text.startswith("[") else ""


def is_too_old() -> str:
    return (
        "This command came to us more than a day late and was not obeyed. Say it again if"
        " it still holds."
    )


def say_which(verb: Verb, numbers: Sequence[int]) -> str:
    if not numbers:
        return f"Nothing is proposed here. Say which thread is meant: `/learnings {verb} #12`."
    named = ", ".join(f"`#{number}`" for number in numbers[:MOST_NAMED])
    return (
        f"Say which entry is meant, as in `/learnings {verb} #{numbers[0]}`. Proposed here:"
        f" {named}."
    )


def no_such_thread(number: int) -> str:
    return f"There is no `#{number}` in this repository."


def no_entry_of_its_own(number: int) -> str:
    return f"`#{number}` is the pull request with the proposals; it gets no entry of its own."


def proposals_are_off() -> str:
    return "Nothing is proposed in this repository: `.github/learnings.yml` says `propose: false`."


def is_merged(number: int, *, path: str) -> str:
    return (
        f"The entry for `#{number}` is merged. Change it in `{path}`, by a pull request of"
        " your own."
    )


def was_refused(number: int) -> str:
    return (
        f"The entry for `#{number}` was refused. `/learnings reconsider #{number}` proposes"
        " it again."
    )


def nothing_to_edit(number: int) -> str:
    return (
        f"No entry is proposed for `#{number}`. `/learnings add #{number} TEXT` proposes one"
        " in your words."
    )


def text_is_missing() -> str:
    return "The new takeaway is missing: it goes behind `/learnings edit`, on the same line."


def unsound_takeaway(why: str) -> str:
    return f"This takeaway cannot be proposed: {why}."


def no_reason_found(number: int) -> str:
    return (
        f"Nothing can be drafted for `#{number}`: no sentence there, of somebody with write"
        " access, says why."
        " Write that sentence and say `/learnings add` again,"
        f" or give the takeaway yourself: `/learnings add #{number} TEXT`."
    )


def judged_the_same(number: int, why: str) -> str:
    return (
        f"Judged again, `#{number}` still gets no entry:"
        f" {harmless(cut(why, LONGEST_REASON), one_line=True)}."
        f" `/learnings add #{number}` drafts one all the same."
    )


def is_still_open(number: int) -> str:
    return (
        f"`#{number}` is open and is judged when it closes. `/learnings add #{number}`"
        " drafts an entry now."
    )


def nothing_to_undo() -> str:
    return "There is no command here that could be undone."


def changed_since(number: int) -> str:
    return (
        f"The entry for `#{number}` was changed since that command; undoing it would take"
        " that back too."
    )


def stays_away() -> str:
    return (
        "The comment stays away: an issue that is closed, or more than six hours old, is"
        " not commented."
    )


def no_comment_here() -> str:
    return "There is no comment on a prior decision here that could be taken away."


# --- why


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is known of a thread's judgement. ``verdict`` is None where it was never judged,
    ``life`` without an entry.

    ``pull`` is the pull request that proposes the entry; ``commanded`` says what a person decided
    instead.
    """

    number: int
    verdict: KeptVerdict | None = None
    life: Life | None = None
    act: Act | None = None
    pull: int | None = None
    commanded: tuple[Verb, str, datetime] | None = None
    deny_words: Sequence[str] = ()


def why_answer(account: Account) -> str:
    parts = [_judged(account), *_quote(account), *_commanded(account), _became(account)]
    return "\n\n".join(part for part in parts if part)


def _judged(account: Account) -> str:
    verdict = account.verdict
    if verdict is None:
        return f"`#{account.number}` was not judged yet: a thread is judged when it closes."
    judged = f"by `{verdict.version}` on {_day(verdict.judged_at)}"
    what = f"*{verdict.reason_class.replace('_', ' ')}*"
    if verdict.admit:
        said = ", because of this sentence:" if verdict.rationale else "."
        return f"`#{account.number}` was found worth an entry as {what} {judged}{said}"
    why = harmless(cut(verdict.why, LONGEST_REASON), one_line=True).rstrip(".")
    return f"`#{account.number}` was found not worth an entry, as {what}, {judged}: {why}."


def _quote(account: Account) -> list[str]:
    if account.verdict is None or not account.verdict.rationale:
        return []
    quote = account.verdict.rationale[0]
    sentence = harmless(quote.sentence, one_line=True)
    if is_denied(sentence, account.deny_words):
        sentence = "(not repeated here: `deny_words` of this repository)"
    return [f"> {cut(sentence, LONGEST_QUOTE)}\n> — {harmless(quote.author)}, {_day(quote.at)}"]


def _commanded(account: Account) -> list[str]:
    if account.commanded is None:
        return []
    verb, author, at = account.commanded
    return [f"{harmless(author)} said `/learnings {verb}` on {_day(at)}."]


def _became(account: Account) -> str:
    where = f" in pull request `#{account.pull}`" if account.pull else ""
    match account.life:
        case None:
            return "There is no entry for it." if account.verdict else ""
        case "waiting":
            return "The entry waits for the next update of the proposal."
        case "proposed":
            return f"The entry is proposed{where}."
        case "held":
            return _held(account.act)
        case "withdrawn":
            return "The entry was withdrawn."
        case "merged":
            return "The entry is merged."
        case "refused":
            return (
                f"{_refused(account.act)} `/learnings reconsider #{account.number}` proposes"
                " it again."
            )
        case _:
            assert_never(account.life)


def _held(act: Act | None) -> str:
    """Why it waits, and for what."""
    if act is None:
        return (
            "The entry waits for news: the pull request it was on was closed by somebody without"
            " write access."
        )
    closed = f"pull request `#{act.pull}` was closed{_by(act)}"
    then = f"is proposed again on {_day(act.until)}" if act.until else "waits for the next decision"
    if act.how == "paused":
        return f"The entry {then}: {closed}, who put it off."
    return f"The entry {then}: {closed}, a machine or somebody without write access."


def _refused(act: Act | None) -> str:
    if act is None:
        return "The entry was refused."
    match act.how:
        case "unticked" | "deleted":
            return f"A person {act.how} the line in pull request `#{act.pull}` on {_day(act.at)}."
        case "left out":
            return f"Pull request `#{act.pull}` was merged without the line on {_day(act.at)}."
        case _:
            closed = f"closed{_by(act)} on {_day(act.at)}"
            return f"The entry was set aside when pull request `#{act.pull}` was {closed}."


def _by(act: Act) -> str:
    return f" by {harmless(act.who)}" if act.who else ""


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def account_as_json(account: Account) -> str:
    """As data, unredacted: for programs of whoever may read the database."""
    verdict, commanded = account.verdict, account.commanded
    shown = {
        "number": account.number,
        "verdict": verdict
        and {
            **asdict(verdict),
            "judged_at": verdict.judged_at.isoformat(),
            "rationale": _quotes(verdict),
        },
        "entry": account.life,
        "pull_request": account.pull,
        "command": commanded
        and {"verb": commanded[0], "author": commanded[1], "at": commanded[2].isoformat()},
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _quotes(verdict: KeptVerdict) -> list[dict[str, object]]:
    return [{**asdict(quote), "at": quote.at.isoformat()} for quote in verdict.rationale]
