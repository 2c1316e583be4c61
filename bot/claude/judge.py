"""Claude as judge: which past decision applies to a new issue, and a second reader that doubts it. In doubt, none."""

from collections.abc import Iterable
from typing import Final

from bot.claude.asking import Claude, Question, Refused, Unusable
from bot.retrieval.evidence import Decision, likeliest, read_issue
from bot.retrieval.gate import Match, is_decided, what_to_tell
from bot.retrieval.prompt import (
    CRITIC_INSTRUCTIONS,
    JUDGE_INSTRUCTIONS,
    PROMPT_VERSION,
    render_claim,
    render_issue,
)
from bot.retrieval.reply import APPLIES, CANDIDATES, Critique, Judgements, Material, Relation, read_judgements

# A model gives no probability; what passed both readers counts as this.
CONFIDENCE: Final = 0.9


class ClaudeJudge:
    """``Judge`` by model. Raises TryLater while the service, its limits or the budget allow no question."""

    def __init__(self, claude: Claude) -> None:
        self._claude = claude
        self.version = f"claude@{PROMPT_VERSION}:{claude.models.judging}"

    def judge(self, title: str, body: str, decisions: Iterable[Decision]) -> Match | None:
        decided = [decision for decision in decisions if decision.entry.numbers and is_decided(decision.entry)]
        near = likeliest(read_issue(title, body), decided, most=CANDIDATES)
        material = Material(title=title, body=body, decisions=near)
        try:
            return self._find(material, decided) if near else None
        except (Unusable, Refused):
            return None

    def _find(self, material: Material, decided: list[Decision]) -> Match | None:
        text = f"{material.title}\n{material.body}"
        for decision, relation in read_judgements(self._ask(material), material):
            standing = what_to_tell(text, decision, decided)
            if standing and self._stands_doubt(material, decision, relation):
                reason = APPLIES[relation]
                return Match(entry=standing, found=decision.entry, reason=reason, confidence=CONFIDENCE)
        return None

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
        critique = self._claude.ask(Question(self._claude.models.judging, CRITIC_INSTRUCTIONS, data, Critique))
        return (
            critique is not None
            and critique.verdict == "tell"
            and material.bears_out(decision, asked=critique.asked, decided=critique.decided)
        )
