"""The story that a newcomer sees, in real processes: each of its acts must hold."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Three starts of two processes each: 20 s of processor time, on a machine that may give it a tenth.
LONGEST_STORY_SECONDS = 280
pytestmark = pytest.mark.timeout(300)


def precedent(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LONGEST_STORY_SECONDS, check=False
    )


@pytest.fixture(scope="module")
def story() -> subprocess.CompletedProcess[str]:
    return precedent("demo", "--story")


def test_every_act_of_the_story_holds(story):
    assert story.returncode == 0, story.stdout + story.stderr


def test_the_story_is_told_whole(story):
    assert [f"Act {number}." in story.stdout for number in range(1, 8)] == [True] * 7


def test_the_story_shows_the_diff_and_the_comment(story):
    assert "+- **#3** (not-planned)" in story.stdout
    assert "**Prior decision:** `#3`" in story.stdout


THREADS = [
    {
        "id": "acme/boat#12",
        "kind": "issue",
        "title": "Store charts as PNG",
        "closed_as": "closed",
        "state_reason": "not_planned",
        "thread": [
            {
                "who": "author",
                "type": "description",
                "date": "2024-03-01",
                "text": "SVG is slow on my tablet.",
            },
            {
                "who": "maintainer1",
                "type": "comment",
                "date": "2024-03-04",
                "text": (
                    "We won't store PNG, because a bitmap cannot be zoomed and charts are"
                    " read on all screens."
                ),
            },
        ],
    },
    {
        "id": "acme/boat#13",
        "kind": "pull_request",
        "title": "Fix a typo",
        "closed_as": "merged",
        "thread": [
            {"who": "author", "type": "description", "date": "2024-03-05", "text": "Teh to the."}
        ],
    },
]


def test_real_threads_can_be_played_in(tmp_path):
    kept = tmp_path / "threads.jsonl"
    kept.write_text("\n".join(json.dumps(thread) for thread in THREADS))
    played = precedent("demo", "--load", kept, "--story")

    assert played.returncode == 0, played.stdout + played.stderr
    assert "one pull request with 1 entries" in played.stdout


def test_a_file_that_holds_no_threads_is_misuse(tmp_path):
    kept = tmp_path / "threads.jsonl"
    kept.write_text('{"id": 1}\n')

    assert precedent("demo", "--load", kept, "--story").returncode == 2
