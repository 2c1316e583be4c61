"""The command line: one table of commands, each loaded only when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from bot.core.errors import BadSettings

COMMANDS: Final[Mapping[str, str]] = {
    # name -> "module:attribute"; a command's module is imported only when that command runs
    "demo": "bot.cli.demo:demo",
    "sandbox": "bot.cli.sandbox:sandbox",
    "serve": "bot.cli.running:serve",
    "web": "bot.cli.running:web",
    "worker": "bot.cli.running:worker",
    "health": "bot.cli.running:health",
    "migrate": "bot.cli.running:migrate",
    "doctor": "bot.cli.doctor:doctor",
    "backup": "bot.cli.backup:backup",
    "restore": "bot.cli.backup:restore",
    "deliveries": "bot.cli.deliveries:deliveries",
    "lint": "bot.cli.document:lint",
    "export": "bot.cli.document:export",
    "audit": "bot.cli.document:audit",
    "research": "bot.cli.document:research",
    "show": "bot.cli.document:show",
    "mcp": "bot.cli.document:mcp",
    "report": "bot.cli.report:report",
    "why": "bot.cli.why:why",
    "eval": "bot.cli.evals:evals",
}


class LazyGroup(click.Group):
    """A group whose commands live in other modules. https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands"""

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
    """Exit 0 fine, 1 findings or failure, 2 misuse (an unusable setting is misuse: one line, no traceback)."""
    try:
        precedent.main(prog_name="precedent")
    except BadSettings as error:
        click.echo(f"precedent: {error}", err=True)
        raise SystemExit(2) from None
