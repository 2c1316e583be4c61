"""One module per thing the bot does; one function per kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from bot.core.jobs import (
    AnswerReview,
    CatchUp,
    FollowComment,
    ForgetInstallation,
    HearRemark,
    Job,
    JudgeThread,
    LintCheck,
    ProposeRest,
    ReadEntries,
    RereadThread,
    RestoreComment,
    RunCommand,
    ShowPriorArt,
    SweepDeliveries,
    SyncInstallation,
    UpdateProposal,
    WithdrawComment,
)
from bot.features.answer_review import answer_review
from bot.features.command.reply import run_command
from bot.features.draft_entry import judge_closed_thread
from bot.features.follow_comment import follow_comment, restore_comment, withdraw_comment
from bot.features.hear_remark import hear_remark
from bot.features.lint_check import lint_check
from bot.features.proposal.update import propose_rest, update_proposal
from bot.features.read_entries import read_entries
from bot.features.reread_thread import reread_thread
from bot.features.show_prior_art import show_prior_art
from bot.features.sweep_deliveries import catch_up, sweep_deliveries
from bot.features.sync_installation import forget_installation, sync_installation
from bot.ports.github import OwnApp, Repo
from bot.ports.model import Drafter, Judge
from bot.ports.store import Commands, Installations, Intake, Recall, Store
from bot.ports.world import Clock, Engine, Note, Reached, Step


@dataclass(frozen=True, kw_only=True)
class Parts:
    """All that the features ask for, during one attempt of a job."""

    step: Step
    engine: Engine
    clock: Clock
    reached: Reached
    note: Note
    open_repo: Callable[[Job], Repo]
    store: Store
    commands: Commands
    drafter: Drafter
    judge: Judge
    recall: Recall
    own_app: OwnApp
    intake: Intake
    installations: Installations


def handle(parts: Parts, job: Job) -> None:  # noqa: C901, PLR0912 - one branch for each kind
    """One attempt of a job."""
    match job:
        case JudgeThread():
            judge_closed_thread(parts, job)
        case HearRemark():
            hear_remark(parts, job)
        case RereadThread():
            reread_thread(parts, job)
        case ReadEntries():
            read_entries(parts, job)
        case ShowPriorArt():
            show_prior_art(parts, job)
        case FollowComment():
            follow_comment(parts, job)
        case RestoreComment():
            restore_comment(parts, job)
        case WithdrawComment():
            withdraw_comment(parts, job)
        case RunCommand():
            run_command(parts, job)
        case LintCheck():
            lint_check(parts, job)
        case CatchUp():
            catch_up(parts, job)
        case SweepDeliveries():
            sweep_deliveries(parts, job)
        case ForgetInstallation():
            forget_installation(parts, job)
        case SyncInstallation():
            sync_installation(parts, job)
        case UpdateProposal():
            update_proposal(parts, job)
        case ProposeRest():
            propose_rest(parts, job)
        case AnswerReview():
            answer_review(parts, job)
        case _:
            assert_never(job)
