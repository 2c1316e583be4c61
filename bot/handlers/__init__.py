"""One module per thing the bot does; one function per kind of job."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.handlers.drafts import judge_closed_thread
from bot.handlers.entries import read_entries
from bot.handlers.feedback import follow_comment
from bot.handlers.installations import forget_installation, sync_installation
from bot.handlers.prior_art import show_prior_art
from bot.handlers.proposals import update_proposal
from bot.handlers.sweeps import catch_up, sweep_deliveries
from bot.jobs import Job, Kind
from bot.ports import Context

Handler = Callable[[Context, Job], None]

HANDLERS: Final[Mapping[Kind, Handler]] = {
    "judge_thread": judge_closed_thread,
    "read_entries": read_entries,
    "show_prior_art": show_prior_art,
    "follow_comment": follow_comment,
    "catch_up": catch_up,
    "sweep_deliveries": sweep_deliveries,
    "forget_installation": forget_installation,
    "sync_installation": sync_installation,
    "update_proposal": update_proposal,
}
