"""Fit the weights by which a thread counts as refused for a reason, and write
bot/core/capture/verdict_weights.py.

    python -m bench.closures.fit_verdicts FILE.jsonl... --ordinary FILE.jsonl            prints, writes nothing
    python -m bench.closures.fit_verdicts FILE.jsonl... --ordinary FILE.jsonl --write

Examples are labelled threads that closed without their change, each file beside our own five, and
as counterweight a tracker's ordinary closes, none of which deserves an entry. What is printed first
is out of sample: each file judged by what was learnt from the others, the ordinary closes in two
halves.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.closures import OWN
from bench.regression import as_module, as_rows, fit
from bot.core.capture.judge_thread import refuse_unread
from bot.core.capture.other_endings import find_disposition, is_closed_for_another_cause
from bot.core.capture.refused import is_labelled, judge_otherwise
from bot.core.capture.weighing import describe, find_candidates
from bot.core.logistic import probability
from bot.core.reading.statements import read_statements
from bot.core.verdicts import CaptureRules
from bot.tools.evals.threads_file import read_threads

PENALTY = 3.0
LIKELIHOODS = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8)
TARGET = Path(__file__).parents[2] / "bot" / "core" / "capture" / "verdict_weights.py"
ABOUT = """Weights of the verdict on what was refused. Written by bench/closures/fit_verdicts.py; \
do not edit.

Fitted to {labelled} threads that closed without their change, {wanted} of which people found \
worth an entry ({files}
files, one of real threads, the others of our own writing), and to {ordinary} ordinary closes of \
the rust tracker."""


@dataclass(frozen=True)
class Example:
    """``fold`` is judged by what was learnt from the others."""

    fold: str
    values: Mapping[str, float]
    wanted: bool


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.closures.fit_verdicts", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--ordinary", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    labelled = [example for path in (*arguments.files, *OWN) for example in examples_of(path)]
    ordinary = [
        Example(f"ordinary, {('odd', 'even')[place % 2]}", each.values, each.wanted)
        for place, each in enumerate(examples_of(arguments.ordinary))
    ]
    judge_left_out([*labelled, *ordinary])
    weights = weights_of([*labelled, *ordinary])
    print(as_rows(weights))
    if arguments.write:
        counts = {
            "labelled": len(labelled),
            "wanted": sum(each.wanted for each in labelled),
            "files": len({each.fold for each in labelled}),
            "ordinary": len(ordinary),
        }
        TARGET.write_text(as_module(ABOUT.format(**counts), weights))


def examples_of(path: Path) -> Iterator[Example]:
    """Those of a file whose reasons are to be weighed."""
    rules = CaptureRules()
    for kept in read_threads(path):
        if (
            kept.gold is None
            or kept.thread.closed_as == "merged"
            or refuse_unread(kept.thread, rules)
        ):
            continue
        statements = read_statements(kept.thread, rules)
        if judge_otherwise(
            kept.thread, statements, rules
        ) is None and not is_closed_for_another_cause(statements):
            described = describe(
                kept.thread,
                statements,
                candidates=find_candidates(statements),
                disposition=find_disposition(kept.thread, statements),
                labelled=is_labelled(kept.thread, rules),
            )
            yield Example(path.stem, described, kept.gold.admit)


def judge_left_out(examples: Sequence[Example]) -> None:
    judged = {}
    for fold in dict.fromkeys(each.fold for each in examples):
        weights = weights_of([each for each in examples if each.fold != fold])
        judged[fold] = [
            (probability(weights, each.values), each.wanted)
            for each in examples
            if each.fold == fold
        ]
    for likelihood in LIKELIHOODS:
        print(f"{likelihood}:", end=" ")
        for fold, answers in judged.items():
            admitted = [wanted for likely, wanted in answers if likely >= likelihood]
            right, wanted = sum(admitted), sum(wanted for _, wanted in answers)
            print(f"{fold} {right} of {wanted}, {len(admitted) - right} wrong", end="; ")
        print()


def weights_of(examples: Sequence[Example]) -> dict[str, float]:
    rows, wanted = [each.values for each in examples], [each.wanted for each in examples]
    return fit(rows, wanted, [1.0] * len(rows), penalty=PENALTY)


if __name__ == "__main__":
    main()
