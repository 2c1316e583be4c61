"""Entries by what they say, and the gate: when a past decision applies to a new issue."""

import json
from pathlib import Path

import pytest

from bot.core.learnings import parse
from bot.core.reading.intent import asks_beside, read_intent, unwanted
from bot.core.recall.entry_search import search_entries
from bot.core.recall.gate import Decision, find_prior_decisions

DOCUMENTS = Path(__file__).parents[1] / "documents"
ENTRIES = parse((DOCUMENTS / "hopper_learnings.md").read_text(encoding="utf-8")).entries
ROWS = [
    json.loads(line)
    for line in (DOCUMENTS / "hopper_issues.jsonl").read_text(encoding="utf-8").splitlines()
]
THREADS = {row["number"]: row for row in ROWS if row["kind"] == "thread"}
AGAIN = [row for row in ROWS if row["kind"] == "again"]
OTHERS = [row for row in ROWS if row["kind"] == "other"]
DECISIONS = [
    Decision(
        entry=entry, thread_title=THREADS[number]["title"], thread_text=THREADS[number]["body"]
    )
    for entry in ENTRIES
    for number in entry.numbers
]


def decide(title: str, body: str = "", decisions: list[Decision] = DECISIONS) -> int | None:
    matches = find_prior_decisions(title, body, decisions)
    return matches[0].entry.numbers[0] if matches else None


def decisions_of(text: str, **threads: tuple[str, str]) -> list[Decision]:
    """Of a learnings file; `_12=(title, text)` is the thread of #12."""
    return [
        Decision(entry=entry, thread_title=title, thread_text=said)
        for entry in parse(text).entries
        for title, said in [threads.get(f"_{entry.numbers[0]}", ("", ""))]
    ]


# Entries


@pytest.mark.parametrize("row", AGAIN, ids=lambda row: row["title"])
def test_a_proposal_made_again_finds_its_entry_first(row):
    assert search_entries(ENTRIES, f"{row['title']}\n{row['body']}", 3)[0].entry.numbers == (
        row["decision"],
    )


def test_a_number_finds_its_entry_first():
    assert search_entries(ENTRIES, "is #90 about secrets in the config?", 3)[0].entry.numbers == (
        90,
    )


def test_a_number_alone_is_enough():
    (hit,) = search_entries(ENTRIES, "#90", 1)

    assert hit.reason == "it is #90"


def test_the_reason_names_the_words_that_found_it():
    (hit,) = search_entries(ENTRIES, "what about anchors?", 1)

    assert hit.reason == "speaks of `anchors`"


def test_common_words_find_nothing():
    assert search_entries(ENTRIES, "could you please support this for everybody", 5) == []


def test_no_entries_no_hits():
    assert search_entries([], "anything", 5) == []


# The gate


def test_proposals_made_again_are_recognised():
    recognised = [row for row in AGAIN if decide(row["title"], row["body"]) == row["decision"]]

    assert len(recognised) >= 7


@pytest.mark.parametrize("row", AGAIN, ids=lambda row: row["title"])
def test_a_proposal_is_never_answered_with_another_decision(row):
    assert decide(row["title"], row["body"]) in (None, row["decision"])


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row["title"])
def test_what_only_shares_the_subject_is_left_alone(row):
    assert decide(row["title"], row["body"]) is None


def test_no_decisions_no_answer():
    assert decide("Let config files reuse blocks with anchors and aliases", decisions=[]) is None


def test_an_empty_issue_is_left_alone():
    assert decide("", "") is None


PROPOSAL = (
    "Store passwords in hopper.yml with encryption",
    "Encrypted secrets in the config, as SOPS does it.",
)


def test_the_proposal_of_the_next_tests_is_recognised():
    assert decide(*PROPOSAL) == 77


def test_a_question_in_the_same_words_is_left_alone():
    assert decide(f"How do I {PROPOSAL[0].lower()}?", PROPOSAL[1]) is None


def test_a_bug_report_in_the_same_words_is_left_alone():
    assert decide(f"[Bug] {PROPOSAL[0]}", PROPOSAL[1]) is None


@pytest.mark.parametrize("reference", ["#77", "https://github.com/acme/hopper/issues/77"])
def test_an_author_who_names_the_decision_need_not_be_told(reference):
    assert decide(PROPOSAL[0], f"{PROPOSAL[1]} I have read {reference}.") is None


SECRETS = next(entry.takeaway for entry in ENTRIES if entry.numbers == (77,))


@pytest.mark.parametrize(("state", "answer"), [("open", None), ("open, approach declined", 77)])
def test_a_matter_still_open_is_no_decision(state, answer):
    text = f"- **#77** ({state}) — {SECRETS}\n"

    assert (
        decide(*PROPOSAL, decisions_of(text, _77=(THREADS[77]["title"], THREADS[77]["body"])))
        == answer
    )


SUPERSEDED = (
    f"- **#7** (superseded) — {SECRETS} Superseded by: #8.\n"
    "- **#8** (merged) — Secrets come from Vault alone.{tail}\n"
)
THREAD_77 = (THREADS[77]["title"], THREADS[77]["body"])


def test_what_superseded_the_decision_is_what_is_told():
    (match,) = find_prior_decisions(
        *PROPOSAL, decisions_of(SUPERSEDED.format(tail=""), _7=THREAD_77)
    )

    assert (match.entry.numbers, match.found.numbers) == ((8,), (7,))


REPLACING = (
    "- **#7** (superseded) — Job output goes to files.\n"
    f"- **#8** (merged) — {SECRETS} Superseded by: #7.\n"
    "- **#9** (merged) — Secrets come from Vault alone.\n"
)


def test_a_merged_change_that_names_an_older_one_has_replaced_it_and_stands():
    decisions = decisions_of(REPLACING, _8=THREAD_77)

    assert decide(*PROPOSAL, decisions) == 8


def test_a_merged_change_that_names_a_newer_one_is_replaced():
    decisions = decisions_of(REPLACING.replace("by: #7", "by: #9"), _8=THREAD_77)

    assert decide(*PROPOSAL, decisions) == 9


def test_of_decisions_that_supersede_each_other_none_is_told():
    assert (
        decide(*PROPOSAL, decisions_of(SUPERSEDED.format(tail=" Superseded by: #7."), _7=THREAD_77))
        is None
    )


def test_an_author_who_names_what_superseded_the_decision_need_not_be_told():
    decisions = decisions_of(SUPERSEDED.format(tail=""), _7=THREAD_77)

    assert decide(PROPOSAL[0], f"{PROPOSAL[1]} I have read #8.", decisions) is None


def test_the_same_error_message_is_no_proposal():
    message = "pool exhausted: cannot acquire connection after 30 seconds (limit 16)"
    decisions = decisions_of(
        "- **#9** (won't-fix) — The pool does not grow.\n", _9=("Workers stall", message)
    )

    assert decide("Nightly export crashes", message, decisions) is None


def test_an_issue_that_proposes_two_things_is_told_of_both():
    storage, button = (
        next(row for row in AGAIN if row["decision"] == number) for number in (119, 150)
    )
    title, body = f"{storage['title']} and {button['title']}", f"{storage['body']} {button['body']}"

    told = [match.entry.numbers[0] for match in find_prior_decisions(title, body, DECISIONS)]
    assert told == [150, 119]


def test_the_reason_is_one_phrase():
    (match,) = find_prior_decisions(*PROPOSAL, DECISIONS)

    assert match.reason == "both speak of `hopper.yml`, `encryption`, `secrets`, `SOPS`"


@pytest.mark.parametrize(
    ("title", "body", "intent"),
    [
        ("Let config files reuse blocks", "", "proposal"),
        ("feat(config): anchors", "", "proposal"),
        ("[Feature request] anchors", "", "proposal"),
        ("Anchors should be allowed", "", "proposal"),
        ("Why not allow anchors?", "", "proposal"),
        ("Anchors", "It would be nice to write a block once.", "proposal"),
        ("How do I write a block once?", "", "question"),
        ("Is there a way to write a block once?", "", "question"),
        ("Anchors", "Does the parser know them?", "question"),
        ("Question: anchors", "", "question"),
        ("Parser crashes on an anchor", "", "report"),
        ("[Bug] Anchors", "", "report"),
        ("Anchors are ignored", "", "report"),
        ("Anchors", "Steps to reproduce:\n1. write one", "report"),
        ("Anchors", "ValueError: undefined alias", "report"),
        ("Document how anchors are refused", "", "upkeep"),
        ("Add a test for anchors", "", "upkeep"),
        ("Anchors", "They exist.", "unclear"),
        ("std::fmt panics", "", "report"),
    ],
)
def test_what_the_author_wants_is_read_from_title_and_body(title, body, intent):
    assert read_intent(title, body) == intent


@pytest.mark.parametrize(
    ("title", "beside"),
    [
        ("Make the number of retries configurable", True),
        ("Show in the dashboard which retries were skipped", True),
        ("Typo in the message about retries", True),
        ("Drop the retries", False),
        ("Retry through the queue instead", False),
    ],
)
def test_who_wants_to_see_or_tune_what_there_is_asks_for_something_beside_it(title, beside):
    assert asks_beside(title) is beside


@pytest.mark.parametrize(
    ("title", "body", "gone"),
    [
        ("Drop the lock file", "", "the lock file"),
        ("Use a queue instead of the lock file", "", "the lock file"),
        ("Queue runs", "They collide. Let's get rid of the lock file.", "the lock file."),
        ("Lock runs", "Two at once write the same file.", ""),
        ("Queue runs", "One. Two. Three. Four. Five. Six. Remove the lock file.", ""),
    ],
)
def test_what_is_unwanted_is_what_an_issue_wants_gone_or_replaced(title, body, gone):
    assert unwanted(title, body).strip() == gone


def test_a_neighbour_that_tunes_what_was_decided_is_left_alone():
    limits = (
        "- **#9** (merged) — The pool holds sixteen connections and does not grow: growing"
        " hides leaks.\n"
    )
    decisions = [*DECISIONS, *decisions_of(limits)]
    body = (
        "The pool holds sixteen connections and does not grow. Under load it should grow"
        " beyond sixteen."
    )

    assert decide("Let the pool grow beyond sixteen connections", body, decisions) == 9
    assert (
        decide("Show the sixteen connections of the pool in the dashboard", body, decisions) is None
    )
