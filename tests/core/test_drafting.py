"""What an entry says: one sentence of what was proposed, what became of it, and why."""

import pytest

from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.capture.judge_thread import judge_thread
from bot.core.drafting.draft import Draft, draft_entry
from bot.core.drafting.wording import lower_common_word, name_proposal, state_reason
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules
from tests.support.closed_threads import REASON, REVERSALS, WORTH_AN_ENTRY
from tests.support.conversations import closed

REASONS = {
    "greeting": ("Hi @sam, the driver owns the colours.", "the driver owns the colours"),
    "thanks": (
        "Thanks for the patch, but the driver owns the colours.",
        "the driver owns the colours",
    ),
    "opinion": ("I think that the driver should own this.", "the driver should own this"),
    "doubt": ("I don't think this change is worth the risk.", "this change is not worth the risk"),
    "doubt with can": (
        "We don't believe the cache can survive that.",
        "the cache cannot survive that",
    ),
    "closing and cause": (
        "Closing this because the driver owns the colours.",
        "the driver owns the colours",
    ),
    "cause and closing": (
        "The driver owns the colours, so I'm closing this.",
        "the driver owns the colours",
    ),
    "closing for a noun": (
        "We're closing this due to the cost of the index.",
        "due to the cost of the index",
    ),
    "first person": ("I put my images on Debian.", "we put our images on Debian"),
    "a name that holds an I": ("SIGMA-I is out.", "SIGMA-I is out"),
    "no subject": ("Makes parsers harder to write.", "it makes parsers harder to write"),
    "a proper name": ("Alpine lacks the symbols.", "Alpine lacks the symbols"),
    "links and emphasis": (
        "**Never** use [this](https://example.org) here.",
        "Never use this here",
    ),
    "an address": ("The limit is known, see https://example.org/x.", "the limit is known, see"),
    "a label before a colon": (
        "Perf run: nine per cent slower on every machine that we have.",
        "nine per cent slower on every machine that we have",
    ),
    "a rule before a colon": (
        "No second parser: it would have to follow every change of the first one.",
        "no second parser: it would have to follow every change of the first one",
    ),
    "a colon in a quotation": (
        "The chapter 'themes: what we offer' says that this is left out by design.",
        "the chapter 'themes: what we offer' says that this is left out by design",
    ),
    "a hedge": (
        "The cause, I believe, is that every theme is parsed twice.",
        "the cause is that every theme is parsed twice",
    ),
    "what it leans on": (
        "Due to this, two clusters sent their traffic nowhere.",
        "two clusters sent their traffic nowhere",
    ),
    "the successor once more": (
        "Superseded by #41, which does the same without a new setting.",
        "it does the same without a new setting",
    ),
    "a number at the end": (
        "We solved this in a slightly different way (#41).",
        "we solved this in a slightly different way",
    ),
    "what can be closed": (
        "The themes of the printer apply here as well, so this one can be closed.",
        "the themes of the printer apply here as well",
    ),
    "a capital that is no person": ("We only do sync I/O here.", "we only do sync I/O here"),
    "an empty call": (
        "The reader calls `read_all()` first, which blocks.",
        "the reader calls `read_all()` first, which blocks",
    ),
}
TITLES = {
    "label": ("[Feature Request] Themes", "Themes"),
    "conventional": ("feat(ui)!: themes", "themes"),
    "number": ("Add themes (#12)", "Add themes"),
    "cut short by GitHub": (
        "Close the mode for speed. and will reope…",
        "Close the mode for speed",
    ),
    "quotation marks": ('Revise "outer"', "Revise 'outer'"),
    "a label's word further on": (
        "Integration request: heat pumps",
        "Integration request: heat pumps",
    ),
}


def drafted(thread: Thread, *vocabulary: str) -> Draft:
    return draft_entry(thread, judge_thread(thread), vocabulary=vocabulary)


@pytest.mark.parametrize(("sentence", "reason"), REASONS.values(), ids=REASONS.keys())
def test_a_reason_loses_what_only_served_the_conversation(sentence: str, reason: str) -> None:
    assert state_reason(sentence) == reason


@pytest.mark.parametrize(("title", "name"), TITLES.values(), ids=TITLES.keys())
def test_a_proposal_is_named_by_its_title(title: str, name: str) -> None:
    assert name_proposal(title) == name


def test_a_refused_issue() -> None:
    assert drafted(closed(("ada", REASON))).takeaway == (
        '"Support custom themes" is declined: we won\'t add themes because every one of them'
        " breaks the contrast rules"
        " of the printed reports."
    )


def test_a_refused_pull_request() -> None:
    assert drafted(closed(("ada", REASON), kind="pull_request")).takeaway.startswith(
        '"Support custom themes" is not merged: '
    )


def test_an_issue_that_merely_closed_is_not_called_declined() -> None:
    thread = closed(
        (
            "ada",
            "Discussed in the call: the majority is for camel case because every client uses it.",
        )
    )

    assert drafted(thread).takeaway.startswith('"Support custom themes" is closed: ')


def test_a_question_is_settled() -> None:
    thread = closed(("ada", REASON), title="Can we have themes?")

    assert drafted(thread).takeaway.startswith('The question "Can we have themes?" is settled: ')


def test_a_revert() -> None:
    assert drafted(REVERSALS["a revert that says why"]).takeaway == (
        '"Enable the write cache" is reverted: it loses data when the disk is full.'
    )


def test_a_successor_is_named() -> None:
    text = "Closing in favor of #41, which solves it with a simpler approach and no new setting."

    assert drafted(closed(("ada", text), kind="pull_request")).takeaway.startswith(
        '"Support custom themes" gives way to #41: '
    )


@pytest.mark.parametrize(
    "thread", (WORTH_AN_ENTRY | REVERSALS).values(), ids=(WORTH_AN_ENTRY | REVERSALS).keys()
)
def test_every_takeaway_is_one_line_of_bounded_length(thread: Thread) -> None:
    takeaway = drafted(thread).takeaway

    assert "\n" not in takeaway
    assert len(takeaway) <= 280
    assert 9 <= len(takeaway.split()) <= 48


def test_a_long_reason_is_cut_where_a_clause_ends() -> None:
    long = (
        "We won't add it because it slows the start, which every user feels, "
        + "and so on and so forth, " * 30
    )

    assert drafted(closed(("ada", long + "always."))).takeaway.endswith(
        "we won't add it because it slows the start."
    )


def test_a_title_that_never_ends_leaves_room_for_the_reason() -> None:
    takeaway = drafted(
        closed(("ada", REASON), title="Support " + "very " * 100 + "custom themes")
    ).takeaway

    assert len(takeaway) <= 280
    assert "themes because" in takeaway


def test_a_reason_that_is_no_clause_of_its_own_goes_on_after_a_comma() -> None:
    text = (
        "Closing since the new index gives no speedup here, because the lock is held all the time."
    )

    assert drafted(closed(("ada", text), title="Use the parallel index")).takeaway == (
        '"Use the parallel index" is closed, since the new index gives no speedup here, because'
        " the lock is held all"
        " the time."
    )


def test_a_merged_change_that_is_no_plain_revert_is_said_to_be_merged() -> None:
    assert drafted(REVERSALS["a feature switched off"]).takeaway.startswith(
        '"Disable HTTP/3 by default" is merged: '
    )


def test_a_reason_does_not_say_the_title_again_where_there_is_another() -> None:
    first = "We switch the write cache off by default because of the data loss."
    second = "A power cut loses the last minute of writes, which no customer accepts."
    thread = closed(
        title="Switch write cache off by default",
        description=f"{first} {second}",
        kind="pull_request",
        closed_as="merged",
    )

    assert second[2:-1] in drafted(thread).takeaway


@pytest.mark.parametrize(
    ("texts", "word"),
    {
        "written small elsewhere": ("We have a detector for that.", "detector"),
        "a name": ("We like Detector a lot, and its detector.", "Detector"),
        "nowhere else": ("We have none.", "Detector"),
    }.values(),
)
def test_the_first_word_is_written_small_where_the_thread_does_so(texts: str, word: str) -> None:
    assert lower_common_word("Detector fails.", texts).startswith(word)


@pytest.mark.parametrize("run", ["- ", ", ", "a: ", "(", "'"])
def test_a_reason_of_any_length_is_worded_at_once(run: str) -> None:
    assert len(state_reason(run * 30_000 + "because it breaks.")) <= 2_000


def test_tags_come_from_the_vocabulary_alone() -> None:
    thread = closed(
        ("ada", REASON), title="Support custom themes in the report writer", labels=["ui"]
    )

    assert drafted(thread, "report-writer", "ui", "network").tags == ("ui", "report-writer")


def test_no_vocabulary_no_tags() -> None:
    assert drafted(closed(("ada", REASON), labels=["ui"])).tags == ()


def test_a_tag_is_a_whole_word() -> None:
    assert drafted(closed(("ada", REASON), title="Build themes"), "ui").tags == ()


def test_the_drafter_has_no_draft_for_what_it_refuses() -> None:
    verdict, draft = RuleDrafter().draft(
        closed(("ada", "Fixed.")), rules=CaptureRules(), vocabulary=()
    )

    assert (verdict.admit, draft) == (False, None)
