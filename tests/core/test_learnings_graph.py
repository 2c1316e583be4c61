"""What entries say of each other, and what stands."""

from datetime import date

import pytest

from bot.core.learnings import Document, parse, render, set_state
from bot.core.learnings.audit import ThreadState, audit, numbers_to_ask, paths
from bot.core.learnings.graph import Graph, is_current

CHAIN = """\
- **#1** (superseded) — First. Superseded by: #2. [tags: a]
- **#2 / PR #22** (superseded) — Second. Superseded by: #3. [tags: a, b]
- **#3** (merged) — Third. Parent: #10. [tags: a, b]
- **#4** (merged; retired by #400) — Fourth.
- **#5** (superseded) — Fifth. Superseded by: #6.
- **#6** (superseded) — Sixth. Superseded by: #5.
- **#10** (merged, umbrella) — Tenth. Children: #3, #11.
  - **#12** (merged) — Twelfth.
"""


def graph(text: str = CHAIN) -> Graph:
    return Graph(parse(text))


def heads(entries: tuple) -> list[str]:
    return [entry.head for entry in entries]


@pytest.mark.parametrize(
    ("number", "path"),
    [(1, (1, 2, 3)), (22, (22, 3)), (3, (3,)), (4, (4, 400)), (99, (99,)), (5, (5, 6, 5))],
)
def test_chains_are_followed_to_their_end(number: int, path: tuple[int, ...]) -> None:
    assert graph().what_stands(number).path == path


def test_the_last_of_a_chain_stands() -> None:
    standing = graph().what_stands(1)

    assert standing.entry is not None
    assert standing.entry.head == "#3"


def test_nothing_stands_in_a_circle() -> None:
    standing = graph().what_stands(6)

    assert (standing.circular, standing.entry) == (True, None)


def test_each_circle_is_found_once() -> None:
    assert graph().circles == ((5, 6),)


def test_a_long_chain_is_walked_once() -> None:
    """Ten thousand links: a walk per link would take the suite's time limit."""
    text = "\n".join(
        f"- **#{n}** (superseded) — One. Superseded by: #{n + 1}." for n in range(1, 10_001)
    )

    assert graph(text).circles == ()


def test_what_an_entry_replaced() -> None:
    found = graph()

    assert heads(found.superseded_by_this(found.document.find(2)[0])) == ["#1"]


def test_children_are_nested_named_or_say_so_themselves() -> None:
    found = graph()

    assert found.children(found.document.find(10)[0]) == (3, 11, 12)


@pytest.mark.parametrize(("number", "parents"), [(3, (10,)), (12, (10,)), (10, ())])
def test_parents(number: int, parents: tuple[int, ...]) -> None:
    found = graph()

    assert found.parents(found.document.find(number)[0]) == parents


def test_siblings_share_tags_those_with_most_first() -> None:
    found = graph()

    assert heads(found.siblings(found.document.find(3)[0])) == ["#2 / PR #22", "#1"]


@pytest.mark.parametrize(("number", "current"), [(1, False), (3, True), (4, False), (10, True)])
def test_what_is_superseded_or_retired_is_not_current(number: int, current: bool) -> None:
    assert is_current(parse(CHAIN).find(number)[0]) is current


def doubts(
    document: Document, *, there: tuple[str, ...] = (), states: dict[int, ThreadState] | None = None
) -> list:
    return [
        (doubt.entry.numbers[0], doubt.rule)
        for doubt in audit(document, exists=there.__contains__, states=states)
    ]


def test_a_chain_without_end_is_in_doubt() -> None:
    assert doubts(parse(CHAIN)) == [(1, "long-chain"), (5, "endless-chain"), (6, "endless-chain")]


def test_superseded_by_nothing_is_in_doubt() -> None:
    assert doubts(parse("- **#1** (superseded) — One.")) == [(1, "endless-chain")]


def test_a_winner_that_does_not_stand_is_in_doubt() -> None:
    assert doubts(
        parse("- **#1** (won't-fix) — One. Winner: #2.\n- **#2** (retired by #3) — Two.")
    ) == [(1, "winner-gone")]


def test_a_winner_closed_without_merge_is_in_doubt() -> None:
    document = parse("- **#1** (won't-fix) — One. Winner: PR #2.")

    assert doubts(document, states={2: "closed"}) == [(1, "winner-gone")]
    assert doubts(document, states={2: "merged"}) == []


@pytest.mark.parametrize("state", ["open", "partial"])
def test_what_was_open_and_has_closed_is_in_doubt(state: str) -> None:
    document = parse(f"- **#1** ({state}) — One.")

    assert doubts(document, states={1: "closed"}) == [(1, "decided-since")]
    assert doubts(document, states={1: "open"}) == []


def test_a_path_that_is_gone_is_in_doubt() -> None:
    document = parse("- **#1** (merged) — One. See: src/pool.py::Pool, docs/a.md → Sizing.")

    assert doubts(document, there=("src/pool.py",)) == [(1, "path-gone")]
    assert doubts(document, there=("src/pool.py", "docs/a.md")) == []


def test_only_what_would_be_used_is_asked_of_github() -> None:
    assert numbers_to_ask(
        parse("- **#1** (open) — A.\n- **#2** (merged) — B. Winner: #3, owner/repo#4.")
    ) == {1, 3}


@pytest.mark.parametrize(
    ("see", "named"),
    [
        ("app/x.py,docs/a.md→ B", ("app/x.py", "docs/a.md")),
        ("src/pool/, the README", ("src/pool/",)),
        ("README.md", ("README.md",)),
        ("`src/pool.py` and src/pool.py", ("src/pool.py",)),
        ("https://example.org/docs/a.md", ()),
        ("#12, e.g. read/write splits, v1.2", ()),
        ("owner/repo#12", ()),
    ],
)
def test_paths_in_a_pointer(see: str, named: tuple[str, ...]) -> None:
    assert paths(see) == named


@pytest.mark.parametrize(
    ("said", "today", "due"),
    [
        ("<!-- Review after: 2027-01 -->", date(2027, 1, 31), False),
        ("<!-- Review after: 2027-01 -->", date(2027, 2, 1), True),
        ("<!-- review-after 2027-01-15 -->", date(2027, 1, 15), False),
        ("<!-- review-after 2027-01-15 -->", date(2027, 1, 16), True),
        ("<!-- Review after: summer -->", date(2031, 1, 1), False),
        ("<!-- Review after: 2027-01 -->", None, False),
    ],
)
def test_an_entry_is_in_doubt_after_the_date_that_people_gave_it(said, today, due) -> None:
    document = parse(f"- **#1** (merged) \u2014 One. {said} [tags: a]")
    found = [doubt.rule for doubt in audit(document, exists=lambda _: True, today=today)]

    assert found == (["review-due"] if due else [])


def test_what_was_superseded_is_not_due_for_review() -> None:
    document = parse(
        "- **#1** (superseded) \u2014 One. Superseded by: #2. <!-- Review after: 2020-01 -->"
    )

    assert "review-due" not in [
        doubt.rule for doubt in audit(document, exists=lambda _: True, today=date(2027, 1, 1))
    ]


def test_a_date_for_review_is_no_part_of_what_an_entry_says() -> None:
    text = "- **#1** (merged) \u2014 One. <!-- Review after: 2027-01 --> [tags: a]\n"
    entry = parse(text).entries[0]

    assert (entry.takeaway, entry.tags) == ("One.", ("a",))
    assert render(set_state(parse(text), entry, "open")) == text.replace("(merged)", "(open)")
