"""What is read from an entry, whatever its author's habits."""

import pytest

from bot.learnings import Entry, Reference, parse


def only(text: str) -> Entry:
    (entry,) = parse(text).entries
    return entry


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
        ("**Discussion #12**", (12,)),
        ("**PR #12**", (12,)),
        ("**PR 12**", (12,)),
        ("**#12** / **PR #13**", (12, 13)),
        ("**[#12](https://github.com/o/r/issues/12)**", (12,)),
        ("__#12__", (12,)),
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
        ("PR closed, not merged, stale data", "PR closed, not merged", ("stale data",)),
        ("Won\u2019t fix", "won't-fix", ()),
        ("wontfix", "won't-fix", ()),
        ("Not planned", "not-planned", ()),
        ("shipped", "shipped", ()),
    ],
)
def test_states_and_their_modifiers(written: str, state: str, modifiers: tuple[str, ...]) -> None:
    entry = only(f"- **#12** ({written}) — Keep one pool.")

    assert (entry.state, entry.modifiers) == (state, modifiers)


def test_tails_are_read_in_any_order() -> None:
    entry = only(
        "- **#12** (merged) — Keep one pool. See: src/pool.py, docs/pool.md → Sizing. Superseded by: #40. "
        "Winner: PR #15. Parent: #3. *[tags: pool, db]*"
    )

    assert (entry.parent, entry.winner, entry.superseded_by) == (
        (Reference(3),),
        (Reference(15, "PR"),),
        (Reference(40),),
    )
    assert (entry.see, entry.tags) == ("src/pool.py, docs/pool.md → Sizing", ("pool", "db"))
    assert entry.takeaway == "Keep one pool."
