"""`python -m bench.learnings`: a file of 5,000 entries and 2 MB, with a general Markdown parser
beside it."""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt

from bot.core.learnings import Document, NewEntry, insert, parse, render, set_takeaway
from bot.core.learnings.graph import Graph
from bot.core.learnings.lint import lint_document
from bot.core.recall.research import research

SECTIONS, PER_SECTION = 50, 100
RUNS = 5
WORDS = [
    *(
        "pool",
        "cache",
        "index",
        "token",
        "retry",
        "schema",
        "route",
        "queue",
        "worker",
        "delivery",
        "shard",
        "client",
    ),
    *(
        "tile",
        "label",
        "font",
        "layer",
        "the",
        "of",
        "and",
        "a",
        "to",
        "keeps",
        "drops",
        "is",
        "was",
        "never",
        "per",
    ),
]


def main() -> None:
    text = generated(random.Random(1))
    document = parse(text)
    middle = document.entries[len(document.entries) // 2]
    new = NewEntry(head="#99999", state="merged", takeaway="One more.", tags=("pool", "cache"))
    print(
        f"{len(document.entries):,} entries, {len(text.encode()) / 1e6:.2f} MB, median"
        f" of {RUNS} runs,"
        " processor time\n"
    )
    print(f"{'what':<44}{'ms':>9}")
    for what, work in (
        ("read every entry", lambda: parse(text).entries),
        (
            "change one takeaway and render",
            lambda: render(set_takeaway(document, middle, "Something else holds now")),
        ),
        ("insert one entry and render", lambda: render(insert(document, new))),
        ("what stands for every number", lambda: every_standing(document)),
        ("lint", lambda: lint_document(document)),
        ("research", lambda: research(document, "why does the font cache drop labels", 5)),
        ("markdown-it-py, tokens only", lambda: MarkdownIt("commonmark").parse(text)),
    ):
        print(f"{what:<44}{median_ms(work):>9.1f}")


def median_ms(work: Callable[[], object]) -> float:
    return statistics.median(timed(work)) * 1e3


def timed(work: Callable[[], object]) -> Iterator[float]:
    for _ in range(RUNS):
        started = time.process_time()
        work()
        yield time.process_time() - started


def every_standing(document: Document) -> int:
    graph = Graph(document)
    return sum(
        graph.what_stands(number).entry is not None
        for entry in document.entries
        for number in entry.numbers
    )


def generated(rng: random.Random) -> str:
    """Entries as people write them: about 400 characters, code, a rule, tails, tags."""
    lines = ["# Learnings", ""]
    for section in range(SECTIONS):
        lines += [f"## Area {section}", ""]
        lines += [entry(rng, section * PER_SECTION + place + 1) for place in range(PER_SECTION)]
        lines.append("")
    return "\n".join(lines)


def entry(rng: random.Random, number: int) -> str:
    said, rule = sentence(rng, 48), sentence(rng, 8)
    superseded = f" Superseded by: #{number + 1}." if number % 10 == 0 else ""
    return (
        f"- **#{number} / PR #{number + 20_000}** (merged) \u2014 {said} `code_{number}`. Design"
        f" rule: {rule}. "
        f"Parent: #{max(1, number - 1)}.{superseded} See: src/x{number}.py, docs/a.md \u2192 B. "
        f"[tags: {rng.choice(WORDS)}, {rng.choice(WORDS)}]"
    )


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize()


if __name__ == "__main__":
    main()
