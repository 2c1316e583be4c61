"""What a takeaway rules and rules out."""

import pytest

from bot.core.learnings import parse
from bot.core.recall.ruling import refused_by, rule_of


@pytest.mark.parametrize(
    ("takeaway", "rule"),
    [
        ("Watch folders are polled, because mounts send no events.", "Watch folders are polled"),
        ("Photos stay where they are; other programs index them.", "Photos stay where they are"),
        ("Anchors are declined: an alias hides the value.", "Anchors are"),
        ("Only one statement", "Only one statement"),
        ("Runs collided. Design rule: one queue, since locks leak.", "Runs collided one queue"),
    ],
)
def test_the_rule_is_said_without_its_reason_and_without_the_no(takeaway, rule):
    assert " ".join(rule_of(takeaway).split()) == rule


@pytest.mark.parametrize(
    ("state", "takeaway", "refused"),
    [
        ("merged", "Folders are polled instead of using inotify; it is enough.", "using inotify"),
        (
            "merged",
            "Thumbnails live in SQLite, not as files of their own.",
            "as files of their own",
        ),
        ("merged", "Rather than a lock, a queue. It is fair.", "a lock"),
        ("merged", "Links expire after a month.", ""),
        ("PR closed", "Links expire after a month.", "Passwords for links"),
        ("not-planned", "Links expire after a month.", "Passwords for links"),
        (
            "won't-fix",
            "Links carry no password; they expire.",
            "Links carry password Passwords for links",
        ),
    ],
)
def test_what_is_refused_is_told_from_what_stands(state, takeaway, refused):
    (entry,) = parse(f"- **#7** ({state}) — {takeaway}\n").entries

    said = refused_by(entry, thread_title="Passwords for links")

    assert " ".join(said.split()) == refused
