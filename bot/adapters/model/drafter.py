"""Claude as drafter: one question per thread, and a second reader that doubts the answer.

The model sees one thread. Its answer is data: checked against the thread, then rendered by us.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.adapters.model.claude import Claude, Question, Refused, Unusable
from bot.core.asking.draft_prompt import (
    DATA_CHARS,
    DOUBT_INSTRUCTIONS,
    DRAFT_INSTRUCTIONS,
    PROMPT_VERSION,
    render_doubt,
    render_question,
)
from bot.core.asking.draft_reply import Doubt, Material, Reply, find_objections, read_reply
from bot.core.asking.rewording import (
    REWORD_INSTRUCTIONS,
    Review,
    Reworded,
    Rewording,
    find_rewording_flaws,
    render_rewording,
)
from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.capture.deciding import find_deciding
from bot.core.capture.linked_threads import linked_deciding
from bot.core.drafting.draft import Draft
from bot.core.reading import find_standing
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, NoLesson, Verdict


class ClaudeDrafter:
    """``Drafter`` by model. Raises TryLater while the service, its limits or the budget allow no
    question.

    Whatever cannot be used is replaced by the rule's answer; a model that declines leaves the
    thread to a person.
    """

    def __init__(self, claude: Claude) -> None:
        self._claude = claude
        self._rule = RuleDrafter()
        self.version = f"claude@{PROMPT_VERSION}:{claude.models.drafting}"

    def draft(
        self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]
    ) -> tuple[Verdict, Draft | None]:
        ruled = self._rule.draft(thread, rules=rules, vocabulary=vocabulary)
        deciding = [*find_deciding(thread, rules), *linked_deciding(thread, rules)]
        if not deciding or ruled[0].reason_class in ("still_open", "bot_autoclose", "spam_or_test"):
            return ruled
        linked = tuple(_standing(other, rules) for other in thread.linked)
        standing = replace(_standing(thread, rules), linked=linked)
        material = Material(thread=standing, deciding=deciding, vocabulary=vocabulary)
        try:
            return self._judge(material)
        except Unusable:
            return ruled
        except Refused:
            return _omitted("needs_a_human", "the model declined to read this thread"), None

    def reword(self, thread: Thread, review: Review, *, rules: CaptureRules) -> Reworded:
        data = render_rewording(thread, review, deciding=find_deciding(thread, rules))
        try:
            for attempt in (1, 2):
                question = Question(
                    self._claude.models.drafting, REWORD_INSTRUCTIONS, data, Rewording, attempt
                )
                answer = self._claude.ask(question)
                if answer and not find_rewording_flaws(answer, thread, review):
                    return Reworded(outcome=answer.outcome, takeaway=answer.takeaway)
        except (Unusable, Refused):
            pass
        return Reworded(outcome="no_wording")

    def _judge(self, material: Material) -> tuple[Verdict, Draft | None]:
        verdict, draft = read_reply(self._ask_for_draft(material), material)
        if draft and not self._stands_doubt(material, draft, verdict):
            return _omitted("not_convincing", "a second reading found the reason wanting"), None
        return verdict, draft

    def _ask_for_draft(self, material: Material) -> Reply:
        """Half the thread on the second try: the answer may have been cut short, or the thread too
        long."""
        for attempt in (1, 2):
            data = render_question(
                material.thread,
                deciding=material.deciding,
                vocabulary=material.vocabulary,
                chars=DATA_CHARS // attempt,
            )
            question = Question(
                self._claude.models.drafting, DRAFT_INSTRUCTIONS, data, Reply, attempt
            )
            reply = self._claude.ask(question)
            if reply and not find_objections(reply, material):
                return reply
        raise Unusable("no answer that the thread bears out")

    def _stands_doubt(self, material: Material, draft: Draft, verdict: Verdict) -> bool:
        """Silence, a broken answer or evidence nobody gave: all of it omits."""
        quotes = [quote.sentence for quote in verdict.rationale]
        data = render_doubt(
            material.thread, deciding=material.deciding, takeaway=draft.takeaway, quotes=quotes
        )
        try:
            doubt = self._claude.ask(
                Question(self._claude.models.judging, DOUBT_INSTRUCTIONS, data, Doubt)
            )
        except Refused:
            return False
        return (
            doubt is not None
            and doubt.verdict == "keep"
            and material.find_source(doubt.evidence) is not None
        )


def _standing(thread: Thread, rules: CaptureRules) -> Thread:
    return replace(
        thread, remarks=tuple(find_standing(thread, ignore_authors=rules.ignore_authors))
    )


def _omitted(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.5, why=why)
