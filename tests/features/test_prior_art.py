"""In at the webhook, out under the new issue: one comment where a decision applies, otherwise
nothing."""

import pytest

from bot.adapters.store.database import Database
from github_sandbox import CONTRIBUTOR, actions
from tests.support.loop import PATH, Loop, with_merged_decisions
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


def test_a_proposal_made_again_is_told_of_the_decision(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    (comment,) = loop.bot_comments(issue)
    assert "**Prior decision:** `#1` was decided as *not-planned* on 4 May 2026." in comment.body


def test_the_comment_fits_on_a_small_screen(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    (comment,) = loop.bot_comments(issue)
    assert comment.body.count("\n") < 10


def test_an_unrelated_issue_is_left_alone(loop):
    issue = loop.open_issue(UNRELATED, UNRELATED_BODY)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_a_question_on_the_subject_is_left_alone(loop):
    issue = loop.open_issue(
        "How do I see which configuration file was read?", "I have two and the wrong one wins."
    )
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_a_decision_that_nobody_merged_is_not_told(sqlite_db):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_fifty_deliveries_of_one_issue_make_one_comment(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    opened = loop.sandbox.webhooks[-1]
    for _ in range(50):
        loop.deliver(opened)
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_an_author_who_names_the_decision_knows_it(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, f"{ANCHORS_AGAIN_BODY} I know of #1.")
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_an_issue_delivered_hours_late_is_left_alone(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.clock.advance(hours=7)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_an_edit_within_the_hour_edits_the_same_comment(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    actions.edit(loop.sandbox, issue, loop.stranger, body=f"{ANCHORS_AGAIN_BODY} Please.")
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_an_edit_that_changes_the_subject_takes_the_comment_away(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    loop.clock.advance(minutes=5)
    actions.edit(loop.sandbox, issue, loop.stranger, title=UNRELATED, body=UNRELATED_BODY)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_a_comment_taken_away_does_not_come_back(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    for title, body in ((UNRELATED, UNRELATED_BODY), (ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)):
        loop.clock.advance(minutes=5)
        actions.edit(loop.sandbox, issue, loop.stranger, title=title, body=body)
        loop.settle()

    assert loop.bot_comments(issue) == []


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_a_repository_may_keep_comments_to_itself(sqlite_db, mode):
    loop = with_merged_decisions(sqlite_db, settings=f"comment: {mode}\n")
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_an_ignored_author_is_left_alone_however_the_name_is_written(sqlite_db):
    loop = with_merged_decisions(sqlite_db, settings=f"ignore_authors: [{CONTRIBUTOR.upper()}]\n")
    issue = actions.open_issue(
        loop.sandbox, loop.repo, loop.contributor, title=ANCHORS_AGAIN, body=ANCHORS_AGAIN_BODY
    )
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_comments_stop_at_the_daily_limit(sqlite_db):
    loop = with_merged_decisions(sqlite_db, settings="max_comments_per_day: 1\n")
    issues = [loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY) for _ in range(3)]
    loop.settle()

    assert sum(len(loop.bot_comments(issue)) for issue in issues) == 1


def test_a_hand_written_entry_is_told_like_ours(sqlite_db):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, "No.")
    loop.push(
        {
            PATH: (
                "# Learnings\n\n- **#1** (won't-fix) — YAML anchors stay out: an alias"
                " hides values from"
                " review.\n"
            )
        }
    )
    loop.settle()
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_no_comment_mentions_anybody_or_links_back(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, f"{ANCHORS_AGAIN_BODY} @olive-owner")
    loop.settle()

    (comment,) = loop.bot_comments(issue)
    outside_code = "".join(comment.body.split("`")[::2])
    assert "@" not in outside_code
    assert "#" not in outside_code


def test_a_thumbs_down_of_the_author_takes_the_comment_away(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    actions.react(loop.sandbox, loop.bot_comments(issue)[0], loop.stranger, "-1")
    loop.clock.advance(hours=1)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_a_thumbs_down_of_somebody_else_changes_nothing(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    actions.react(loop.sandbox, loop.bot_comments(issue)[0], loop.contributor, "-1")
    loop.clock.advance(hours=1)
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_reactions_are_read_for_a_week_and_then_no_more(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    for hours in (1, 5, 18, 48, 96, 500):
        loop.clock.advance(hours=hours)
        loop.settle()
    actions.react(loop.sandbox, loop.bot_comments(issue)[0], loop.stranger, "-1")
    loop.clock.advance(days=30)
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_a_comment_that_a_maintainer_deleted_does_not_come_back(loop):
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    actions.delete_comment(loop.sandbox, loop.bot_comments(issue)[0], loop.owner)
    loop.clock.advance(minutes=5)
    actions.edit(loop.sandbox, issue, loop.stranger, body=f"{ANCHORS_AGAIN_BODY} Please.")
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_an_author_of_many_issues_is_told_twice_a_day(loop):
    issues = []
    for _ in range(4):
        issues.append(loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY))
        loop.settle_later(minutes=20)

    assert [len(loop.bot_comments(issue)) for issue in issues] == [1, 1, 0, 0]


def test_another_author_is_told_all_the_same(loop):
    for _ in range(3):
        loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
        loop.settle_later(minutes=20)
    issue = actions.open_issue(
        loop.sandbox, loop.repo, loop.contributor, title=ANCHORS_AGAIN, body=ANCHORS_AGAIN_BODY
    )
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def after_a_burst(loop: Loop) -> None:
    for number in range(5):
        loop.open_issue(f"{UNRELATED}, take {number}", UNRELATED_BODY)
    loop.settle()


def test_of_a_burst_of_issues_only_the_first_few_are_answered(loop):
    after_a_burst(loop)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert loop.bot_comments(issue) == []


def test_a_maintainer_is_answered_in_a_burst_too(loop):
    after_a_burst(loop)
    issue = actions.open_issue(
        loop.sandbox, loop.repo, loop.owner, title=ANCHORS_AGAIN, body=ANCHORS_AGAIN_BODY
    )
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_edits_of_earlier_issues_are_no_burst(loop):
    earlier = [
        loop.open_issue(f"{UNRELATED}, take {number}", UNRELATED_BODY) for number in range(5)
    ]
    loop.settle()
    loop.clock.advance(minutes=30)
    for issue in earlier:
        actions.edit(loop.sandbox, issue, loop.stranger, body=f"{UNRELATED_BODY} Please.")
    loop.settle()
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1


def test_a_burst_is_over_after_ten_minutes(loop):
    after_a_burst(loop)
    loop.clock.advance(minutes=11)
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()

    assert len(loop.bot_comments(issue)) == 1
