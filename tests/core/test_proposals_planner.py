"""The rolling pull request, planned through whatever people and threads do to it: nothing is lost,
nothing slips in."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from merge3 import Merge3

from bot.core.drafting.draft import Draft
from bot.core.errors import GiveUp
from bot.core.learnings import HEADER, parse
from bot.core.learnings.blocks import BOM
from bot.core.proposal.amendment import Amendment, AmendmentKind, amend, amendments_of, headline
from bot.core.proposal.body import body_of, shown_amendments
from bot.core.proposal.branch import Branch, Written
from bot.core.proposal.guard import why_unsound
from bot.core.proposal.life import updated
from bot.core.proposal.new_amendments import revise_amendments
from bot.core.proposal.plan import plan_changes
from bot.core.proposal.proposed_entry import ProposedEntry, entries_of, revise_entries
from bot.core.proposal.review import Proposed, as_reviewed, is_unticked, read_review
from bot.core.proposal.settlement import settle_closed, settle_merged, settle_proposed
from bot.core.threads import Thread
from bot.core.verdicts import Verdict

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
ROOM = 100
TAGS = ["queue", "config", "tiles"]
NUMBERS = st.integers(1, 9)
PLACES = st.floats(0, 1)
STARTS = [
    "",
    (
        "# Learnings\n\n## Queue\n\n- **#90** (merged) \u2014 Queues are bounded. [tags:"
        " queue]\n\n##"
        " Config\n\nProse.\n"
    ),
    "# Learnings\r\n\r\n- **#90** (merged) \u2014 Queues are bounded. [tags: queue]\r\n",
    "\ufeff# Learnings\n\n- **#90** (merged) \u2014 Queues are bounded.",
    (
        "# Learnings\n\nProse.\n\n* **#90** (merged) \u2014 Bounded. [tags: queue]\n  *"
        " **#91** (open) \u2014"
        " Nested.\n"
    ),
    (
        "# Learnings\n\n- **#90** (merged) \u2014 Queues are\n  bounded: they\n  fill.\n-"
        " **#91** (PR closed)"
        " \u2014 No.\n"
    ),
    (
        "# Learnings\r\n\r\n- **#90** (merged) \u2014 Many\r\n  queues.\r\n  - **#91**"
        " (open) \u2014"
        " Polled\r\n    again."
    ),
]
STANDING = st.sampled_from([90, 91])
EFFECTS: dict[AmendmentKind, str] = {
    "reopened": "reopened)",
    "superseded": "Superseded by: #{by}",
    "joined": "+ #{by}",
}
OURS = re.compile(r"\*\*#(?:\d|90)\*\*")
SCAFFOLD = {"", "## Unsorted", *HEADER.split("\n")}


def plain(text: str) -> Counter[str]:
    """The lines, without what a file's first and last line may carry besides."""
    return Counter(line.removeprefix(BOM).rstrip("\r") for line in text.split("\n"))


def edited(text: str, place: float, new: list[str], *, instead_of: int = 0) -> str:
    """Some lines of a file replaced at a place between its beginning (0) and its end (1); line ends
    are the file's."""
    bom = BOM if text.startswith(BOM) else ""
    lines = text.removeprefix(BOM).split("\n")
    at = round(place * (len(lines) - 1 - instead_of)) if len(lines) > instead_of else 0
    end = "\r" if lines[0].endswith("\r") else ""
    return bom + "\n".join([*lines[:at], *(line + end for line in new), *lines[at + instead_of :]])


def around_standing(text: str, place: float) -> float:
    """The place, or the end of the standing entry that goes over several lines there: lines may be
    doubled or left behind where people write in the middle of one that we amend, or take a line out
    of it."""
    last = len(text.split("\n")) - 1
    at = round(place * last)
    for entry in [entry for number in (90, 91) for entry in parse(text).find(number)]:
        end = entry.line - 1 + entry.line_count
        at = end if entry.line - 1 < at < end else at
    return min(at / last, 1.0) if last else place


def continued(text: str) -> set[str]:
    """The lines of standing entries below their first."""
    entries = (entry_line(text, number) or "" for number in (90, 91))
    return {line.rstrip("\r") for entry in entries for line in entry.split("\n")[1:]}


def entry_line(text: str, number: int) -> str | None:
    found = parse(text).find(number)
    return found[0].text if found else None


class Rolling(RuleBasedStateMachine):
    """`update` is what the job does; everything else is people, threads and GitHub."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: str) -> None:
        self.base = start
        self.lines: list[Proposed] = []
        self.open = False
        self.leftover = self.fresh = False
        self.branch = self.fork = self.body = ""
        self.written: str | None = ""
        # What must hold of the branch after the next update.
        self.by_people: set[str] = set()
        self.taken_out: Counter[str] = Counter()
        self.worded: dict[int, str] = {}
        self.refused: set[int] = set()
        self.no_more: set[tuple[int, AmendmentKind, int]] = set()
        self.reworded: dict[int, str] = {}
        self.count = 0

    @property
    def entries(self) -> list[ProposedEntry]:
        return entries_of(self.lines)

    @property
    def amendments(self) -> list[Amendment]:
        return amendments_of(self.lines)

    def news(self) -> str:
        self.count += 1
        return f"w{self.count}"

    def moment(self) -> datetime:
        self.count += 1
        return MAY + timedelta(minutes=self.count)

    # --- threads

    @rule(number=NUMBERS, tag=st.sampled_from(TAGS), reverts=st.sampled_from([None, None, 90]))
    def a_thread_is_closed(self, number: int, tag: str, reverts: int | None) -> None:
        self.judge(
            number,
            Draft(
                number=number,
                kind="issue",
                state="not-planned",
                takeaway=f"Said {self.news()}.",
                tags=(tag,),
                reverts=reverts,
            ),
        )
        if reverts:
            self.amend(reverts, "superseded", number)

    @rule(number=STANDING, kind=st.sampled_from([*EFFECTS]), by=st.integers(201, 203))
    def a_standing_entry_is_overtaken(self, number: int, kind: AmendmentKind, by: int) -> None:
        self.amend(number, kind, number if kind == "reopened" else by)

    @rule(number=STANDING, kind=st.sampled_from([*EFFECTS]), by=st.integers(201, 203))
    def it_is_not_overtaken_after_all(self, number: int, kind: AmendmentKind, by: int) -> None:
        self.revise(number if kind == "reopened" else by, [])

    def amend(self, number: int, kind: AmendmentKind, by: int) -> None:
        new = Amendment(
            number=number, kind=kind, by=by, thread=by, life="waiting", drafted_at=self.moment()
        )
        applies = amend(parse(self.base), new) != parse(self.base)
        self.revise(by, [new] if applies else [])

    def revise(self, thread: int, found: list[Amendment]) -> None:
        changed = revise_amendments(self.amendments, thread=thread, found=found)
        for each in changed:
            self.reworded.pop(each.number, None)
        self.change(changed)
        self.fresh = False

    def change(self, changed: Sequence[Proposed]) -> None:
        keys = {known.key for known in self.lines}
        new = [each for each in changed if each.key not in keys]
        self.lines = [*updated(self.lines, changed), *new]

    @rule(number=NUMBERS)
    def a_thread_is_reopened(self, number: int) -> None:
        self.judge(number, None)
        if not any(entry.number == number and entry.life == "refused" for entry in self.entries):
            self.worded.pop(number, None)

    def judge(self, number: int, draft: Draft | None) -> None:
        thread = Thread(
            number=number,
            kind="issue",
            title="",
            author="sam",
            closed_as="not_planned",
            created_at=MAY,
            remarks=[],
        )
        verdict = Verdict(
            admit=draft is not None, reason_class="wont_fix_rationale", confidence=1, why=""
        )
        changed = revise_entries(
            self.entries, thread=thread, verdict=verdict, draft=draft, document=self.base, now=MAY
        )
        self.change(changed)
        self.fresh = False

    # --- the default branch

    @rule(place=PLACES, kind=st.sampled_from(["point", "prose", "heading", "entry"]))
    def main_gains_lines(self, place: float, kind: str) -> None:
        self.base = edited(self.base, place, self.written_by_hand(kind))
        self.fresh = False

    @rule(place=PLACES)
    def main_loses_a_line(self, place: float) -> None:
        if self.base:
            self.base = edited(self.base, place, [], instead_of=1)
            self.fresh = False

    @rule(number=NUMBERS, place=PLACES)
    def main_gains_an_entry_that_is_under_way(self, number: int, place: float) -> None:
        if not parse(self.base).find(number):
            self.base = edited(
                self.base,
                place,
                ["", f"- **#{number}** (merged) \u2014 By hand {self.news()}.", ""],
            )
            self.change(settle_merged(self.entries, document=self.base))
            self.fresh = False

    @rule(number=STANDING)
    def main_rewords_a_standing_entry(self, number: int) -> None:
        line = entry_line(self.base, number)
        if line and f"**#{number}**" in line:
            first, *more = line.split("\n")
            word = self.news()
            self.base = self.base.replace(
                line, "\n".join([re.sub("\u2014 ", f"\u2014 Main {word}: ", first), *more])
            )
            self.change(settle_merged(self.amendments, document=self.base))
            self.reworded.pop(number, None)
            self.fresh = False

    @rule()
    def main_changes_its_line_ends(self) -> None:
        unix = self.base.replace("\r\n", "\n")
        self.base = unix if unix != self.base else unix.replace("\n", "\r\n")
        self.fresh = False

    # --- people on the pull request

    @precondition(lambda self: self.open)
    @rule(place=PLACES, kind=st.sampled_from(["point", "prose", "heading", "entry"]))
    def a_person_writes(self, place: float, kind: str) -> None:
        lines = self.written_by_hand(kind)
        self.branch = edited(self.branch, around_standing(self.branch, place), lines)
        self.by_people |= {line for line in lines if line}
        self.fresh = False

    def written_by_hand(self, kind: str) -> list[str]:
        word = self.news()
        match kind:
            case "point":
                return [f"- Point {word}."]
            case "prose":
                return ["", f"Prose {word}.", ""]
            case "heading":
                return ["", f"## Section {word}", ""]
            case _:
                return ["", f"- **#{100 + self.count}** (merged) \u2014 By hand {word}.", ""]

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def a_person_takes_out_a_line(self, data: st.DataObject) -> None:
        shared = plain(self.base) & plain(self.branch)
        spared = SCAFFOLD | continued(self.branch)
        lines = sorted(
            line
            for line in shared
            if line not in spared and not OURS.search(line) and shared[line] == 1
        )
        if lines:
            line = data.draw(st.sampled_from(lines))
            self.replace_on_branch(line, None)
            self.taken_out[line] += 1

    @precondition(lambda self: self.open)
    @rule(number=NUMBERS)
    def a_person_rewords(self, number: int) -> None:
        line = self.line_under_way(number)
        if line:
            word = self.news()
            self.replace_on_branch(line, f"- **#{number}** (not-planned) \u2014 Reworded {word}.")
            self.worded[number] = word

    @precondition(lambda self: self.open)
    @rule(number=NUMBERS)
    def a_person_deletes(self, number: int) -> None:
        line = self.line_under_way(number)
        if line:
            self.replace_on_branch(line, None)
            self.refused.add(number)

    @precondition(lambda self: self.open)
    @rule(number=NUMBERS, place=PLACES)
    def a_person_puts_back(self, number: int, place: float) -> None:
        """After we have seen that it was gone: before that, the two are one change, and nothing
        happened."""
        known = any(entry.number == number and entry.life == "refused" for entry in self.entries)
        if (
            known
            and self.fresh
            and not any(parse(text).find(number) for text in (self.branch, self.base))
        ):
            word = self.news()
            self.branch = edited(
                self.branch,
                around_standing(self.branch, place),
                ["", f"- **#{number}** (open) \u2014 Back {word}.", ""],
            )
            self.refused.discard(number)
            self.worded[number] = word
            self.fresh = False

    @precondition(lambda self: self.open)
    @rule(number=NUMBERS)
    def a_person_unticks(self, number: int) -> None:
        body = self.body.replace(f"- [x] **`#{number}`**", f"- [ ] **`#{number}`**")
        if body != self.body and not parse(self.base).find(number):
            self.body = body
            self.refused.add(number)
            self.fresh = False

    @precondition(lambda self: self.open)
    @rule(number=STANDING)
    def a_person_rewords_what_is_amended(self, number: int) -> None:
        if self.amended(number):
            word = self.news()
            indent = re.match(r"\s*[-*] ", entry_line(self.branch, number) or "")
            assert indent
            self.put_on_branch(
                number, f"{indent[0]}**#{number}** (partial) \u2014 Reworded {word}."
            )
            self.reworded[number] = word

    @precondition(lambda self: self.open)
    @rule(number=STANDING)
    def a_person_puts_the_standing_line_back(self, number: int) -> None:
        standing = entry_line(self.fork, number)
        if self.amended(number) and standing:
            self.put_on_branch(number, standing.replace("\r", ""))
            self.no_more |= {
                each.key
                for each in self.amendments
                if each.number == number and each.life == "proposed"
            }
            self.reworded.pop(number, None)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def a_person_unticks_an_amendment(self, data: st.DataObject) -> None:
        proposed = [each for each in self.amendments if each.life == "proposed"]
        if proposed:
            each = data.draw(st.sampled_from(proposed))
            self.body = self.body.replace(
                f"- [x] **{headline(each)}**", f"- [ ] **{headline(each)}**"
            )
            assert is_unticked(each, self.body)
            self.no_more.add(each.key)
            self.reworded.pop(each.number, None)
            self.fresh = False

    def amended(self, number: int) -> bool:
        """Whether the line reads as we amended it, and nobody has touched it since."""
        proposed = [
            each for each in self.amendments if each.number == number and each.life == "proposed"
        ]
        line = entry_line(self.branch, number)
        return bool(proposed and line and self.fresh and line != entry_line(self.base, number))

    def put_on_branch(self, number: int, wording: str) -> None:
        line = entry_line(self.branch, number)
        assert line is not None
        end = "\r\n" if "\r\n" in self.branch else "\n"
        text = wording.replace("\n", end) + ("\r" if line.endswith("\r") else "")
        assert self.branch.count(line) == 1
        self.branch = self.branch.replace(line, text)
        self.fresh = False

    def line_under_way(self, number: int) -> str | None:
        """Our line on the branch, as long as it is proposed."""
        proposed = any(
            entry.number == number and entry.life == "proposed" for entry in self.entries
        )
        line = entry_line(self.branch, number)
        return (
            line.rstrip("\r") if line and proposed and not parse(self.base).find(number) else None
        )

    def replace_on_branch(self, line: str, new: str | None) -> None:
        lines = self.branch.split("\n")
        at = next(
            at for at, each in enumerate(lines) if each.removeprefix(BOM).rstrip("\r") == line
        )
        end = "\r" if lines[at].endswith("\r") else ""
        lines[at : at + 1] = [] if new is None else [new + end]
        self.branch = "\n".join(lines)
        self.fresh = False

    @precondition(lambda self: self.open)
    @rule()
    def a_person_merges_main_into_the_branch(self) -> None:
        merged = merge(self.fork, self.branch, self.base)
        if merged is not None:
            self.branch, self.fork = merged, self.base
            self.fresh = False

    # --- the end of a pull request

    @precondition(lambda self: self.open)
    @rule()
    def it_is_merged(self) -> None:
        merged = merge(self.fork, self.branch, self.base)
        if merged is not None:
            self.base = merged
            self.settle(merged=True, by_writer=False)
            self.leave_behind()

    @precondition(lambda self: self.open)
    @rule()
    def it_is_closed_by_a_maintainer(self) -> None:
        self.refused |= {entry.number for entry in self.entries if entry.life == "proposed"}
        self.no_more |= {each.key for each in self.amendments if each.life == "proposed"}
        self.settle(merged=False, by_writer=True)

    @precondition(lambda self: self.open and self.fresh)
    @rule()
    def it_is_closed_by_a_bot(self) -> None:
        self.settle(merged=False, by_writer=False)

    @precondition(lambda self: self.leftover)
    @rule()
    def it_is_opened_again(self) -> None:
        self.open, self.leftover, self.fresh = True, False, False
        self.written = None
        self.refused -= {number for entry in parse(self.branch).entries for number in entry.numbers}
        self.no_more.clear()
        self.body = ""

    def settle(self, *, merged: bool, by_writer: bool) -> None:
        changed = settle_closed(
            self.lines, document=self.base, body=self.body, merged=merged, by_writer=by_writer
        )
        self.change(changed)
        self.open, self.leftover, self.fresh = False, not merged, False

    def leave_behind(self) -> None:
        """Another pull request starts from the default branch."""
        self.by_people, self.worded, self.taken_out, self.leftover = set(), {}, Counter(), False
        self.reworded = {}

    # --- the job

    @rule()
    def update(self) -> None:
        branch = self.review()
        try:
            plan = plan_changes(self.base, branch, self.lines, room=ROOM)
        except GiveUp:
            # A rewording of a standing line is a person's too once its amendment is refused.
            assert self.by_people or self.taken_out or "Reworded" in self.branch
            assert self.fork != self.base
            return
        if plan.changes:
            target = plan.changes[-1].document
            assert why_unsound(self.base, branch, self.lines, target) is None
            self.arrive(target)
        self.fresh = self.open

    def review(self) -> Branch | None:
        if not self.open:
            return None
        branch = self.found()
        changed = read_review(self.lines, branch, base=self.base, body=self.body)
        if self.written is not None:
            self.written = as_reviewed(branch, self.lines)
        self.change(changed)
        return branch

    def found(self) -> Branch:
        before = self.fork if self.written is None else self.written
        return Branch(document=self.branch, before=before, fork=self.fork)

    def arrive(self, target: str) -> None:
        if not self.open:
            self.leave_behind()
        self.branch = self.written = target
        self.fork, self.open = self.base, True
        written = Written(head="", document=target, base=self.base)
        self.change(settle_proposed(self.lines, written=written, now=self.moment()))
        proposed = [entry for entry in self.entries if entry.life == "proposed"]
        amended = [each for each in self.amendments if each.life == "proposed"]
        self.body = body_of(proposed, shown_amendments(amended, written), path="docs/learnings.md")

    # --- what holds after it

    def wanted(self) -> set[int]:
        return {entry.number for entry in self.entries if entry.life == "proposed"}

    def changed_lines(self) -> tuple[set[str], set[str]]:
        """The lines of what is amended: as they read on main, and as they read on the branch.

        What a person reworded before its amendment was withdrawn stays as a person's.
        """
        numbers = {each.number for each in self.amendments if each.life == "proposed"}
        numbers |= {
            number for number in (90, 91) if "Reworded" in (entry_line(self.branch, number) or "")
        }
        was, now = (
            {line for number in numbers for line in plain(entry_line(text, number) or "")}
            for text in (self.base, self.branch)
        )
        return was, now

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def every_line_is_proposed_or_a_persons(self) -> None:
        gained = plain(self.branch) - plain(self.base)
        ours = tuple(f"**#{number}**" for number in self.wanted())
        _, amended = self.changed_lines()
        assert not [
            line
            for line in gained
            if line not in SCAFFOLD | self.by_people | amended
            and not any(head in line for head in ours)
        ]

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def no_heading_is_left_where_nothing_is_proposed(self) -> None:
        if not self.wanted() and not self.by_people and not self.taken_out:
            gained = plain(self.branch) - plain(self.base)
            _, amended = self.changed_lines()
            assert not [line for line in gained if line.strip() and line not in amended]

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def no_line_of_a_person_is_dropped(self) -> None:
        assert self.by_people <= plain(self.branch).keys()

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def nothing_of_main_is_taken_back(self) -> None:
        lost = plain(self.base) - plain(self.branch) - self.taken_out
        was, _ = self.changed_lines()
        assert not [line for line in lost if line not in SCAFFOLD | was]

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def an_amended_line_says_the_same_about_something_else(self) -> None:
        """Head, state and tails may change; the takeaway is a person's."""
        for number in (90, 91):
            was, now = (parse(text).find(number) for text in (self.base, self.branch))
            proposed = [
                each
                for each in self.amendments
                if each.number == number and each.life == "proposed"
            ]
            # What a person writes may also cut it in two.
            if proposed and all(each.line is None for each in proposed):
                # A full stop may have come before a tail.
                assert was[0].takeaway.replace(".", "") == now[0].takeaway.replace(".", "")
                assert was[0].tags == now[0].tags

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def a_refused_amendment_stays_away(self) -> None:
        for number, kind, by in self.no_more:
            effect = EFFECTS[kind].format(by=by)
            on_main, there = entry_line(self.base, number), entry_line(self.branch, number)
            assert (
                not there
                or effect not in there
                or effect in (on_main or "")
                or number in self.reworded
            )

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def every_amendment_that_applies_is_shown(self) -> None:
        for each in self.amendments:
            if each.life == "proposed":
                line, on_main = (
                    entry_line(self.branch, each.number),
                    entry_line(self.base, each.number),
                )
                assert line != on_main
                assert f"- [x] **{headline(each)}**" in self.body or not self.body

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def a_persons_wording_of_an_amended_line_stays(self) -> None:
        for number, word in self.reworded.items():
            if entry_line(self.base, number):
                assert word in (entry_line(self.branch, number) or "")

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def no_entry_is_lost_or_doubled(self) -> None:
        assert not [
            entry
            for entry in self.entries
            if entry.life in ("waiting", "held") and not self.on_main(entry)
        ]
        assert all(
            len(parse(self.branch).find(number)) == 1
            for number in self.wanted()
            if not parse(self.base).find(number)
        )

    def on_main(self, entry: ProposedEntry) -> bool:
        return bool(parse(self.base).find(entry.number))

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def a_refused_entry_stays_away(self) -> None:
        assert not [
            number
            for number in self.refused
            if entry_line(self.branch, number) and not entry_line(self.base, number)
        ]

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def a_persons_wording_stays(self) -> None:
        wanted = self.wanted() - self.refused
        assert not [
            number
            for number, word in self.worded.items()
            if number in wanted
            and not entry_line(self.base, number)
            and word not in (entry_line(self.branch, number) or "")
        ]

    @precondition(lambda self: self.open and self.fresh)
    @invariant()
    def planning_again_plans_nothing(self) -> None:
        branch = self.found()
        entries = [each for each in self.entries if not self.on_main(each)]
        lines = [*self.entries, *self.amendments]
        assert read_review(lines, branch, base=self.base, body=self.body) == [
            each for each in [*entries, *self.amendments] if each.life != "merged"
        ]
        assert plan_changes(self.base, branch, self.lines, room=ROOM).changes == []


def merge(ancestor: str, one: str, other: str) -> str | None:
    """As git does; None where it would ask a person."""
    merging = Merge3(ancestor.split("\n"), one.split("\n"), other.split("\n"))
    if any(region[0] == "conflict" for region in merging.merge_regions()):
        return None
    return "\n".join(merging.merge_lines())


TestRolling = Rolling.TestCase
# Without shrinking, which takes longer than a test may: what fails is told as it was found.
TestRolling.settings = settings(
    max_examples=500,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
