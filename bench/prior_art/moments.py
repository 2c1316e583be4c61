"""Where the decision stands that a later thread proposes again, on trackers to which nothing was
fitted.

Expects a folder with a tracker `NAME.jsonl.gz` for each NAME asked for, `entries.jsonl` (decisions)
and `pairs.jsonl`: `{id, decisions: [numbers], verdict}`, found by reading, "again" or "arguable".
"""

import json
from collections import Counter
from pathlib import Path

from bot.core.asking.rule_judge import CertainJudge
from bot.tools.evals.moments import read_entries, read_tracker, replay

TRACKERS = ("gui", "bips", "rust_opened")


def moments(folder: Path) -> None:
    pairs = {
        row["id"]: row for row in map(json.loads, (folder / "pairs.jsonl").read_text().splitlines())
    }
    for name in TRACKERS:
        threads = read_tracker(folder / f"{name}.jsonl.gz")
        entries = read_entries(folder / "entries.jsonl", repo=threads[0].repo)
        print(
            json.dumps(
                {"tracker": name, "entries": len(entries), **measure(threads, entries, pairs)}
            ),
            flush=True,
        )


def measure(threads, entries, pairs) -> dict:
    judge = Watching(threads[0].repo, pairs)
    run = replay(threads, entries, judge)
    told = [row for row in run.rows if row.told]
    again = {id for id, pair in pairs.items() if pair["verdict"] == "again"}
    near = [
        row
        for row in run.rows
        if row.id in again and set(row.near) & set(pairs[row.id]["decisions"])
    ]
    return {
        "threads": len(run.rows),
        "with decisions near": sum(bool(row.near) for row in run.rows),
        "proposed again": judge.places["asked"],
        **{f"in the first {k}": judge.places[k] for k in Watching.FIRST},
        "decision near": len(near),
        "told without a model": [(row.id, row.told) for row in told],
        "of these proposed again": sum(row.id in again for row in told),
    }


class Watching(CertainJudge):
    """The rule, which also counts where the decision that is proposed again stands among the
    candidates."""

    FIRST = (1, 3, 5, 20)

    def __init__(self, repo, pairs) -> None:
        self.repo, self.pairs, self.places = repo, pairs, Counter()

    def judge(self, opened, known):
        pair = self.pairs.get(f"{self.repo}#{opened.number}")
        if pair and pair["verdict"] == "again":
            held = [bool(set(decision.numbers) & set(pair["decisions"])) for decision in known.near]
            self.places.update(["asked", *(k for k in self.FIRST if any(held[:k]))])
        return super().judge(opened, known)
