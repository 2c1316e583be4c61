"""`precedent eval closures`: files of threads, metrics, rows."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.core.asking.rule_drafter import RuleDrafter
from bot.tools.cli import precedent
from bot.tools.evals.closures import answer, as_row, score, token_f1
from bot.tools.evals.threads_file import BadThreadsFile, read_thread, read_threads
from tests.support.messages_api import MessagesApi, failure

REASON = (
    "We won't add themes because every one of them breaks the contrast rules of the printed"
    " reports."
)


def row(*said: tuple[str, str], gold: dict[str, Any] | None = None, **other: Any) -> dict[str, Any]:
    messages = [
        {"who": who, "type": "comment", "date": "2024-05-01", "text": text} for who, text in said
    ]
    return {
        "id": "acme/anvil#7",
        "kind": "issue",
        "title": "Support custom themes",
        "labels": [],
        "closed_as": "closed",
        "thread": messages,
        "text_form": "verbatim",
        **({"gold": gold} if gold else {}),
        **other,
    }


def wanted(**other: Any) -> dict[str, Any]:
    return {
        "admit": True,
        "reason_class": "wont_fix_rationale",
        "state_ok": ["not-planned"],
        "rationale_quotes": [REASON],
        "refs": {"parent": None},
        "key_terms": ["contrast", "purple"],
        **other,
    }


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(*rows: dict[str, Any]) -> Path:
        path = tmp_path / "threads.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
        return path

    return write


def metrics(path: Path) -> dict[str, float | None]:
    return score(answer(read_threads(path), RuleDrafter()))["all"]


def test_a_row_becomes_a_thread() -> None:
    kept = read_thread(json.dumps(row(("maintainer1", REASON))), place="here")

    assert (kept.repo, kept.thread.number, kept.thread.remarks[0].writes) == ("acme/anvil", 7, True)


def test_a_state_reason_says_more_than_closed() -> None:
    assert (
        read_thread(json.dumps(row(state_reason="not_planned")), place="here").thread.closed_as
        == "not_planned"
    )


def test_an_association_says_who_writes() -> None:
    message = {
        "who": "author",
        "type": "comment",
        "date": "2024-05-01",
        "text": "x",
        "assoc": "OWNER",
    }

    assert read_thread(json.dumps(row(thread=[message])), place="here").thread.remarks[0].writes


def test_a_contributor_does_not_write() -> None:
    kept = read_thread(
        json.dumps(row(("contributor1", REASON), ("maintainer1", "Fixed."))), place="here"
    )

    assert not kept.thread.remarks[0].writes


def test_a_broken_line_is_named(write: Any) -> None:
    path = write(row(), {"id": "nothing"})

    with pytest.raises(BadThreadsFile, match=r"threads\.jsonl:2"):
        list(read_threads(path))


def test_a_hit_is_scored(write: Any) -> None:
    found = metrics(write(row(("maintainer1", REASON), gold=wanted())))

    assert (found["precision"], found["recall"], found["rationale"], found["state"]) == (1, 1, 1, 1)


def test_half_of_the_key_terms(write: Any) -> None:
    assert metrics(write(row(("maintainer1", REASON), gold=wanted())))["key_terms"] == 0.5


def test_noise_is_scored(write: Any) -> None:
    found = metrics(write(row(("maintainer1", REASON), gold=wanted(admit=False))))

    assert (found["precision"], found["false_positives_per_100"]) == (0, 100)


def test_a_miss_is_scored(write: Any) -> None:
    found = metrics(write(row(("maintainer1", "Fixed."), gold=wanted())))

    assert (found["precision"], found["recall"]) == (None, 0)


def test_a_wrong_role_counts_against_precision(write: Any) -> None:
    text = f"{REASON} The spelling was fixed in #41, and it belongs to #3."
    found = metrics(
        write(row(("maintainer1", text), gold=wanted(refs={"winner": "#41", "parent": "#5"})))
    )

    assert (found["refs_precision"], found["refs_recall"]) == (0.5, 0.5)


def test_rows_without_gold_are_answered_and_not_scored(write: Any) -> None:
    found = metrics(write(row(("maintainer1", REASON))))

    assert (found["n"], found["admitted"], found["precision"]) == (1, 1, None)


def test_forms_of_text_are_told_apart(write: Any) -> None:
    path = write(
        row(("maintainer1", REASON), gold=wanted()),
        row(("maintainer1", "Fixed."), gold=wanted(), text_form="rewritten"),
    )
    by_form = score(answer(read_threads(path), RuleDrafter()))

    assert (by_form["verbatim"]["recall"], by_form["rewritten"]["recall"]) == (1, 0)


def test_a_row_of_the_answer(write: Any) -> None:
    [answered] = answer(read_threads(write(row(("maintainer1", REASON)))), RuleDrafter())

    assert as_row(answered) == {
        "id": "acme/anvil#7",
        "admit": True,
        "tier": "proposed",
        "reason_class": "wont_fix_rationale",
        "state": "not-planned",
        "rationale": [REASON],
        "takeaway": REASON,
        "refs": {"winner": None, "superseded_by": None, "parent": None},
    }


def test_sentences_compare_by_their_words() -> None:
    assert token_f1("The cache leaks.", "the cache, leaks") == 1
    assert token_f1("one two", "three") == 0


def test_the_command_prints_json(write: Any) -> None:
    ran = CliRunner().invoke(
        precedent, ["eval", "closures", str(write(row(("maintainer1", REASON)))), "--json"]
    )

    assert (ran.exit_code, json.loads(ran.output)["rows"][0]["admit"]) == (0, True)


def test_the_command_prints_a_table(write: Any) -> None:
    ran = CliRunner().invoke(
        precedent, ["eval", "closures", str(write(row(("maintainer1", REASON))))]
    )

    assert (ran.exit_code, "false_positives_per_100" in ran.output) == (0, True)


def test_the_command_names_a_broken_line_answers_the_others_and_says_so_as_it_exits(
    write: Any,
) -> None:
    path = write({"id": "nothing"}, row(("maintainer1", REASON)))
    ran = CliRunner().invoke(precedent, ["eval", "closures", str(path), "--json"])

    assert (ran.exit_code, "threads.jsonl:1" in ran.stderr) == (3, True)
    assert [each["tier"] for each in json.loads(ran.stdout)["rows"]] == ["proposed"]


def test_a_file_may_be_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "threads.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row(("maintainer1", REASON))).encode()))

    assert [kept.id for kept in read_threads(path)] == ["acme/anvil#7"]


WORDS = {
    "a word GitHub may add": ("issue", "invalid", "closed", False),
    "of a pull request": ("pull_request", "withdrawn", "closed_unmerged", False),
    "landed by a merge bot": ("pull_request", "landed_by_merge_bot", "merged", True),
    "an issue that it landed": ("issue", "landed_by_merge_bot", "completed", True),
}


@pytest.mark.parametrize(("kind", "said", "closed_as", "landed"), WORDS.values(), ids=WORDS.keys())
def test_any_word_for_how_it_closed_is_read(
    kind: str, said: str, closed_as: str, landed: bool
) -> None:
    thread = read_thread(json.dumps(row(kind=kind, closed_as=said)), place="here").thread

    assert (thread.closed_as, thread.landed) == (closed_as, landed)


def test_a_tracker_is_replayed_in_time_order(write: Any) -> None:
    path = write(
        row(("maintainer1", REASON), gold=wanted(), closed_at="2024-05-01"),
        row(("maintainer1", "Fixed."), id="acme/anvil#8", closed_at="2024-07-01"),
    )
    ran = CliRunner().invoke(precedent, ["eval", "replay", str(path)])
    early, late = (
        CliRunner().invoke(precedent, ["eval", "replay", str(path), "--at", day]).stdout
        for day in ("2024-04-01", "2024-06-01")
    )

    assert [line.split()[:6] for line in ran.stdout.split("\n") if line.startswith("all")] == [
        ["all", "2", "1", "50.0", "0", "1"]
    ]
    assert (REASON in early, REASON in late) == (False, True)


def test_claude_without_a_key_is_misuse(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    ran = CliRunner().invoke(
        precedent, ["eval", "closures", str(write(row())), "--drafter", "claude"]
    )

    assert (ran.exit_code, "ANTHROPIC_API_KEY" in ran.output) == (2, True)


def test_claude_is_asked_where_the_environment_says(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MessagesApi(lambda _: failure(529)) as api:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        ran = CliRunner().invoke(
            precedent,
            ["eval", "closures", str(write(row(("maintainer1", REASON)))), "--drafter", "claude"],
        )

    assert (ran.exit_code, len(api.asked), "Claude" in ran.output) == (1, 1, True)
