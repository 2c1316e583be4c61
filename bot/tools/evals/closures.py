"""How well closed threads are judged and drafted, against what people said about them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.drafting.draft import Draft
from bot.core.verdicts import CaptureRules, References, Verdict
from bot.ports.model import Drafter
from bot.tools.evals.threads_file import Gold, KeptThread

# Threads kept complete and threads reworded by somebody are told apart: the first are the sober
# figure.
FORMS: Final = ("all", "verbatim", "rewritten")
ROLES: Final = ("winner", "superseded_by", "parent")
SAME_SENTENCE: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Answer:
    kept: KeptThread
    verdict: Verdict
    draft: Draft | None


def answer(threads: Iterable[KeptThread], drafter: Drafter) -> list[Answer]:
    answers = []
    for kept in threads:
        verdict, draft = drafter.draft(kept.thread, rules=CaptureRules(), vocabulary=())
        answers.append(Answer(kept=kept, verdict=verdict, draft=draft))
    return answers


def score(answers: Sequence[Answer]) -> dict[str, dict[str, float | None]]:
    """Metrics by form of text. None: nothing to divide by, as for threads nobody has read."""
    return {
        form: _metrics([a for a in answers if form in ("all", a.kept.text_form)]) for form in FORMS
    }


def as_row(answer: Answer) -> dict[str, Any]:
    verdict, draft = answer.verdict, answer.draft
    return {
        "id": answer.kept.id,
        "admit": verdict.admit,
        "tier": verdict.tier,
        "reason_class": verdict.reason_class,
        "state": verdict.state,
        "rationale": [quote.sentence for quote in verdict.rationale],
        "takeaway": draft.takeaway if draft else None,
        "refs": {
            role: f"#{number}" if (number := getattr(verdict.refs, role)) else None
            for role in ROLES
        },
    }


def _metrics(answers: Sequence[Answer]) -> dict[str, float | None]:
    read = [(a, a.kept.gold) for a in answers if a.kept.gold]
    hits = [(a, gold) for a, gold in read if a.verdict.admit and gold.admit]
    noise = [a for a, gold in read if a.verdict.admit and not gold.admit]
    worthy = sum(gold.admit for _, gold in read)
    named = [named_numbers(a.verdict.refs) for a, _ in hits]
    right = sum(len(numbers & gold.refs) for numbers, (_, gold) in zip(named, hits, strict=True))
    return {
        "n": len(answers),
        "admitted": sum(a.verdict.admit for a in answers),
        "precision": _share(len(hits), len(hits) + len(noise)),
        "recall": _share(len(hits), worthy),
        "false_positives_per_100": _share(100 * len(noise), len(read) - worthy),
        "rationale": _mean(_quotes_the_reason(a.verdict, gold) for a, gold in hits),
        "state": _mean(a.verdict.state in gold.states for a, gold in hits),
        "refs_precision": _share(right, sum(map(len, named))),
        "refs_recall": _share(right, sum(len(gold.refs) for _, gold in hits)),
        "key_terms": _mean(_key_terms(a.draft, gold) for a, gold in hits if gold.key_terms),
    }


def named_numbers(refs: References) -> frozenset[tuple[str, int]]:
    return frozenset((role, number) for role in ROLES if (number := getattr(refs, role)))


def _quotes_the_reason(verdict: Verdict, gold: Gold) -> bool:
    return any(
        token_f1(quote.sentence, right) >= SAME_SENTENCE
        for quote in verdict.rationale
        for right in gold.rationale
    )


def _key_terms(draft: Draft | None, gold: Gold) -> float:
    takeaway = draft.takeaway.lower() if draft else ""
    return sum(term.lower() in takeaway for term in gold.key_terms) / len(gold.key_terms)


def token_f1(one: str, other: str) -> float:
    ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 3) if whole else None


def _mean(figures: Iterable[float]) -> float | None:
    collected = list(figures)
    return _share(sum(collected), len(collected))


def as_table(metrics: Mapping[str, Mapping[str, float | None]]) -> str:
    lines = [f"{'':24}" + "".join(f"{form:>11}" for form in metrics)]
    for name in metrics["all"]:
        figures = (
            "-" if (figure := metrics[form][name]) is None else f"{figure:g}" for form in metrics
        )
        lines.append(f"{name:24}" + "".join(f"{figure:>11}" for figure in figures))
    return "\n".join(lines)
