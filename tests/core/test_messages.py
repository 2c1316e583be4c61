"""Every text the bot posts, whole: a change of wording is seen in review."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.conversation.line_remarks import by_hand_reply, reworded_reply
from bot.core.drafting.draft import Draft
from bot.core.errors import GiveUp
from bot.core.proposal.amendment import Amendment, amendment_message, headline
from bot.core.proposal.body import Amended, body_of, title_of
from bot.core.proposal.folds import boxes
from bot.core.proposal.proposed_entry import ProposedEntry, commit_message
from bot.core.proposal.stuck_note import Stuck, stuck_note
from bot.core.recall.comment import (
    DecidedBefore,
    PriorDecision,
    decided_before_comment,
    prior_decision_comment,
    what_would_reopen,
)
from bot.core.verdicts import Quote
from tests.support.outgoing import harm_in_markdown

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
PATH = "docs/learnings.md"

DECISION = PriorDecision(
    number=12,
    state="not-planned",
    takeaway="YAML anchors stay out of the configuration: an alias hides the value from review.",
    decided_at=MAY,
    shown_because="both speak of `anchors`, `aliases`",
    path="docs/learnings.md",
)
COMMENT = """\
**Prior decision:** `#12` was decided as *not-planned* on 4 May 2026.

> YAML anchors stay out of the configuration: an alias hides the value from review.

**What would reopen it:** a need this reason does not cover, or a change in what it rests on.

<sub>Shown because both speak of `anchors`, `aliases`. Kept by the maintainers in \
`docs/learnings.md`; this comment \
is automated. If your case differs, say how; a 👎 of yours, or `/learnings wrong`, takes this \
comment away.</sub>
<!-- precedent:prior-decision -->"""

ENTRY = ProposedEntry(
    draft=Draft(
        number=12,
        kind="issue",
        state="not-planned",
        takeaway=(
            "YAML anchors stay out of the configuration: an alias hides the value from review."
        ),
        tags=("config",),
    ),
    quote=Quote(
        sentence="We won't: an alias hides the value from review.",
        author="olive",
        writes=True,
        url="",
        at=MAY,
    ),
    life="proposed",
    drafted_at=MAY,
    reason_class="wont_fix_rationale",
)
BODY = """\
<!-- precedent:proposal -->
A thread closed with a reason worth keeping. **Merge** to add this line to `docs/learnings.md`, \
**untick** what is not \
worth it:

- [x] **`#12`** (not-planned) — YAML anchors stay out of the configuration: an alias hides the \
value from review. \
[tags: config]\\
  <sub>“We won't: an alias hides the value from review.” — olive, 4 May 2026 · refused, with the reason · \
[edit](https://github.com/acme/boat/edit/precedent/learnings/docs/learnings.md)</sub>

<details><summary>2 more wait for tomorrow</summary>

Only so many are proposed in a day (`max_new_entries_per_day`): `#15`, `#16`.
</details>

<details><summary>How this works</summary>

- **Merge** to keep what is listed. Nothing reaches the default branch otherwise.
- **Edit** a line on this branch, or suggest a change: your wording stays. Or say on the line \
what shall be different.
- **Untick** an entry here or delete its line: it is not proposed again. Close the pull request, \
and none of them is; close it with "not now", and they are proposed again later.
- Or say it in a comment: `/learnings skip #12`, `/learnings edit #12 TEXT`, `/learnings why #12`.
- New entries join this pull request while it is open.

Written by Precedent, from what people said when they closed these threads.
</details>
<!-- /precedent:proposal -->"""  # noqa: E501


def test_the_comment_on_a_prior_decision():
    assert prior_decision_comment(DECISION) == COMMENT


FURTHER = [
    replace(
        DECISION,
        number=15,
        state="superseded",
        takeaway="One block, one place: @nobody repeats it, see #3.",
    ),
    replace(DECISION, number=17, takeaway=None, decided_at=None),
    replace(DECISION, number=18),
]
COMMENT_ON_THREE = """\
**Prior decision:** `#12` was decided as *not-planned* on 4 May 2026.
> YAML anchors stay out of the configuration: an alias hides the value from review.

**What would reopen it:** a need this reason does not cover, or a change in what it rests on.
- Also `#15`, *superseded* on 4 May 2026: One block, one place: `@nobody` repeats it, see `#3`.
- Also `#17`, *not-planned*: See the entry for `#17` in `docs/learnings.md`.

<sub>Shown because both speak of `anchors`, `aliases`. Kept by the maintainers in \
`docs/learnings.md`; this comment \
is automated. If your case differs, say how; a 👎 of yours, or `/learnings wrong`, takes this \
comment away.</sub>
<!-- precedent:prior-decision -->"""


def test_the_comment_on_several_prior_decisions_tells_of_three():
    assert prior_decision_comment(DECISION, further=FURTHER) == COMMENT_ON_THREE


def test_a_comment_on_an_endless_decision_stays_short():
    endless = replace(DECISION, takeaway="Anchors are refused. " * 10_000, state="not-planned")

    assert len(prior_decision_comment(endless, further=[endless] * 10)) < 3_000


def test_a_line_that_may_not_be_quoted_is_pointed_to():
    text = prior_decision_comment(replace(DECISION, takeaway=None))

    assert "> See the entry for `#12` in `docs/learnings.md`." in text


def test_a_decision_without_a_date_claims_none():
    assert "decided as *not-planned*." in prior_decision_comment(replace(DECISION, decided_at=None))


@pytest.mark.parametrize(
    ("takeaway", "premise"),
    [
        ("HTTP/2 stays off until the proxies speak it.", "until the proxies speak it"),
        (
            "Uploads stay synchronous unless a file passes one gigabyte.",
            "unless a file passes one gigabyte",
        ),
    ],
)
def test_a_rule_that_names_its_premise_says_what_would_reopen_it(takeaway, premise):
    assert f"“{premise}”" in what_would_reopen(takeaway)


EDIT_URL = "https://github.com/acme/boat/edit/precedent/learnings/docs/learnings.md"
BY_HAND = f"""\
This takes your own words: no model is configured here that could reword a line. Whichever is \
quickest:

- suggest a change to this line and commit it,
- [edit the file]({EDIT_URL}) on this branch, or
- comment `/learnings edit #12 TEXT` under this pull request.

<sub>Your wording stays.</sub>
<!-- precedent:by-hand -->"""
REWORDED = f"""\
The line will read: Anchors stay out since 3.2, see `#9`.

<sub>Not quite? Say so here, or [edit the file]({EDIT_URL}): your wording stays.</sub>"""


def test_the_reply_of_a_bot_that_cannot_reword():
    assert by_hand_reply(12, "unable", edit_url=EDIT_URL) == BY_HAND


def test_the_reply_of_one_that_did():
    assert reworded_reply("Anchors stay out since 3.2, see #9.", edit_url=EDIT_URL) == REWORDED


STUCK = """\
**This pull request cannot be brought up to date:** `docs/learnings.md` is a symbolic link, not a \
file.

Make it a file of text without conflict markers again, on this branch and on the default branch.

<sub>Until then the branch stays as it is, with everything people wrote on it. This note goes \
away once it can be \
written again.</sub>
<!-- precedent:proposal-note -->"""


def test_the_note_on_a_file_that_cannot_be_edited():
    assert stuck_note(Stuck("`docs/learnings.md` is a symbolic link, not a file", "file")) == STUCK


@pytest.mark.parametrize(
    ("error", "problem", "cure"),
    [
        (
            Stuck("people changed the same lines", "contradiction"),
            "people changed the same lines.",
            "Edit those lines",
        ),
        (
            Stuck("1 lines would be lost", "unsound"),
            "1 lines would be lost.",
            "Merge or close this pull request",
        ),
        (
            GiveUp("PATCH x: 422 `no`, @alice"),
            "GitHub answers ``PATCH x: 422 `no`, @alice``.",
            "branch protection",
        ),
    ],
)
def test_what_is_in_the_way_and_what_helps(error, problem, cure):
    said, helps, *_ = stuck_note(error).split("\n\n")

    assert said == f"**This pull request cannot be brought up to date:** {problem}"
    assert cure in helps


def test_the_pull_request_of_one_entry():
    assert title_of(1) == "docs(learnings): one decision to record"
    assert body_of([ENTRY], path="docs/learnings.md", edit_url=EDIT_URL, waiting=[15, 16]) == BODY


AMENDED = Amended(
    amendment=Amendment(
        number=12, kind="reopened", by=12, thread=12, life="proposed", drafted_at=MAY
    ),
    now="- **#12** (not-planned) \u2014 YAML anchors stay out. See #3. [tags: config]",
    then="- **#12** (open, reopened) \u2014 YAML anchors stay out. See #3. [tags: config]",
)


def test_the_pull_request_that_changes_one_line():
    body = body_of([], [AMENDED], path="docs/learnings.md")

    assert title_of(0, 1) == "docs(learnings): one to change"
    assert body.startswith(
        """\
<!-- precedent:proposal -->
A line has been overtaken by events. **Merge** to change `docs/learnings.md` as follows, \
**untick** what may stay:

- [x] **Change `#12`: reopened**\\
  now: `#12` (not-planned) \u2014 YAML anchors stay out. See `#3`. [tags: config]\\
  then: `#12` (open, reopened) \u2014 YAML anchors stay out. See `#3`. [tags: config]

<details><summary>How this works</summary>"""
    )


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("reopened", "reopened"),
        ("decided", "decided again, won't-fix"),
        ("merged", "merged after all"),
        ("done", "done after all"),
        ("retired", "retired by `#40`"),
        ("superseded", "superseded by `#40`"),
        ("restored", "stands again since `#40`"),
        ("winner", "its winner is `#40`"),
        ("joined", "holds for `#40` too"),
    ],
)
def test_each_change_of_a_line_has_its_headline(kind, what):
    amendment = replace(AMENDED.amendment, kind=kind, by=40, state="won't-fix")

    assert headline(amendment) == f"Change `#12`: {what}"
    assert amendment_message(amendment).startswith(
        f"docs(learnings): change 12, {what.replace('`', '').replace('#', '')}\n"
    )


def test_a_body_stays_below_what_github_takes():
    many = [replace(ENTRY, draft=replace(ENTRY.draft, number=number)) for number in range(1, 2000)]
    body = body_of(many, path="docs/learnings.md")

    assert len(body) <= 60_000
    assert "more, on the branch." in body


def test_what_is_more_than_a_glance_is_folded():
    many = [replace(ENTRY, draft=replace(ENTRY.draft, number=number)) for number in range(1, 14)]
    before, after = body_of(many, path="docs/learnings.md").split(
        "<details><summary>3 more</summary>"
    )

    assert (before.count("- [x] **"), after.count("- [x] **")) == (10, 3)


def test_a_box_in_the_fold_can_be_unticked():
    many = [replace(ENTRY, draft=replace(ENTRY.draft, number=number)) for number in range(1, 14)]
    body = body_of(many, path="docs/learnings.md").replace("- [x] **`#13`**", "- [ ] **`#13`**")

    assert [box.name for box in boxes(body) if not box.ticked] == ["`#13`"]


def test_a_commit_mentions_no_thread():
    assert (
        commit_message(ENTRY) == "docs(learnings): record 12 as not-planned\n\nLearnings-Entry: 12"
    )


# Said under issues and pull requests alike

WEB = "https://github.com/acme/engine"
BEFORE = DecidedBefore(
    number=1138,
    state="PR closed, not merged",
    takeaway="No further broker adapters are built in; they live in packages of their own.",
    shared="both speak of `broker`, `adapters`",
    closed_at=MAY,
)
BEFORE_COMMENT = """\
**Decided before?** [#1138](https://redirect.github.com/acme/engine/issues/1138) asked for \
something similar and was \
closed without merging in May 2026:

> No further broker adapters are built in; they live in packages of their own.

If yours differs, or the reason no longer holds, please say how. Maintainers decide; nothing was \
closed or labelled.

<sub>Automatic, from \
[`docs/learnings.md`](https://github.com/acme/engine/blob/HEAD/docs/learnings.md): both speak of \
`broker`, `adapters`. 👎 removes it.</sub>
<!-- precedent:prior-decision -->"""
ELSEWHERE_COMMENT = """\
**Decided before?** `#1138` (like `#753` and `#723`) asked for something similar and was closed \
without merging in May \
2026:

> No further broker adapters are built in; they live in packages of their own.

- Also `#7`, which asked for something similar and was replaced by `#9`: Iterators are not \
copied: copies surprise.

If yours differs, or the reason no longer holds, please say how. Maintainers decide; nothing was \
closed or labelled.

<sub>Automatic, from \
[`docs/learnings.md`](https://ghe.example/acme/engine/blob/HEAD/docs/learnings.md): both speak of \
\
`broker`, `adapters`. 👎 removes it.</sub>
<!-- precedent:prior-decision -->"""


def before(
    decision: DecidedBefore = BEFORE, *further: DecidedBefore, web_url: str = WEB, path: str = PATH
) -> str:
    return decided_before_comment(decision, further=further, web_url=web_url, path=path)


def test_the_question_whether_it_was_decided_before():
    assert before() == BEFORE_COMMENT
    assert harm_in_markdown(BEFORE_COMMENT) == []


def test_outside_github_com_threads_are_named_as_code():
    replaced = replace(
        BEFORE,
        number=7,
        state="superseded",
        takeaway="Iterators are not copied: copies surprise.",
        replaced_by=9,
    )
    text = before(
        replace(BEFORE, also=(753, 723)),
        replace(replaced, closed_at=None),
        web_url="https://ghe.example/acme/engine",
    )

    assert text == ELSEWHERE_COMMENT


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("merged", "settled something similar and was merged in May 2026:"),
        ("won't-fix", "asked for something similar and was declined in May 2026:"),
        ("not-planned", "asked for something similar and was closed as not planned in May 2026:"),
        ("reverted", "did something similar and was reverted in May 2026:"),
        ("a word of somebody's own", "came to something similar and was decided in May 2026:"),
    ],
)
def test_what_became_of_it_is_said_in_plain_words(state: str, ended: str):
    assert before(replace(BEFORE, state=state)).splitlines()[0].endswith(ended)


@pytest.mark.parametrize(
    ("takeaway", "said"),
    [
        (
            "Export stays out until threads work everywhere.",
            "or this has changed (“until threads work everywhere”), p",
        ),
        (
            "No copies: a footgun; reconsider only once a lint finds them.",
            "(“once a lint finds them”)",
        ),
        (
            "While it is small we review all of it; plugins stay out.",
            "or the reason no longer holds, please",
        ),
    ],
)
def test_a_premise_is_said_where_the_last_clause_states_one(takeaway: str, said: str):
    assert said in before(replace(BEFORE, takeaway=takeaway))


def test_what_may_not_be_quoted_is_linked_only():
    text = before(replace(BEFORE, takeaway=None))

    assert "> See the entry for `#1138` in `docs/learnings.md`." in text


def test_nothing_in_the_comment_mentions_links_or_closes():
    hostile = (
        "Fixes #99 @org/team https://github.com/acme/engine/issues/99 <!--"
        " precedent:prior-decision"
        " --> until #98."
    )
    text = before(
        replace(BEFORE, takeaway=hostile, shared=hostile),
        replace(BEFORE, takeaway=hostile),
        path="a b](x).md",
    )

    assert harm_in_markdown(text) == []
    assert text.count("<!--") == 1
