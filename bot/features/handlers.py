"""One module per thing the bot does; one function per kind of job."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.core.jobs import Job, Kind
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

Handler = Callable[[Context, Job], None]

HANDLERS: Final[Mapping[Kind, Handler]] = {
    "judge_thread": judge_closed_thread,
    "reread_thread": reread_thread,
    "read_entries": read_entries,
    "show_prior_art": show_prior_art,
    "follow_comment": follow_comment,
    "restore_comment": restore_comment,
    "withdraw_comment": withdraw_comment,
    "run_command": run_command,
    "lint_check": lint_check,
    "catch_up": catch_up,
    "sweep_deliveries": sweep_deliveries,
    "forget_installation": forget_installation,
    "sync_installation": sync_installation,
    "update_proposal": update_proposal,
    "propose_rest": propose_rest,
    "answer_review": answer_review,
}
