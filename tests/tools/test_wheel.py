"""What is installed is what was tested: the built wheel, without any extra."""

import json
import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from github_sandbox import Sandbox
from tests.support.free_port import free_port

ROOT = Path(__file__).parents[2]
ASK_EVERY_COMMAND = """
import click
from click.testing import CliRunner
from bot.tools.cli import COMMANDS, precedent

def names(command, path):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from names(command.get_command(context, name), [*path, name])
    yield path

for path in names(precedent, []):
    answer = CliRunner().invoke(precedent, [*path, "--help"])
    assert answer.exit_code == 0, (path, answer.output, answer.exception)
    assert not path or path == ["eval"] or path == ["deliveries"] or "Example" in answer.output, path
print(len(COMMANDS))
"""  # noqa: E501


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel and what the wheel asks for, nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        ROOT,
    ]
    subprocess.run(build, check=True, capture_output=True, timeout=110)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run(
        [*install, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True, timeout=300
    )
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*install, "--no-deps", wheel], check=True, timeout=110)
    return python


def run(python: Path, code: str) -> str:
    """Away from the checkout, so that nothing of it is found by accident."""
    done = subprocess.run(
        [python, "-c", code],
        cwd=python.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(600)
def test_the_whole_bot_can_be_imported(python):
    assert run(python, "import bot.app; print('ok')") == "ok\n"


@pytest.mark.timeout(600)
def test_every_command_explains_itself(python):
    assert int(run(python, ASK_EVERY_COMMAND)) > 0


@pytest.mark.timeout(600)
def test_the_migrations_come_along(python):
    code = "from bot.adapters.store.migrate import newest_revision; print(newest_revision())"

    assert run(python, code).strip()


def precedent(python: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [python.with_name("precedent"), *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def serving(python: Path, folder: Path) -> Iterator[str]:
    """Address of `precedent serve` once it answers; its GitHub does not."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "GITHUB_API_URL": f"http://127.0.0.1:{free_port()}",
        "GITHUB_APP_ID": "1",
        "GITHUB_PRIVATE_KEY": Sandbox().private_key,
        "GITHUB_WEBHOOK_SECRET": "a secret of this test",
    }
    command = [python.with_name("precedent"), "serve", "--port", str(port)]
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=folder, env=environment, stderr=output) as process,
    ):
        try:
            while not answers(port):
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.timeout(600)
def test_it_serves(python, tmp_path):
    with serving(python, tmp_path) as address, urlopen(f"{address}/healthz", timeout=10) as answer:
        assert answer.status == 200


@pytest.mark.timeout(600)
def test_it_lints(python, tmp_path):
    (tmp_path / "learnings.md").write_text("# Learnings\n\n- **#1** (declined): Later. Because\n")
    linted = precedent(python, "lint", "learnings.md", "--format", "json", folder=tmp_path)

    assert json.loads(linted.stdout)["findings"], linted.stderr


HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


@pytest.mark.timeout(600)
def test_it_answers_agents(python, tmp_path):
    (tmp_path / "learnings.md").write_text("# Learnings\n")
    answered = subprocess.run(
        [python.with_name("precedent"), "mcp", "--file", "learnings.md"],
        cwd=tmp_path,
        input=json.dumps(HELLO) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert json.loads(answered.stdout)["result"]["serverInfo"], answered.stderr


@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_what_needs_the_sandbox_says_how_to_get_it(python, tmp_path, command):
    refused = precedent(python, command, folder=tmp_path)

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "pip install '.[demo]'" in refused.stderr
