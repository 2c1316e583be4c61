"""A real tracker's issues taken as if they had been decided on, and the gate shown what came
later."""

import json
from itertools import product
from pathlib import Path
from random import Random

from bench.prior_art.sampling import SAMPLES, as_decision, taken_as_decided
from bot.core.recall.gate import find_prior_decisions
from bot.tools.evals.prior_art import read_issues

QUARTERS = (0.5, 0.75)


def noise(path: Path) -> None:
    """A comment is right if the tracker knows the two as duplicates."""
    filed = list(read_issues(path))
    for begin, seed in product(QUARTERS, range(SAMPLES)):
        first = int(begin * len(filed))
        later = filed[first : first + len(filed) // 4]
        chosen = taken_as_decided(filed[:first], {issue.bucket for issue in later}, Random(seed))
        decisions, bucket_of = (
            list(map(as_decision, chosen)),
            {each.document.id: each.bucket for each in chosen},
        )
        spoken = [
            issue.bucket is not None and issue.bucket == bucket_of[match.found.numbers[0]]
            for issue in later
            for match in find_prior_decisions(issue.document.title, issue.document.body, decisions)
        ]
        row = {
            "decisions": len(decisions),
            "issues": len(later),
            "comments": len(spoken),
            "duplicates": sum(spoken),
        }
        print(json.dumps(row), flush=True)
