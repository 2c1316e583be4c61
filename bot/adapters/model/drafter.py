"""A model as drafter: one question per thread, and a second reader that doubts the answer.

The model sees one thread. Its answer is data: checked against the thread, then rendered by us.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.asking.draft_prompt import (
    DATA_CHARS,
    DOUBT_INSTRUCTIONS,
    DRAFT_INSTRUCTIONS,
    PROMPT_VERSION,
    Material,
    render_doubt,
    render_question,
    render_retry,
)
from bot.core.asking.draft_reply import (
    Doubt,
    Reply,
    as_proposed,
    find_doubts_flaws,
    find_objections,
    read_doubtful,
    read_reply,
)
from bot.core.asking.question import Asks, Question, Refused, Unusable
from bot.core.asking.rewording import (
    REWORD_INSTRUCTIONS,
    Review,
    Reworded,
    Rewording,
    find_rewording_flaws,
    render_rewording,
)
from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.asking.worth_asking import refuse_unasked
from bot.core.drafting.draft import Draft
from bot.core.reading import find_standing
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, NoLesson, Verdict

NOT_KEPT = "a second reading would leave it out"


class ModelDrafter:
    """``Drafter`` by model. Raises TryLater while the service, its limits or the budget allow no
    question.

    Without an answer in shape the rule's stands; a model that declines leaves the thread to a
    person. What the thread does not bear out even at the second try, or the second reader would
    omit, is perhaps worth a line, and never becomes one by itself.
    """

    def __init__(self, model: Asks) -> None:
        self._model = model
        self._rule = RuleDrafter()
        self.version = f"model@{PROMPT_VERSION}:{model.models.drafting}"

    def draft(
        self, thread: Thread, *, rules: CaptureRules, vocabulary: Sequence[str]
    ) -> tuple[Verdict, Draft | None]:
        linked = tuple(_standing(other, rules) for other in thread.linked)
        standing = replace(_standing(thread, rules), linked=linked)
        unasked = refuse_unasked(standing, rules)
        if unasked:
            return unasked, None
        try:
            return self._judge(Material(thread=standing, vocabulary=vocabulary))
        except Unusable:
            return self._rule.draft(thread, rules=rules, vocabulary=vocabulary)
        except Refused:
            return _omitted("needs_a_human", "the model declined to read this thread"), None

    def reword(self, thread: Thread, review: Review, *, rules: CaptureRules) -> Reworded:
        data = render_rewording(_standing(thread, rules), review)
        question = Question(self._model.models.drafting, REWORD_INSTRUCTIONS, data, Rewording)
        try:
            answer = self._model.ask(question)
            flaws = find_rewording_flaws(answer, thread, review) if answer else []
            if answer and flaws:
                self._model.discard(question, "; ".join(flaws))
                answer = self._model.ask(question.objecting(answer, render_retry(flaws)))
        except (Unusable, Refused):
            answer = None
        if answer is None or find_rewording_flaws(answer, thread, review):
            return Reworded(outcome="no_wording")
        return Reworded(outcome=answer.outcome, takeaway=answer.takeaway)

    def _judge(self, material: Material) -> tuple[Verdict, Draft | None]:
        reply, objections = self._read(material)
        if objections:
            why = f"the thread does not bear the model's answer out: {objections[0]}"
            return read_doubtful(reply, material, why) or _omitted("not_convincing", why), None
        verdict, draft = read_reply(reply, material)
        fault = self._doubt(reply, material) if draft else None
        if fault is None:
            return verdict, draft
        why = f"{NOT_KEPT}: {fault}"
        return read_doubtful(reply, material, why) or _omitted("not_convincing", why), None

    def _read(self, material: Material) -> tuple[Reply, list[str]]:
        """The answer to the question, or to the objections that its first answer met; with the
        objections that are left."""
        question, reply = self._first_answer(material)
        objections = find_objections(reply, material)
        if not objections:
            return reply, []
        self._model.discard(question, "; ".join(objections))
        told = question.objecting(reply, render_retry(objections))
        second = self._model.ask(told)
        if second is None:
            return reply, objections
        objections = find_objections(second, material)
        if objections:
            self._model.discard(told, "; ".join(objections))
        return second, objections

    def _first_answer(self, material: Material) -> tuple[Question[Reply], Reply]:
        """With more room and half the thread where the first answer was cut short or out of
        shape."""
        for attempt in (1, 2):
            data = render_question(material, chars=DATA_CHARS // attempt)
            question = Question(
                self._model.models.drafting, DRAFT_INSTRUCTIONS, data, Reply, attempt
            )
            reply = self._model.ask(question)
            if reply is not None:
                return question, reply
            self._model.discard(question, "cut short, or out of shape")
        raise Unusable("no answer in shape")

    def _doubt(self, reply: Reply, material: Material) -> str | None:
        """The fault a second reader finds; None for a line that stands. Silence, a broken answer or
        evidence nobody gave: all of it omits."""
        data = render_doubt(material, proposed=as_proposed(reply))
        question = Question(self._model.models.judging, DOUBT_INSTRUCTIONS, data, Doubt)
        try:
            doubt = self._model.ask(question)
            flaws = find_doubts_flaws(doubt, reply, material) if doubt else []
            if doubt and flaws:
                self._model.discard(question, "; ".join(flaws))
                doubt = self._model.ask(question.objecting(doubt, render_retry(flaws)))
        except Refused:
            return "it declined to read this thread"
        if doubt is None or find_doubts_flaws(doubt, reply, material):
            return "no answer that the thread bears out"
        return doubt.fault.replace("_", " ") if doubt.fault else None


def _standing(thread: Thread, rules: CaptureRules) -> Thread:
    return replace(
        thread, remarks=tuple(find_standing(thread, ignore_authors=rules.ignore_authors))
    )


def _omitted(reason_class: NoLesson, why: str) -> Verdict:
    return Verdict(admit=False, reason_class=reason_class, confidence=0.5, why=why)
