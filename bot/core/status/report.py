"""What proposals and comments came to, counted; and whether the gate should be raised."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal, assert_never

from bot.core.learnings import parse
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.reading.prose import squeeze
from bot.core.recall.comment_outcome import Outcome

# What became of a drafted line; "reworded" is merged with another takeaway than ours.
Fate = Literal["merged", "reworded", "refused", "waiting", "withdrawn"]
# "shadow" was written down and not posted; "unwritten": a decided thread applies of which no entry
# was merged.
Count = Outcome | Literal["shadow", "shadow hit", "shadow assist", "unwritten"]

FEWEST_TO_JUDGE: Final = 10
MOST_NOISE: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class ProposalTally:
    repository: str
    fate: Fate
    count: int


@dataclass(frozen=True, kw_only=True)
class CommentTally:
    """``version`` names the rules or model that judged."""

    repository: str
    version: str
    outcome: Count
    count: int


@dataclass(frozen=True, kw_only=True)
class Report:
    proposals: Sequence[ProposalTally]
    comments: Sequence[CommentTally]


def fate_of(entry: ProposedEntry) -> Fate:
    match entry.life:
        case "merged":
            return "reworded" if _is_reworded(entry) else "merged"
        case "proposed" | "held":
            return "waiting"
        case "waiting" | "withdrawn" | "refused":
            return entry.life
        case _:
            assert_never(entry.life)


def _is_reworded(entry: ProposedEntry) -> bool:
    found = parse(entry.line or "").entries
    return bool(found) and squeeze(found[0].takeaway) != squeeze(entry.draft.takeaway)


def find_noisy(comments: Iterable[CommentTally]) -> Iterator[str]:
    """One sentence for each version that should speak less, over all repositories."""
    for version, counts in _by_version(comments).items():
        noise, posted = (
            counts.get("noise", 0),
            sum(counts.get(each, 0) for each in ("hit", "assist", "noise", "unknown")),
        )
        if posted >= FEWEST_TO_JUDGE and noise > MOST_NOISE * posted:
            yield f"Raise the gate of {version}: {noise} of {posted} comments were noise."


def render_report(report: Report) -> str:
    if not report.proposals and not report.comments:
        return "Nothing proposed, nothing posted yet."
    proposals = [f"{each.repository}  {each.fate} {each.count}" for each in report.proposals]
    comments = [
        f"{each.repository}  {each.version}  {each.outcome} {each.count}"
        for each in report.comments
    ]
    return "\n".join(
        [
            "Proposals",
            *_indented(proposals),
            "Comments",
            *_indented(comments),
            *find_noisy(report.comments),
        ]
    )


def report_as_json(report: Report) -> str:
    advice = list(find_noisy(report.comments))
    return json.dumps({**asdict(report), "advice": advice}, ensure_ascii=False, indent=2)


def _by_version(comments: Iterable[CommentTally]) -> Mapping[str, Mapping[Count, int]]:
    found: dict[str, dict[Count, int]] = {}
    for tally in comments:
        counts = found.setdefault(tally.version, {})
        counts[tally.outcome] = counts.get(tally.outcome, 0) + tally.count
    return found


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines] or ["  none"]
