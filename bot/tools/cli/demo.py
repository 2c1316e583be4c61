"""The command that shows everything: a sandbox GitHub and the bot, together on this machine."""

import contextlib
import signal
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.tools.cli.demo_extra import needing_the_extra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.tools.demo.stage import Stage
    from bot.tools.evals.threads_file import KeptThread


@click.command()
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port of the sandbox's pages.",
)
@click.option(
    "--story",
    is_flag=True,
    help="Play the loop without a browser, print every act, exit 1 if one fails.",
)
@click.option(
    "--load",
    "threads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Play these threads in.",
)
def demo(port: int, *, story: bool, threads: Path | None) -> None:
    """A GitHub on this machine with the bot installed: open the printed address and play.

    \b
    Example:
      precedent demo
      precedent demo --story
      precedent demo --load threads.jsonl --story
    """
    with needing_the_extra():
        from bot.tools.demo.stage import NotSettled, Stage, free_port
    from bot.tools.demo.story import DoesNotHold
    from bot.tools.evals.threads_file import BadThreadsFile, read_threads

    try:
        kept = list(read_threads(threads)) if threads else None
    except BadThreadsFile as error:
        raise click.BadParameter(str(error), param_hint="--load") from error
    # Whoever ends the demo ends the bot with it, however politely.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="precedent-demo-") as folder,
        contextlib.suppress(KeyboardInterrupt),
    ):
        try:
            # A story needs no known address, and must not fail because somebody plays the demo
            # beside it.
            with Stage(Path(folder), port=free_port() if story else port) as stage:
                _perform(stage, kept, story=story)
        except (DoesNotHold, NotSettled) as failure:
            click.echo(f"\nDOES NOT HOLD: {failure}", err=True)
            raise SystemExit(1) from failure


def _perform(stage: "Stage", threads: "Sequence[KeptThread] | None", *, story: bool) -> None:
    from bot.tools.demo import load, seed
    from bot.tools.demo.story import play

    harbor = seed.plant(stage)
    stage.start_bot()
    if threads is not None:
        load.perform(stage, threads, show=click.echo)
    elif story:
        play(stage, harbor, show=click.echo)
    if not story:
        address = f"http://127.0.0.1:{stage.port}/{harbor.repo.full_name}"
        click.echo(f"\n  Open {address} and play: close an issue with a reason,")
        click.echo(
            "  merge what the bot proposes, then ask for the same again in other words."
            " Ctrl-C ends it."
        )
        click.echo(
            f"\n  What the bot makes of it: {stage.dashboard} (sign in as olive-owner,"
            " who may write there)."
        )
        click.echo(f"\n  The bot writes its log to {stage.log}.")
        threading.Event().wait()
