"""Judging closed threads: how good, how general, how noisy, how fast.

python -m bench.closures quality FILE.jsonl        metrics, complete and reworded threads apart
python -m bench.closures own                       our own threads, six files: even rows were \
never looked at
python -m bench.closures noise FILE.jsonl          how many of a tracker's ordinary closes are \
admitted
python -m bench.closures reversals FILE.jsonl.gz   share of merged pull requests admitted, and \
some to read
python -m bench.closures speed FILE.jsonl          threads a minute on one core, judged and drafted
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import process_time

from bench.closures import KEPT_APART, OWN
from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.capture.judge_thread import judge_thread
from bot.core.threads import Remark, Thread
from bot.tools.evals.closures import answer, as_table, score
from bot.tools.evals.threads_file import read_threads

LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
TO_READ = 30
SECONDS = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["quality", "own", "noise", "reversals", "speed"])
    parser.add_argument("file", type=Path, nargs="?", default=OWN)
    parser.add_argument("--seed", type=int, default=0, help="Which reversals to read.")
    given = parser.parse_args()
    match given.what:
        case "quality":
            print(as_table(score(answer(read_threads(given.file), RuleDrafter()))))
        case "own":
            own()
        case "noise":
            noise(given.file)
        case "reversals":
            reversals(given.file, seed=given.seed)
        case _:
            speed(given.file)


def own() -> None:
    print(
        f"{KEPT_APART.name}: never looked"
        f" at\n{as_table(score(answer(read_threads(KEPT_APART), RuleDrafter())))}"
    )
    for path in OWN:
        kept = list(read_threads(path))
        for name, half in (
            ("odd rows, looked at", kept[0::2]),
            ("even rows, never looked at", kept[1::2]),
        ):
            print(
                f"\n{path.name}:"
                f" {name}\n{as_table({'all': score(answer(half, RuleDrafter()))['all']})}"
            )


def noise(path: Path) -> None:
    verdicts = [(kept, judge_thread(kept.thread)) for kept in read_threads(path)]
    admitted = [(kept, verdict) for kept, verdict in verdicts if verdict.admit]
    print(f"{len(admitted)} of {len(verdicts)} admitted")
    for kept, verdict in admitted:
        print(f"{kept.id} {verdict.rationale[0].sentence[:120]}")


def reversals(path: Path, *, seed: int) -> None:
    merged = list(_merged(path))
    admitted = [(thread, verdict) for thread in merged if (verdict := judge_thread(thread)).admit]
    print(f"{len(admitted)} of {len(merged)} admitted ({len(admitted) / len(merged):.1%})")
    for thread, verdict in Random(seed).sample(admitted, min(TO_READ, len(admitted))):
        print(f"#{thread.number} {thread.title}\n    {verdict.rationale[0].sentence[:200]}")


def _merged(path: Path) -> Iterator[Thread]:
    """Every pull request of the file as if merged with its title and body."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["kind"] == "issue":
                continue
            body = Remark(author="author", kind="description", text=row["body"] or "", at=LONG_AGO)
            yield Thread(
                number=int(str(row["id"]).rpartition("#")[2]),
                kind="pull_request",
                title=row["title"] or "",
                author="author",
                closed_as="merged",
                created_at=LONG_AGO,
                remarks=[body],
            )


def speed(path: Path) -> None:
    """Processor time, so that neighbours on the machine do not count; reading the file is left
    out."""
    kept = list(read_threads(path))
    started, judged = process_time(), 0
    while process_time() - started < SECONDS:
        judged += len(answer(kept, RuleDrafter()))
    print(f"{judged / (process_time() - started) * 60:,.0f} threads a minute")


if __name__ == "__main__":
    main()
