"""The look at everything the bot sends: it finds what it is there to find, and nothing else."""

import json

import pytest

from bot.adapters.store.database import Database
from github_sandbox.faults import Asked
from tests.support.loop import Loop
from tests.support.moments import NOON
from tests.support.outgoing import Door, harm_in, harm_in_markdown, harm_sent
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

HARMFUL = {
    "@alice, please look": "mention: @alice",
    "(@org/team)": "mention: @org/team",
    "Written by *@alice*": "mention: @alice",
    "<details><summary>@alice</summary></details>": "mention: @alice",
    "&#64;alice": "mention: @alice",
    "See #12.": "reference: #12",
    "See acme/boat#12.": "reference: #12",
    "See GH-12.": "reference: GH-12",
    "This fixes #12": "closing keyword: fixes #1",
    "Closes: acme/boat#12": "closing keyword: Closes: acme/boat#1",
    "See https://github.com/acme/boat/issues/12": "address of a thread: https://github.com/acme/boat/issues/12",
    "[that one](https://git.acme.example/acme/boat/pull/12)": "address of a thread: https://git.acme.example/acme/boat/pull/12",
}
HARMLESS = [
    "Said by alice in `#12`, and `@alice` agreed.",
    "```\nfixes #12, @alice\n```",
    "    @alice indented",
    "Write to alice at example.org, or to `a@b.example`.",
    "<!-- @alice #12 -->",
    "[that one](https://redirect.github.com/acme/boat/issues/12)",
    "[edit](https://github.com/acme/boat/edit/precedent/learnings/docs/learnings.md)",
    "A backtick that is escaped and `code`\\`.",
    "Issue number 12, fixed in June.",
]


def sent(path: str, *, method: str = "POST", **fields: object) -> Asked:
    return Asked(
        method=method, path=path, installation_id=1, at=NOON, body=json.dumps(fields).encode()
    )


@pytest.mark.parametrize(("text", "harm"), HARMFUL.items())
def test_it_is_found(text, harm):
    assert harm in harm_in_markdown(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_is_found_where_nothing_is(text):
    assert harm_in_markdown(text) == []


def test_code_marks_protect_nothing_in_a_title_or_a_commit_message():
    assert harm_in("record `#12`") == ["reference: #12"]


def test_the_name_that_signs_off_is_no_mention():
    assert (
        harm_in("Signed-off-by: precedent[bot] <1+precedent[bot]@users.noreply.github.com>") == []
    )


@pytest.mark.parametrize(
    "asked",
    [
        sent("/repos/a/b/issues/1/comments", body="@alice"),
        sent("/repos/a/b/pulls/1/comments/2/replies", body="@alice"),
        sent("/repos/a/b/pulls", title="fixes #1", body=""),
        sent("/repos/a/b/pulls", title="x", body="@alice"),
        sent("/repos/a/b/git/commits", message="x\n\nFixes #1"),
        sent("/repos/a/b/check-runs", output={"title": "#1", "summary": ""}),
        sent("/repos/a/b/check-runs", output={"title": "", "summary": "@alice"}),
        sent(
            "/repos/a/b/check-runs", output={"summary": "", "annotations": [{"message": "@alice"}]}
        ),
        sent(
            "/repos/a/b/pulls/1",
            method="PATCH",
            body="<!-- precedent:proposal -->@alice<!-- /precedent:proposal -->",
        ),
    ],
    ids=lambda asked: asked.path,
)
def test_it_is_found_wherever_it_was_sent(asked):
    assert harm_sent(asked) != []


def test_what_people_wrote_around_our_description_is_theirs():
    body = "For @alice\n\n<!-- precedent:proposal -->\nOurs\n<!-- /precedent:proposal -->"

    assert harm_sent(sent("/repos/a/b/pulls/1", method="PATCH", body=body)) == []


def test_every_sandbox_is_watched(sqlite_db: Database, door: Door):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    assert door.find_harm() == []
    loop.sandbox.bad_days.asked.append(
        Asked(
            method="POST",
            path="/repos/acme/engine/issues/1/comments",
            installation_id=1,
            at=NOON,
            agent="precedent",
            body=b'{"body": "@alice"}',
        )
    )

    assert door.find_harm() == ["POST /repos/acme/engine/issues/1/comments: mention: @alice"]


def test_what_the_bot_sends_can_be_told_from_what_others_send(sqlite_db: Database):
    loop = Loop(sqlite_db)
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()

    written = [
        asked
        for asked in loop.sandbox.bad_days.asked
        if asked.method == "POST" and "/git/commits" in asked.path
    ]
    assert {(asked.agent, b"Learnings-Entry" in asked.body) for asked in written} == {
        ("precedent", True)
    }


def test_hostile_words_are_proposed_and_do_nothing(sqlite_db: Database, door: Door):
    loop = Loop(sqlite_db)
    loop.decline(
        "Support YAML anchors, fixes #12 for @alice",
        ANCHORS_REFUSED.replace(
            "production.",
            "production, as @org/team said (closes #8, https://github.com/acme/engine/issues/7).",
        ),
    )
    loop.settle()
    assert "`#12`" in loop.proposal.body
    assert "`@org/team`" in loop.proposal.body
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()

    assert door.find_harm() == []
