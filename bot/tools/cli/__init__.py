"""The command line: one table of commands, each loaded only when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from bot.core.errors import BadSettings

COMMANDS: Final[Mapping[str, str]] = {
    # name -> "module:attribute"; a command's module is imported only when that command runs
    "demo": "bot.tools.cli.demo:demo",
    "sandbox": "bot.tools.cli.sandbox:sandbox",
    "serve": "bot.tools.cli.run:serve",
    "web": "bot.tools.cli.run:web",
    "worker": "bot.tools.cli.run:worker",
    "health": "bot.tools.cli.run:health",
    "migrate": "bot.tools.cli.run:migrate",
    "doctor": "bot.tools.cli.doctor:doctor",
    "backup": "bot.tools.cli.backup:backup",
    "restore": "bot.tools.cli.backup:restore",
    "deliveries": "bot.tools.cli.deliveries:deliveries",
    "lint": "bot.tools.cli.learnings:lint",
    "export": "bot.tools.cli.learnings:export",
    "audit": "bot.tools.cli.learnings:audit",
    "research": "bot.tools.cli.learnings:research",
    "show": "bot.tools.cli.learnings:show",
    "mcp": "bot.tools.cli.learnings:mcp",
    "report": "bot.tools.cli.report:report",
    "why": "bot.tools.cli.why:why",
    "eval": "bot.tools.cli.evals:evals",
}


class LazyGroup(click.Group):
    """A group whose commands live in other modules.
    https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands"""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="precedent", prog_name="precedent")
def precedent() -> None:
    """A repository's case law: what was decided, why, and what would reopen it."""


def main() -> None:
    """Exit 0 fine, 1 findings or failure, 2 misuse (an unusable setting is misuse: one line, no
    traceback)."""
    try:
        precedent.main(prog_name="precedent")
    except BadSettings as error:
        click.echo(f"precedent: {error}", err=True)
        raise SystemExit(2) from None
