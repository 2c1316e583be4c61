"""Fit the model that judges closed threads, and measure it on trackers it was not fitted to.

    python -m bench.closures.fit ship REAL.jsonl.gz …              write bot/core/capture/weights.json, fitted on all
    python -m bench.closures.fit left-out OUT REAL.jsonl.gz …      each tracker judged by weights from the others

Our own files help both fits, with a small weight, and are never reported on. `left-out` writes for
each tracker OUT/TRACKER.json in the form of `precedent eval closures --json`, through the same
code, and the weights used.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from bench.closures import OWN as OWN_FILES
from bench.closures.likeness import alike
from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.capture import model as shipped
from bot.core.capture.features import Features, describe_sentence, describe_thread
from bot.core.capture.model import BIAS, Model, weigh
from bot.core.reading import Reading
from bot.core.reading import read_thread as read
from bot.tools.evals.closures import answer, as_row, score
from bot.tools.evals.threads_file import KeptThread, read_thread

OWN: Final = "own"
# Held back strongly: a thousand rows decide on some thousand words.
SENTENCES_C, THREADS_C = 0.05, 0.03
# A word counts when it is in so many rows of at least two repositories.
IN_ROWS, IN_ROWS_OF_SENTENCES, IN_REPOSITORIES = 8, 10, 2
OWN_WEIGHT: Final = 0.3
HEAVIEST_ROW: Final = 60
# Two readers differ about grades 1 and 2, hardly about 0 and 3.
ARGUABLE: Final = 0.6
# Repositories of other sizes count nearly alike.
ROWS_OF_A_REPOSITORY: Final = 200
SMALLEST_WEIGHT: Final = 0.004
# Where the lines run: chosen on trackers left out (docs/quality.md).
PROPOSED, PERHAPS = -0.1, -0.65


@dataclass(frozen=True, kw_only=True)
class Row:
    repo: str
    kept: KeptThread
    gold: Mapping[str, Any]
    weight: float
    reading: Reading
    sentences: Sequence[Features]
    reasons: Sequence[bool]

    @property
    def is_judged(self) -> bool:
        return not self.kept.thread.landed and self.kept.thread.closed_as != "merged"


def read_rows(path: Path, repo: str) -> Iterator[Row]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            kept = json.loads(line)
            if kept.get("gold"):
                yield _row(kept, read_thread(line, place=path.name), repo)


def _row(kept: Mapping[str, Any], thread: KeptThread, repo: str) -> Row:
    reading, gold = read(thread.thread), kept["gold"]
    quotes = gold.get("rationale_quotes") or [] if gold["admit"] else []
    return Row(
        repo=repo,
        kept=thread,
        gold=gold,
        weight=min(kept.get("weight") or 1, HEAVIEST_ROW),
        reading=reading,
        sentences=[describe_sentence(said, reading) for said in reading.said],
        reasons=[any(alike(said.sentence, quote) for quote in quotes) for said in reading.said],
    )


def fit_model(rows: Sequence[Row], *, fitted_on: Sequence[str]) -> Model:
    rows = [row for row in rows if row.is_judged]
    repos = sorted({row.repo for row in rows})
    # A thread is described with what others' sentences taught: as a tracker that was never seen
    # will be.
    scores: dict[int, list[float]] = {}
    for repo in repos:
        weights = fit_sentences([row for row in rows if row.repo != repo])
        for row in rows:
            if row.repo == repo:
                scores[id(row)] = [weigh(weights, features) for features in row.sentences]
    threads = fit(
        [describe_thread(row.reading, scores[id(row)]) for row in rows],
        [bool(row.gold["admit"]) for row in rows],
        weigh_rows(rows),
        [row.repo for row in rows],
        c=THREADS_C,
        in_rows=IN_ROWS,
    )
    return Model(
        sentences=fit_sentences(rows),
        threads=threads,
        proposed=PROPOSED,
        perhaps=PERHAPS,
        fitted_on=tuple(fitted_on),
    )


def fit_sentences(rows: Sequence[Row]) -> Mapping[str, float]:
    """Which sentence is the reason, where there is one: threads without a reason teach nothing
    about its place."""
    rows = [row for row in rows if row.gold["admit"]]
    told = [
        (row, features, right)
        for row in rows
        for features, right in zip(row.sentences, row.reasons, strict=True)
    ]
    return fit(
        [features for _, features, _ in told],
        [right for *_, right in told],
        [OWN_WEIGHT if row.repo == OWN else 1 for row, *_ in told],
        [row.repo for row, *_ in told],
        c=SENTENCES_C,
        in_rows=IN_ROWS_OF_SENTENCES,
    )


def weigh_rows(rows: Sequence[Row]) -> list[float]:
    """By the root of how many closes a row stands for; repositories nearly alike, our own prose
    less."""
    raw = [row.weight**0.5 * (ARGUABLE if row.gold.get("grade") in (1, 2) else 1) for row in rows]
    sums, counts = Counter[str](), Counter(row.repo for row in rows)
    for row, weight in zip(rows, raw, strict=True):
        sums[row.repo] += weight
    factors = {
        repo: counts[repo]
        / sums[repo]
        * (OWN_WEIGHT if repo == OWN else (ROWS_OF_A_REPOSITORY / counts[repo]) ** 0.5)
        for repo in counts
    }
    return [weight * factors[row.repo] for row, weight in zip(rows, raw, strict=True)]


def fit(
    described: Sequence[Features],
    right: Sequence[bool],
    weights: Sequence[float],
    repos: Sequence[str],
    *,
    c: float,
    in_rows: int,
) -> Mapping[str, float]:
    counts, seen_in = Counter[str](), defaultdict[str, set[str]](set)
    for features, repo in zip(described, repos, strict=True):
        for name in features:
            counts[name] += 1
            seen_in[name].add(repo)
    kept = {n for n in counts if counts[n] >= in_rows and len(seen_in[n]) >= IN_REPOSITORIES}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{n: v for n, v in features.items() if n in kept} for features in described]
    )
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    regression = LogisticRegression(C=c, solver="liblinear", max_iter=500)
    regression.fit(matrix, right, sample_weight=weights)
    found = zip(vectorizer.feature_names_, regression.coef_[0], strict=True)
    weighty = {
        name: round(float(weight), 3) for name, weight in found if abs(weight) >= SMALLEST_WEIGHT
    }
    return {BIAS: round(float(regression.intercept_[0]), 3), **weighty}


def write(model: Model, path: Path) -> None:
    kept = {
        "fitted_on": model.fitted_on,
        "proposed": model.proposed,
        "perhaps": model.perhaps,
        "sentences": model.sentences,
        "threads": model.threads,
    }
    path.write_text(json.dumps(kept, indent=0, ensure_ascii=False, sort_keys=True) + "\n")


def name_of(path: Path) -> str:
    return path.name.split(".")[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    modes = parser.add_subparsers(dest="mode", required=True)
    ship = modes.add_parser("ship")
    left_out = modes.add_parser("left-out")
    left_out.add_argument("out", type=Path)
    for each in (ship, left_out):
        each.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    rows = {name_of(path): list(read_rows(path, name_of(path))) for path in given.files}
    own = [row for path in OWN_FILES for row in read_rows(path, OWN)]
    if given.mode == "ship":
        everything = [*own, *(row for each in rows.values() for row in each)]
        model = fit_model(
            everything, fitted_on=[*fitted_names(rows.values()), "own files of bench/closures"]
        )
        write(model, Path(shipped.__file__).with_name("weights.json"))
        return
    given.out.mkdir(parents=True, exist_ok=True)
    for name, left in rows.items():
        others = [row for other, each in rows.items() if other != name for row in each]
        model = fit_model([*own, *others], fitted_on=[other for other in rows if other != name])
        answers = answer([row.kept for row in left], RuleDrafter(model=model))
        found = {"metrics": score(answers), "rows": [as_row(each) for each in answers]}
        write(model, given.out / f"{name}.weights.json")
        (given.out / f"{name}.json").write_text(json.dumps(found))


def fitted_names(rows: Any) -> list[str]:
    return sorted({row.kept.repo for each in rows for row in each})


if __name__ == "__main__":
    main()
