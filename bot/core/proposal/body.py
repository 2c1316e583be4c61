"""Title and body of the rolling pull request, for a maintainer with twenty seconds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.learnings import Entry, parse
from bot.core.learnings.grammar import MARKER
from bot.core.proposal.amendment import Amendment, headline, standing
from bot.core.proposal.branch import Written
from bot.core.proposal.folds import fold, folded_line
from bot.core.proposal.proposed_entry import ProposedEntry, line_of
from bot.core.proposal.review import Proposed
from bot.core.text.cleaning import cut, harmless
from bot.core.threads import Summary
from bot.core.verdicts import Quote

LONGEST_BODY: Final = 60_000
# As much as fits beside who and when; the whole is in a fold.
SHORT_QUOTE: Final = 70
LONGEST_QUOTE: Final = 300
LONGEST_LINE: Final = 600
LONGEST_FOLDED: Final = 200
LONGEST_REST: Final = 200
# More than this are folded: the whole is to be understood in twenty seconds.
OPEN_AT_MOST: Final = 10
WAITING_AT_MOST: Final = 100
BETWEEN: Final = "\n\n"
# Between these marks the text is ours; around them people write what they like.
START: Final = "<!-- precedent:proposal -->"
END: Final = "<!-- /precedent:proposal -->"
OURS: Final = re.compile(f"{re.escape(START)}.*{re.escape(END)}", re.DOTALL)
THREAD: Final = re.compile(r"/(?:issues|pull)/(\d+)(?:#|$)")
OUR_TITLE: Final = re.compile(
    r"docs\(learnings\): (?:(?:one decision|\d+ decisions) to record)?(?:, )?(?:(?:one"
    r"|\d+) to change)?"
)


def is_proposal(thread: Summary) -> bool:
    """Whether it is a rolling pull request of ours, an old one included."""
    return thread.author_is_bot and START in thread.text


# Why each is thought to earn its place.
EARNS: Final[Mapping[str, str]] = {
    "wont_fix_rationale": "refused, with the reason",
    "reversed_decision": "taken back",
    "design_rule": "a rule for later",
    "disproven_hypothesis": "disproved",
    "audit_summary": "outcome of an audit",
    "superseded": "names what took its place",
}

HOW_IT_WORKS: Final = """\
<details><summary>How this works</summary>

- **Merge** to keep what is listed. Nothing reaches the default branch otherwise.
- **Edit** a line on this branch, or suggest a change: your wording stays. Or say on the line \
what shall be different.
- **Untick** an entry here or delete its line: it is not proposed again. Close the pull request, \
and none of them is; close it with "not now", and they are proposed again later.
- Or say it in a comment: `/learnings skip #12`, `/learnings edit #12 TEXT`, `/learnings why #12`.
- New entries join this pull request while it is open.

Written by Precedent, from what people said when they closed these threads.
</details>"""


@dataclass(frozen=True, kw_only=True)
class Amended:
    """An amendment as people see it: the line as it reads on the default branch, and as it would
    read."""

    amendment: Amendment
    now: str
    then: str


def shown_amendments(amendments: Sequence[Amendment], written: Written) -> list[Amended]:
    """With their lines, as of what was last written to the branch."""
    base, branch = parse(written.base), parse(written.document)
    found = [
        (each, standing(base, each.number), standing(branch, each.number)) for each in amendments
    ]
    return [
        Amended(amendment=each, now=now.text, then=then.text)
        for each, now, then in found
        if now and then
    ]


def title_of(recorded: int, changed: int = 0) -> str:
    parts = []
    if recorded:
        parts.append(
            f"{recorded} decisions to record" if recorded > 1 else "one decision to record"
        )
    if changed:
        parts.append(f"{changed} to change" if changed > 1 else "one to change")
    return f"docs(learnings): {', '.join(parts)}"


def body_of(
    entries: Sequence[ProposedEntry],
    amended: Sequence[Amended] = (),
    *,
    path: str,
    edit_url: str = "",
    waiting: Sequence[int] = (),
    folds: Sequence[str] = (),
) -> str:
    """References stand in code, so that no thread is told that it was mentioned.

    `edit_url` is where the file can be edited on our branch; `waiting` are threads whose entries
    come another day; `folds` come before the explanation.
    """
    opening = _opening(len(entries), len(amended), path=path)
    fixed = [
        opening,
        *_in_full(entries, amended),
        *_queue(waiting),
        *filter(None, folds),
        HOW_IT_WORKS,
    ]
    room = (
        LONGEST_BODY - LONGEST_REST - sum(len(part) + len(BETWEEN) for part in (START, *fixed, END))
    )
    against = {each.amendment.by: each for each in amended if each.amendment.contradicts}
    sections = [
        _section(entry, edit_url, against.get(entry.number)) for entry in _each_line_once(entries)
    ]
    shown = _within(room, [*sections, *(_amended_section(each, edit_url) for each in amended)])
    return f"{START}\n{BETWEEN.join([fixed[0], *shown, *fixed[1:]])}\n{END}"


def body_of_nothing(fold: str) -> str:
    """Of the pull request on which no line is left."""
    nothing = "Nothing is proposed here any more."
    return f"{START}\n{BETWEEN.join(filter(None, [nothing, fold]))}\n{END}"


def set_aside_fold(lines: Iterable[Proposed], pull: int) -> str:
    """The lines that people set aside on a pull request; empty where there are none."""
    gone = [line for line in lines if line.life == "refused" and line.act and line.act.pull == pull]
    return fold(
        "Set aside by a person",
        [folded_line(_name(line), _told(line), "set-aside") for line in gone],
        "Tick a line to propose it again.",
    )


def _name(line: Proposed) -> str:
    return f"`{_read(line).head}`" if isinstance(line, ProposedEntry) else headline(line)


def _told(line: Proposed) -> str:
    """What it says, and what took it off."""
    act = line.act
    by = f" by {harmless(act.who)}" if act and act.who else ""
    when = f"{act.how}{by}, {act.at.day} {act.at:%B %Y}" if act else ""
    if not isinstance(line, ProposedEntry):
        return f"({when})"
    said = cut(harmless(_read(line).takeaway, one_line=True), LONGEST_FOLDED)
    return f"({when}) {said}"


def _read(entry: ProposedEntry) -> Entry:
    return parse(line_of(entry)).entries[0]


def _within(room: int, sections: Sequence[str]) -> list[str]:
    """The first few at a glance, the others folded, and what does not fit counted."""
    kept = list(sections)
    while sum(len(section) + len(BETWEEN) for section in kept) > room:
        kept.pop()
    left_out = (
        [f"\u2026 and {len(sections) - len(kept)} more, on the branch."]
        if len(kept) < len(sections)
        else []
    )
    folded = kept[OPEN_AT_MOST:]
    if folded:
        summary = f"<details><summary>{len(folded)} more</summary>"
        return ["\n".join(kept[:OPEN_AT_MOST]), summary, "\n".join(folded), *left_out, "</details>"]
    return ["\n".join(kept), *left_out]


def _opening(recorded: int, changed: int, *, path: str) -> str:
    if not recorded:
        overtaken = f"{changed} lines have" if changed > 1 else "A line has"
        return (
            f"{overtaken} been overtaken by events. **Merge** to change `{path}` as follows,"
            " **untick** what may"
            " stay:"
        )
    many, those = (
        (f"{recorded} threads", "these lines") if recorded > 1 else ("A thread", "this line")
    )
    merge = f"**Merge** to add {those} to `{path}`, **untick** what is not worth it:"
    return f"{many} closed with a reason worth keeping. {merge}"


def _in_full(entries: Sequence[ProposedEntry], amended: Sequence[Amended]) -> list[str]:
    """The quotes that were cut, of what is seen at a glance."""
    quotes = [(each.number, each.quote) for each in entries] + [
        (a.amendment.number, a.amendment.quote) for a in amended
    ]
    said = [
        (number, harmless(quote.sentence, one_line=True))
        for number, quote in quotes[:OPEN_AT_MOST]
        if quote
    ]
    lines = [
        f"- `#{number}`: {cut(text, LONGEST_QUOTE)}"
        for number, text in said
        if len(text) > SHORT_QUOTE
    ]
    if not lines:
        return []
    listed = "\n".join(lines)
    return [f"<details><summary>What was said, in full</summary>\n\n{listed}\n</details>"]


def _queue(waiting: Sequence[int]) -> list[str]:
    if not waiting:
        return []
    named = ", ".join(f"`#{number}`" for number in waiting[:WAITING_AT_MOST])
    more = f" and {len(waiting) - WAITING_AT_MOST} more" if len(waiting) > WAITING_AT_MOST else ""
    wait = "waits" if len(waiting) == 1 else "wait"
    return [
        f"<details><summary>{len(waiting)} more {wait} for tomorrow</summary>\n\n"
        "Only so many are proposed in a day (`max_new_entries_per_day`):"
        f" {named}{more}.\n</details>"
    ]


def title_over(found: str, ours: str) -> str:
    """The title with the counts renewed; a person's stays."""
    return ours if OUR_TITLE.fullmatch(found) else found


def body_over(found: str, ours: str) -> str:
    """The body with our part renewed. What people wrote around it stays; all of theirs where they
    took the marks away, or where both together are longer than GitHub takes."""
    # GitHub's own editor ends lines with CRLF.
    body = OURS.sub(lambda _: ours, found.replace("\r\n", "\n"))
    return body if len(body) <= LONGEST_BODY else found


def _each_line_once(entries: Sequence[ProposedEntry]) -> Sequence[ProposedEntry]:
    """People may merge two entries into one line."""
    return list({line_of(entry): entry for entry in reversed(entries)}.values())[::-1]


def _section(entry: ProposedEntry, edit_url: str, against: Amended | None) -> str:
    read = _read(entry)
    tails = read.text[read.tails[0].whole.start :] if read.tails else ""
    line = f"- [x] **`{read.head}`** ({harmless(read.state)}) — {harmless(read.takeaway)} {harmless(tails)}".rstrip()  # noqa: E501
    earns = EARNS.get(entry.reason_class or "")
    shown = _with_reasons(
        line, [*_quoted(entry.quote, under=entry.number), *([earns] if earns else [])], edit_url
    )
    return f"{shown}\\\n{_conflict(against)}" if against else shown


def _conflict(against: Amended) -> str:
    """Both lines are shown, and neither goes by itself."""
    number, now = (
        against.amendment.number,
        cut(harmless(_less_marker(against.now), one_line=True), LONGEST_LINE),
    )
    return (
        f"  **contradicts `#{number}`**, which stays as it is unless its box below stays"
        f" ticked: {now}"
    )


def _amended_section(amended: Amended, edit_url: str) -> str:
    now, then = (
        cut(harmless(_less_marker(text), one_line=True), LONGEST_LINE)
        for text in (amended.now, amended.then)
    )
    box, quote = f"- [x] **{headline(amended.amendment)}**", amended.amendment.quote
    lines = "\\\n".join([box, f"  now: {now}", f"  then: {then}"])
    return _with_reasons(lines, _quoted(quote, under=amended.amendment.number), edit_url)


def _with_reasons(lines: str, reasons: Sequence[str], edit_url: str) -> str:
    """One small line below: who said so, why it is here, where to change it."""
    small = " · ".join([*reasons, *([f"[edit]({edit_url})"] if edit_url else [])])
    return f"{lines}\\\n  <sub>{small}</sub>" if small else lines


def _less_marker(text: str) -> str:
    return MARKER.sub("", text, count=1)


def _quoted(quote: Quote | None, *, under: int) -> list[str]:
    """What was said, by whom, and in which thread where that is another one."""
    if quote is None:
        return []
    said = cut(harmless(quote.sentence, one_line=True), SHORT_QUOTE)
    place = THREAD.search(quote.url)
    elsewhere = f" in `#{place[1]}`" if place and int(place[1]) != under else ""
    return [
        f"\u201c{said}\u201d — {harmless(quote.author)}{elsewhere}, {quote.at.day} {quote.at:%B %Y}"
    ]
