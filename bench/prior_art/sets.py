"""Issues of our own writing, some proposing a decision again (`again`), and the decisions they are
shown to."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.learnings import parse
from bot.core.recall.gate import Decision

HERE = Path(__file__).parent
DOCUMENTS = HERE.parents[1] / "tests" / "documents"


@dataclass(frozen=True, kw_only=True)
class IssueSet:
    """``field`` names the project the issues are about: sets of one field know each other's
    words."""

    name: str
    field: str
    rows: list[dict]
    decisions: list[Decision]


def read_sets(service_learnings: Path) -> Iterator[IssueSet]:
    """The sets the gate's weights are fitted to."""
    service = service_learnings.read_text(encoding="utf-8")
    for name in (
        "service_learnings",
        *(f"service_learnings_{part}" for part in ("later", "third", "fourth")),
    ):
        yield issue_set(name, "service", rows(HERE / f"{name}.jsonl"), service, {})
    yield from with_and_without_threads("hopper", DOCUMENTS)
    for name in ("larch", "marram", "quillpack"):
        yield from with_and_without_threads(name, HERE)


def read_unseen() -> Iterator[IssueSet]:
    """Nothing is ever fitted to these, nor a line drawn after a look at them: else they no longer
    tell anything."""
    yield from with_and_without_threads("tidemark", HERE)


def with_and_without_threads(name: str, folder: Path) -> Iterator[IssueSet]:
    """A second time without threads: a bot that was just installed has read none."""
    issues = rows(folder / f"{name}_issues.jsonl")
    asked = [row for row in issues if row["kind"] != "thread"]
    threads = {
        row["number"]: (row["title"], row["body"]) for row in issues if row["kind"] == "thread"
    }
    document = (folder / f"{name}_learnings.md").read_text(encoding="utf-8")
    yield issue_set(name, name, asked, document, threads)
    yield issue_set(f"{name}, threads unknown", name, asked, document, {})


def issue_set(
    name: str, field: str, asked: list[dict], document: str, threads: Mapping[int, tuple[str, str]]
) -> IssueSet:
    decisions = [
        Decision(entry=entry, thread_title=title, thread_text=text)
        for entry in parse(document).entries
        for title, text in [threads.get(entry.numbers[0], ("", "")) if entry.numbers else ("", "")]
    ]
    return IssueSet(name=name, field=field, rows=asked, decisions=decisions)


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
