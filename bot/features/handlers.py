"""One module per thing the bot does; one function per kind of job."""

from typing import assert_never

from bot.core.jobs import (
    AnswerReview,
    CatchUp,
    FollowComment,
    ForgetInstallation,
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
from bot.features.lint_check import lint_check
from bot.features.proposal.update import propose_rest, update_proposal
from bot.features.read_entries import read_entries
from bot.features.reread_thread import reread_thread
from bot.features.show_prior_art import show_prior_art
from bot.features.sweep_deliveries import catch_up, sweep_deliveries
from bot.features.sync_installation import forget_installation, sync_installation
from bot.ports import Context


def handle(ctx: Context, job: Job) -> None:  # noqa: C901, PLR0912 - one branch for each kind
    """One attempt of a job."""
    match job:
        case JudgeThread():
            judge_closed_thread(ctx, job)
        case RereadThread():
            reread_thread(ctx, job)
        case ReadEntries():
            read_entries(ctx, job)
        case ShowPriorArt():
            show_prior_art(ctx, job)
        case FollowComment():
            follow_comment(ctx, job)
        case RestoreComment():
            restore_comment(ctx, job)
        case WithdrawComment():
            withdraw_comment(ctx, job)
        case RunCommand():
            run_command(ctx, job)
        case LintCheck():
            lint_check(ctx, job)
        case CatchUp():
            catch_up(ctx, job)
        case SweepDeliveries():
            sweep_deliveries(ctx, job)
        case ForgetInstallation():
            forget_installation(ctx, job)
        case SyncInstallation():
            sync_installation(ctx, job)
        case UpdateProposal():
            update_proposal(ctx, job)
        case ProposeRest():
            propose_rest(ctx, job)
        case AnswerReview():
            answer_review(ctx, job)
        case _:
            assert_never(job)
