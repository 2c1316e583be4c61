"""Finding earlier issues and prior decisions: our index beside bm25s, tantivy and SQLite FTS5.

    python -m bench.prior_art quality FILE.jsonl.gz     found again in a real tracker, all engines
    python -m bench.prior_art scale 1000 15815 200000   build, memory and latency on synthetic issues, all engines
    python -m bench.prior_art gate LEARNINGS.md         re-proposals and look-alikes in our own words
    python -m bench.prior_art noise FILE.jsonl.gz       how often the gate speaks on a real tracker, and rightly
    python -m bench.prior_art candidates FILE.jsonl.gz  what the judge is shown of a repository's decisions
    python -m bench.prior_art moments FOLDER            what is told and near on trackers nothing was fitted to
    python -m bench.prior_art upkeep 1000 15815 200000  the index of decisions beside its database

Each engine runs in a process of its own, so that memory is its own.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from itertools import chain
from pathlib import Path
from time import perf_counter

import psutil

from bench.prior_art.moments import moments
from bench.prior_art.noise import noise
from bench.prior_art.peers import ENGINES, Engine
from bench.prior_art.recall import candidates, upkeep
from bench.prior_art.sets import IssueSet, read_sets, read_unseen
from bench.prior_art.synthetic import issues
from bot.core.recall.entry_search import search_entries
from bot.core.recall.gate import find_prior_decisions
from bot.core.search.index import Document
from bot.tools.evals.prior_art import Answer, Replay, quantile_ms, rank_of, read_issues, score

TEST_FROM = 0.75
# The peers know all issues at once; later ones are dropped from what they find.
HITS_ASKED = 400
QUERIES = 200


def main() -> None:
    arguments = read_arguments()
    if arguments.what in OF_A_FILE:
        OF_A_FILE[arguments.what](arguments.file)
    elif arguments.what == "upkeep":
        for count in arguments.counts:
            upkeep(count)
    elif arguments.engine is None:
        sys.stdout.flush()
        for engine in ENGINES:
            subprocess.run(
                [sys.executable, "-m", "bench.prior_art", *sys.argv[1:], "--engine", engine],
                check=True,
            )
    elif arguments.what == "quality":
        quality(arguments.file, arguments.engine)
    else:
        for count in arguments.counts:
            scale(count, arguments.engine)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.prior_art", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("quality", *OF_A_FILE):
        commands.add_parser(name).add_argument("file", type=Path)
    for name in ("scale", "upkeep"):
        commands.add_parser(name).add_argument("counts", type=int, nargs="+")
    for command in commands.choices.values():
        command.add_argument("--engine", choices=ENGINES)
    return parser.parse_args()


def quality(path: Path, name: str) -> None:
    filed = list(read_issues(path))
    place_of = {issue.document.id: place for place, issue in enumerate(filed)}
    engine, run, known = ENGINES[name](), Replay(), defaultdict(set)
    started = perf_counter()
    engine.build([issue.document for issue in filed])
    run.build = perf_counter() - started
    for place, issue in enumerate(filed):
        earlier = known[issue.bucket] if issue.bucket is not None else set()
        if place >= TEST_FROM * len(filed) and earlier and not earlier & issue.cites:
            hits, seconds = timed(engine, issue.document)
            hits = [hit for hit in hits if place_of[hit] < place][:20]
            run.queries.append(seconds)
            run.answers.append(
                Answer(id=issue.document.id, hits=hits, rank=rank_of(hits, earlier, issue.cites))
            )
        earlier.add(issue.document.id)
    print(json.dumps({"engine": name, **score(run)}), flush=True)


def timed(engine: Engine, query: Document) -> tuple[list[int], float]:
    started = perf_counter()
    hits = engine.search(query, HITS_ASKED)
    return hits, perf_counter() - started


def scale(count: int, name: str) -> None:
    documents = list(issues(count + QUERIES))
    pool, queries = documents[:count], documents[count:]
    before = resident_mb()
    engine = ENGINES[name]()
    started = perf_counter()
    engine.build(pool)
    built = perf_counter() - started
    taken = sorted(timed(engine, query)[1] for query in queries)
    row = {
        "engine": name,
        "documents": count,
        "build_s": round(built, 2),
        "added_mb": round(resident_mb() - before),
        "query_ms_p50": quantile_ms(taken, 0.5),
        "query_ms_p95": quantile_ms(taken, 0.95),
    }
    if name == "ours":
        added = sorted(add_time(engine, query) for query in queries)
        row |= {"add_ms_p50": quantile_ms(added, 0.5), "add_ms_most": quantile_ms(added, 1)}
    print(json.dumps(row), flush=True)


def add_time(engine: Engine, document: Document) -> float:
    started = perf_counter()
    engine.index.put(document)
    return perf_counter() - started


def resident_mb() -> float:
    return psutil.Process().memory_info().rss / 2**20


def gate(path: Path) -> None:
    for each in chain(read_sets(path), read_unseen()):
        print(each.name, json.dumps(judge(each), indent=1))


def judge(issues: IssueSet) -> dict[str, int]:
    counts = defaultdict(int)
    entries = [decision.entry for decision in issues.decisions]
    for row in issues.rows:
        wanted = row.get("decision")
        first = search_entries(entries, f"{row['title']}\n{row['body']}", 1)
        matches = find_prior_decisions(row["title"], row["body"], issues.decisions)
        right = [row["kind"] == "again" and wanted in match.found.numbers for match in matches]
        counts[f"{row['kind']}: issues"] += 1
        counts[f"{row['kind']}: entry found first"] += (
            bool(first) and wanted in first[0].entry.numbers
        )
        counts[f"{row['kind']}: right comment"] += any(right[:1])
        counts[f"{row['kind']}: wrong comment"] += not all(right[:1])
        counts[f"{row['kind']}: told besides"] += len(right[1:])
    return counts


OF_A_FILE = {"gate": gate, "noise": noise, "candidates": candidates, "moments": moments}


if __name__ == "__main__":
    main()
