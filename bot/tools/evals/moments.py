"""A tracker replayed: what is told under each issue and pull request as it opens, and which
decisions are near."""

import gzip
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, get_args

from bot.core.learnings import Entry, parse
from bot.core.learnings.entry import Reference, Span
from bot.core.recall.gate import Match
from bot.core.recall.opened import Opened
from bot.core.recall.precedents import Known, Precedents, ask, recall_decisions
from bot.core.threads import ThreadCopy, ThreadKind
from bot.ports.model import Judge
from bot.tools.evals.batches import Unanswered

TEXT_CHARS: Final = 8_000


class BadMomentsFile(ValueError):
    """A line that cannot be read; the message names the line and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A thread of a tracker. ``id`` is `owner/repo#N`; ``closed_at`` is None while it is open."""

    id: str
    opened: Opened
    by_bot: bool
    closed_at: datetime | None

    @property
    def repo(self) -> str:
        return self.id.rpartition("#")[0]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is told under a thread: numbers of decisions, each with all its threads, and the nearest
    decisions."""

    id: str
    kind: ThreadKind
    told: Sequence[int]
    near: Sequence[int]
    why: str


@dataclass(kw_only=True)
class Replay:
    """``unanswered`` counts threads left out because the model's answer to them is in no file."""

    rows: list[Row] = field(default_factory=list)
    unanswered: int = 0


def read_tracker(path: Path) -> list[Moment]:
    """In the order of the file; `body`, `description` or the first remark of `thread` is what a
    thread says."""
    return [_moment(row, place) for place, row in _read_rows(path)]


def read_entries(path: Path, *, repo: str) -> list[Entry]:
    """Of a learnings file, or those of `repo` in JSON Lines of `{id, number, state, takeaway,
    superseded_by}`."""
    if path.suffix == ".md":
        return [entry for entry in parse(path.read_text(encoding="utf-8")).entries if entry.numbers]
    rows = [
        (place, row)
        for place, row in _read_rows(path)
        if str(row.get("id", repo)).rpartition("#")[0] in ("", repo)
    ]
    return [_entry(row, place) for place, row in rows]


def replay(
    moments: Sequence[Moment],
    entries: Sequence[Entry],
    judge: Judge,
    *,
    only: Collection[str] | None = None,
) -> Replay:
    """An entry counts for what opened after its thread closed; one whose thread is not in the
    tracker never does."""
    run, past = Replay(), Past(entries)
    for moment, opens in _in_order(moments):
        if not opens:
            past.close(moment)
        elif only is None or moment.id in only:
            try:
                run.rows.append(_row(moment, past.known(moment.opened), judge))
            except Unanswered:
                run.unanswered += 1
    return run


def score(run: Replay) -> dict[str, int]:
    """Counts of threads; whether what was told is right only people can say."""
    return {
        "n": len(run.rows),
        "told": sum(bool(row.told) for row in run.rows),
        "near": sum(bool(row.near) for row in run.rows),
        "unanswered": run.unanswered,
    }


def as_json(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "told": [*row.told],
        "near": [*row.near],
        "why": row.why,
    }


class Past:
    """What had been decided by a moment."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._waiting = {number: entry for entry in entries for number in entry.numbers}
        self._entries: dict[int, Entry] = {}
        self._threads: dict[int, ThreadCopy] = {}
        self._index = Precedents()

    def close(self, moment: Moment) -> None:
        opened = moment.opened
        copy = ThreadCopy(
            number=opened.number,
            title=opened.title,
            text=opened.text[:TEXT_CHARS],
            created_at=opened.opened_at,
            closed_at=moment.closed_at,
            decided_as="closed",
        )
        entry = self._waiting.get(opened.number)
        if entry:
            self._entries[entry.line] = entry
            self._threads[opened.number] = copy
        self._index.put(copy, entry.takeaway if entry else None)

    def known(self, opened: Opened) -> Known:
        entries = [entry for entry in self._entries.values() if opened.number not in entry.numbers]
        return recall_decisions(entries, self._threads, self._index.find(ask(opened, entries)))


def _in_order(moments: Iterable[Moment]) -> Iterator[tuple[Moment, bool]]:
    """Every opening and every close, by time; of those at one moment the openings first."""
    events = [(moment.opened.opened_at, 0, moment.opened.number, moment) for moment in moments]
    events += [(m.closed_at, 1, m.opened.number, m) for m in moments if m.closed_at is not None]
    for _, closes, _, moment in sorted(events, key=lambda event: event[:3]):
        yield moment, not closes


def _row(moment: Moment, known: Known, judge: Judge) -> Row:
    near = known.nearest
    matches = [] if moment.by_bot else judge.judge(moment.opened, known)
    return Row(
        id=moment.id,
        kind=moment.opened.kind,
        told=list(dict.fromkeys(number for match in matches for number in match.numbers)),
        near=[decision.numbers[0] for decision in near],
        why=_why(moment, matches, near=bool(near)),
    )


def _why(moment: Moment, matches: Sequence[Match], *, near: bool) -> str:
    if matches:
        return "; ".join(dict.fromkeys(match.reason for match in matches))
    if moment.by_bot:
        return "a bot opened it"
    return "no decision applies for certain" if near else "no decision is near"


def _moment(row: Mapping[str, Any], place: str) -> Moment:
    try:
        said = row.get("thread") or []
        first = said[0] if said and said[0].get("type", "description") == "description" else {}
        text = row.get("body") or row.get("description") or first.get("text") or ""
        number = int(str(row["id"]).rpartition("#")[2])
        if row["kind"] not in get_args(ThreadKind):
            raise ValueError(f"{row['kind']!r} is no kind")
        opened = Opened(
            number=number,
            kind=row["kind"],
            title=row["title"] or "",
            text=text,
            opened_at=_time(row["created_at"]),
            paths=tuple(row.get("paths") or ()),
            names=tuple(row.get("names") or ()),
            commits=tuple(row.get("commits") or ()),
        )
        return Moment(
            id=str(row["id"]),
            opened=opened,
            by_bot=str(first.get("who", "")).startswith("bot"),
            closed_at=_time(row["closed_at"]) if row.get("closed_at") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadMomentsFile(f"{place}: {error!r:.200}") from error


def _entry(row: Mapping[str, Any], place: str) -> Entry:
    try:
        number, later = int(row["number"]), str(row.get("superseded_by") or "").removeprefix("#")
        takeaway = str(row["takeaway"])
        return Entry(
            head=f"#{number}",
            state=str(row["state"]),
            takeaway=takeaway,
            superseded_by=(Reference(int(later)),) if later else (),
            line=number,
            text="",
            section="",
            refs=(Reference(number),),
            note=False,
            state_span=Span(0, 0),
            body_start=0,
            prose=(),
            tails=(),
            named_children=(),
            children=(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadMomentsFile(f"{place}: {error!r:.200}") from error


def _read_rows(path: Path) -> Iterator[tuple[str, Any]]:
    with _open_text(path) as lines:
        for place, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield f"{path.name}:{place}", json.loads(line)
                except ValueError as error:
                    raise BadMomentsFile(f"{path.name}:{place}: {error}") from error


def _open_text(path: Path) -> IO[str]:
    return (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    )


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
