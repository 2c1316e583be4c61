"""What people say on the proposed lines, and what the bot makes of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.store.database import Database
from bot.ports.world import CrashPoint
from github_sandbox import actions, faults
from github_sandbox.state import Issue, ReviewComment
from tests.support.inline import Killed
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.messages_api import Answer, MessagesApi, failure, message
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

QUEUES = "# Learnings\n\n## Unsorted\n\n- **#90** (merged) — Queues are bounded.\n"
SAY_WHICH = "Say since which version: it is 3.2."
REWORDED = (
    "YAML anchors stay out of the configuration since version 3.2, because an alias hides the"
    " value from whoever"
    " reviews the change."
)
BY_HAND = "This takes your own words: no model is configured here that could reword a line."


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    """One entry is proposed, and there is no model."""
    return under_way(Loop(sqlite_db, files={PATH: QUEUES}))


def under_way(loop: Loop) -> Loop:
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


def line_of(loop: Loop, number: int) -> int:
    lines = loop.file(branch=BRANCH).split("\n")
    return 1 + next(at for at, line in enumerate(lines) if f"**#{number}**" in line)


def say(loop: Loop, text: str, *, by: Any = None, number: int = 1) -> ReviewComment:
    return actions.comment_on_line(
        loop.sandbox,
        loop.proposal,
        by or loop.owner,
        path=PATH,
        line=line_of(loop, number),
        body=text,
    )


def replies(pull: Issue) -> list[str]:
    assert pull.pull is not None
    return [said.body for said in pull.pull.review_comments if said.author.type == "Bot"]


# --- without a model


def test_a_maintainer_is_told_how_to_reword_the_line(loop):
    said = say(loop, SAY_WHICH)
    loop.settle()

    [reply] = loop.proposal.pull.replies_to(said)
    assert reply.body.startswith(BY_HAND)
    assert f"(http://github.test/acme/engine/edit/{BRANCH}/{PATH})" in reply.body
    assert "`/learnings edit #1 TEXT`" in reply.body


def test_nobody_is_told_twice_in_one_discussion(loop):
    said = say(loop, SAY_WHICH)
    loop.settle()
    actions.reply_on_line(loop.sandbox, said, loop.owner, "It was in the release notes as well.")
    loop.settle()

    assert len(replies(loop.proposal)) == 1


def test_fifty_deliveries_of_one_remark_make_one_reply(loop):
    say(loop, SAY_WHICH)
    loop.settle()
    sent = [
        webhook
        for webhook in loop.sandbox.webhooks
        if webhook.event == "pull_request_review_comment"
    ]
    for _ in range(50):
        loop.deliver(sent[0])
    loop.settle()

    assert len(replies(loop.proposal)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "LGTM!",
        "Thanks, looks good.",
        "```suggestion\n- **#1** (not-planned) — Mine.\n```",
        "Yes.\n",
        "👍",
    ],
)
def test_what_asks_for_nothing_gets_no_reply(loop, text):
    say(loop, text)
    loop.settle()

    assert replies(loop.proposal) == []


def test_an_outsider_gets_no_reply(loop):
    say(loop, SAY_WHICH, by=loop.stranger)
    say(loop, SAY_WHICH, by=loop.contributor)
    loop.settle()

    assert replies(loop.proposal) == []


def test_a_bot_gets_no_reply(loop):
    said = say(loop, SAY_WHICH, by=loop.sandbox.add_user("helper[bot]", type="Bot"))
    loop.settle()

    assert loop.proposal.pull.replies_to(said) == []


def test_what_is_said_on_a_line_of_others_is_left_to_people(loop):
    say(loop, SAY_WHICH, number=90)
    loop.settle()

    assert replies(loop.proposal) == []


def test_what_is_said_on_another_pull_request_is_left_to_people(loop):
    other = actions.propose_edit(
        loop.sandbox, loop.repo, loop.owner, files={PATH: QUEUES + "More.\n"}, title="More"
    )
    actions.comment_on_line(loop.sandbox, other, loop.owner, path=PATH, line=5, body=SAY_WHICH)
    loop.settle()

    assert replies(other) == []


def test_a_pull_request_that_is_closed_gets_no_reply(loop):
    pull = loop.proposal
    say(loop, SAY_WHICH)
    actions.close(loop.sandbox, pull, loop.owner)
    loop.settle()

    assert replies(pull) == []


def test_a_reply_that_github_refuses_is_left_out(loop):
    loop.sandbox.bad_days.add(faults.locked(method="POST", path="/replies"))
    say(loop, SAY_WHICH)
    loop.settle()

    assert replies(loop.proposal) == []


def test_a_remark_on_a_line_that_moved_since_is_understood(loop):
    said = say(loop, SAY_WHICH)
    loop.push({PATH: QUEUES.replace("## Unsorted", "Prose.\n\nMore prose.\n\n## Unsorted")})
    loop.settle()

    assert len(loop.proposal.pull.replies_to(said)) == 1


def test_a_kill_after_the_reply_leaves_one(sqlite_db):
    killed: list[CrashPoint] = []

    def kill(point: CrashPoint) -> None:
        if point == "comment.created" and not killed:
            killed.append(point)
            raise Killed

    loop = under_way(Loop(sqlite_db, files={PATH: QUEUES}, reached=kill))
    say(loop, SAY_WHICH)
    loop.deliver_new()
    with pytest.raises(Killed):
        loop.run_jobs()
    loop.settle()

    assert killed == ["comment.created"]
    assert len(replies(loop.proposal)) == 1


# --- with one


def answer(request: dict[str, Any]) -> Answer:
    """Declines to draft, so that the rules do, and rewords as it is asked."""
    if "what maintainers said" in request["system"][0]["text"]:
        return message(json.dumps({"outcome": "reworded", "takeaway": REWORDED}))
    return message("no")


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with MessagesApi(answer) as api:
        yield api


@pytest.fixture
def clever(sqlite_db: Database, api: MessagesApi) -> Loop:
    return under_way(with_model(sqlite_db, api))


def with_model(db: Database, api: MessagesApi, **more: Any) -> Loop:
    files = {PATH: QUEUES}
    return Loop(
        db, files=files, anthropic_api_key="sk-of-the-tests", anthropic_base_url=api.url, **more
    )


def questions(api: MessagesApi) -> list[dict[str, Any]]:
    asked = [each for each in api.asked if "what maintainers said" in each["system"][0]["text"]]
    return [json.loads(each["messages"][0]["content"].split("\n")[1]) for each in asked]


def test_the_line_is_reworded_as_a_maintainer_asks(clever):
    said = say(clever, SAY_WHICH)
    clever.settle()

    assert (
        clever.file(branch=BRANCH).count(REWORDED)
        == clever.file(branch=BRANCH).count("**#1**")
        == 1
    )
    assert REWORDED in clever.proposal.body
    [reply] = clever.proposal.pull.replies_to(said)
    assert reply.body.startswith(f"The line will read: {REWORDED}\n")


def test_the_diff_is_the_reworded_line_alone(clever):
    say(clever, SAY_WHICH)
    clever.settle()

    assert [line for line in clever.diff_lines(clever.proposal, "+") if line] == [
        f"- **#1** (not-planned) — {REWORDED}"
    ]
    assert clever.diff_lines(clever.proposal, "-") == []


def test_what_was_said_before_in_a_discussion_still_counts(clever, api):
    said = say(clever, SAY_WHICH)
    clever.settle()
    actions.reply_on_line(clever.sandbox, said, clever.stranger, "Make it rhyme.")
    actions.reply_on_line(clever.sandbox, said, clever.owner, "This is about aliases only.")
    clever.settle()

    assert questions(api)[-1]["guidance"] == [SAY_WHICH, "This is about aliases only."]


def test_a_remark_that_asks_for_nothing_changes_nothing(clever, api):
    api.reply = lambda _: message(json.dumps({"outcome": "no_request", "takeaway": ""}))
    before = clever.repo.git.head(BRANCH)
    say(clever, "I remember that one, it was a long evening.")
    clever.settle()

    assert clever.repo.git.head(BRANCH) == before
    assert replies(clever.proposal) == []


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (
            message(json.dumps({"outcome": "not_said", "takeaway": ""})),
            "the thread does not say it",
        ),
        (
            message(json.dumps({"outcome": "reworded", "takeaway": REWORDED + " See version 9."})),
            "no wording came out",
        ),
        (failure(401, "authentication_error"), "no wording came out"),
    ],
)
def test_what_the_model_cannot_do_is_left_to_the_maintainer(clever, api, reply, why):
    api.reply = lambda _: reply
    before = clever.repo.git.head(BRANCH)
    say(clever, SAY_WHICH)
    clever.settle()

    assert clever.repo.git.head(BRANCH) == before
    assert why in replies(clever.proposal)[0]


def test_an_outage_only_delays_the_rewording(clever, api):
    api.reply = lambda _: failure(529, "overloaded_error")
    say(clever, SAY_WHICH)
    clever.settle()
    assert replies(clever.proposal) == []
    api.reply = answer
    clever.settle_later(hours=1)

    assert REWORDED in clever.file(branch=BRANCH)


def test_a_persons_edit_is_not_lost_to_a_rewording(clever):
    """Made after the remark, and before the bot came to it."""
    say(clever, SAY_WHICH)
    clever.deliver_new()
    text = clever.file(branch=BRANCH)
    mine = "- **#1** (not-planned) — Anchors stay out since 3.2; reviewers must see values."
    edited = "\n".join(mine if "**#1**" in line else line for line in text.split("\n"))
    actions.edit_pull_file(clever.sandbox, clever.proposal, clever.owner, path=PATH, text=edited)
    clever.settle()

    assert mine in clever.file(branch=BRANCH)


def test_a_line_that_a_person_worded_is_reworded_when_a_person_asks(clever, api):
    mine = (
        "- **#1** (not-planned) — Anchors stay out; reviewers must see every value. [tags: config]"
    )
    text = clever.file(branch=BRANCH)
    edited = "\n".join(mine if "**#1**" in line else line for line in text.split("\n"))
    actions.edit_pull_file(clever.sandbox, clever.proposal, clever.owner, path=PATH, text=edited)
    clever.settle()
    say(clever, SAY_WHICH)
    clever.settle()

    assert questions(api)[-1]["takeaway"] == "Anchors stay out; reviewers must see every value."
    assert f"- **#1** (not-planned) — {REWORDED} [tags: config]" in clever.file(branch=BRANCH)


def test_a_line_refused_meanwhile_stays_refused(sqlite_db, api):
    def untick(point: CrashPoint) -> None:
        if (
            point == "llm.returned"
            and loop.proposals
            and "- [x]" in loop.proposal.body
            and questions(api)
        ):
            actions.edit(
                loop.sandbox,
                loop.proposal,
                loop.owner,
                body=loop.proposal.body.replace("[x]", "[ ]"),
            )

    loop = with_model(sqlite_db, api, reached=untick)
    loop.decline(POLLING, POLLING_REFUSED)
    under_way(loop)
    say(loop, SAY_WHICH)
    loop.settle()

    assert "**#1**" not in (loop.repo.git.read(BRANCH, PATH) or "")


@pytest.mark.parametrize(
    "point",
    [
        "job.claimed",
        "llm.returned",
        "draft.stored",
        "commit.done",
        "ref.created",
        "comment.created",
    ],
)
def test_a_kill_leaves_one_line_and_one_reply_and_nothing_is_paid_twice(sqlite_db, api, point):
    armed: list[str] = []

    def kill(reached: CrashPoint) -> None:
        if armed == [reached]:
            armed.clear()
            raise Killed

    loop = under_way(with_model(sqlite_db, api, reached=kill))
    say(loop, SAY_WHICH)
    loop.deliver_new()
    armed.append(point)
    with pytest.raises(Killed):
        loop.run_jobs()
    loop.settle()

    assert loop.file(branch=BRANCH).count(REWORDED) == 1
    assert len(replies(loop.proposal)) == 1
    assert len(questions(api)) == 1


def test_a_reworded_line_stays_on_a_day_that_has_no_room_for_more(sqlite_db, api):
    loop = with_model(sqlite_db, api)
    for count in range(12):
        loop.decline(f"{ANCHORS}, part {count}", ANCHORS_REFUSED)
    loop.settle()
    assert loop.file(branch=BRANCH).count("(not-planned)") == 10
    say(loop, SAY_WHICH)
    loop.settle()

    assert loop.file(branch=BRANCH).count("(not-planned)") == 10
    assert REWORDED in loop.file(branch=BRANCH)
