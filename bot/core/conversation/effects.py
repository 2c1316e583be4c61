"""What a maintainer's command does to the entries under way. Raises Declined where there is nothing
to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.core.capture.on_request import state_of
from bot.core.commands import Verb
from bot.core.conversation import answers
from bot.core.drafting.draft import TAKEAWAY_CHARS, Draft
from bot.core.errors import Declined
from bot.core.learnings import Unwritable, parse, render, render_entry, set_takeaway
from bot.core.learnings.lint import Agreement, Rule
from bot.core.learnings.lint.safety import lint_safety
from bot.core.learnings.writing import fit_takeaway
from bot.core.proposal.life import WANTED, taken_off_by, wanted_again
from bot.core.proposal.proposed_entry import (
    ProposedEntry,
    entries_of,
    find_entry,
    line_of,
    new_entry,
)
from bot.core.proposal.review import Proposed
from bot.core.text.cleaning import strip_hidden
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Quote

FEWEST_WORDS: Final = 4
# Why a takeaway is refused, by the rule of the lint that found it; never with its words, which may
# be a secret.
UNSOUND: Final[Mapping[Rule, str]] = {
    "secret": "it seems to hold a secret, which should be revoked now",
    "denied-word": "it holds a word that this repository keeps out (`deny_words`)",
    "mention": (
        "whoever it mentions would be pinged wherever the line is quoted; code in backticks"
        " is no mention"
    ),
    "foreign-link": "it links to somewhere else than GitHub",
    "personal-data": "it holds an e-mail address or a phone number",
    "order-to-agents": "it gives orders to whoever reads the file; entries are reference, not instruction",  # noqa: E501
    "install-command": "it holds an install command, which agents may run as it stands",
    "html": "it holds HTML; tags belong in backticks",
    "image": "it holds an image",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The lines that a command changes, as they are and as they become. One that is new is in
    ``after`` alone."""

    before: Sequence[Proposed] = ()
    after: Sequence[Proposed] = ()


def skip(entries: Sequence[ProposedEntry], number: int, *, path: str) -> Asked:
    """Nothing changes where there is no entry: that it is not wanted is remembered all the same."""
    entry = find_entry(entries, number)
    if entry is None or entry.life == "refused":
        return Asked()
    _refuse_merged(entry, path)
    before = _of_one_line(entries, entry)
    return Asked(before=before, after=[replace(each, life="refused") for each in before])


def reword(
    entries: Sequence[ProposedEntry],
    number: int,
    text: str,
    *,
    path: str,
    deny_words: Sequence[str],
) -> Asked:
    entry = find_entry(entries, number)
    if entry is None or entry.life == "withdrawn":
        raise Declined(answers.nothing_to_edit(number))
    _refuse_merged(entry, path)
    if entry.life == "refused":
        raise Declined(answers.was_refused(number))
    line = reworded_line(entry, sound_takeaway(text, entry.draft, deny_words=deny_words))
    if line == line_of(entry):
        return Asked()
    before = _of_one_line(entries, entry)
    # Waiting, so that the line on the branch is taken for an old one of ours and written anew.
    return Asked(before=before, after=[replace(each, life="waiting", line=line) for each in before])


def put_back(entries: Sequence[ProposedEntry], entry: ProposedEntry) -> Asked:
    """A refused entry is wanted after all."""
    before = _of_one_line(entries, entry)
    return Asked(before=before, after=[replace(each, life="waiting") for each in before])


def add_entry(entries: Sequence[ProposedEntry], fresh: ProposedEntry) -> Asked:
    """In the place of what there was."""
    entry = find_entry(entries, fresh.number)
    return Asked(before=[entry] if entry else [], after=[fresh])


def take_back(entries: Sequence[ProposedEntry], done: Asked) -> Asked:
    """The entries as they were before a command, unless something happened to them since."""
    before = entries_of(done.before)
    now = [_unchanged(entries, entry) for entry in entries_of(done.after)]
    return Asked(
        before=now,
        after=[_as_before(entry, find_entry(before, entry.number)) for entry in now],
    )


def undo_close(lines: Sequence[Proposed], pull: int, *, since: datetime | None) -> Asked | None:
    """The lines that closing a pull request took off it, wanted again. None where there are none,
    or a command `since` is what has to be undone first."""
    gone = taken_off_by(lines, pull)
    last = max((line.act.at for line in gone if line.act), default=None)
    if last is None or (since is not None and last < since):
        return None
    gone = [line for line in gone if line.act and line.act.at == last]
    return Asked(before=gone, after=[wanted_again(line) for line in gone])


def as_told(
    changed: Sequence[ProposedEntry],
    entries: Sequence[ProposedEntry],
    verb: Verb | None,
    *,
    thread: Thread,
    rules: CaptureRules,
) -> list[ProposedEntry]:
    """What judging a thread anew changes, where a person said whether it is to have an entry:
    `verb` is that word."""
    if verb == "skip":
        return [entry for entry in changed if entry.life not in WANTED]
    if verb != "add" or thread.closed_as == "open":
        return list(changed)
    known = find_entry(entries, thread.number)
    if known and known.life in WANTED and known.line is None and known.draft.state == "open":
        closed = replace(known.draft, state=state_of(thread, rules))
        return [replace(known, draft=closed, life="waiting")]
    return [entry for entry in changed if entry.life != "withdrawn"]


def _unchanged(entries: Sequence[ProposedEntry], then: ProposedEntry) -> ProposedEntry:
    now = find_entry(entries, then.number)
    same = now and (now.life in WANTED) == (then.life in WANTED) and line_of(now) == line_of(then)
    if now is None or not same or now.life == "merged":
        raise Declined(answers.changed_since(then.number))
    return now


def _as_before(now: ProposedEntry, before: ProposedEntry | None) -> ProposedEntry:
    if before is None:
        return replace(now, life="withdrawn")
    # What was on the branch comes onto it again: nobody may take its absence for a no.
    return replace(before, life="waiting") if before.life == "proposed" else before


def _refuse_merged(entry: ProposedEntry, path: str) -> None:
    if entry.life == "merged":
        raise Declined(answers.is_merged(entry.number, path=path))


def _of_one_line(entries: Sequence[ProposedEntry], entry: ProposedEntry) -> list[ProposedEntry]:
    """People may merge several entries into one line: what is said of one is said of the line."""
    return [
        each
        for each in entries
        if each.number == entry.number
        or (each.life in WANTED and each.line is not None and each.line == entry.line)
    ]


# --- a takeaway in a person's words


def sound_takeaway(text: str, draft: Draft, *, deny_words: Sequence[str]) -> str:
    """The takeaway on one line, without hidden characters. Raises Declined with the reason why it
    cannot be used."""
    line = _own_words(" ".join(strip_hidden(text).split()), draft.number)
    if not line:
        raise Declined(answers.text_is_missing())
    why = _why_unsound(line, replace(draft, takeaway=line), deny_words)
    if why:
        raise Declined(answers.unsound_takeaway(why))
    return line


def _own_words(line: str, number: int) -> str:
    """Whoever copies the whole line of the entry means its takeaway."""
    entries = parse(line).entries
    return entries[0].takeaway if len(entries) == 1 and number in entries[0].numbers else line


def _why_unsound(line: str, draft: Draft, deny_words: Sequence[str]) -> str | None:
    if len(line) > TAKEAWAY_CHARS:
        return f"it is longer than {TAKEAWAY_CHARS} characters"
    if len(line.split()) < FEWEST_WORDS:
        return f"it has fewer than {FEWEST_WORDS} words, too few to stand by itself"
    if "<!--" in line or "-->" in line:
        return "it holds an HTML comment"
    try:
        written = parse(render_entry(new_entry(draft)))
    except Unwritable:
        return "it would not read back as one entry"
    finding = next(iter(lint_safety(written, Agreement(deny_words=tuple(deny_words)))), None)
    return UNSOUND.get(finding.rule, "it is not safe to repeat") if finding else None


def reworded_line(entry: ProposedEntry, takeaway: str) -> str:
    """The entry's line with another takeaway; head, state and tails stay."""
    if entry.line is None:
        return render_entry(new_entry(replace(entry.draft, takeaway=takeaway)))
    document = parse(entry.line)
    line = render(set_takeaway(document, document.entries[0], takeaway))
    read = parse(line).entries
    if (
        len(read) != 1
        or read[0].numbers != document.entries[0].numbers
        or read[0].takeaway != fit_takeaway(takeaway)
    ):
        raise Declined(answers.unsound_takeaway("it would not read back as one entry"))
    return line


def entry_in_words(
    draft: Draft, text: str, *, author: str, url: str, deny_words: Sequence[str], now: datetime
) -> ProposedEntry:
    """A new entry whose takeaway a person gave, who is quoted for it."""
    takeaway = sound_takeaway(text, draft, deny_words=deny_words)
    quote = Quote(sentence=takeaway, author=author, writes=True, url=url, at=now)
    return ProposedEntry(
        draft=replace(draft, takeaway=takeaway), quote=quote, life="waiting", drafted_at=now
    )
