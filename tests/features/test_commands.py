"""The grammar of slash commands: what is one, what it says, and what only looks like one."""

import time

import pytest

from bot.core.commands import Command, is_command, parse_command, without_commands
from tests.support.conversations import closed


@pytest.mark.parametrize(
    ("comment", "command"),
    [
        ("/learnings skip", Command(verb="skip")),
        ("/learnings  SKIP ", Command(verb="skip")),
        ("/learnings skip\u00a0", Command(verb="skip")),
        ("/Learnings Skip.", Command(verb="skip")),
        ("\r\n\n/learnings why\r\nThanks!", Command(verb="why")),
        ("   /learnings\tundo", Command(verb="undo")),
        ("/learnings skip #12", Command(verb="skip", number=12)),
        ("/learnings skip 12", Command(verb="skip", number=12)),
        ("/learnings skip PR #12", Command(verb="skip", number=12)),
        ("/learnings skip #12, it is noise", Command(verb="skip", number=12)),
        ("/learnings skip 3 of them", Command(verb="skip")),
        ("/learnings why #12?", Command(verb="why", number=12)),
        ("/learnings edit Queues are bounded.", Command(verb="edit", text="Queues are bounded.")),
        (
            "/learnings edit #12 Queues are bounded.",
            Command(verb="edit", number=12, text="Queues are bounded."),
        ),
        (
            "/learnings edit 12 workers are enough.",
            Command(verb="edit", text="12 workers are enough."),
        ),
        ("/learnings add\nBecause it is slow.", Command(verb="add")),
        (
            "/learnings add #7 Queues are\rbounded.",
            Command(verb="add", number=7, text="Queues are"),
        ),
        ("/learnings edit", Command(verb="edit")),
        ("/learnings frobnicate", Command(verb=None)),
        ("/learnings", Command(verb=None)),
        ("/learnings sk\u200bip", Command(verb=None)),
        (
            "/learnings skip\n\nOn Mon, 4 May 2026, Olive wrote:\n> /learnings add",
            Command(verb="skip"),
        ),
    ],
)
def test_the_first_line_is_read(comment, command):
    assert parse_command(comment) == command


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "Please /learnings skip",
        "Thanks.\n/learnings skip",
        "> /learnings skip",
        ">/learnings skip",
        "    /learnings skip",
        "\t/learnings skip",
        "`/learnings skip`",
        "```\n/learnings skip\n```",
        "~~~\n/learnings skip\n~~~",
        "- /learnings skip",
        "<!--\n/learnings skip\n-->",
        "<!-- /learnings skip -->",
        "<details>\n/learnings skip",
        "On Mon, 4 May 2026, Olive wrote:\n> /learnings skip",
        "On Mon, 4 May 2026, Olive wrote:\n/learnings skip",
        "/learningskip",
        "/learnings/skip",
        "/learnings-skip",
        "//learnings skip",
        "\\/learnings skip",
        "\u200b/learnings skip",
        "/learn skip",
        "/learning\u017f skip",
        "\u2215learnings skip",
    ],
)
def test_what_is_quoted_or_shown_is_no_command(comment):
    assert parse_command(comment) is None
    assert not is_command(comment)


@pytest.mark.parametrize(
    "comment",
    [
        " " * 65_000,
        "\n" * 65_000,
        "\r" * 65_000,
        "/learnings " + " " * 65_000,
        "/learnings edit " + "#" * 65_000,
    ],
)
def test_a_long_comment_is_read_at_once(comment):
    began = time.perf_counter()
    parse_command(comment)

    assert time.perf_counter() - began < 0.5


def test_a_text_is_cut_where_nobody_would_read_on():
    command = parse_command("/learnings edit " + "x" * 60_000)

    assert command is not None
    assert 1_000 < len(command.text) <= 2_000


def test_what_is_said_to_us_is_no_part_of_the_thread_that_is_judged():
    thread = without_commands(
        closed(
            ("ada", "/learnings add We said that anchors hide values."),
            ("ada", "/learnings add\n\nIt is slow."),
        )
    )

    assert [remark.text for remark in thread.remarks[1:]] == ["It is slow."]
