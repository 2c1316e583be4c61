"""`precedent sandbox`: the GitHub on this machine, alone."""

from urllib.parse import urljoin

import click

from bot.tools.cli.demo_extra import needing_the_extra


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where to listen, on loopback only.")
@click.option(
    "--webhook-url", help="Where to post signed webhooks, e.g. http://127.0.0.1:3000/webhook."
)
@click.option(
    "--key-path", type=click.Path(dir_okay=False), help="Write the App's private key here."
)
def sandbox(port: int, webhook_url: str | None, key_path: str | None) -> None:
    """A GitHub on this machine: REST, git, signed webhooks and a web page, kept in memory.

    \b Example: precedent sandbox --port 8000 --webhook-url http://127.0.0.1:3000/webhook --key-path
    sandbox.pem
    """
    with needing_the_extra():
        from github_sandbox import Sandbox, serve

    github = Sandbox(url=f"http://127.0.0.1:{port}", webhook_url=webhook_url)
    if webhook_url:
        github.app.callback_urls = [urljoin(webhook_url, "/signed-in")]
    github.add_repository("acme/lantern", files=FILES, description="A small static site generator.")
    if key_path:
        _write_privately(key_path, github.private_key)
    click.echo(f"Sandbox GitHub: {github.site.web}")
    click.echo(f"  GITHUB_API_URL={github.site.api}")
    click.echo(f"  GITHUB_APP_ID={github.app.id}")
    click.echo(f"  GITHUB_WEBHOOK_SECRET={github.webhook_secret}")
    click.echo(f"  GITHUB_CLIENT_ID={github.app.client_id}")
    click.echo(f"  GITHUB_CLIENT_SECRET={github.app.client_secret}")
    click.echo(f"  GITHUB_PRIVATE_KEY_PATH={key_path or '(give --key-path to have it written)'}")
    serve(github, port)
    github.close()


FILES = {
    "README.md": "# Lantern\n\nTurns a folder of Markdown into a web site.\n",
    "docs/learnings.md": "# Learnings\n\nWhat was decided here, and why.\n",
}


def _write_privately(path: str, key: str) -> None:
    import os

    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key)
