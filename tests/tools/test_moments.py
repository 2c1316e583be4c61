"""`precedent eval moments`: a tracker replayed by rule and from a file of a model's answers."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.adapters.model import Models
from bot.adapters.model.claude import Question, Refused
from bot.core.asking.decision_reply import Judgements
from bot.tools.cli import precedent
from bot.tools.evals.batches import BadAnswersFile, Batch, Unanswered, read_answers
from bot.tools.evals.moments import read_entries, read_tracker

GAUGE = "The pressure gauge keeps its needle: a digital readout was unreadable in sunlight."
SUBJECTS = (
    "pump valves",
    "boiler plates",
    "whistle tuning",
    "coal bunker",
    "wheel bearings",
    "cabin windows",
)
FILLER = (
    "ballast couplings tender firebox injector regulator piston crosshead smokebox chimney"
    " blastpipe superheater"
)


def thread(
    number: int, title: str, *, day: int, closed: int | None = None, **other: Any
) -> dict[str, Any]:
    closed_at = None if closed is None else f"2026-01-{closed:02}T00:00:00Z"
    opened = {"created_at": f"2026-01-{day:02}T00:00:00Z", "closed_at": closed_at}
    return {
        "id": f"acme/engine#{number}",
        "kind": "issue",
        "title": title,
        "body": "",
        **opened,
        **other,
    }


def entry(number: int, takeaway: str, **other: Any) -> dict[str, Any]:
    said = {"number": number, "state": "won't-fix", "takeaway": takeaway, "superseded_by": None}
    return {"id": f"acme/engine#{number}", **said, **other}


TRACKER = [
    thread(1, "Replace the pressure gauge needle by a digital readout", day=1, closed=5),
    *(thread(n, f"Rework the {what}", day=1, closed=4) for n, what in enumerate(SUBJECTS, start=2)),
    *(
        thread(n, f"Renew {word} drawings", day=2, closed=3)
        for n, word in enumerate(FILLER.split(), start=20)
    ),
    *(
        thread(n, f"Order {word} castings", day=2, closed=3)
        for n, word in enumerate(FILLER.split(), start=80)
    ),
    thread(50, "Replace the pressure gauge needle by a digital readout", day=4, closed=4),
    thread(51, "Replace pressure gauge needle by digital readout", day=6),
    thread(52, "Paint the tender green", day=7, kind="pull_request"),
    thread(54, "Give the whistle a second tuning", day=7, kind="pull_request"),
    thread(
        53,
        "Replace the pressure gauge needle by a digital readout",
        day=8,
        body="As in #1, but brighter.",
    ),
]
ENTRIES = [
    entry(1, GAUGE),
    *(entry(n, f"The {what} stay as they are.") for n, what in enumerate(SUBJECTS, start=2)),
]


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *rows: dict[str, Any]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


def moments(*arguments: object) -> Result:
    return CliRunner().invoke(precedent, ["eval", "moments", *map(str, arguments)])


def rows_of(result: Result) -> dict[int, dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return {int(row["id"].rpartition("#")[2]): row for row in json.loads(result.output)["rows"]}


@pytest.fixture
def files(write: Write) -> tuple[Path, Path]:
    return write("tracker.jsonl", *TRACKER), write("entries.jsonl", *ENTRIES)


@pytest.fixture
def rows(files: tuple[Path, Path]) -> dict[int, dict[str, Any]]:
    return rows_of(moments(files[0], "--entries", files[1], "--json"))


def test_a_nearly_identical_title_is_told(rows: dict[int, dict[str, Any]]) -> None:
    assert (rows[51]["kind"], rows[51]["told"]) == ("issue", [1])
    assert rows[51]["why"] == "their titles say nearly the same"


def test_a_decision_counts_for_what_opened_after_its_thread_closed(
    rows: dict[int, dict[str, Any]],
) -> None:
    assert (rows[50]["told"], rows[50]["near"]) == ([], [])


def test_an_author_who_names_the_decision_is_not_told(rows: dict[int, dict[str, Any]]) -> None:
    assert (rows[53]["told"], rows[53]["near"][0]) == ([], 1)


def test_what_is_near_is_said_without_a_comment(rows: dict[int, dict[str, Any]]) -> None:
    assert (rows[54]["kind"], rows[54]["told"], rows[54]["near"][0]) == ("pull_request", [], 4)
    assert all(len(row["near"]) <= 3 for row in rows.values())


def test_where_nothing_is_near_nothing_is_named(rows: dict[int, dict[str, Any]]) -> None:
    assert (rows[52]["near"], rows[52]["why"]) == ([], "no decision is near")


def test_every_thread_has_a_row(rows: dict[int, dict[str, Any]]) -> None:
    assert len(rows) == len(TRACKER)


@pytest.mark.parametrize(
    "title",
    [
        "Remove the pressure gauge needle, replace digital readout",
        "Paint the pressure gauge needle",
        "Document the pressure gauge needle and its digital readout",
    ],
)
def test_what_only_resembles_a_decision_is_not_told(
    write: Write, files: tuple[Path, Path], title: str
) -> None:
    tracker = write("other.jsonl", *TRACKER, thread(60, title, day=9))

    assert rows_of(moments(tracker, "--entries", files[1], "--json"))[60]["told"] == []


def test_three_decisions_make_nothing_certain(write: Write, files: tuple[Path, Path]) -> None:
    few = write("few.jsonl", *ENTRIES[:3])

    assert not any(
        row["told"] for row in rows_of(moments(files[0], "--entries", few, "--json")).values()
    )


def test_the_same_text_handed_in_again_is_told(write: Write, files: tuple[Path, Path]) -> None:
    text = " ".join(f"{word[::-1]} {word[3:]}{word[:3]} {word[2:]}on" for word in FILLER.split())
    tracker = write(
        "texts.jsonl",
        *TRACKER[1:],
        thread(1, "Readout", day=1, closed=5, body=text),
        thread(60, "New readout", day=9, body=text),
        thread(
            61,
            "New readout",
            day=9,
            body=text,
            thread=[{"who": "bot1", "type": "description", "text": ""}],
        ),
    )
    rows = rows_of(moments(tracker, "--entries", files[1], "--json"))

    assert (rows[60]["told"], rows[60]["why"]) == ([1], "their texts say nearly the same")
    assert (rows[61]["told"], rows[61]["why"]) == ([], "a bot opened it")


def test_equal_rules_are_one_decision_told_with_its_numbers(
    write: Write, files: tuple[Path, Path]
) -> None:
    entries = write("equal.jsonl", *ENTRIES, entry(20, GAUGE.replace(":", ";")))
    row = rows_of(moments(files[0], "--entries", entries, "--json"))[51]

    assert row["told"] == [20, 1]
    assert row["near"].count(20) == 1
    assert 1 not in row["near"]


def test_what_replaced_a_decision_is_told_by_its_number(
    write: Write, files: tuple[Path, Path]
) -> None:
    entries = write(
        "later.jsonl", entry(1, GAUGE, state="superseded", superseded_by="#77"), *ENTRIES[1:]
    )

    assert rows_of(moments(files[0], "--entries", entries, "--json"))[51]["told"] == [1, 77]


def test_entries_may_be_a_learnings_file_and_the_tracker_gzipped(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    document = tmp_path / "learnings.md"
    document.write_text(
        "".join(f"- **#{e['number']}** ({e['state']}) — {e['takeaway']}\n" for e in ENTRIES)
    )
    tracker = tmp_path / "tracker.jsonl.gz"
    tracker.write_bytes(gzip.compress(files[0].read_bytes()))

    assert rows_of(moments(tracker, "--entries", document, "--json"))[51]["told"] == [1]


def test_decisions_of_another_repository_are_none_of_these(write: Write) -> None:
    other = write("entries.jsonl", entry(1, GAUGE), {**entry(2, GAUGE), "id": "acme/other#2"})

    assert [each.numbers for each in read_entries(other, repo="acme/engine")] == [(1,)]


def test_a_description_or_the_first_remark_is_what_a_thread_says(write: Write) -> None:
    said = [{"who": "author", "type": "description", "text": "as a remark"}]
    tracker = write(
        "said.jsonl",
        thread(1, "a", day=1, body=None, description="described"),
        thread(2, "b", day=1, body=None, thread=said),
        thread(3, "c", day=1, body=None, thread=[{**said[0], "type": "comment"}]),
    )

    assert [moment.opened.text for moment in read_tracker(tracker)] == [
        "described",
        "as a remark",
        "",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "discussion"},
        {"created_at": "yesterday"},
        {"id": "acme/engine"},
        {"thread": ["said"]},
    ],
)
def test_a_line_that_is_no_thread_is_named(
    write: Write, files: tuple[Path, Path], broken: dict[str, Any]
) -> None:
    tracker = write("broken.jsonl", thread(1, "a", day=1), {**thread(2, "b", day=1), **broken})
    result = moments(tracker, "--entries", files[1])

    assert (result.exit_code, "broken.jsonl:2" in result.output) == (1, True)


# From a file of answers


def answered(
    path: Path, out: Path, answer: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> Path:
    """What somebody who reads the requests in one file would say, as the vendor writes it."""
    lines = []
    for request in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        said = answer(json.loads(request["params"]["messages"][0]["content"].splitlines()[1]))
        lines.append(
            json.dumps({"custom_id": request["custom_id"], "result": outcome(said)}) + "\n"
        )
    out.write_text("".join(lines), encoding="utf-8")
    return out


def outcome(said: dict[str, Any] | None) -> dict[str, Any]:
    if said is None:
        return {"type": "expired"}
    content = [{"type": "text", "text": json.dumps(said)}]
    usage = {"input_tokens": 1, "output_tokens": 1}
    return {
        "type": "succeeded",
        "message": {"stop_reason": "end_turn", "content": content, "usage": usage},
    }


def reader(material: dict[str, Any]) -> dict[str, Any] | None:
    title = material["opened"]["title"]
    if "first_reader" in material:
        return {"asked": title, "decided": GAUGE, "fault": "none", "verdict": "tell"}
    reading = {
        "ruled": GAUGE,
        "relation": "same_proposal",
        "differs": "",
        "new_premise": False,
        "grade": 3,
    }
    shown = [each["number"] for each in material["decisions"]]
    readings = [{"number": 1, **reading}] if "gauge" in title and 1 in shown else []
    return {"proposed": title, "readings": readings, "more": False}


@pytest.fixture
def only(tmp_path: Path) -> Path:
    path = tmp_path / "only.txt"
    path.write_text("acme/engine#51\nacme/engine#52\n", encoding="utf-8")
    return path


def test_rounds_of_questions_and_answers_end_in_what_is_told(
    files: tuple[Path, Path], only: Path, tmp_path: Path
) -> None:
    tracker, a, b = (
        [files[0], "--entries", files[1], "--only", only],
        tmp_path / "a.jsonl",
        tmp_path / "b.jsonl",
    )
    first = json.loads(moments(*tracker, "--ask", a, "--json").output)
    assert (first["rows"], first["metrics"]["unanswered"]) == ([], 2)

    a_out = answered(a, tmp_path / "a.out.jsonl", reader)
    second = rows_of(moments(*tracker, "--answers", a_out, "--ask", b, "--json"))
    assert list(second) == [52]
    assert len(b.read_text().splitlines()) == 1

    b_out = answered(b, tmp_path / "b.out.jsonl", reader)
    last = rows_of(moments(*tracker, "--answers", a_out, b_out, "--json"))
    assert {number: row["told"] for number, row in last.items()} == {51: [1], 52: []}


def test_a_request_is_what_the_service_would_be_sent(
    files: tuple[Path, Path], only: Path, tmp_path: Path
) -> None:
    moments(files[0], "--entries", files[1], "--only", only, "--ask", tmp_path / "a.jsonl")
    request, _ = map(json.loads, (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines())

    assert set(request) == {"custom_id", "params"}
    assert len(request["custom_id"]) <= 64
    assert {"model", "max_tokens", "system", "messages", "output_config"} == set(request["params"])


def test_what_people_said_of_a_thread_is_never_asked(
    write: Write, files: tuple[Path, Path], tmp_path: Path
) -> None:
    tracker = write(
        "gold.jsonl", *({**row, "gold": "SECRET", "verdict": "SECRET"} for row in TRACKER)
    )
    moments(tracker, "--entries", files[1], "--ask", tmp_path / "a.jsonl")

    assert "SECRET" not in (tmp_path / "a.jsonl").read_text(encoding="utf-8")


def test_what_failed_has_no_answer(files: tuple[Path, Path], only: Path, tmp_path: Path) -> None:
    tracker = [files[0], "--entries", files[1], "--only", only]
    moments(*tracker, "--ask", tmp_path / "a.jsonl")
    out = answered(tmp_path / "a.jsonl", tmp_path / "out.jsonl", lambda _: None)

    assert (
        json.loads(moments(*tracker, "--answers", out, "--json").output)["metrics"]["unanswered"]
        == 2
    )


def test_files_without_a_word_what_they_are_are_refused(files: tuple[Path, Path]) -> None:
    assert moments(files[0], files[1], "--entries", files[1]).exit_code == 2


@pytest.mark.parametrize(
    "line", ["{", '{"custom_id": "a"}', '{"custom_id": "a", "result": {"type": "lost"}}']
)
def test_a_line_that_is_no_result_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")

    with pytest.raises(BadAnswersFile, match=r"out\.jsonl:2"):
        read_answers([path])


def test_a_batch_puts_down_each_question_once() -> None:
    batch = Batch(models=Models(drafting="d", judging="j"))
    question = Question("j", "Read.", "{}", Judgements)
    for _ in range(2):
        with pytest.raises(Unanswered):
            batch.ask(question)

    assert [json.loads(line)["custom_id"] for line in batch.requests] == [question.key]


def test_an_answer_the_model_declined_to_give_is_refused(tmp_path: Path) -> None:
    question = Question("j", "Read.", "{}", Judgements)
    path, said = tmp_path / "out.jsonl", outcome({})
    said["message"]["stop_reason"] = "refusal"
    path.write_text(json.dumps({"custom_id": question.key, "result": said}), encoding="utf-8")

    with pytest.raises(Refused):
        Batch(models=Models(drafting="d", judging="j"), answers=read_answers([path])).ask(question)
