"""How well a tracker's earlier issues are found again, each searched for before it is added."""

import gzip
import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import IO, Any, Final

from bot.core.search.index import Document, Index

HITS: Final = 20


class BadIssuesFile(ValueError):
    """A line that is no issue; the message names the line and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class FiledIssue:
    """An issue and what is known of it: ``bucket`` is shared by all duplicates, ``cites`` are the
    issues it names."""

    document: Document
    bucket: int | str | None
    cites: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The ids found for an issue, best first; ``rank`` is 0 for missed, None when nobody knows what
    should be found."""

    id: int
    hits: Sequence[int]
    rank: int | None


@dataclass(kw_only=True)
class Replay:
    """What one run over a file found and took; times in seconds."""

    answers: list[Answer] = field(default_factory=list)
    build: float = 0.0
    queries: list[float] = field(default_factory=list)


def read_issues(path: Path) -> Iterator[FiledIssue]:
    """The issues of a file in its order; pull requests are passed over."""
    with _open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                if row.get("kind", "issue") == "issue":
                    yield _filed(row)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadIssuesFile(f"{path}, line {number}: {error!r}") from error


def _open_text(path: Path) -> IO[str]:
    return (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    )


def _filed(row: Any) -> FiledIssue:
    document = Document(
        id=row["id"],
        title=row["title"] or "",
        body=row["body"] or "",
        created_at=datetime.fromisoformat(row["created_at"]),
    )
    return FiledIssue(
        document=document, bucket=row.get("bucket"), cites=frozenset(row.get("cites") or ())
    )


def replay(path: Path, *, test_from: float) -> Replay:
    """Answer the issues after the first `test_from` of them, each from the ones before it alone."""
    first = int(test_from * sum(1 for _ in read_issues(path)))
    index, known, run = Index(), defaultdict[int | str, set[int]](set), Replay()
    for place, issue in enumerate(read_issues(path)):
        earlier = known[issue.bucket] if issue.bucket is not None else set()
        if place >= first:
            started = perf_counter()
            hits = [hit.id for hit in index.search(issue.document, HITS)]
            run.queries.append(perf_counter() - started)
            run.answers.append(
                Answer(id=issue.document.id, hits=hits, rank=rank_of(hits, earlier, issue.cites))
            )
        started = perf_counter()
        index.put(issue.document)
        run.build += perf_counter() - started
        earlier.add(issue.document.id)
    return run


def rank_of(hits: Sequence[int], earlier: set[int], cited: frozenset[int]) -> int | None:
    """Where the first of `earlier` stands, from 1; an issue whose author names one of them proves
    nothing."""
    if not earlier or earlier & cited:
        return None
    return next((rank for rank, hit in enumerate(hits, 1) if hit in earlier), 0)


def score(run: Replay) -> dict[str, float | int | None]:
    ranks = [answer.rank for answer in run.answers if answer.rank is not None]
    queries = sorted(run.queries)
    return {
        "n": len(ranks),
        **{f"R{k}": _mean([0 < rank <= k for rank in ranks]) for k in (1, 5, 10, 20)},
        "MRR10": _mean([1 / rank if 0 < rank <= 10 else 0.0 for rank in ranks]),
        "build_s": round(run.build, 2),
        "query_ms_p50": quantile_ms(queries, 0.5),
        "query_ms_p95": quantile_ms(queries, 0.95),
        "rss_mb": _most_resident_mb(),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(mean(values), 3) if values else None


def quantile_ms(ascending: Sequence[float], share: float) -> float | None:
    return round(1000 * ascending[int(share * (len(ascending) - 1))], 1) if ascending else None


def _most_resident_mb() -> float:
    """Of this process so far. https://man7.org/linux/man-pages/man2/getrusage.2.html: kilobytes, on
    macOS bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
