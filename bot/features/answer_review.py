"""A person said something on a proposed line: reword it as they ask, or say how they can, once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol, TypedDict

from bot.core.asking.rewording import Review, Reworded
from bot.core.conversation.line_remarks import (
    LineRemark,
    by_hand_reply,
    find_meant,
    find_request,
    guidance_up_to,
    reworded,
    reworded_reply,
    was_told_by_hand,
)
from bot.core.conversation.reply_marker import marker_of, signed
from bot.core.errors import GiveUp
from bot.core.files import UneditableFile
from bot.core.jobs import BRANCH, AnswerReview, UpdateProposal
from bot.core.proposal.proposed_entry import ProposedEntry, find_entry, why_unfit
from bot.features.shared.snapshot import recollect, rules_of
from bot.features.shared.thread_reader import Evidence, read_evidence
from bot.ports.github import Address, Files, FoundPullRequests, LineRemarks
from bot.ports.parts import Attempt, Drafts, Keeps, Opens
from bot.ports.store import Lines, Recollection, Snapshots


class Repo(Address, Evidence, Files, FoundPullRequests, LineRemarks, Protocol): ...


class Store(Lines, Snapshots, Protocol): ...


class Context(Attempt, Drafts, Opens[Repo], Keeps[Store], Protocol): ...


class Answer(TypedDict):
    """``takeaway`` is None where the line stays as it is; ``thread`` is the discussion to reply
    in."""

    number: int
    thread: int
    takeaway: str | None
    reply: str


def answer_review(ctx: Context, job: AnswerReview) -> None:
    repo = ctx.open_repo(job)
    answer = ctx.step("reword", lambda: _reword(ctx, repo, job))
    if answer is None:
        return
    if answer["takeaway"] is not None:
        if not ctx.step("keep", lambda: _keep(ctx, job, answer)):
            return
        ctx.engine.add(UpdateProposal(**job.origin))
    ctx.step("reply", lambda: _reply(ctx, repo, job, answer))


def _reword(ctx: Context, repo: Repo, job: AnswerReview) -> Answer | None:
    """None where nobody who may asked for anything."""
    kept = recollect(ctx, repo, job)
    pull = repo.find_pull_request(BRANCH)
    if pull is None or pull.state != "open" or pull.number != job.number:
        return None
    remarks = repo.line_remarks(pull.number)
    said = find_request(remarks, job.comment_id, path=kept.settings.path)
    if said is None or not repo.writes(said.author):
        return None
    guidance = guidance_up_to(said, remarks, writes=repo.writes)
    meant = _meant(ctx, repo, job, guidance[0], said, path=kept.settings.path)
    if meant is None:
        return None
    entry, takeaway = meant
    outcome = _ask(
        ctx, repo, entry, Review(takeaway=takeaway, guidance=[each.text for each in guidance]), kept
    )
    ctx.note("review_read", number=entry.number, outcome=outcome.outcome)
    return _answer(repo, entry, said, remarks, outcome=outcome, path=kept.settings.path)


def _meant(
    ctx: Context, repo: Repo, job: AnswerReview, first: LineRemark, said: LineRemark, *, path: str
) -> tuple[ProposedEntry, str] | None:
    """Read as it was when people began to speak of it: the same question then, however often it is
    asked."""
    try:
        file = repo.read_file(path, commit=first.commit)
    except (GiveUp, UneditableFile):
        return None
    return (
        find_meant(file.text, first, said, ctx.store.proposed_entries(job.repo_id))
        if file
        else None
    )


def _ask(
    ctx: Context, repo: Repo, entry: ProposedEntry, review: Review, kept: Recollection
) -> Reworded:
    rules = rules_of(kept.settings)
    outcome = ctx.drafter.reword(
        read_evidence(repo, entry.number, rules=rules), review, rules=rules
    )
    ctx.reached("llm.returned")
    if outcome.outcome != "reworded":
        return outcome
    again = reworded(entry, outcome.takeaway)
    fit = again and why_unfit(again.draft, deny_words=kept.settings.deny_words) is None
    return outcome if fit else Reworded(outcome="no_wording")


def _answer(
    repo: Repo,
    entry: ProposedEntry,
    said: LineRemark,
    remarks: Sequence[LineRemark],
    *,
    outcome: Reworded,
    path: str,
) -> Answer | None:
    edit_url = f"{repo.web_url}/edit/{BRANCH}/{path}"
    number, thread = entry.number, said.thread
    if outcome.outcome == "reworded":
        reply = reworded_reply(outcome.takeaway, edit_url=edit_url)
        return {"number": number, "thread": thread, "takeaway": outcome.takeaway, "reply": reply}
    if outcome.outcome == "no_request" or was_told_by_hand(said, remarks):
        return None
    reply = by_hand_reply(number, outcome.outcome, edit_url=edit_url)
    return {"number": number, "thread": thread, "takeaway": None, "reply": reply}


def _keep(ctx: Context, job: AnswerReview, answer: Answer) -> bool:
    """Whether the entry has the new wording: somebody may have refused or merged it meanwhile."""
    entry = find_entry(ctx.store.proposed_entries(job.repo_id), answer["number"])
    again = entry and reworded(entry, answer["takeaway"] or "")
    if entry is None or again is None or entry.life not in ("proposed", "waiting"):
        return False
    ctx.store.keep_lines(job.repo_id, [again])
    ctx.reached("draft.stored")
    return True


def _reply(ctx: Context, repo: Repo, job: AnswerReview, answer: Answer) -> None:
    marker = marker_of("review", job.comment_id)
    if any(each.own and marker in each.text for each in repo.line_remarks(job.number)):
        return
    # A conversation that was locked meanwhile is left alone.
    with suppress(GiveUp):
        repo.reply_on_line(job.number, answer["thread"], signed(answer["reply"], marker))
    ctx.reached("comment.created")
