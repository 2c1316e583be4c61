"""Replaying a tracker: what is found, what is scored, and what the command prints."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.tools.cli import precedent
from bot.tools.evals.prior_art import BadIssuesFile, read_issues, replay, score

TITLES = (
    "Scheduler skips jobs at midnight",
    "Colours of the dashboard are hard to read",
    "Jobs are skipped by the scheduler at midnight",
    "Dashboard colours hard to read in sunlight",
)


def row(place: int, **different: object) -> dict[str, object]:
    return {
        "id": place + 1,
        "title": TITLES[place],
        "body": "",
        "created_at": f"2026-05-0{place + 1}T12:00:00Z",
        "bucket": place % 2,
        "cites": [],
        **different,
    }


def file_of(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "issues.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return path


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    return file_of(tmp_path, *map(row, range(4)))


def test_later_issues_are_answered_from_earlier_ones(issues):
    answers = replay(issues, test_from=0.5).answers

    assert [(answer.id, answer.hits[0], answer.rank) for answer in answers] == [
        (3, 1, 1),
        (4, 2, 1),
    ]


def test_all_found_first_is_a_perfect_score(issues):
    metrics = score(replay(issues, test_from=0.5))

    assert {name: metrics[name] for name in ("n", "R1", "R20", "MRR10")} == {
        "n": 2,
        "R1": 1,
        "R20": 1,
        "MRR10": 1,
    }


def test_an_issue_whose_author_names_the_duplicate_is_answered_and_not_scored(tmp_path):
    path = file_of(tmp_path, row(0), row(1), row(2, cites=[1]))
    (answer,) = replay(path, test_from=0.7).answers

    assert (answer.hits[0], answer.rank) == (1, None)


def test_without_known_duplicates_everything_is_answered_and_metrics_are_null(tmp_path):
    path = file_of(tmp_path, *(row(place, bucket=None) for place in range(4)))
    run = replay(path, test_from=0.5)

    assert (len(run.answers), score(run)["R1"]) == (2, None)


def test_pull_requests_are_passed_over(tmp_path):
    path = file_of(tmp_path, row(0, kind="issue"), row(1, kind="pr"))

    assert [issue.document.id for issue in read_issues(path)] == [1]


def test_a_gzipped_file_is_read_like_a_plain_one(issues, tmp_path):
    packed = tmp_path / "issues.jsonl.gz"
    packed.write_bytes(gzip.compress(issues.read_bytes()))

    assert list(read_issues(packed)) == list(read_issues(issues))


def test_a_bad_line_is_named(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(row(0)) + "\nnonsense\n", encoding="utf-8")

    with pytest.raises(BadIssuesFile, match="line 2"):
        list(read_issues(path))


def test_the_command_prints_metrics_and_hits_as_json(issues):
    result = CliRunner().invoke(
        precedent, ["eval", "prior-art", str(issues), "--test-from", "0.5", "--json"]
    )
    printed = json.loads(result.stdout)

    assert (
        result.exit_code,
        printed["metrics"]["n"],
        [each["hits"][0] for each in printed["rows"]],
    ) == (0, 2, [1, 2])


def test_the_command_ends_with_1_on_a_file_it_cannot_read(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text("nonsense\n", encoding="utf-8")

    assert CliRunner().invoke(precedent, ["eval", "prior-art", str(path)]).exit_code == 1
