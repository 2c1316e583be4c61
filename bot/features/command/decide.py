"""What each slash command does, read and decided; nothing is written here. Raises Declined where it
does nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal, Protocol, assert_never

from bot.core.capture.on_request import insist, state_of
from bot.core.commands import Command, Verb, usage_of, without_commands
from bot.core.conversation import answers
from bot.core.conversation.effects import (
    Asked,
    add_entry,
    entry_in_words,
    put_back,
    reword,
    skip,
    take_back,
    undo_close,
)
from bot.core.drafting.draft import Draft, draft_entry
from bot.core.errors import Declined
from bot.core.jobs import RunCommand
from bot.core.learnings import parse
from bot.core.limits import LATEST
from bot.core.proposal.body import is_proposal
from bot.core.proposal.life import WANTED
from bot.core.proposal.proposed_entry import ProposedEntry, find_entry, relate, why_unfit
from bot.core.threads import Summary, Thread
from bot.core.verdicts import Verdict
from bot.features.shared.snapshot import rules_of, vocabulary_of
from bot.features.shared.thread_reader import Evidence, read_evidence
from bot.ports.github import Files, SaidComment, Summaries
from bot.ports.parts import Attempt, Drafts, Hears, Keeps
from bot.ports.store import (
    KeptCommand,
    KeptComments,
    Lines,
    Proposals,
    Recollection,
    Snapshots,
    Told,
    Verdicts,
)

# After an outage: much may have been said and done since.
OBEYED_WITHIN: Final = timedelta(days=1)
# As kept in the answer of a step.
FollowUp = Literal["judge_thread", "withdraw_comment", "restore_comment", "update_proposal"]


class Repo(Evidence, Files, Summaries, Protocol): ...


class Judged(Lines, Proposals, Verdicts, Protocol):
    """What tells how a thread was judged, and what became of it."""


class Store(Judged, KeptComments, Snapshots, Protocol): ...


class Context(Attempt, Drafts, Keeps[Store], Hears[Told], Protocol): ...


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Who said what, and what is known there."""

    ctx: Context
    repo: Repo
    job: RunCommand
    said: SaidComment
    command: Command
    kept: Recollection
    entries: Sequence[ProposedEntry]

    @property
    def path(self) -> str:
        return self.kept.settings.path

    @property
    def deny_words(self) -> Sequence[str]:
        return self.kept.settings.deny_words

    def standing(self, number: int) -> Verb | None:
        command = self.ctx.commands.standing(self.job.repo_id, number)
        return command.verb if command else None


def record(scene: Scene, number: int | None = None, asked: Asked | None = None) -> KeptCommand:
    asked = asked or Asked()
    return KeptCommand(
        comment_id=scene.said.id,
        said_on=scene.said.number,
        number=number or scene.command.number or scene.said.number,
        verb=scene.command.verb,
        author=scene.said.author,
        at=scene.said.at,
        changed=bool(asked.after),
        before=asked.before,
        after=asked.after,
    )


def follow_ups(kept: KeptCommand, undone: KeptCommand | None) -> list[FollowUp]:
    """The jobs that make GitHub look as was asked."""
    if not kept.obeyed:
        return []
    changed: list[FollowUp] = ["update_proposal"] if kept.after else []
    match kept.verb:
        case "wrong":
            return ["withdraw_comment"]
        case "undo" if undone and undone.verb == "wrong":
            return ["restore_comment"]
        case "undo" if undone and not kept.after:
            # What was to be left alone may have closed meanwhile.
            return ["judge_thread"]
        case "add" | "edit" | "skip" | "reconsider" | "undo":
            return changed
        case "why" | "help" | None:
            return []
        case _:
            assert_never(kept.verb)


def obey(scene: Scene) -> KeptCommand:
    verb = scene.command.verb
    if scene.ctx.clock() - scene.said.at > OBEYED_WITHIN:
        raise Declined(answers.is_too_old())
    if verb is None:
        raise Declined(answers.unknown_command())
    number = _meant(scene, verb)
    if usage_of(verb).proposes and not scene.kept.settings.propose:
        raise Declined(answers.proposals_are_off())
    return _obeyed(scene, verb, number)


def _obeyed(scene: Scene, verb: Verb, number: int) -> KeptCommand:
    match verb:
        case "add":
            return record(scene, number, _add(scene, number))
        case "edit":
            return record(scene, number, _reword(scene, number))
        case "skip":
            return _skip(scene, number)
        case "reconsider":
            return _reconsider(scene, number)
        case "why":
            return _why(scene, number)
        case "undo":
            return _undo(scene, number)
        case "wrong":
            return _wrong(scene, number)
        case "help":
            return replace(record(scene, number), reply=answers.help_answer())
        case _:
            assert_never(verb)


# --- which thread


def _meant(scene: Scene, verb: Verb) -> int:
    """The thread commented on, unless a number is given. On the pull request with the proposals,
    its one entry."""
    if not usage_of(verb).of_thread:
        return scene.said.number
    number = scene.command.number
    if number is not None:
        found = scene.repo.summary(number)
        if found is None:
            raise Declined(answers.no_such_thread(number))
        if _is_proposal(scene, found):
            raise Declined(answers.no_entry_of_its_own(number))
        return number
    if verb == "undo" or not _stands_on_proposal(scene):
        return scene.said.number
    here = [entry.number for entry in scene.entries if entry.life in WANTED]
    if len(here) != 1:
        raise Declined(answers.say_which(verb, here))
    return here[0]


def _stands_on_proposal(scene: Scene) -> bool:
    if _is_known_proposal(scene, scene.said.number):
        return True
    thread = scene.repo.summary(scene.said.number)
    return thread is not None and _is_proposal(scene, thread)


def _is_proposal(scene: Scene, thread: Summary) -> bool:
    """An old one is known by what we wrote on it."""
    return _is_known_proposal(scene, thread.number) or is_proposal(thread)


def _is_known_proposal(scene: Scene, number: int) -> bool:
    proposal = scene.ctx.store.proposal(scene.job.repo_id)
    return number in (proposal.number, proposal.settled)


# --- what is to be proposed


def _add(scene: Scene, number: int) -> Asked:
    entry = _unmerged(scene, number)
    text = scene.command.text
    if entry and entry.life in WANTED:
        return _reword(scene, number) if text else Asked()
    if entry and entry.life == "refused" and not text:
        return put_back(scene.entries, entry)
    thread = _read(scene, number)
    fresh = _in_words(scene, thread, text) if text else _insisted(scene, thread)
    return add_entry(scene.entries, fresh)


def _reword(scene: Scene, number: int) -> Asked:
    return reword(
        scene.entries, number, scene.command.text, path=scene.path, deny_words=scene.deny_words
    )


def _skip(scene: Scene, number: int) -> KeptCommand:
    skipped = scene.standing(number) == "skip"
    kept = record(scene, number, skip(scene.entries, number, path=scene.path))
    return replace(kept, changed=kept.changed or not skipped)


def _unmerged(scene: Scene, number: int) -> ProposedEntry | None:
    """The entry under way; Declined when it stands in the file already."""
    entry = find_entry(scene.entries, number)
    if (entry and entry.life == "merged") or parse(scene.kept.document or "").find(number):
        raise Declined(answers.is_merged(number, path=scene.path))
    return entry


def _read(scene: Scene, number: int) -> Thread:
    return without_commands(read_evidence(scene.repo, number, rules=rules_of(scene.kept.settings)))


def _in_words(scene: Scene, thread: Thread, text: str) -> ProposedEntry:
    rules = rules_of(scene.kept.settings)
    bare = Draft(number=thread.number, kind=thread.kind, state=state_of(thread, rules), takeaway="")
    said = scene.said
    return entry_in_words(
        bare,
        text,
        author=said.author,
        url=said.url,
        deny_words=scene.deny_words,
        now=scene.ctx.clock(),
    )


def _insisted(scene: Scene, thread: Thread) -> ProposedEntry:
    fresh = _drafted(scene, *_draft(scene, thread))
    verdict = None if fresh else insist(thread, rules_of(scene.kept.settings))
    if verdict:
        fresh = _drafted(
            scene, verdict, draft_entry(thread, verdict, vocabulary=vocabulary_of(scene.kept))
        )
    if fresh is None:
        raise Declined(answers.no_reason_found(thread.number))
    return fresh


def _reconsider(scene: Scene, number: int) -> KeptCommand:
    skipped = scene.standing(number) == "skip"
    kept = record(scene, number, _wanted_after_all(scene, number, skipped=skipped))
    return replace(kept, changed=kept.changed or skipped)


def _wanted_after_all(scene: Scene, number: int, *, skipped: bool) -> Asked:
    entry = _unmerged(scene, number)
    if entry and entry.life == "refused":
        return put_back(scene.entries, entry)
    if entry and entry.life in WANTED:
        return Asked()
    thread = _read(scene, number)
    if thread.closed_as == "open":
        if skipped:
            return Asked()
        raise Declined(answers.is_still_open(number))
    verdict, draft = _draft(scene, thread)
    fresh = _drafted(scene, verdict, draft)
    if fresh is None:
        raise Declined(answers.judged_the_same(number, verdict.why))
    return add_entry(scene.entries, fresh)


def _draft(scene: Scene, thread: Thread) -> tuple[Verdict, Draft | None]:
    kept = scene.kept
    answer = scene.ctx.drafter.draft(
        thread, rules=rules_of(kept.settings), vocabulary=vocabulary_of(kept)
    )
    scene.ctx.reached("llm.returned")
    return answer


def _drafted(scene: Scene, verdict: Verdict, draft: Draft | None) -> ProposedEntry | None:
    """None where there is nothing, or nothing that may be repeated."""
    if draft is None or why_unfit(draft, deny_words=scene.deny_words):
        return None
    quote = verdict.rationale[0] if verdict.rationale else None
    draft = relate(draft, document=scene.kept.document or "", entries=scene.entries)
    return ProposedEntry(draft=draft, quote=quote, life="waiting", drafted_at=scene.ctx.clock())


# --- what was said before


def _why(scene: Scene, number: int) -> KeptCommand:
    ctx, repo_id = scene.ctx, scene.job.repo_id
    account = account_of(ctx.store, ctx.commands, repo_id, number, deny_words=scene.deny_words)
    return replace(record(scene, number), reply=answers.why_answer(account))


def account_of(
    store: Judged, commands: Told, repo_id: int, number: int, *, deny_words: Sequence[str]
) -> answers.Account:
    """All that is known of how a thread was judged."""
    entry, standing = (
        find_entry(store.proposed_entries(repo_id), number),
        commands.standing(repo_id, number),
    )
    return answers.Account(
        number=number,
        verdict=store.verdict(repo_id, number),
        life=entry.life if entry else None,
        act=entry.act if entry else None,
        pull=store.proposal(repo_id).number,
        commanded=(standing.verb, standing.author, standing.at)
        if standing and standing.verb
        else None,
        deny_words=deny_words,
    )


def _undo(scene: Scene, number: int) -> KeptCommand:
    last = scene.ctx.commands.last(scene.job.repo_id, number)
    lines = scene.ctx.store.proposed_lines(scene.job.repo_id)
    reopened = undo_close(lines, scene.said.number, since=last.at if last else None)
    if reopened:
        return replace(record(scene, scene.said.number, reopened), changed=False)
    if last is None:
        raise Declined(answers.nothing_to_undo())
    if last.verb == "wrong":
        issue = scene.repo.summary(last.number)
        if issue is None or not issue.is_open or scene.ctx.clock() - issue.created_at > LATEST:
            raise Declined(answers.stays_away())
    asked = take_back(scene.entries, Asked(before=last.before, after=last.after))
    return replace(record(scene, last.number, asked), changed=False, undoes=last.comment_id)


def _wrong(scene: Scene, number: int) -> KeptCommand:
    posted = scene.ctx.store.posted_comment(scene.job.repo_id, number)
    if posted is None or posted.comment_id is None:
        raise Declined(answers.no_comment_here())
    return replace(record(scene, number), changed=posted.state == "posted")
