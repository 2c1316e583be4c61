"""What became of each comment, from what people did; and what the report makes of it."""

from datetime import timedelta

import pytest

from bot.adapters.store.database import Database
from bot.core.recall.comment_outcome import judge_outcome
from bot.core.status.report import CommentTally, Report, find_noisy, render_report
from bot.core.threads import Remark, Thread
from github_sandbox import actions
from github_sandbox.state import Issue
from tests.support.loop import BRANCH, PATH, Loop, with_merged_decisions
from tests.support.moments import NOON
from tests.support.outcomes import outcomes, report, reported
from tests.support.tales import (
    ANCHORS,
    ANCHORS_AGAIN,
    ANCHORS_AGAIN_BODY,
    ANCHORS_REFUSED,
    UNRELATED,
    UNRELATED_BODY,
)


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    return with_merged_decisions(sqlite_db)


def commented(loop: Loop) -> Issue:
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    assert len(loop.bot_comments(issue)) == 1
    return issue


def test_a_comment_that_nobody_answers_is_unknown(loop):
    commented(loop)
    loop.settle_later(hours=1)

    assert outcomes(loop) == {"unknown": 1}


@pytest.mark.parametrize("reason", ["not_planned", "duplicate"])
def test_an_issue_closed_as_the_decision_would_have_it_is_a_hit(loop, reason):
    actions.close(loop.sandbox, commented(loop), loop.owner, reason=reason)
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"hit": 1}


def test_an_author_who_closes_the_issue_is_a_hit(loop):
    actions.close(loop.sandbox, commented(loop), loop.stranger, reason="completed")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"hit": 1}


def test_an_issue_that_was_worked_on_is_no_hit(loop):
    actions.close(loop.sandbox, commented(loop), loop.owner, reason="completed")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"unknown": 1}


def test_an_issue_closed_weeks_later_is_no_hit(loop):
    issue = commented(loop)
    loop.settle_later(days=20)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"unknown": 1}


def test_an_issue_opened_again_is_no_hit_any_more(loop):
    issue = commented(loop)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle_later(minutes=1)
    actions.reopen(loop.sandbox, issue, loop.owner)
    loop.settle_later(hours=2)

    assert outcomes(loop) == {"unknown": 1}


def test_a_thumbs_up_is_an_assist(loop):
    actions.react(loop.sandbox, loop.bot_comments(commented(loop))[0], loop.contributor, "+1")
    loop.settle_later(hours=1)

    assert outcomes(loop) == {"assist": 1}


def test_a_person_who_goes_on_from_the_decision_is_an_assist(loop):
    issue = commented(loop)
    loop.clock.advance(minutes=20)
    actions.comment(
        loop.sandbox, issue, loop.owner, "As we said in #1, the reviewer must see the value."
    )
    loop.settle_later(hours=1)

    assert outcomes(loop) == {"assist": 1}


def test_our_own_comment_is_no_assist(loop):
    commented(loop)
    loop.settle_later(days=2)

    assert outcomes(loop) == {"unknown": 1}


def test_a_thumbs_down_of_anybody_is_noise(loop):
    actions.react(loop.sandbox, loop.bot_comments(commented(loop))[0], loop.contributor, "-1")
    loop.settle_later(hours=1)

    assert outcomes(loop) == {"noise": 1}


def test_a_comment_that_somebody_deleted_is_noise(loop):
    actions.delete_comment(loop.sandbox, loop.bot_comments(commented(loop))[0], loop.owner)
    loop.settle_later(hours=1)

    assert outcomes(loop) == {"noise": 1}


def test_a_decision_that_a_person_names_after_our_silence_was_missed(loop):
    issue = loop.open_issue(UNRELATED, UNRELATED_BODY)
    loop.settle_later(minutes=5)
    actions.comment(loop.sandbox, issue, loop.owner, "This is what we decided in #1.")
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"missed": 1}


def test_a_decision_that_the_author_named_was_not_missed(loop):
    issue = loop.open_issue(UNRELATED, f"{UNRELATED_BODY} Not what #1 is about.")
    loop.settle_later(minutes=5)
    actions.comment(loop.sandbox, issue, loop.owner, "Right, not #1.")
    actions.close(loop.sandbox, issue, loop.owner, reason="completed")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {}


def test_a_number_without_a_decision_was_not_missed(loop):
    issue = loop.open_issue(UNRELATED, UNRELATED_BODY)
    loop.settle_later(minutes=5)
    actions.comment(loop.sandbox, issue, loop.owner, f"Fixed by #{loop.proposals[0].number}.")
    actions.close(loop.sandbox, issue, loop.owner, reason="completed")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {}


def test_what_was_only_written_down_is_a_shadow(sqlite_db):
    loop = with_merged_decisions(sqlite_db, settings="comment: shadow\n")
    loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert outcomes(loop) == {"shadow": 1}


def shadowed(sqlite_db: Database) -> tuple[Loop, Issue]:
    loop = with_merged_decisions(sqlite_db, settings="comment: shadow\n")
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    return loop, issue


def test_a_shadow_of_which_the_issue_was_turned_down_would_have_been_a_hit(sqlite_db):
    loop, issue = shadowed(sqlite_db)
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"shadow hit": 1}


def test_a_shadow_whose_decision_a_person_named_would_have_been_an_assist(sqlite_db):
    loop, issue = shadowed(sqlite_db)
    loop.clock.advance(minutes=20)
    actions.comment(
        loop.sandbox, issue, loop.owner, "As we said in #1, the reviewer must see the value."
    )
    loop.settle_later(hours=1)

    assert outcomes(loop) == {"shadow assist": 1}


def test_a_shadow_on_an_issue_that_was_worked_on_stays_a_shadow(sqlite_db):
    loop, issue = shadowed(sqlite_db)
    actions.close(loop.sandbox, issue, loop.owner, reason="completed")
    loop.settle_later(minutes=1)

    assert outcomes(loop) == {"shadow": 1}


@pytest.mark.parametrize(("entries", "outcome"), [([31, 7], "assist"), ([31], "unknown")])
def test_any_of_several_decisions_may_be_what_helped(entries, outcome):
    said = Remark(
        author="olive",
        kind="comment",
        text="We went through this in #7.",
        at=NOON + timedelta(hours=1),
    )
    issue = Thread(
        number=40,
        kind="issue",
        title="",
        author="sam",
        closed_as="open",
        created_at=NOON,
        remarks=[said],
    )

    assert judge_outcome(issue, entries=entries, commented_at=NOON, reactions=()) == outcome


# The report


def test_the_report_names_who_judged(db):
    loop = with_merged_decisions(db)
    commented(loop)

    assert [each["version"] for each in reported(loop, "comments")] == ["gate@2"]


def test_the_report_counts_what_became_of_proposals(loop):
    loop.decline(
        "Run as a Windows service",
        "We won't: a service manager per platform doubles what must be tested.",
    )
    loop.settle()

    assert {each["fate"]: each["count"] for each in reported(loop, "proposals")} == {
        "merged": 2,
        "waiting": 1,
    }


def test_a_line_that_a_person_worded_anew_before_the_merge_is_reworded(sqlite_db):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    line = next(line for line in loop.file(branch=BRANCH).split("\n") if "**#1**" in line)
    mine = "- **#1** (not-planned) — No anchors, since an alias hides the value from review."
    loop.push({PATH: loop.file(branch=BRANCH).replace(line, mine)}, branch=BRANCH)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()

    assert {each["fate"]: each["count"] for each in reported(loop, "proposals")} == {"reworded": 1}


def test_the_report_is_read_by_people_too(loop):
    commented(loop)

    assert (
        report(loop).output
        == "Proposals\n  acme/engine  merged 2\nComments\n  acme/engine  gate@2  unknown 1\n"
    )


def test_a_report_of_nothing_says_so(sqlite_db):
    assert report(Loop(sqlite_db)).output == "Nothing proposed, nothing posted yet.\n"


def tallies(**counts: int) -> list[CommentTally]:
    return [
        CommentTally(repository="acme/engine", version="gate@2", outcome=outcome, count=count)
        for outcome, count in counts.items()
    ]


@pytest.mark.parametrize(
    "counts",
    [
        {"hit": 7, "noise": 2},  # nine say nothing yet
        {"hit": 18, "noise": 2},
        {"hit": 18, "noise": 2, "missed": 9, "shadow": 9},
    ],
)
def test_a_gate_that_lets_little_noise_through_stays(counts):
    assert list(find_noisy(tallies(**counts))) == []


def test_a_gate_that_lets_noise_through_should_be_raised():
    report = Report(proposals=[], comments=tallies(hit=5, unknown=3, noise=2))

    assert render_report(report).endswith("Raise the gate of gate@2: 2 of 10 comments were noise.")


def test_noise_is_counted_over_all_repositories():
    one, other = tallies(hit=4, noise=1), tallies(hit=4, noise=1)

    assert list(find_noisy([*one, *other])) == [
        "Raise the gate of gate@2: 2 of 10 comments were noise."
    ]
