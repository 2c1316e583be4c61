"""`python -m bench.pressure [SECONDS]`: four connections for web and worker, killed at random,
under load."""

import sys
import tempfile
from pathlib import Path

from bench.databases import databases
from tests.contract.pressure import CONNECTIONS, Figures, press


def main(seconds: float) -> int:
    with tempfile.TemporaryDirectory() as folder, databases("postgresql", Path(folder)) as url:
        figures = press(url, Path(folder), seconds=seconds)
    tell(figures, seconds)
    return 0 if figures.outcomes == {"planned": len(figures.acknowledged)} else 1


def tell(figures: Figures, seconds: float) -> None:
    print(
        f"{seconds:.0f} s of issues.opened, {CONNECTIONS} connections, {figures.killed}"
        " of them killed at"
        " random"
    )
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(figures.answers.items()))
    print(f"answers: {answers}")
    for outcome, count in figures.outcomes.items():
        print(f"acknowledged and {outcome or 'not dispatched'}: {count}")
    print(f"acknowledged and lost: {figures.lost}")
    print(f"effects that happened twice: {figures.done_twice}")
    print(f"after the end until all was dispatched: {figures.seconds_until_planned:.1f} s")


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if sys.argv[1:] else 60.0))
