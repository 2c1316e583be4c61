"""Count how common words are in software English, and write bot/core/search/background.py.

The texts are the docstrings of the standard library and of the packages installed in this
environment, paragraph by paragraph, at most PER_PACKAGE of each package so that none sets the tone.
Only counts leave this script.

    python bench/background_words.py
"""

import ast
import re
import sysconfig
import textwrap
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log
from pathlib import Path
from random import Random

from bot.core.search.tokens import terms

PER_PACKAGE = 250
SHORTEST_PARAGRAPH = 80
SEEN_IN = 5
STEP = 0.5
HEAD = '''"""How common words are in software English: stems by the information each carries.

Counted in {total:,} paragraphs of docstrings of the Python standard library and of the packages \
this project installs.
Written by bench/background_words.py; do not edit.
"""

from typing import Final

# Nats: -log of the share of paragraphs that hold the word. Words not listed here are rarer than \
UNSEEN says.
STEP: Final = {step}
UNSEEN: Final = {unseen:.1f}
STEMS_BY_STEPS: Final = {{
'''
TARGET = Path(__file__).parent.parent / "bot" / "core" / "search" / "background.py"


def main() -> None:
    packages = defaultdict(set)
    for root in map(Path, (sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["purelib"])):
        for path in sorted(root.rglob("*.py")):
            inside = path.relative_to(root).parts
            if "site-packages" not in inside and "versions" not in inside:
                packages[inside[0].removesuffix(".py")].update(paragraphs(path))
    chosen = [text for texts in packages.values() for text in sample(sorted(texts))]
    count = Counter(term for text in chosen for term in set(terms(text)))
    TARGET.write_text(render(count, len(chosen)))


def paragraphs(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for text in re.split(r"\n\s*\n", ast.get_docstring(node) or ""):
                if len(text) >= SHORTEST_PARAGRAPH:
                    yield text


def sample(texts: list[str]) -> list[str]:
    return texts if len(texts) <= PER_PACKAGE else Random(0).sample(texts, PER_PACKAGE)


def render(count: Counter[str], total: int) -> str:
    levels = defaultdict(list)
    for term, seen in count.items():
        if seen >= SEEN_IN and re.fullmatch(r"[a-z]+", term):
            levels[round(-log(seen / total) / STEP)].append(term)
    rows = (f'    {level}: """\n{wrap(words)}\n    """,' for level, words in sorted(levels.items()))
    return (
        HEAD.format(total=total, step=STEP, unseen=log(total / SEEN_IN)) + "\n".join(rows) + "\n}\n"
    )


def wrap(words: list[str]) -> str:
    return textwrap.fill(
        " ".join(sorted(words)), 96, initial_indent="    ", subsequent_indent="    "
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore", SyntaxWarning)
    main()
