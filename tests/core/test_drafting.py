"""What an entry says: one sentence of what was proposed, what became of it, and why."""

from dataclasses import replace

import pytest

from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.capture.judge_thread import judge_thread
from bot.core.drafting.draft import Draft, draft_entry
from bot.core.drafting.wording import name_proposal, plain, stands_alone
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, EntryState, Quote, References, Verdict
from tests.support.closed_threads import REASON, REVERSALS, WORTH_AN_ENTRY
from tests.support.conversations import closed

TITLES = {
    "label": ("[Feature Request] Themes", "Themes"),
    "conventional": ("feat(ui)!: themes", "themes"),
    "number": ("Add themes (#12)", "Add themes"),
    "cut short by GitHub": (
        "Close the mode for speed. and will reope…",
        "Close the mode for speed",
    ),
    "quotation marks": ('Revise "outer"', 'Revise "outer"'),
    "a label's word further on": (
        "Integration request: heat pumps",
        "Integration request: heat pumps",
    ),
}


def asserted(thread: Thread, sentence: str) -> Verdict:
    """As if the sentence were the reason."""
    remark = thread.remarks[-1]
    quote = Quote(
        sentence=sentence, author=remark.author, writes=remark.writes, url="", at=remark.at
    )
    state: EntryState = "PR closed, not merged" if thread.kind == "pull_request" else "not-planned"
    return Verdict(
        admit=True,
        reason_class="wont_fix_rationale",
        confidence=0.9,
        why="",
        rationale=[quote],
        state=state,
    )


def drafted(thread: Thread, *vocabulary: str) -> Draft:
    return draft_entry(thread, judge_thread(thread), vocabulary=vocabulary)


@pytest.mark.parametrize(("title", "name"), TITLES.values(), ids=TITLES.keys())
def test_a_proposal_is_named_by_its_title(title: str, name: str) -> None:
    assert name_proposal(title) == name


def test_a_sentence_that_stands_alone_is_the_takeaway() -> None:
    assert drafted(closed(("ada", REASON), closed_as="not_planned")).takeaway == REASON


def test_a_sentence_that_leans_on_its_thread_is_quoted_under_the_title() -> None:
    text = (
        "I'd rather not: it would be laid out twice for every one of them, because the"
        " printer caches nothing."
    )

    assert drafted(closed(("ada", text), closed_as="not_planned")).takeaway == (
        f'Turned down: Support custom themes. A maintainer: "{text}"'
    )


def test_a_pull_request_is_not_merged() -> None:
    text = "NACK, it breaks the contrast rules of every printed report."
    thread = closed(("ada", text), kind="pull_request")

    assert draft_entry(thread, asserted(thread, text), vocabulary=()).takeaway == (
        f'Not merged: Support custom themes. A maintainer: "{text}"'
    )


def test_a_revert() -> None:
    assert drafted(REVERSALS["a revert that says why"]).takeaway == (
        'Reverted: Enable the write cache. Its author: "It loses data when the disk is full."'
    )


def test_a_successor_is_named() -> None:
    text = "Closing in favor of #41, which solves it with a simpler approach and no new setting."
    thread = closed(("ada", text), kind="pull_request")
    verdict = replace(asserted(thread, text), refs=References(superseded_by=41))

    assert draft_entry(thread, verdict, vocabulary=()).takeaway.startswith(
        "Replaced by #41: Support custom themes. "
    )


KEPT = {
    "a negation": (
        "I don't think there's one obvious \"this is now easy\" answer here, so I'd rather"
        " not add any."
    ),
    "a first person": "I can't maintain it, and nobody else here wants to.",
    "a thumb": "I think I'm :-1: on this, extra explanation is good.",
    "a hedge": "It looks as if this breaks every client that was released with the old framing.",
    "code": "The `@types` blocks and `<details>` hide it: nobody reads them.",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_no_word_of_a_quoted_sentence_changes(text: str) -> None:
    thread = closed(("ada", text))

    assert (
        text.replace('"', "'")
        in draft_entry(thread, asserted(thread, text), vocabulary=()).takeaway
    )


PLAIN = {
    "a link": ("See [the report](https://a.example/x) first.", "See the report first."),
    "an address": ("See https://a.example/x first.", "See https://a.example/x first."),
    "a mention": ("@types packages come from elsewhere.", "types packages come from elsewhere."),
    "code": ("Keep `[x](y)` and `@a`.", "Keep `[x](y)` and `@a`."),
    "emphasis": ("It is **not** so.", "It is not so."),
}


@pytest.mark.parametrize(("text", "words"), PLAIN.values(), ids=PLAIN.keys())
def test_markup_goes_and_words_stay(text: str, words: str) -> None:
    assert plain(text) == words


LEANING = {
    "a pronoun": "This would break the themes of every report that was printed before.",
    "a but": "But themes would break every report that was printed before the release.",
    "you": "Themes break your reports, whatever printer was bought for them before.",
    "another subject": "Aliases hide the value from whoever reviews the change on a small screen.",
    "a fragment": "Themes, maybe.",
}


@pytest.mark.parametrize("sentence", LEANING.values(), ids=LEANING.keys())
def test_what_leans_on_its_thread_does_not_stand_alone(sentence: str) -> None:
    assert not stands_alone(sentence, "Support custom themes")


@pytest.mark.parametrize(
    "thread", (WORTH_AN_ENTRY | REVERSALS).values(), ids=(WORTH_AN_ENTRY | REVERSALS).keys()
)
def test_every_takeaway_is_one_line_of_bounded_length(thread: Thread) -> None:
    takeaway = drafted(thread).takeaway

    assert "\n" not in takeaway
    assert len(takeaway) <= 280
    assert 9 <= len(takeaway.split()) <= 48


def test_a_title_and_a_reason_of_any_length_leave_room_for_each_other() -> None:
    text = "It breaks " + "every printed report and " * 40 + "more."
    thread = closed(("ada", text), title="Support " + "very " * 60 + "custom themes")
    takeaway = draft_entry(thread, asserted(thread, text), vocabulary=()).takeaway

    assert len(takeaway) <= 280
    assert "It breaks" in takeaway


@pytest.mark.parametrize("run", ["- ", ", ", "a: ", "(", "'", "[x](", "`", "**a"])
def test_a_sentence_of_any_length_is_worded_at_once(run: str) -> None:
    assert len(plain(run * 30_000 + "because it breaks.")) <= 2_000


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
