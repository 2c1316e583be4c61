"""Claude as judge: which past decisions apply to a new thread, and a second reader that doubts
each. In doubt, none."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from bot.adapters.model.claude import Asks, Question, Refused, Unusable
from bot.core.asking.decision_prompt import (
    CRITIC_INSTRUCTIONS,
    JUDGE_INSTRUCTIONS,
    PROMPT_VERSION,
    render_claim,
    render_opened,
    render_retry,
)
from bot.core.asking.decision_reply import (
    APPLIES,
    CANDIDATES,
    SHOWN_FIRST,
    Critique,
    Judgements,
    Material,
    Reading,
    find_faults_of_quotes,
    find_objections,
    read_judgements,
)
from bot.core.recall.evidence import Decision
from bot.core.recall.gate import MOST_TOLD, Match, Standing, as_match, what_to_tell
from bot.core.recall.opened import Opened
from bot.core.recall.precedents import Known

# A model gives no probability; what passed both readers counts as this.
CONFIDENCE: Final = 0.9


class ClaudeJudge:
    """``Judge`` by model. Raises TryLater while the service, its limits or the budget allow no
    question."""

    def __init__(self, claude: Asks) -> None:
        self._claude = claude
        self.version = f"claude@{PROMPT_VERSION}:{claude.models.judging}"

    def judge(self, opened: Opened, known: Known) -> list[Match]:
        near = known.near[:CANDIDATES]
        try:
            return list(islice(self._find(opened, near, known), MOST_TOLD))
        except (Unusable, Refused):
            return []

    def _find(self, opened: Opened, near: Sequence[Decision], known: Known) -> Iterator[Match]:
        """What stood the doubt, each standing entry once."""
        told: set[int] = set()
        for decision, reading in self._read(opened, near):
            standing = what_to_tell(decision, known.decisions, knows=opened.knows)
            if (
                standing
                and standing.entry.line not in told
                and self._stands_doubt(opened, decision, reading)
            ):
                told.add(standing.entry.line)
                yield _match(decision, standing, reading)

    def _read(self, opened: Opened, near: Sequence[Decision]) -> Iterator[tuple[Decision, Reading]]:
        """The likeliest decisions; the others too where none of those applies and the model asks
        for more."""
        for shown in (near[:SHOWN_FIRST], near[SHOWN_FIRST:]):
            if not shown:
                return
            material = Material(opened=opened, decisions=shown)
            reply = self._ask(material)
            found = list(read_judgements(reply, material))
            yield from found
            if found or not reply.more:
                return

    def _ask(self, material: Material) -> Judgements:
        data = render_opened(material.opened, material.decisions)
        question = Question(self._claude.models.judging, JUDGE_INSTRUCTIONS, data, Judgements)
        reply = self._claude.ask(question)
        objections = find_objections(reply, material) if reply else []
        if reply and objections:
            reply = self._claude.ask(question.objecting(reply, render_retry(objections)))
        if reply is None:
            raise Unusable("no answer in shape")
        return reply

    def _stands_doubt(self, opened: Opened, decision: Decision, reading: Reading) -> bool:
        claim = render_claim(opened, decision, relation=reading.relation, differs=reading.differs)
        question = Question(self._claude.models.judging, CRITIC_INSTRUCTIONS, claim, Critique)
        material = Material(opened=opened, decisions=[decision])
        try:
            critique = self._claude.ask(question)
            objections = find_faults_of_quotes(critique, material, decision) if critique else []
            if critique and objections:
                critique = self._claude.ask(question.objecting(critique, render_retry(objections)))
        except Refused:
            return False
        return (
            critique is not None
            and critique.tells
            and not find_faults_of_quotes(critique, material, decision)
        )


def _match(decision: Decision, standing: Standing, reading: Reading) -> Match:
    return as_match(decision, standing, reason=APPLIES[reading.relation], confidence=CONFIDENCE)
