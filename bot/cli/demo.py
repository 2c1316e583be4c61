"""The command that shows everything: a sandbox GitHub and the bot, together on this machine."""

import contextlib
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.demo.stage import Stage


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port of the sandbox's pages."
)
@click.option("--story", is_flag=True, help="Play the loop without a browser, print every act, exit 1 if one fails.")
@click.option(
    "--load", "threads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Play these threads in."
)
def demo(port: int, *, story: bool, threads: Path | None) -> None:
    """A GitHub on this machine with the bot installed: open the printed address and play.

    \b
    Example:
      precedent demo
      precedent demo --story
      precedent demo --load threads.jsonl --story
    """
    from bot.demo.stage import NotSettled, Stage, free_port
    from bot.demo.story import DoesNotHold
    from bot.evals.threads_file import BadThreadsFile

    with tempfile.TemporaryDirectory(prefix="precedent-demo-") as folder:
        # A story needs no known address, and must not fail because somebody plays the demo beside it.
        with Stage(Path(folder), port=free_port() if story else port) as stage:
            try:
                _perform(stage, threads, story=story)
            except (DoesNotHold, NotSettled) as failure:
                click.echo(f"\nDOES NOT HOLD: {failure}", err=True)
                raise SystemExit(1) from failure
            except BadThreadsFile as failure:
                raise click.BadParameter(str(failure), param_hint="--load") from failure


def _perform(stage: "Stage", threads: Path | None, *, story: bool) -> None:
    from bot.demo import load, seed
    from bot.demo.story import play
    from bot.evals.threads_file import read_threads

    harbor = seed.plant(stage)
    stage.start_bot()
    if threads:
        load.perform(stage, list(read_threads(threads)), show=click.echo)
    elif story:
        play(stage, harbor, show=click.echo)
    if story:
        return
    click.echo(
        f"\n  Open http://127.0.0.1:{stage.port}/{harbor.repo.full_name} and play: close an issue with a reason,"
    )
    click.echo("  merge what the bot proposes, then ask for the same again in other words. Ctrl-C ends it.\n")
    click.echo(f"  The bot writes its log to {stage.log}.")
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
