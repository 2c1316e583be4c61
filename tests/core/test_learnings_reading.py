"""What is read from a learnings file, whatever its authors' habits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.learnings import Entry, Reference, parse, render

DOCUMENTS = Path(__file__).parents[1] / "documents"


def only(text: str) -> Entry:
    (entry,) = parse(text).entries
    return entry


def grown() -> str:
    return (DOCUMENTS / "grown.md").read_text("utf-8")


def test_a_grown_file_gives_its_entries_and_nothing_else() -> None:
    assert [entry.numbers for entry in parse(grown()).entries] == [
        (105, 121),
        (122,),
        (123,),
        (316, 317),
        (506, 507, 509, 511),
        (4621,),
        (490,),
        (961,),
        (1143,),
        (70,),
        (71,),
        (75,),
        (76,),
    ]


@pytest.mark.parametrize("name", ["tidy.md", "grown.md"])
@pytest.mark.parametrize(
    "change",
    [str, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text.rstrip("\n")],
)
def test_what_is_read_comes_out_byte_for_byte(name: str, change: Callable[[str], str]) -> None:
    text = change((DOCUMENTS / name).read_bytes().decode())

    assert render(parse(text)) == text


def test_carriage_returns_do_not_change_what_is_read() -> None:
    windows = parse("\ufeff" + grown().replace("\n", "\r\n"))

    assert [
        (entry.numbers, entry.state, entry.takeaway, entry.tags) for entry in windows.entries
    ] == [
        (entry.numbers, entry.state, entry.takeaway, entry.tags) for entry in parse(grown()).entries
    ]


def test_sections_are_headings_of_both_kinds() -> None:
    sections = parse(grown()).sections

    assert [(section.title, section.level) for section in sections] == [
        ("Learnings of the tile server", 1),
        ("Rendering", 2),
        ("Later", 3),
    ]


def test_an_umbrella_nests_its_children_and_names_others() -> None:
    umbrella = parse(grown()).find(105)[0]

    assert [child.numbers for child in umbrella.children] == [(122,)]
    assert umbrella.child_numbers == (122, 123)


def test_a_tab_nests_one_level_deeper() -> None:
    assert [child.numbers for child in parse(grown()).find(122)[0].children] == [(123,)]


def test_an_entry_goes_on_over_indented_lines() -> None:
    umbrella = parse(grown()).find(121)[0]

    assert umbrella.takeaway.startswith("Fonts are loaded by the renderer and nowhere else.")
    assert umbrella.tags == ("fonts", "renderer")


def test_a_label_inside_code_is_no_tail() -> None:
    assert parse(grown()).find(123)[0].see == ""


def test_superseded_reads_as_superseded_by() -> None:
    assert parse(grown()).find(490)[0].superseded_by == (Reference(500),)


def test_a_pattern_between_tails_stays_in_the_takeaway() -> None:
    assert parse(grown()).find(490)[0].takeaway == "Sprites by hash. Pattern: names before hashes."


def test_a_head_that_goes_on_in_prose_is_a_remark_with_a_state_of_its_own() -> None:
    remark = parse(grown()).find(961)[0]

    assert (remark.note, remark.state) == (True, "taken once, in May")


def test_a_second_paragraph_belongs_to_its_entry() -> None:
    assert parse(grown()).find(75)[0].tags == ("lists",)


def test_a_remark_comes_after_the_entry_it_is_about() -> None:
    document = parse(
        "- **#9 first numbers** (once) — 68 %.\n- **#9** (merged) — Joins are rounded."
    )

    assert [entry.note for entry in document.find(9)] == [False, True]


def test_prose_that_an_unfinished_fence_swallows_is_kept_and_not_read() -> None:
    assert not parse("```\n- **#1** (merged) — In code.\n").entries


def test_a_fence_inside_an_entry_ends_with_the_entry() -> None:
    document = parse("- **#1** (merged) — One.\n  ```\n  code\n- **#2** (merged) — Two.\n")

    assert [entry.numbers for entry in document.entries] == [(1,), (2,)]


def test_front_matter_without_an_end_is_a_line_across_the_page() -> None:
    assert len(parse("---\n- **#1** (merged) — One.\n").entries) == 1


def test_conflict_markers_are_found() -> None:
    text = "- **#1** (merged) — One.\n<<<<<<< ours\n- A.\n=======\n- B.\n>>>>>>> theirs\n"

    assert parse(text).conflicts == (2, 6)


def test_an_underline_is_no_conflict_marker() -> None:
    assert not parse("Learnings\n=======\n").conflicts


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        ("**#12**", (12,)),
        ("**#12 + #15**", (12, 15)),
        ("**#12/#15**", (12, 15)),
        ("**#12 / PR #15**", (12, 15)),
        ("**#12/#13 / PR #15, #16**", (12, 13, 15, 16)),
        ("**#12 / PR #15, PR #16**", (12, 15, 16)),
        ("**#12 / PR**", (12,)),
        ("**#12 / PR #12**", (12,)),
        ("**Discussion #12**", (12,)),
        ("**PR #12**", (12,)),
        ("**PR 12**", (12,)),
        ("**Issue #12**", (12,)),
        ("**#12** / **PR #13**", (12, 13)),
        ("**[#12](https://github.com/o/r/issues/12)**", (12,)),
        ("__#12__", (12,)),
        ("_#12_", (12,)),
        ("#12", (12,)),
        ("GH-12", (12,)),
        ("`#12`", (12,)),
        ("[ ] **#12**", (12,)),
        ("**owner/repo#12 / #13**", (13,)),
    ],
)
def test_heads_that_people_write(head: str, numbers: tuple[int, ...]) -> None:
    entry = only(f"- {head} (merged) — Keep one pool.")

    assert (entry.numbers, entry.state, entry.takeaway) == (numbers, "merged", "Keep one pool.")


@pytest.mark.parametrize(
    ("written", "state", "modifiers"),
    [
        ("merged", "merged", ()),
        ("merged, umbrella", "merged", ("umbrella",)),
        ("merged; retired by #933", "merged", ("retired by #933",)),
        ("retired by #1043", "retired", ("retired by #1043",)),
        ("merged, PR #1149", "merged", ("PR #1149",)),
        ("open, approach declined", "open", ("approach declined",)),
        ("PR closed", "PR closed", ()),
        ("PR closed, not merged", "PR closed, not merged", ()),
        ("PR closed, not merged, stale", "PR closed, not merged", ("stale",)),
        ("Won\u2019t fix", "won't-fix", ()),
        ("wontfix", "won't-fix", ()),
        ("Not planned", "not-planned", ()),
        ("shipped", "shipped", ()),
    ],
)
def test_states_and_their_modifiers(written: str, state: str, modifiers: tuple[str, ...]) -> None:
    entry = only(f"- **#12** ({written}) — Keep one pool.")

    assert (entry.state, entry.modifiers) == (state, modifiers)


@pytest.mark.parametrize(
    "line",
    [
        "- **#12** (merged) – Keep one pool.",
        "- **#12** (merged) - Keep one pool.",
        "- **#12** (merged) -- Keep one pool.",
        "- **#12** (merged): Keep one pool.",
        "- **#12 (merged)** — Keep one pool.",
        "- **#12** _(merged)_ — Keep one pool.",
        "- **#12** [merged] — Keep one pool.",
        "- **#12** merged — Keep one pool.",
        "- **#12** (merged) Keep one pool.",
        "- **#12** (merged)\n  — Keep\n  one pool.",
        "- **#12** (merged) — Keep one pool. <!-- really -->",
        "* **#12** (merged) — Keep one pool.",
        "  + **#12** (merged) — Keep one pool.",
        "3) **#12** (merged) — Keep one pool.",
        "-\t**#12**\t(merged)\t—\tKeep one pool.",
        "- **#12** (merged) — Keep one pool.\r",
    ],
)
def test_one_entry_in_many_hands(line: str) -> None:
    entry = only(line)

    assert (entry.numbers, entry.state, entry.takeaway) == ((12,), "merged", "Keep one pool.")


@pytest.mark.parametrize(
    "line",
    [
        "- #12 was the first attempt",
        "- **Design rule:** keep one pool (#12)",
        "- see #12",
        "#12 (merged) — not in a list",
        "## #12 (merged) — a heading",
        "- **12** (merged) — no sign before the number",
        "- **#012** (merged) — no such number",
        "- **#12a** (merged) — no such number",
        "-**#12** (merged) — no list without a space",
        "- ",
    ],
)
def test_lines_that_are_no_entries(line: str) -> None:
    assert not parse(line).entries


@pytest.mark.parametrize(
    ("tags", "read"),
    [
        ("[tags: pool, db]", ("pool", "db")),
        ("[tags: pool,db]", ("pool", "db")),
        ("[ tags:pool ; db , ]", ("pool", "db")),
        ("*[tags: pool, db]*", ("pool", "db")),
        ("[Tags: `pool`, #db]", ("pool", "db")),
        ("[tag: pool]", ("pool",)),
        ("Tags: pool, db", ("pool", "db")),
        ("[tags: pool, pool]", ("pool",)),
        ("[tags: ]", ()),
    ],
)
def test_tags_with_odd_spacing(tags: str, read: tuple[str, ...]) -> None:
    assert only(f"- **#12** (merged) — Keep one pool. {tags}").tags == read


def test_tails_are_read_in_any_order() -> None:
    entry = only(
        "- **#12** (merged) — Keep one pool. See: src/pool.py, docs/pool.md → Sizing."
        " Superseded by: #40. "
        "Winner: PR #15. Parent: #3. *[tags: pool, db]*"
    )

    assert (entry.parent, entry.winner, entry.superseded_by) == (
        (Reference(3),),
        (Reference(15, "PR"),),
        (Reference(40),),
    )
    assert (entry.see, entry.tags) == ("src/pool.py, docs/pool.md → Sizing", ("pool", "db"))
    assert entry.takeaway == "Keep one pool."


@pytest.mark.parametrize(
    ("tail", "read"),
    [
        ("Winner: #40.", (Reference(40),)),
        ("Winner: #40 (after #39 failed).", (Reference(40),)),
        ("Winner: #40, PR #41 and #42", (Reference(40), Reference(41, "PR"), Reference(42))),
        ("**Winner:** #40", (Reference(40),)),
        ("*Winner*: #40", (Reference(40),)),
        ("winner: `#40`;", (Reference(40),)),
        ("Winner: owner/repo#40", (Reference(40, "", "owner/repo"),)),
        ("Winner: [#40](https://github.com/o/r/pull/40).", (Reference(40),)),
        ("Winner: the second design.", ()),
    ],
)
def test_targets_of_tails(tail: str, read: tuple[Reference, ...]) -> None:
    assert only(f"- **#12** (merged) — Keep one pool. {tail} [tags: pool]").winner == read


def test_no_file_is_nested_too_deep_to_be_read() -> None:
    text = "\n".join(f"{'  ' * depth}- **#{depth + 1}** (merged) — One." for depth in range(1500))

    assert len(parse(text).entries) == 1500


@pytest.mark.parametrize(
    "line", ["a <!--", "`" * 20, "- **#1** (merged) — <!--", "```x", "- #1 (", "  - a"]
)
def test_a_file_full_of_one_beginning_is_read_to_its_end(line: str) -> None:
    """The suite's time limit is the assertion."""
    assert parse(f"{line}\n" * 60_000).entries is not None


@pytest.mark.parametrize("unit", ["`", "(", " Parent: ", "#1/", "a.b/", "[tags: ", "<!--", "**"])
def test_an_entry_full_of_one_beginning_is_read_to_its_end(unit: str) -> None:
    assert parse("- **#1** (merged) — " + unit * (40_000 // len(unit))).entries
