"""What holds for every learnings file, well kept or not."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from bot.core.learnings import (
    Document,
    Entry,
    NewEntry,
    Reference,
    Unwritable,
    insert,
    move_under,
    parse,
    render,
    render_entry,
    replace_entry,
    retire,
    rewrite,
    set_references,
    set_see,
    set_state,
    set_tags,
    set_takeaway,
    supersede,
)
from bot.core.learnings.audit import audit
from bot.core.learnings.blocks import unfinished_block
from bot.core.learnings.graph import Graph
from bot.core.learnings.json_export import export_document
from bot.core.learnings.lint import Finding, fix_document, lint_document
from tests.support.learnings_strategies import documents, mutilated, new_entries, sentences

Edit = Callable[[Document, Entry], Document]
EDITS: dict[str, Edit] = {
    "state": lambda document, entry: set_state(document, entry, "superseded", ("PR #3",)),
    "takeaway": lambda document, entry: set_takeaway(document, entry, "Something else holds now"),
    "winner": lambda document, entry: set_references(document, entry, "Winner", (Reference(9001),)),
    "superseded by": lambda document, entry: set_references(
        document, entry, "Superseded by", (Reference(9002, "PR"),)
    ),
    "see": lambda document, entry: set_see(document, entry, "src/new.py"),
    "tags": lambda document, entry: set_tags(document, entry, ("new", "tiles")),
    "no tags": lambda document, entry: set_tags(document, entry, ()),
    "rewrite": lambda document, entry: rewrite(
        document, entry, entry.text.replace("merged", "open")
    ),
    "replace": lambda document, entry: replace_entry(document, entry, NEW),
}
NEW = NewEntry(head="#9000", state="merged", takeaway="New.", tags=("tiles", "labels"))
READ_BACK: dict[str, Callable[[Entry], object]] = {
    "state": lambda entry: (
        (entry.state, entry.modifiers) == ("superseded", ("PR #3",)) or entry.note
    ),
    "takeaway": lambda entry: entry.takeaway == "Something else holds now.",
    "winner": lambda entry: entry.winner == (Reference(9001),),
    "superseded by": lambda entry: entry.superseded_by == (Reference(9002, "PR"),),
    "see": lambda entry: entry.see == "src/new.py",
    "tags": lambda entry: entry.tags == ("new", "tiles"),
    "replace": lambda entry: entry.takeaway == "New.",
}


def pick(document: Document, choice: int) -> Entry:
    assume(document.entries and not document.conflicts)
    return document.entries[choice % len(document.entries)]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=200), mutilated().map(str.encode)))
def test_whatever_decodes_comes_out_byte_for_byte(content: bytes) -> None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    document = parse(text)
    assert document.entries is not None
    assert render(document).encode() == content


@settings(max_examples=200, deadline=None)
@given(mutilated())
def test_a_mutilated_file_stops_nobody(text: str) -> None:
    document = parse(text)

    export_document(document)
    lint_document(document)
    audit(document, exists=lambda path: False)
    for entry in document.entries:
        Graph(document).siblings(entry)
        [Graph(document).what_stands(number) for number in entry.numbers]


@settings(max_examples=200, deadline=None)
@given(documents())
def test_the_lines_of_entries_are_lines_of_the_file(text: str) -> None:
    document = parse(text)
    taken: list[int] = []
    for entry in document.entries:
        lines = range(entry.line, entry.line + entry.line_count)
        taken += lines
        assert (
            "\n".join(document.lines[number - 1] for number in lines).removeprefix("\ufeff")
            == entry.text
        )

    assert len(taken) == len(set(taken))


@settings(max_examples=200, deadline=None)
@given(new_entries)
def test_what_is_written_reads_back_as_the_same(new: NewEntry) -> None:
    line = render_entry(new)
    (entry,) = parse(line).entries

    assert "\n" not in line
    assert (entry.head, entry.state, entry.modifiers, entry.see, entry.tags) == (
        new.head,
        new.state,
        new.modifiers,
        new.see,
        new.tags,
    )
    assert (entry.parent, entry.winner, entry.superseded_by) == (
        new.parent,
        new.winner,
        new.superseded_by,
    )


@settings(max_examples=200, deadline=None)
@given(documents(), new_entries)
def test_an_insert_adds_its_entry_and_changes_no_other_line(text: str, new: NewEntry) -> None:
    document = parse(text)
    assume(not document.conflicts and unfinished_block(document.lines) is None)
    edited = insert(document, new)

    assert_only_added(plain_lines(document), plain_lines(edited))
    assert len(edited.entries) == len(document.entries) + 1
    assert render_entry(new)[2:] in [entry.text.strip()[2:] for entry in edited.entries]


def plain_lines(document: Document) -> list[str]:
    """Where a line is the first or the last decides about byte order mark and carriage return."""
    return [line.removesuffix("\r") for line in render(document).removeprefix("\ufeff").split("\n")]


def assert_only_added(before: list[str], after: list[str]) -> None:
    """What was there is still there, in its order."""
    rest = iter(after)
    assert all(line in rest for line in before)


@pytest.mark.parametrize("name", EDITS)
@settings(max_examples=60, deadline=None)
@given(documents(), st.integers(0, 50))
def test_an_edit_changes_only_the_lines_of_its_entry(name: str, text: str, choice: int) -> None:
    document = parse(text)
    entry = pick(document, choice)
    edited = EDITS[name](document, entry)
    first, end = entry.line - 1, entry.line - 1 + entry.line_count

    assert edited.lines[:first] == document.lines[:first]
    assert edited.lines[len(edited.lines) - (len(document.lines) - end) :] == document.lines[end:]


@pytest.mark.parametrize("name", READ_BACK)
@settings(max_examples=60, deadline=None)
@given(documents(), st.integers(0, 50))
def test_an_edit_reads_back_as_what_it_says(name: str, text: str, choice: int) -> None:
    document = parse(text)
    entry = pick(document, choice)
    edited = EDITS[name](document, entry)
    (after,) = [each for each in edited.entries if each.line == entry.line]

    assert READ_BACK[name](after)
    assert len(edited.entries) == len(document.entries)


@settings(max_examples=100, deadline=None)
@given(documents(), st.integers(0, 50))
def test_an_edit_of_one_part_leaves_the_other_parts(text: str, choice: int) -> None:
    document = parse(text)
    entry = pick(document, choice)
    (after,) = [
        each for each in EDITS["winner"](document, entry).entries if each.line == entry.line
    ]

    assert (after.head, after.state, after.parent, after.superseded_by, after.see, after.tags) == (
        entry.head,
        entry.state,
        entry.parent,
        entry.superseded_by,
        entry.see,
        entry.tags,
    )


@settings(max_examples=100, deadline=None)
@given(documents(), st.integers(0, 50), st.integers(0, 50))
def test_a_move_keeps_every_entry(text: str, moved: int, umbrella: int) -> None:
    document = parse(text)
    one, other = pick(document, moved), pick(document, umbrella)
    assume(one.numbers and other.numbers and unfinished_block(document.lines) is None)
    try:
        edited = move_under(document, one.numbers[0], other.numbers[0])
    except Unwritable:
        return
    assert sorted(entry.takeaway for entry in edited.entries) == sorted(
        entry.takeaway for entry in document.entries
    )


@settings(max_examples=100, deadline=None)
@given(documents(), st.integers(0, 50), st.integers(1, 60))
def test_what_is_superseded_stands_no_longer(text: str, choice: int, by: int) -> None:
    document = parse(text)
    entry = pick(document, choice)
    assume(
        entry.numbers and by not in entry.numbers and document.find(entry.numbers[0]) == (entry,)
    )
    edited = supersede(document, entry.numbers[0], by=by)

    assert edited.find(entry.numbers[0])[0].superseded_by == (Reference(by),)
    assert edited.find(entry.numbers[0])[0].state == "superseded"


@settings(max_examples=100, deadline=None)
@given(documents())
def test_fixing_never_makes_a_file_lint_worse(text: str) -> None:
    document = parse(text)
    before, after = lint_document(document), lint_document(fix_document(document))

    assert errors(after) <= errors(before)
    assert len(after) <= len(before)


def errors(findings: Sequence[Finding]) -> int:
    return sum(finding.severity == "error" for finding in findings)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_fixing_keeps_every_entry_and_its_words(text: str) -> None:
    document = parse(text)

    assert said(fix_document(document)) == said(document)


def said(document: Document) -> list[tuple[tuple[int, ...], str]]:
    """Without what fixes may add: code marks around a mention, the full stop before a tail."""
    return [
        (entry.numbers, entry.takeaway.replace("`", "").rstrip(".")) for entry in document.entries
    ]


def git_merge(folder: Path, base: str, ours: str, theirs: str) -> tuple[bool, str]:
    """Whether git merges the two without a conflict, and to what."""
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(text.encode())
    command = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    merged = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return merged.returncode == 0, merged.stdout.decode()


@settings(max_examples=120, deadline=None)
@given(
    documents(),
    st.sampled_from(sorted(EDITS)),
    st.sampled_from(sorted(EDITS)),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_edits_of_two_entries_merge_in_git_to_what_both_make(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    first: str,
    second: str,
    one: int,
    other: int,
) -> None:
    document = parse(text)
    left, right = pick(document, one), pick(document, other)
    assume(left.line != right.line)
    ours, theirs = EDITS[first](document, left), EDITS[second](document, right)
    clean, merged = git_merge(tmp_path_factory.getbasetemp(), text, render(ours), render(theirs))

    # git wants an unchanged line between two changes.
    above, below = sorted((left, right), key=lambda entry: entry.line)
    apart = below.line > above.line + above.line_count
    event(f"apart: {apart}")
    assert clean or not apart
    if clean:
        later = next(
            entry
            for entry in ours.entries
            if entry.line == right.line + shift(ours, document, left, right)
        )
        assert merged == render(EDITS[second](ours, later))


def shift(edited: Document, document: Document, changed: Entry, other: Entry) -> int:
    """How far an edit above moved another entry."""
    return len(edited.lines) - len(document.lines) if changed.line < other.line else 0


@settings(max_examples=60, deadline=None)
@given(documents(), new_entries, st.integers(0, 50), sentences)
def test_an_insert_and_an_edit_elsewhere_merge_in_git(
    tmp_path_factory: pytest.TempPathFactory, text: str, new: NewEntry, choice: int, takeaway: str
) -> None:
    document = parse(text)
    entry = pick(document, choice)
    assume(unfinished_block(document.lines) is None)
    ours, theirs = insert(document, new), set_takeaway(document, entry, takeaway)
    clean, merged = git_merge(tmp_path_factory.getbasetemp(), text, render(ours), render(theirs))

    assume(clean)
    assert len(parse(merged).entries) == len(document.entries) + 1


def test_a_file_with_conflict_markers_is_not_written() -> None:
    document = parse(
        "<<<<<<< a\n- **#1** (merged) \u2014 A.\n=======\n- **#1** (merged) \u2014 B.\n>>>>>>> b\n"
    )

    for edit in EDITS.values():
        with pytest.raises(Unwritable, match="conflict markers in line 1"):
            edit(document, document.entries[0])
    with pytest.raises(Unwritable):
        retire(document, 1, Reference(2))
