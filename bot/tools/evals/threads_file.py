"""Closed threads kept in a file, one JSON object per line: what `eval closures` and `demo --load`
read."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from bot.core.threads import ClosedAs, Remark, RemarkKind, Thread, ThreadKind, within_budget

LANDED_BY_BOT = "landed_by_merge_bot"
WRITING_ASSOCIATIONS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class BadThreadsFile(ValueError):
    """A line that is no thread; the message names the line and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Gold:
    """What people who read the thread say about it; texts are theirs, numbers may name other
    repositories."""

    admit: bool
    reason_class: str | None = None
    states: Sequence[str] = ()
    rationale: Sequence[str] = ()
    refs: frozenset[tuple[str, int]] = frozenset()
    key_terms: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class KeptThread:
    """``id`` is `owner/repo#N`; ``gold`` is None when nobody has read the thread."""

    id: str
    repo: str
    text_form: str
    thread: Thread
    gold: Gold | None = None


def read_threads(path: Path, *, faults: list[BadThreadsFile] | None = None) -> Iterator[KeptThread]:
    """The file may be gzipped. A line that is no thread goes to ``faults``; without such a list it
    is raised."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        for place, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield read_thread(line, place=f"{path.name}:{place}")
            except BadThreadsFile as fault:
                if faults is None:
                    raise
                faults.append(fault)


def read_thread(line: str, *, place: str) -> KeptThread:
    try:
        return _kept_thread(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadThreadsFile(f"{place}: {error!r:.200}") from error


def _kept_thread(row: dict[str, Any]) -> KeptThread:
    repo, _, number = row["id"].rpartition("#")
    kind: ThreadKind = _member(row["kind"], ThreadKind)
    said = row.get("state_reason") or row["closed_as"]
    writers = _writers(row["thread"])
    remarks = within_budget(
        [_remark(message, writes=message["who"] in writers) for message in row["thread"]]
    )
    first = remarks[0].at if remarks else datetime.fromtimestamp(0, UTC)
    thread = Thread(
        number=int(number),
        kind=kind,
        title=row["title"] or "",
        author="author",
        closed_as=_closed_as(said, kind),
        created_at=_moment(row["created_at"]) if row.get("created_at") else first,
        remarks=remarks,
        labels=tuple(row.get("labels") or ()),
        closed_at=_moment(row["closed_at"])
        if row.get("closed_at")
        else remarks[-1].at
        if remarks
        else None,
        closed_by=row.get("closed_by"),
        landed=bool(row.get("landed")) or said == LANDED_BY_BOT,
    )
    return KeptThread(
        id=row["id"],
        repo=repo,
        text_form=row.get("text_form") or "",
        thread=thread,
        gold=_gold(row.get("gold")),
    )


def _closed_as(said: str, kind: ThreadKind) -> ClosedAs:
    """GitHub may add words: an issue closed in a way not known here is closed, and no more is said
    of it."""
    if said == LANDED_BY_BOT:
        return "merged" if kind == "pull_request" else "completed"
    known: Sequence[ClosedAs] = get_args(ClosedAs)
    return next(
        (word for word in known if word == said), "closed" if kind == "issue" else "closed_unmerged"
    )


def _writers(messages: Sequence[dict[str, Any]]) -> frozenset[str]:
    """Maintainers; in a thread that names none and says nothing about anybody's rights, its author,
    who closed it."""
    writers = {
        message["who"]
        for message in messages
        if message["who"].startswith("maintainer") or message.get("assoc") in WRITING_ASSOCIATIONS
    }
    untold = not writers and not any(message.get("assoc") for message in messages)
    return frozenset({"author"} if untold else writers)


def _remark(message: dict[str, Any], *, writes: bool) -> Remark:
    who = message["who"]
    return Remark(
        author=who,
        kind=_member(message["type"], RemarkKind),
        text=message.get("text") or "",
        at=_moment(message["date"]),
        writes=writes,
        bot=who.startswith("bot"),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _member(word: str, closed_set: Any) -> Any:
    if word not in get_args(closed_set):
        raise ValueError(f"{word!r} is none of {', '.join(get_args(closed_set))}")
    return word


def _gold(gold: dict[str, Any] | None) -> Gold | None:
    if not gold:
        return None
    return Gold(
        admit=bool(gold["admit"]),
        reason_class=gold.get("reason_class"),
        states=tuple(gold.get("state_ok") or ()),
        rationale=tuple(gold.get("rationale_quotes") or ()),
        refs=frozenset(_numbers(gold.get("refs") or {})),
        key_terms=tuple(gold.get("key_terms") or ()),
    )


def _numbers(refs: dict[str, str | None]) -> Iterator[tuple[str, int]]:
    for role in ("winner", "superseded_by", "parent"):
        number = str(refs.get(role) or "").rpartition("#")[2]
        if number.isdigit():
            yield role, int(number)
