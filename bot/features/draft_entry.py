"""A thread was closed or reopened: judge it anew, and keep a draft where there is a lesson."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.asking.rule_drafter import RuleDrafter
from bot.core.capture.ending import is_decision
from bot.core.capture.judge_thread import judge_thread
from bot.core.capture.linked_threads import numbers_taken_over
from bot.core.commands import without_commands
from bot.core.conversation.effects import as_told
from bot.core.drafting.draft import Draft
from bot.core.jobs import JudgeThread, UpdateProposal
from bot.core.limits import DAY, is_one_too_many
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.new_amendments import Judged, find_aftermath, may_unsettle, revise_amendments
from bot.core.proposal.proposed_entry import ProposedEntry, relate, revise_entries, why_unfit
from bot.core.proposal.related import Kin, find_kin, numbers_to_recall
from bot.core.threads import Thread, ThreadCopy
from bot.core.verdicts import CaptureRules, Verdict
from bot.features.shared.snapshot import read_default_branch, recollect, rules_of, vocabulary_of
from bot.features.shared.thread_reader import Evidence, read_evidence
from bot.ports.github import Files
from bot.ports.parts import Attempt, Drafts, Hears, Keeps, Opens
from bot.ports.store import (
    Lines,
    Recollection,
    Snapshots,
    ThreadCopies,
    Told,
    Verdicts,
)


class Repo(Evidence, Files, Protocol): ...


class Store(Lines, Snapshots, ThreadCopies, Verdicts, Protocol): ...


class Context(Attempt, Drafts, Opens[Repo], Keeps[Store], Hears[Told], Protocol): ...


def judge_closed_thread(ctx: Context, job: JudgeThread) -> None:
    repo = ctx.open_repo(job)
    if ctx.step("judge", lambda: _judge(ctx, repo, job)):
        ctx.engine.add(UpdateProposal(**job.origin))


@dataclass(frozen=True, kw_only=True)
class Case:
    """A thread, and what the repository said when it was judged."""

    job: JudgeThread
    thread: Thread
    kept: Recollection
    rules: CaptureRules

    @property
    def document(self) -> str:
        return self.kept.document or ""


def _judge(ctx: Context, repo: Repo, job: JudgeThread) -> bool:
    """Whether the pull request may have to change."""
    case = _read_case(ctx, repo, job)
    if not case.kept.settings.propose:
        # Nothing is proposed, but what no longer stands is not cited either.
        _keep_aftermath(ctx, case, Judged())
        _keep_copy(ctx, case, judge_thread(case.thread, case.rules))
        return False
    one_too_many = _is_one_too_many(ctx, repo, case)
    drafter = RuleDrafter() if one_too_many else ctx.drafter
    verdict, draft = drafter.draft(
        case.thread, rules=case.rules, vocabulary=vocabulary_of(case.kept)
    )
    ctx.reached("llm.returned")
    input_hash, version = _hash(case.thread), drafter.version
    ctx.store.keep_verdict(
        job.repo_id, case.thread, verdict, input_hash=input_hash, version=version, at=ctx.clock()
    )
    # What a model once proposed is not taken back because the rule, which reads less, answers now.
    closed = case.thread.closed_as != "open"
    held_back = one_too_many and closed and not any(each.writes for each in verdict.rationale)
    _keep_draft(ctx, case, verdict, _fit(ctx, case, draft), held_back=held_back)
    _keep_copy(ctx, case, verdict)
    _look_again(ctx, case)
    ctx.reached("draft.stored")
    # Not whether something changed just now: after a crash it changed the last time.
    about = (entry.number for entry in ctx.store.proposed_entries(job.repo_id))
    return case.thread.number in (
        *about,
        *(each.thread for each in ctx.store.amendments(job.repo_id)),
    )


def _read_case(ctx: Context, repo: Repo, job: JudgeThread) -> Case:
    kept = recollect(ctx, repo, job)
    rules = rules_of(kept.settings)
    thread = without_commands(read_evidence(repo, job.number, rules=rules))
    if may_unsettle(thread):
        kept = read_default_branch(ctx, repo, job)
    return Case(job=job, thread=thread, kept=kept, rules=rules)


def _fit(ctx: Context, case: Case, draft: Draft | None) -> Draft | None:
    """The draft, unless it must not be written."""
    unfit = draft and why_unfit(draft, deny_words=case.kept.settings.deny_words)
    if unfit:
        ctx.note("draft_quarantined", why=unfit)
        return None
    return draft


def _keep_draft(
    ctx: Context, case: Case, verdict: Verdict, draft: Draft | None, *, held_back: bool
) -> None:
    """What is proposed because of a verdict: a line of its own, or a change of one that stands."""
    repo_id = case.job.repo_id
    entries, told = (
        ctx.store.proposed_entries(repo_id),
        ctx.commands.standing(repo_id, case.thread.number),
    )
    word = told.verb if told else None
    draft = None if word == "skip" else draft
    kin = _find_kin(ctx, case, draft)
    changed: Sequence[ProposedEntry] = ()
    if held_back:
        ctx.note("draft_held_back", why="enough threads of its author for a day")
        draft = None
    else:
        # What an entry says already needs no line of its own.
        new = draft if kin is None or kin.opposed else None
        changed = revise_entries(
            entries,
            thread=case.thread,
            verdict=verdict,
            draft=new and relate(new, document=case.document, entries=entries),
            document=case.document,
            now=ctx.clock(),
        )
    changed = as_told(changed, entries, word, thread=case.thread, rules=case.rules)
    ctx.store.keep_lines(repo_id, changed)
    judged = Judged(draft=draft, quote=next(iter(verdict.rationale), None), kin=kin)
    amended = _keep_aftermath(ctx, case, judged)
    counts = {"drafts": len(changed), "amendments": len(amended)}
    ctx.note("thread_judged", admit=verdict.admit, reason_class=verdict.reason_class, **counts)


def _find_kin(ctx: Context, case: Case, draft: Draft | None) -> Kin | None:
    """The entry that says the same or the opposite; a lesson that has been proposed goes on by
    itself."""
    if draft is None or not case.document:
        return None
    threads = ctx.store.threads(case.job.repo_id, numbers_to_recall(case.document))
    kin = find_kin(case.thread, draft, document=case.document, threads=threads)
    proposed = any(
        entry.number == case.thread.number for entry in ctx.store.proposed_entries(case.job.repo_id)
    )
    return None if kin and not kin.opposed and proposed else kin


def _keep_aftermath(ctx: Context, case: Case, judged: Judged) -> Sequence[Amendment]:
    """What the thread means for entries that stand."""
    known = ctx.store.amendments(case.job.repo_id)
    found = find_aftermath(
        case.thread, judged, document=case.document, known=known, now=ctx.clock()
    )
    changed = revise_amendments(known, thread=case.thread.number, found=found)
    ctx.store.keep_lines(case.job.repo_id, changed)
    return changed


def _is_one_too_many(ctx: Context, repo: Repo, case: Case) -> bool:
    """Whoever opens and closes five hundred issues must not use up the budget or the reviewers."""
    author = case.thread.author
    judged = ctx.store.judged_of(case.job.repo_id, author, since=ctx.clock() - DAY)
    return is_one_too_many(case.thread.number, judged) and not repo.writes(author)


def _look_again(ctx: Context, case: Case) -> None:
    """What was merged may hold the reason that threads it replaces lacked when they closed. No
    chains: what is itself judged again starts none."""
    job, thread = case.job, case.thread
    if thread.closed_as != "merged" or job.again:
        return
    for number in ctx.store.awaiting(
        job.repo_id, thread.number, or_among=numbers_taken_over(thread)
    ):
        origin = job.under(f"again:{number}:{job.cause}")
        ctx.engine.add(JudgeThread(**origin, number=number, again=True))


def _hash(thread: Thread) -> str:
    """Equal for threads that would be judged alike."""
    return hashlib.sha256(repr(thread).encode()).hexdigest()


def _keep_copy(ctx: Context, case: Case, verdict: Verdict) -> None:
    """What is decided is kept, and what was: it may be undecided again."""
    thread, repo_id = case.thread, case.job.repo_id
    copy = ThreadCopy(
        number=thread.number,
        title=thread.title,
        text=thread.description,
        created_at=thread.created_at,
        closed_at=thread.closed_at,
        decided_as=thread.closed_as if is_decision(thread.closed_as, verdict) else None,
    )
    if copy.decided_as or ctx.store.threads(repo_id, [copy.number]):
        ctx.store.keep_thread(repo_id, copy)
