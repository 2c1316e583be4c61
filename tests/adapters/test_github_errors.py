"""What GitHub refuses, and what is to be done about it."""

from datetime import UTC, timedelta

import pytest

from bot.adapters.github.refusals import (
    Conflict,
    Missing,
    Moved,
    Refusal,
    Unanswered,
    error_for,
    limit_ends_at,
    remedy_for,
)
from bot.core.errors import Forbidden, GiveUp, SecretFound, TryLater
from tests.support.moments import NOON

RESET = str(int((NOON + timedelta(minutes=20)).timestamp()))


def refusal(status: int, message: str = "", *, about: str = "", **headers: str) -> Refusal:
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    path = "/repos/acme/engine/issues/1/comments"
    return Refusal(
        method="POST", path=path, status=status, message=message, headers=dashed, about=about
    )


@pytest.mark.parametrize(
    ("found", "remedy"),
    [
        (
            refusal(
                403, "API rate limit exceeded", x_ratelimit_remaining="0", x_ratelimit_reset=RESET
            ),
            "limit",
        ),
        (refusal(429, x_ratelimit_remaining="0"), "limit"),
        (refusal(429), "limit"),
        (refusal(403, "You have exceeded a secondary rate limit. Please wait."), "limit"),
        (refusal(403, "You have triggered an abuse detection mechanism."), "limit"),
        (refusal(403, "Something new", retry_after="30"), "limit"),
        (refusal(422, "Something new", retry_after="30"), "limit"),
        (
            refusal(
                403, "You have exceeded a secondary rate limit and have been temporarily blocked"
            ),
            "limit",
        ),
        (
            refusal(
                403,
                "You have triggered an abuse detection mechanism and have been temporarily blocked",
            ),
            "limit",
        ),
        (refusal(422, "Validation Failed; was submitted too quickly"), "limit"),
        (refusal(400, "Too many requests. Slow down."), "limit"),
        (refusal(403, "API rate limit exceeded for installation ID 7."), "limit"),
        (
            refusal(
                403,
                "Forbidden",
                about="https://docs.github.com/rest/overview#about-secondary-rate-limits",
            ),
            "limit",
        ),
        (
            refusal(403, "Forbidden Whoa there! Please wait a few minutes before you try again"),
            "limit",
        ),
        (
            refusal(403, "Access to this repository has been disabled while it is being migrated."),
            "later",
        ),
        (refusal(403, "Repository has been locked for migration."), "later"),
        (refusal(423, "Locked"), "later"),
        (refusal(403, "This repository is temporarily unavailable."), "later"),
        (refusal(422, "Sorry, something went wrong. Please try again."), "later"),
        (refusal(422, "We couldn't respond to your request in time."), "later"),
        (refusal(422, "Could not resolve to a node with the global id of 'x'."), "conflict"),
        (refusal(422, "Reference update failed"), "conflict"),
        (refusal(404, "Not Found", x_ratelimit_remaining="0"), "missing"),
        (refusal(503, "Service Unavailable", retry_after="120"), "later"),
        (refusal(403, "This installation has been suspended"), "suspended"),
        (refusal(403, "Resource not accessible by integration"), "forbidden"),
        (refusal(403, "Repository was archived so is read-only."), "forbidden"),
        (refusal(403, "Unable to create comment because issue is locked."), "refused"),
        (
            refusal(422, "The permissions requested are not granted to this installation."),
            "forbidden",
        ),
        (refusal(401, "Bad credentials"), "unauthorized"),
        (refusal(404, "Not Found"), "missing"),
        (refusal(410, "This issue was deleted"), "missing"),
        (
            refusal(
                422,
                (
                    "There is at least one repository that is not accessible to the parent"
                    " installation."
                ),
            ),
            "missing",
        ),
        (refusal(301, "Moved Permanently"), "moved"),
        (refusal(307, "Temporary Redirect"), "moved"),
        (refusal(409, "docs/learnings.md does not match 123"), "conflict"),
        (refusal(409, "Repository rule violations found\n\nSecret detected in content"), "secret"),
        (refusal(409, "Git Repository is empty."), "refused"),
        (refusal(422, "Reference already exists"), "conflict"),
        (
            refusal(422, "Validation Failed; A pull request already exists for acme:branch."),
            "conflict",
        ),
        (refusal(422, "Validation Failed; No commits between main and branch"), "conflict"),
        (refusal(422, "Update is not a fast forward"), "conflict"),
        (refusal(422, "Repository rule violations found"), "forbidden"),
        (refusal(422, "Cannot update this protected ref."), "forbidden"),
        (refusal(422, "Validation Failed; body is too long"), "refused"),
        (refusal(400, "Problems parsing JSON"), "refused"),
        (refusal(451, "Repository access blocked"), "refused"),
        (refusal(500, "Server Error"), "later"),
        (refusal(502, "Bad Gateway"), "later"),
        (refusal(503, "Service Unavailable"), "later"),
        (refusal(501, "Not Implemented"), "missing"),
        (refusal(408, "Request Timeout"), "later"),
    ],
    ids=lambda value: (
        f"{value.status} {value.message[:40]}" if isinstance(value, Refusal) else value
    ),
)
def test_a_refusal_has_one_remedy(found, remedy):
    assert remedy_for(found) == remedy


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (502, "", Unanswered),
        (403, "secondary rate limit", TryLater),
        (409, "sha", Conflict),
        (409, "Secret detected in content", SecretFound),
        (307, "", Moved),
        (404, "", Missing),
        (403, "Resource not accessible by integration", Forbidden),
        (400, "", GiveUp),
    ],
)
def test_a_remedy_is_raised_as_the_error_the_worker_knows(status, message, error):
    assert type(error_for(refusal(status, message), now=NOON)) is error


def test_what_push_protection_quotes_is_not_repeated():
    found = refusal(409, "Secret detected in content: ghp_16C7e42F292c6912E7710c838347Ae178B4a")

    assert "ghp_" not in str(error_for(found, now=NOON))


def test_the_missing_permission_is_named():
    found = refusal(
        403,
        "Resource not accessible by integration",
        x_accepted_github_permissions="contents=write",
    )

    assert "needs contents=write" in str(error_for(found, now=NOON))


def test_a_limit_ends_when_retry_after_says():
    assert limit_ends_at({"retry-after": "90"}, now=NOON) == NOON + timedelta(seconds=90)


def test_a_limit_ends_at_the_reset_when_nothing_remains():
    ends = limit_ends_at({"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}, now=NOON)

    assert ends == (NOON + timedelta(minutes=20)).astimezone(UTC)


def test_a_reset_while_requests_remain_says_nothing():
    assert (
        limit_ends_at({"x-ratelimit-remaining": "4000", "x-ratelimit-reset": RESET}, now=NOON)
        is None
    )


def test_a_reset_that_has_passed_is_now():
    passed = str(int((NOON - timedelta(minutes=20)).timestamp()))

    assert (
        limit_ends_at({"x-ratelimit-remaining": "0", "x-ratelimit-reset": passed}, now=NOON) == NOON
    )


@pytest.mark.parametrize("given", ["9" * 12, "9" * 10])
def test_no_limit_lasts_for_more_than_a_day(given):
    day = NOON + timedelta(days=1)

    assert limit_ends_at({"retry-after": given}, now=NOON) == day
    assert (
        limit_ends_at({"x-ratelimit-remaining": "0", "x-ratelimit-reset": given}, now=NOON) == day
    )


@pytest.mark.parametrize(
    "given", ["", "soon", "-1", "1.5", "\u00b2", "9" * 5_000, "Wed, 21 Oct 2026 07:28:00 GMT"]
)
def test_a_header_that_is_no_number_says_nothing(given):
    said = {"retry-after": given, "x-ratelimit-remaining": "0", "x-ratelimit-reset": given}

    assert limit_ends_at(said, now=NOON) is None


def test_an_outage_is_waited_out_as_long_as_it_says():
    error = error_for(refusal(503, retry_after="120"), now=NOON)

    assert isinstance(error, Unanswered)
    assert error.not_before == NOON + timedelta(seconds=120)
