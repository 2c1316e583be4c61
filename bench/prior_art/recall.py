"""What the index of decisions finds for the judge, and what keeping it up with the database costs
in processor time."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from random import Random
from statistics import mean
from time import process_time

import psutil
import sqlalchemy as sa

from bench.prior_art.sampling import SAMPLES, as_decision, taken_as_decided
from bench.prior_art.synthetic import issues
from bot.adapters.store.database import Database
from bot.adapters.store.migrate import migrate
from bot.adapters.store.recall import SqlRecall
from bot.adapters.store.repositories import SqlStore
from bot.adapters.store.schema import repositories, threads
from bot.core.jobs import ReadEntries
from bot.core.recall.evidence import read_issue, weigh
from bot.core.recall.precedents import FOUND_AT_MOST, Precedents, Question
from bot.core.threads import ThreadCopy
from bot.tools.evals.prior_art import FiledIssue, quantile_ms, read_issues

NOW = datetime(2030, 1, 1, tzinfo=UTC)
REPO = 1
JOB = ReadEntries(delivery="", cause="", installation_id=1, repo_id=REPO, repo="acme/engine")
CHANGES = 200


def candidates(path: Path) -> None:
    """As in `noise`: where the decision that a later issue repeats stands among what the judge is
    shown."""
    filed = list(read_issues(path))
    for half, seed in product((0.5, 0.75), range(SAMPLES)):
        begin, end = int(half * len(filed)), int((half + 0.25) * len(filed))
        later = filed[begin:end]
        chosen = taken_as_decided(filed[:begin], {issue.bucket for issue in later}, Random(seed))
        wanted = {
            issue.bucket: {each.document.id for each in chosen if each.bucket == issue.bucket}
            for issue in later
        }
        asked = [
            i
            for i in later
            if i.bucket is not None and wanted[i.bucket] and not wanted[i.bucket] & i.cites
        ]
        decisions = list(map(as_decision, chosen))
        ways = {
            "words in common": [by_words(issue, decisions) for issue in asked],
            "entries alone": by_index(asked, chosen, chosen),
            "entries and decided threads": by_index(asked, chosen, filed[:begin]),
        }
        for way, found in ways.items():
            ranks = [
                rank(hits, wanted[issue.bucket]) for hits, issue in zip(found, asked, strict=True)
            ]
            row = {f"R{k}": round(mean(0 < each <= k for each in ranks), 3) for k in (1, 5, 10, 20)}
            print(
                json.dumps({"decisions": len(chosen), "asked": len(asked), "by": way, **row}),
                flush=True,
            )


def rank(hits: Sequence[int], wanted: set[int]) -> int:
    return next((place for place, hit in enumerate(hits, 1) if hit in wanted), 0)


def by_words(issue: FiledIssue, decisions: list) -> list[int]:
    said = read_issue(issue.document.title, issue.document.body)
    return [decision.entry.numbers[0] for decision, _ in weigh(said, decisions, most=FOUND_AT_MOST)]


def by_index(
    asked: list[FiledIssue], chosen: list[FiledIssue], known: list[FiledIssue]
) -> list[Sequence[int]]:
    index, said = Precedents(), {issue.document.id: issue.document.title for issue in chosen}
    for issue in known:
        index.put(as_copy(issue), said.get(issue.document.id))
    return [index.find(as_question(issue, said)).entries for issue in asked]


def as_copy(issue: FiledIssue) -> ThreadCopy:
    document = issue.document
    return ThreadCopy(
        number=document.id,
        title=document.title,
        text=document.body,
        created_at=document.created_at,
        decided_as="not_planned",
    )


def as_question(issue: FiledIssue, said: dict[int, str]) -> Question:
    document = issue.document
    return Question(
        number=document.id,
        title=document.title,
        text=document.body,
        asked_at=document.created_at,
        takeaways=said,
    )


def upkeep(count: int) -> None:
    """Synthetic decided threads: the first question of a worker, and the one after each change."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Database(f"sqlite:///{folder}/bot.db")) as db,
    ):
        migrate(db, now=NOW)
        store = SqlStore(db)
        store.keep_settings(JOB, None, at=NOW)
        fill(db, count)
        recall, before = SqlRecall(db), resident_mb()
        built = timed(recall)
        row = {
            "threads": count,
            "first_s": round(built, 2),
            "added_mb": round(resident_mb() - before),
        }
        unchanged = sorted(timed(recall) for _ in range(CHANGES))
        row |= {
            "unchanged_ms_p50": quantile_ms(unchanged, 0.5),
            "unchanged_ms_p95": quantile_ms(unchanged, 0.95),
        }
        for what, change in (("add", added), ("edit", edited), ("delete", deleted)):
            kept, asked = [], []
            for copy in change(count):
                started = process_time()
                store.keep_thread(REPO, copy)
                kept.append(process_time() - started)
                asked.append(timed(recall))
            row |= {
                f"{what}_ms_p50": quantile_ms(sorted(kept), 0.5),
                f"{what}_asked_ms_p50": quantile_ms(sorted(asked), 0.5),
            }
        print(json.dumps(row), flush=True)


def fill(db: Database, count: int) -> None:
    with db.writing() as tx:
        for place, document in enumerate(issues(count), 1):
            row = asdict(copy_of(place, document.title, document.body))
            tx.execute(sa.insert(threads).values(repo_id=REPO, version=place, **row))
        tx.execute(sa.update(repositories).values(threads_version=count))


def copy_of(number: int, title: str, text: str) -> ThreadCopy:
    return ThreadCopy(
        number=number,
        title=title,
        text=text,
        created_at=NOW,
        closed_at=NOW,
        decided_as="not_planned",
    )


def added(count: int) -> Iterator[ThreadCopy]:
    for place, document in enumerate(issues(CHANGES, seed=1), 1):
        yield copy_of(count + place, document.title, document.body)


def edited(count: int) -> Iterator[ThreadCopy]:
    for copy in added(count):
        yield replace(copy, title=f"{copy.title} again")


def deleted(count: int) -> Iterator[ThreadCopy]:
    for copy in added(count):
        yield replace(copy, title="", text="", decided_as=None)


def timed(recall: SqlRecall) -> float:
    (document,) = issues(1, seed=2)
    question = Question(
        number=0, title=document.title, text=document.body, asked_at=NOW, takeaways={}
    )
    started = process_time()
    recall.find(REPO, question)
    return process_time() - started


def resident_mb() -> float:
    return psutil.Process().memory_info().rss / 2**20
