"""Whether a past decision truly applies to a new issue, decided without a model. In doubt it does not."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.learnings.model import Entry
from bot.retrieval.entries import entry_terms
from bot.retrieval.intent import read_intent
from bot.retrieval.lexicon import Lexicon, Word, words
from bot.retrieval.texts import same_said, telling_lines
from bot.retrieval.tokens import terms

# Where these lines run was measured: docs/quality.md, "Prior decisions".
LEAST_COVERED: Final = 0.35
LEAST_TITLE_COVERED: Final = 0.3
LEAST_AGREED: Final = 20.0
# The more words agree, the more of the issue may be about other things.
LEAST_COVERED_AND_AGREED: Final = 0.65
AGREED_FOR_ONE: Final = 100.0
LEAST_SUBJECT_COVERED: Final = 0.75
LEAST_SUBJECT_AGREED: Final = 9.0
LEAST_LEAD: Final = 1.2
BODY_WEIGHT: Final = 0.5
BODY_WORDS_READ: Final = 60
WORDS_SHOWN: Final = 4

ERROR: Final = re.compile(r"error|exception|fail|panic|fatal|cannot|can't|denied|refused|invalid|not found|abort")
LEAST_ERROR_LENGTH: Final = 30


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A merged entry and, where we have it, its thread: people propose again in the words of the proposal."""

    entry: Entry
    thread_title: str = ""
    thread_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A decision that applies: ``entry`` is what stands today, ``found`` what the issue agrees with, often the same.

    ``reason`` is one phrase for people, ``confidence`` is 0 to 1.
    """

    entry: Entry
    found: Entry
    reason: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an issue and a decision have in common. Masses are in nats, shares from 0 to 1.

    ``covered``: of what the issue says, the share the decision says too; ``title_covered``: of its title alone.
    ``subject_covered``: of the title of the decision's thread, the share the issue says too.
    ``lead``: how many times more the issue agrees with it than with the next best decision.
    """

    agreed: float
    covered: float
    title_covered: float
    subject_agreed: float
    subject_covered: float
    lead: float

    @property
    def convinces(self) -> bool:
        return self.title_covered >= LEAST_TITLE_COVERED and self.lead >= LEAST_LEAD and self._enough_agrees

    @property
    def names_the_subject(self) -> bool:
        """The issue names all that the decided thread was about."""
        return (
            self.subject_covered >= LEAST_SUBJECT_COVERED
            and self.subject_agreed >= LEAST_SUBJECT_AGREED
            and self.title_covered >= LEAST_TITLE_COVERED
            and self.lead >= LEAST_LEAD
        )

    @property
    def _enough_agrees(self) -> bool:
        return (
            self.covered >= LEAST_COVERED
            and self.agreed >= LEAST_AGREED
            and self.covered + self.agreed / AGREED_FOR_ONE >= LEAST_COVERED_AND_AGREED
        )


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What a new issue says, by word; ``body`` without the words of the title."""

    title: dict[Word, str]
    body: dict[Word, str]

    @property
    def said(self) -> dict[Word, str]:
        return {**self.title, **self.body}


def read_issue(title: str, body: str) -> Issue:
    in_title = words(title)
    in_body = words("\n".join(telling_lines(body))).items()
    further = (word for word in in_body if word[0] not in in_title)
    return Issue(title=in_title, body=dict(islice(further, BODY_WORDS_READ)))


def find_prior_decision(title: str, body: str, decisions: Iterable[Decision]) -> Match | None:
    """The decision that a new issue proposes against, or None: there is none, or we are not sure enough to speak."""
    decisions = [decision for decision in decisions if "open" not in decision.entry.state]
    found = _same_error(body, decisions) or _same_proposal(title, body, decisions)
    if found is None or _cited(found.found, f"{title}\n{body}"):
        return None
    return found


def _same_proposal(title: str, body: str, decisions: Sequence[Decision]) -> Match | None:
    intent = read_intent(title, body)
    if intent in ("question", "report") or not decisions:
        return None
    issue = read_issue(title, body)
    texts = [decision_terms(decision) for decision in decisions]
    lexicon = Lexicon(texts)
    best, evidence = weigh(issue, decisions, texts, lexicon)
    if not (evidence.convinces or (intent == "proposal" and evidence.names_the_subject)):
        return None
    shared = lexicon.telling(issue.said, texts[best], WORDS_SHOWN)
    return Match(
        entry=what_stands(decisions[best].entry, decisions),
        found=decisions[best].entry,
        reason=f"both speak of {', '.join(f'`{word}`' for word in shared)}",
        confidence=max(evidence.covered, evidence.subject_covered),
    )


def weigh(
    issue: Issue, decisions: Sequence[Decision], texts: Sequence[Collection[str]], lexicon: Lexicon
) -> tuple[int, Evidence]:
    """The place of the decision that agrees most with an issue, and how far it agrees."""

    def agreement(text: Collection[str]) -> float:
        return lexicon.shared_mass(issue.title, text) + BODY_WEIGHT * lexicon.shared_mass(issue.body, text)

    scores = [agreement(text) for text in texts]
    best = max(range(len(scores)), key=scores.__getitem__)
    next_best = max((score for at, score in enumerate(scores) if at != best), default=0.0)
    subject = words(decisions[best].thread_title)
    said = {term for word in issue.said for term in word}
    return best, Evidence(
        agreed=lexicon.shared_mass(issue.said, texts[best]),
        covered=_share(lexicon, issue.said, texts[best]),
        title_covered=_share(lexicon, issue.title, texts[best]),
        subject_agreed=lexicon.shared_mass(subject, said),
        subject_covered=_share(lexicon, subject, said),
        lead=scores[best] / max(next_best, 1.0),
    )


def _share(lexicon: Lexicon, asked: Collection[Word], text: Collection[str]) -> float:
    return lexicon.shared_mass(asked, text) / max(lexicon.mass(asked), 1.0)


def decision_terms(decision: Decision) -> set[str]:
    thread = "\n".join((decision.thread_title, *telling_lines(decision.thread_text)))
    return entry_terms(decision.entry).union(terms(thread))


def what_stands(entry: Entry, decisions: Collection[Decision]) -> Entry:
    """Follow "Superseded by" as far as the file goes; in a circle everything stands as it was found."""
    by_number = {number: decision.entry for decision in decisions for number in decision.entry.numbers}
    passed = [entry]
    while (later := _superseding(passed[-1], by_number)) is not None:
        if later in passed:
            return entry
        passed.append(later)
    return passed[-1]


def _superseding(entry: Entry, by_number: Mapping[int, Entry]) -> Entry | None:
    later = (by_number.get(ref.number) for ref in entry.superseded_by if ref.local)
    return next(filter(None, later), None)


def _cited(entry: Entry, text: str) -> bool:
    return any(re.search(rf"(?<!\w)(?:#|issues/|pull/){number}\b", text) for number in entry.numbers)


def _same_error(body: str, decisions: Sequence[Decision]) -> Match | None:
    """A decision whose thread holds the very error message of the issue, if only one does."""
    asked = dict(_error_lines(body))
    held = [(decision, asked.keys() & dict(_error_lines(decision.thread_text)).keys()) for decision in decisions]
    holding = [(decision, lines) for decision, lines in held if lines]
    if len(holding) != 1:
        return None
    decision, lines = holding[0]
    return Match(
        entry=what_stands(decision.entry, decisions),
        found=decision.entry,
        reason=f"both show `{asked[max(lines, key=len)]}`",
        confidence=1.0,
    )


def _error_lines(text: str) -> Iterator[tuple[str, str]]:
    """Error messages without what varies, each with the line as written."""
    for line in telling_lines(text):
        said = same_said(line)
        if len(said) >= LEAST_ERROR_LENGTH and ERROR.search(said):
            yield said, line.strip()
