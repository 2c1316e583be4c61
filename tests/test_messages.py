"""Every text the bot posts, whole: a change of wording is seen in review."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.comments import PriorDecision, prior_decision_comment, what_would_reopen
from bot.drafting import Draft
from bot.proposals import ProposedEntry, body_of, title_of
from bot.proposals.plan import commit_message
from bot.verdicts import Quote

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)

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

<sub>Shown because both speak of `anchors`, `aliases`. Kept by the maintainers in `docs/learnings.md`; this comment \
is automated. If your case differs, say how; a 👎 of yours takes this comment away.</sub>
<!-- precedent:prior-decision -->"""

ENTRY = ProposedEntry(
    draft=Draft(
        number=12,
        kind="issue",
        state="not-planned",
        takeaway="YAML anchors stay out of the configuration: an alias hides the value from review.",
        tags=("config",),
    ),
    quote=Quote(
        sentence="We won't: an alias hides the value from review.", author="olive", writes=True, url="", at=MAY
    ),
    life="proposed",
    drafted_at=MAY,
)
BODY = """\
<!-- precedent:proposal -->
A thread closed with a reason worth keeping. Each becomes one line of `docs/learnings.md`:

- [x] **`#12`** (not-planned) — YAML anchors stay out of the configuration: an alias hides the value from review. \
[tags: config]
  > We won't: an alias hides the value from review.
  > — olive, 4 May 2026

<details><summary>How this works</summary>

- **Merge** to keep what is listed. Nothing reaches the default branch otherwise.
- **Edit** a line on this branch, or suggest a change: your wording stays.
- **Untick** an entry here or delete its line: it is not proposed again. Close the pull request: none of them is.
- New entries join this pull request while it is open.

Written by Precedent, from what people said when they closed these threads.
</details>
<!-- /precedent:proposal -->"""


def test_the_comment_on_a_prior_decision():
    assert prior_decision_comment(DECISION) == COMMENT


def test_a_line_that_may_not_be_quoted_is_pointed_to():
    text = prior_decision_comment(replace(DECISION, takeaway=None))

    assert "> See the entry for `#12` in `docs/learnings.md`." in text


def test_a_decision_without_a_date_claims_none():
    assert "decided as *not-planned*." in prior_decision_comment(replace(DECISION, decided_at=None))


@pytest.mark.parametrize(
    ("takeaway", "premise"),
    [
        ("HTTP/2 stays off until the proxies speak it.", "until the proxies speak it"),
        ("Uploads stay synchronous unless a file passes one gigabyte.", "unless a file passes one gigabyte"),
    ],
)
def test_a_rule_that_names_its_premise_says_what_would_reopen_it(takeaway, premise):
    assert f"“{premise}”" in what_would_reopen(takeaway)


def test_the_pull_request_of_one_entry():
    assert title_of([ENTRY]) == "docs(learnings): one decision to record"
    assert body_of([ENTRY], path="docs/learnings.md") == BODY


def test_a_body_stays_below_what_github_takes():
    many = [replace(ENTRY, draft=replace(ENTRY.draft, number=number)) for number in range(1, 2000)]
    body = body_of(many, path="docs/learnings.md")

    assert len(body) <= 60_000
    assert "more, on the branch." in body


def test_a_commit_mentions_no_thread():
    assert commit_message(ENTRY) == "docs(learnings): record 12 as not-planned\n\nLearnings-Entry: 12"
