"""What is installed is what was tested: the built wheel, without the extras that only tests
need."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

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
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
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
