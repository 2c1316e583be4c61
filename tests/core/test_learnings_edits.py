"""Each edit, by what it looks like in the file."""

import pytest

from bot.core.learnings import (
    Document,
    NewEntry,
    Reference,
    Unwritable,
    insert,
    move_under,
    parse,
    render,
    render_entry,
    retire,
    set_references,
    set_see,
    set_state,
    set_tags,
    set_takeaway,
    supersede,
)

FILE = """\
# Learnings

## Rendering

- **#12** (merged) — Labels are placed once. [tags: labels, tiles]
- **#31** (won't-fix) — No tiles on the client. [tags: tiles, mobile]

## Storage

- **#58** (open) — Tiles stay files.
"""


def entry(number: int = 99, **changed: object) -> NewEntry:
    values = {"head": f"#{number}", "state": "merged", "takeaway": "One pool.", **changed}
    return NewEntry(**values)  # type: ignore[arg-type]


def changed_lines(before: str, after: Document) -> list[tuple[str, str]]:
    """The lines that differ in a file of the same length."""
    old, new = before.split("\n"), render(after).split("\n")
    assert len(old) == len(new)
    return [(one, other) for one, other in zip(old, new, strict=True) if one != other]


def added_after(before: str, after: Document) -> tuple[str, list[str]]:
    """The line above what was added, and what was added."""
    old, new = before.split("\n"), render(after).split("\n")
    at = next(place for place, line in enumerate(new) if place >= len(old) or line != old[place])
    return new[at - 1], new[at : at + len(new) - len(old)]


def line_of(text: str, number: int) -> str:
    return parse(text).find(number)[0].text


def test_the_line_of_an_entry_with_everything() -> None:
    whole = entry(
        head="#12 / PR #15",
        modifiers=("umbrella", "retired by #3"),
        parent=(Reference(1),),
        winner=(Reference(15, "PR"), Reference(16)),
        superseded_by=(Reference(4, "", "owner/repo"),),
        see="src/a.py, docs/b.md → C",
        tags=("labels", "tiles"),
    )

    assert render_entry(whole) == (
        "- **#12 / PR #15** (merged, umbrella; retired by #3) — One pool. Parent: #1. Winner:"
        " PR #15, #16. "
        "Superseded by: owner/repo#4. See: src/a.py, docs/b.md → C. [tags: labels, tiles]"
    )


@pytest.mark.parametrize(
    ("takeaway", "written"),
    [
        ("two\nlines", "two lines."),
        ("Done!", "Done!"),
        ("so it is (really.)", "so it is (really.)"),
        ("Winner: #5 was quoted", "Winner #5 was quoted."),
        ("[tags: x] in prose", "[tags x] in prose."),
        ("half `code", "half 'code."),
        ("a <!-- comment", "a comment."),
    ],
)
def test_a_takeaway_is_made_to_fit_its_slot(takeaway: str, written: str) -> None:
    assert render_entry(entry(takeaway=takeaway)) == f"- **#99** (merged) — {written}"


@pytest.mark.parametrize(
    "impossible",
    [
        {"head": "ninety-nine"},
        {"tags": ("a, b",)},
        {"tags": ("a]",)},
        {"state": "merged)"},
        {"see": "[tags: x]"},
    ],
)
def test_what_would_not_read_back_is_not_written(impossible: dict[str, object]) -> None:
    with pytest.raises(Unwritable):
        render_entry(entry(**impossible))


def test_a_new_entry_goes_behind_the_one_it_shares_most_tags_with() -> None:
    above, added = added_after(FILE, insert(parse(FILE), entry(tags=("labels",))))

    assert (above, added) == (line_of(FILE, 12), ["- **#99** (merged) — One pool. [tags: labels]"])


@pytest.mark.parametrize(
    "naming",
    [
        {"winner": (Reference(12),)},
        {"superseded_by": (Reference(12, "PR"),)},
        {"parent": (Reference(12),)},
        {"see": "docs/labels.md, #12"},
    ],
)
def test_a_new_entry_goes_behind_the_one_it_names_whatever_its_tags(
    naming: dict[str, object],
) -> None:
    above, _ = added_after(FILE, insert(parse(FILE), entry(tags=("storage",), **naming)))

    assert above == line_of(FILE, 12)


def test_a_number_of_another_repository_names_no_entry() -> None:
    elsewhere = entry(tags=("storage",), winner=(Reference(12, "", "owner/repo"),))

    above, _ = added_after(FILE, insert(parse(FILE), elsewhere))

    assert above == line_of(FILE, 58)


def test_without_neighbours_it_goes_into_the_section_named_like_a_tag() -> None:
    above, _ = added_after(FILE, insert(parse(FILE), entry(tags=("storage",))))

    assert above == line_of(FILE, 58)


def test_without_either_it_goes_under_unsorted() -> None:
    written = render(insert(parse(FILE), entry(tags=("fonts",))))

    assert written == f"{FILE}\n## Unsorted\n\n- **#99** (merged) — One pool. [tags: fonts]\n"


def test_the_next_unsorted_entry_uses_the_same_heading() -> None:
    twice = render(insert(insert(parse(FILE), entry(98)), entry(99)))

    assert twice.endswith(
        "## Unsorted\n\n- **#98** (merged) — One pool.\n- **#99** (merged) — One pool.\n"
    )


def test_a_file_that_is_one_list_gets_no_heading() -> None:
    text = "# Learnings\n\n- **#1** (merged) — One.\n"

    assert render(insert(parse(text), entry())) == f"{text}- **#99** (merged) — One pool.\n"


def test_a_list_with_blank_lines_between_entries_keeps_them() -> None:
    text = "# L\n\n- **#1** (merged) — One. [tags: a]\n\n- **#2** (merged) — Two. [tags: a]\n"

    assert render(insert(parse(text), entry(tags=("a",)))).endswith(
        "[tags: a]\n\n- **#99** (merged) — One pool. [tags: a]\n"
    )


def test_the_bullet_of_the_neighbour_is_used() -> None:
    text = "* **#1** (merged) — One. [tags: a]\n"

    assert "* **#99**" in render(insert(parse(text), entry(tags=("a",))))


def test_a_new_entry_goes_behind_the_children_of_its_neighbour() -> None:
    text = "- **#1** (merged, umbrella) — One. [tags: a]\n  - **#2** (merged) — Two.\n"

    assert render(insert(parse(text), entry(tags=("a",)))).endswith(
        "Two.\n- **#99** (merged) — One pool. [tags: a]\n"
    )


@pytest.mark.parametrize("end", ["", "\n"])
def test_line_ends_and_the_last_line_stay_as_they_are(end: str) -> None:
    text = ("\ufeff# L\n\n- **#1** (merged) — One. [tags: a]" + end).replace("\n", "\r\n")
    written = render(insert(parse(text), entry(tags=("a",))))

    assert written == text.removesuffix(
        "\r\n"
    ) + "\r\n- **#99** (merged) — One pool. [tags: a]" + end.replace("\n", "\r\n")


def test_nothing_is_written_into_code_that_nobody_closed() -> None:
    with pytest.raises(Unwritable, match="line 3 opens code"):
        insert(parse("# L\n\n```\n"), entry())


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("- **#1** (merged) — One.", "- **#1** (partial) — One."),
        ("- **#1** (merged, umbrella) — One.", "- **#1** (partial) — One."),
        ("- **#1** — One.", "- **#1** (partial) — One."),
        ("- **#1** merged — One.", "- **#1** (partial) — One."),
        ("- **#1** [merged] — One.", "- **#1** (partial) — One."),
        ("- **#1 (merged)** — One.", "- **#1 (partial)** — One."),
        ("- **#1** () — One.", "- **#1** (partial) — One."),
    ],
)
def test_a_state_is_changed_where_it_stands(written: str, state: str) -> None:
    document = parse(written)

    assert render(set_state(document, document.entries[0], "partial")) == state


def test_a_new_takeaway_leaves_head_and_tails() -> None:
    text = "- **#1** (merged) — Old, and\n  long. Parent: #2. Then more. See: a.py. *[tags: x,y]*"
    document = parse(text)

    assert render(set_takeaway(document, document.entries[0], "New")) == (
        "- **#1** (merged) — New. Parent: #2. See: a.py. *[tags: x,y]*"
    )


def test_a_takeaway_where_there_was_none() -> None:
    document = parse("- **#1** (merged) [tags: x]")

    assert (
        render(set_takeaway(document, document.entries[0], "New"))
        == "- **#1** (merged) — New. [tags: x]"
    )


def test_tails_are_added_in_their_order() -> None:
    document = parse("- **#1** (merged) — One. [tags: x]")
    document = set_see(document, document.entries[0], "a.py")
    document = set_references(document, document.entries[0], "Superseded by", (Reference(9),))
    document = set_references(document, document.entries[0], "Parent", (Reference(3),))

    assert (
        render(document)
        == "- **#1** (merged) — One. Parent: #3. Superseded by: #9. See: a.py. [tags: x]"
    )


def test_a_sentence_is_closed_before_its_first_tail() -> None:
    document = parse("- **#1** (merged) — One")

    assert (
        render(set_tags(document, document.entries[0], ("x",)))
        == "- **#1** (merged) — One. [tags: x]"
    )


def test_a_tail_goes_to_the_first_paragraph_not_into_code() -> None:
    document = parse("- **#1** (merged) — One.\n  ```\n  code\n  ```\n")

    assert render(set_tags(document, document.entries[0], ("x",))) == (
        "- **#1** (merged) — One. [tags: x]\n  ```\n  code\n  ```\n"
    )


def test_an_empty_tail_is_taken_away() -> None:
    document = parse("- **#1** (merged) — One. See: a.py. [tags: x]")

    assert (
        render(set_see(document, document.entries[0], "")) == "- **#1** (merged) — One. [tags: x]"
    )


def test_superseding_marks_both_sides() -> None:
    assert changed_lines(FILE, supersede(parse(FILE), 12, by=58)) == [
        (
            "- **#12** (merged) — Labels are placed once. [tags: labels, tiles]",
            (
                "- **#12** (superseded) — Labels are placed once. Superseded by: #58."
                " [tags: labels, tiles]"
            ),
        ),
        ("- **#58** (open) — Tiles stay files.", "- **#58** (open) — Tiles stay files. See: #12."),
    ]


def test_the_new_side_is_left_alone_when_it_names_the_old_one() -> None:
    text = FILE.replace("Tiles stay files.", "Tiles stay files, unlike in #12.")

    assert [after for _, after in changed_lines(text, supersede(parse(text), 12, by=58))] == [
        "- **#12** (superseded) — Labels are placed once. Superseded by: #58. [tags: labels, tiles]"
    ]


def test_something_without_an_entry_can_supersede() -> None:
    assert len(changed_lines(FILE, supersede(parse(FILE), 12, by=400))) == 1


def test_a_retired_entry_keeps_its_state() -> None:
    assert changed_lines(FILE, retire(parse(FILE), 31, Reference(90, "PR"))) == [
        (
            "- **#31** (won't-fix) — No tiles on the client. [tags: tiles, mobile]",
            (
                "- **#31** (won't-fix; retired by PR #90) — No tiles on the client. [tags:"
                " tiles, mobile]"
            ),
        )
    ]


def test_an_entry_moves_under_an_umbrella_with_its_children() -> None:
    text = (
        "- **#1** (merged) — One.\n- **#2** (merged) — Two.\n  - **#3** (merged) —"
        " Three.\n- **#4**"
        " (merged) — Four.\n"
    )

    assert render(move_under(parse(text), 2, umbrella=4)) == (
        "- **#1** (merged) — One.\n- **#4** (merged) — Four.\n"
        "  - **#2** (merged) — Two.\n    - **#3** (merged) — Three.\n"
    )


def test_an_umbrella_does_not_move_under_its_own_child() -> None:
    with pytest.raises(Unwritable, match="stands under"):
        move_under(parse("- **#2** (merged) — Two.\n  - **#3** (merged) — Three.\n"), 2, umbrella=3)


def test_an_entry_of_another_document_is_refused() -> None:
    with pytest.raises(Unwritable, match="another document"):
        set_state(parse(FILE), parse("- **#1** (merged) — One.").entries[0], "open")


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(Unwritable, match="#5 has no entry"):
        supersede(parse(FILE), 5, by=12)
