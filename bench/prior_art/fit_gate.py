"""Fit the weights by which the gate is sure, and write bot/core/recall/gate_weights.py.

    python -m bench.prior_art.fit_gate LEARNINGS.md FILE.jsonl.gz          left-out fields only: prints, writes nothing
    python -m bench.prior_art.fit_gate LEARNINGS.md FILE.jsonl.gz --write

A logistic regression with a quadratic penalty. Examples are the issues of our own sets, and as
counterweight those of the third quarter of a tracker beside decisions made of its earlier issues
(RIVAL_WEIGHT each: they are many). What is printed first is out of sample: each field judged by
what was learnt from the others, and the last quarter by all.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.prior_art.sampling import as_decision, taken_as_decided
from bench.prior_art.sets import IssueSet, read_sets
from bench.regression import as_module, as_rows, fit
from bot.core.logistic import probability
from bot.core.reading.intent import asks_beside, read_intent
from bot.core.recall.evidence import read_issue, weigh
from bot.core.recall.gate import Decision, describe, is_decided
from bot.tools.evals.prior_art import FiledIssue, read_issues

PENALTY = 1.0
RIVAL_WEIGHT = 0.5
CONFIDENCES = (0.8, 0.82, 0.85, 0.88, 0.91)
TARGET = Path(__file__).parents[2] / "bot" / "core" / "recall" / "gate_weights.py"
ABOUT = """Weights of the gate. Written by bench/prior_art/fit_gate.py; do not edit.

Fitted to {own} issues of our own writing about {fields} projects, {again} of which propose a \
decision again, and to
{rivals:,} issues of the third quarter of the rust tracker, {twice} of which repeat an earlier \
one."""


@dataclass(frozen=True)
class Example:
    field: str
    values: Mapping[str, float]
    right: bool
    says: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.prior_art.fit_gate", description=__doc__)
    parser.add_argument("learnings", type=Path)
    parser.add_argument("tracker", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    own = [example for issues in read_sets(arguments.learnings) for example in examples_of(issues)]
    filed = list(read_issues(arguments.tracker))
    rivals, unseen = list(rivals_of(filed, 0.5)), list(rivals_of(filed, 0.75))
    judge_left_out(own, rivals, unseen)
    weights = weights_of(own, rivals)
    print(as_rows(weights))
    if arguments.write:
        counts = {
            "own": len(own),
            "fields": len({each.field for each in own}),
            "again": sum(each.right for each in own),
            "rivals": len(rivals),
            "twice": sum(each.right for each in rivals),
        }
        TARGET.write_text(as_module(ABOUT.format(**counts), weights))


def examples_of(issues: IssueSet) -> Iterator[Example]:
    decided = [decision for decision in issues.decisions if is_decided(decision.entry)]
    for row in issues.rows:
        found = weighed(row["title"], row["body"], decided)
        if found:
            decision, values = found
            right = row["kind"] == "again" and row["decision"] in decision.entry.numbers
            yield Example(issues.field, values, right, f"{issues.name}: {row['title']}")


def rivals_of(filed: list[FiledIssue], begin: float) -> Iterator[Example]:
    first = int(begin * len(filed))
    later = filed[first : first + len(filed) // 4]
    chosen = taken_as_decided(filed[:first], {issue.bucket for issue in later}, Random(0))
    decisions, bucket_of = (
        list(map(as_decision, chosen)),
        {each.document.id: each.bucket for each in chosen},
    )
    for issue in later:
        found = weighed(issue.document.title, issue.document.body, decisions)
        if found:
            right = (
                issue.bucket is not None and issue.bucket == bucket_of[found[0].entry.numbers[0]]
            )
            yield Example("tracker", found[1], right, issue.document.title)


def weighed(
    title: str, body: str, decided: Sequence[Decision]
) -> tuple[Decision, Mapping[str, float]] | None:
    """None for issues the gate leaves alone, whatever they say."""
    intent = read_intent(title, body)
    found = (
        next(weigh(read_issue(title, body), decided, most=1), None)
        if intent in ("proposal", "unclear")
        else None
    )
    return found and (
        found[0],
        describe(found[1], proposes=intent == "proposal", beside=asks_beside(title)),
    )


def judge_left_out(own: list[Example], rivals: list[Example], unseen: list[Example]) -> None:
    scored = []
    for field in dict.fromkeys(each.field for each in own):
        weights = weights_of([each for each in own if each.field != field], rivals)
        scored += [(probability(weights, each.values), each) for each in own if each.field == field]
    weights = weights_of(own, rivals)
    later = [(probability(weights, each.values), each) for each in unseen]
    for confidence in CONFIDENCES:
        told, heard = (
            [each for sure, each in some if sure > confidence] for some in (scored, later)
        )
        wrong = [each.says for each in told if not each.right]
        print(
            (
                f"confidence {confidence}: own sets {len(told) - len(wrong)} right of"
                f" {sum(e.right for _, e in scored)},"
            ),
            end=" ",
        )
        print(
            f"wrong {len(wrong)}: {wrong}; last quarter {sum(e.right for e in heard)}"
            f" right of {len(heard)}"
            " told"
        )


def weights_of(own: list[Example], rivals: list[Example]) -> dict[str, float]:
    examples, importance = [*own, *rivals], [1.0] * len(own) + [RIVAL_WEIGHT] * len(rivals)
    return fit(
        [each.values for each in examples],
        [each.right for each in examples],
        importance,
        penalty=PENALTY,
    )


if __name__ == "__main__":
    main()
