"""Claude as judge: which past decisions apply to a new issue, and a second reader that doubts each.
In doubt, none."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from bot.core.asking.decision_prompt import (
    CRITIC_INSTRUCTIONS,
    JUDGE_INSTRUCTIONS,
    PROMPT_VERSION,
    render_claim,
    render_issue,
)
from bot.core.asking.decision_reply import (
    APPLIES,
    CANDIDATES,
    Critique,
    Judgements,
    Material,
    Relation,
    read_judgements,
)
from bot.core.asking.question import Asks, Question, Refused, Unusable
from bot.core.recall.evidence import Decision
from bot.core.recall.gate import MOST_TOLD, Match, is_decided, what_to_tell

# A model gives no probability; what passed both readers counts as this.
CONFIDENCE: Final = 0.9


class ClaudeJudge:
    """``Judge`` by model. Raises TryLater while the service, its limits or the budget allow no
    question."""

    def __init__(self, claude: Asks) -> None:
        self._claude = claude
        self.version = f"claude@{PROMPT_VERSION}:{claude.models.judging}"

    def judge(
        self, title: str, body: str, decisions: Sequence[Decision], *, near: Sequence[Decision]
    ) -> list[Match]:
        decided = [decision for decision in decisions if is_decided(decision.entry)]
        shown = [decision for decision in near if is_decided(decision.entry)][:CANDIDATES]
        material = Material(title=title, body=body, decisions=shown)
        try:
            return list(islice(self._find(material, decided), MOST_TOLD)) if shown else []
        except (Unusable, Refused):
            return []

    def _find(self, material: Material, decided: list[Decision]) -> Iterator[Match]:
        """What stood the doubt, each standing entry once."""
        text, told = f"{material.title}\n{material.body}", set[int]()
        for decision, relation in read_judgements(self._ask(material), material):
            standing = what_to_tell(text, decision, decided)
            if (
                standing
                and standing.line not in told
                and self._stands_doubt(material, decision, relation)
            ):
                told.add(standing.line)
                yield Match(
                    entry=standing,
                    found=decision.entry,
                    reason=APPLIES[relation],
                    confidence=CONFIDENCE,
                )

    def _ask(self, material: Material) -> Judgements:
        """Half the decisions on the second try: the answer may have been cut short."""
        for attempt in (1, 2):
            near = material.decisions[: CANDIDATES // attempt]
            data = render_issue(material.title, material.body, near)
            reply = self._claude.ask(
                Question(self._claude.models.judging, JUDGE_INSTRUCTIONS, data, Judgements, attempt)
            )
            if reply is not None:
                return reply
        raise Unusable("no answer in shape")

    def _stands_doubt(self, material: Material, decision: Decision, relation: Relation) -> bool:
        data = render_claim(material.title, material.body, decision, relation=relation)
        try:
            critique = self._claude.ask(
                Question(self._claude.models.judging, CRITIC_INSTRUCTIONS, data, Critique)
            )
        except Refused:
            return False
        return (
            critique is not None
            and critique.verdict == "tell"
            and material.bears_out(decision, asked=critique.asked, decided=critique.decided)
        )
